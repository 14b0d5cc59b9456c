import { describe, expect, it } from 'vitest'
import type { Branch, RegisterRow } from '../../shared/contracts/register.ts'
import { draftOf, treeOf, typedOf, withBelow, wrongIn } from './register.svelte.ts'

const branch = (id: string, parentId: string): Branch => ({
  id,
  parentId,
  name: id,
  officerId: '',
  officerName: '',
  members: 1
})
const BRANCHES = [
  branch('union', ''),
  branch('east', 'union'),
  branch('west', 'union'),
  branch('east-harbour', 'east')
]

const row: RegisterRow = {
  memberId: 'lan',
  name: '兰姐',
  phone: '138****0001',
  idNumber: '3702**********1234',
  sex: 'f',
  branchId: 'east',
  branchName: '东大洋',
  state: 'member',
  joinedOn: '2013-03-08',
  education: 'junior',
  roles: ['buyer', 'host']
}

describe('the branches of the union', () => {
  it('are read from the top, each above those below it', () => {
    expect(treeOf(BRANCHES).map(({ branch, depth }) => [branch.id, depth])).toEqual([
      ['union', 0],
      ['east', 1],
      ['east-harbour', 2],
      ['west', 1]
    ])
  })

  it('stand at the top where what they belong to is not in sight', () => {
    expect(treeOf([branch('lost', 'gone')])).toEqual([{ branch: branch('lost', 'gone'), depth: 0 }])
  })

  it('cannot be hung below themselves', () => {
    expect([...withBelow(BRANCHES, 'east')]).toEqual(['east', 'east-harbour'])
    expect([...withBelow(BRANCHES, 'west')]).toEqual(['west'])
  })
})

describe('what an officer writes of a woman', () => {
  it('leaves a masked number out instead of sending its stars', () => {
    const draft = draftOf(typedOf(row, '2026-11-23'))
    expect(draft).toEqual({ name: '兰姐', branchId: 'east', education: 'junior', joinedOn: '2013-03-08' })
  })

  it('needs a name and a branch, and no phone', () => {
    const empty = typedOf(undefined, '2026-11-23')
    expect([...wrongIn(empty)]).toEqual(['name', 'branchId'])
    expect([...wrongIn({ ...empty, name: '老赵家的', branchId: 'west' })]).toEqual([])
  })

  it('is looked at before it is sent: eleven digits, and an ID number whose last sign fits', () => {
    const typed = { ...typedOf(row, '2026-11-23'), phone: '1380000000', idNumber: '11010519491231003X' }
    expect([...wrongIn(typed)]).toEqual(['phone', 'idNumber'])
    expect([...wrongIn({ ...typed, phone: '13800000001', idNumber: '11010519491231002x' })]).toEqual([])
    expect(draftOf({ ...typed, idNumber: ' 11010519491231002x ' }).idNumber).toBe('11010519491231002X')
  })
})
