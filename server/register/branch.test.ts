import { describe, expect, it } from 'vitest'
import { below, branchesByName, inOrder, wouldCircle, type Node } from './branch.ts'

const tree: Node[] = [
  { id: 'pier', parentId: 'east', name: '码头村' },
  { id: 'union', parentId: '', name: '渔家镇妇联' },
  { id: 'west', parentId: 'union', name: '西港' },
  { id: 'east', parentId: 'union', name: '东港' },
  { id: 'west-pier', parentId: 'west', name: '码头村' }
]

describe('the branches', () => {
  it('hold all that belong to them, however far below', () => {
    expect(below(tree, 'union')).toEqual(new Set(tree.map(({ id }) => id)))
    expect(below(tree, 'east')).toEqual(new Set(['east', 'pier']))
    expect(below(tree, 'pier')).toEqual(new Set(['pier']))
  })

  it('never stand below themselves', () => {
    expect(wouldCircle(tree, 'union', 'pier')).toBe(true)
    expect(wouldCircle(tree, 'east', 'east')).toBe(true)
    expect(wouldCircle(tree, 'east', 'west')).toBe(false)
    expect(wouldCircle(tree, 'east', '')).toBe(false)
  })

  it('are listed parents first', () => {
    const ids = inOrder(tree).map(({ id }) => id)
    expect(ids[0]).toBe('union')
    expect(ids.indexOf('east')).toBeLessThan(ids.indexOf('pier'))
    expect(ids.indexOf('pier') - ids.indexOf('east')).toBe(1)
    expect(ids).toHaveLength(tree.length)
  })

  it('are found by what a sheet calls them, unless two are called that', () => {
    const find = branchesByName(tree)
    expect(find('东港')).toEqual({ id: 'east' })
    expect(find(' 东港 ')).toEqual({ id: 'east' })
    expect(find('渔家镇妇联/东港')).toEqual({ id: 'east' })
    expect(find('码头村')).toBe('several')
    expect(find('西港 / 码头村')).toEqual({ id: 'west-pier' })
    expect(find('东港>码头村')).toEqual({ id: 'pier' })
    expect(find('北港')).toBeUndefined()
    expect(find('')).toBeUndefined()
    expect(find('东港/渔家镇妇联')).toBeUndefined()
  })
})
