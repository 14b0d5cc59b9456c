import { describe, expect, it } from 'vitest'
import type { FreightDraft } from '../../shared/contracts/freight.ts'
import { FREIGHT_EXAMPLES } from '../../shared/freight-examples.ts'
import { faultOf } from '../../shared/freight.ts'
import { FreightForm } from './freight.svelte.ts'

const form = (draft: FreightDraft = FREIGHT_EXAMPLES.chilled) => new FreightForm(draft)

describe('a freight template while she writes it', () => {
  it.each(Object.entries(FREIGHT_EXAMPLES))(
    'the example %s is whole, and comes back as it was',
    (_, example) => {
      expect(faultOf(example)).toBeUndefined()
      expect([...form(example).wrong]).toEqual([])
      expect(form(example).draft).toEqual(example)
    }
  )

  it('reads 斤 and yuan as she writes them', () => {
    const mine = form()
    Object.assign(mine.typed.zones[0]!, { first: '２斤半', firstFen: '8' })
    expect([...mine.wrong]).toEqual(['first-0'])
    Object.assign(mine.typed.zones[0]!, { first: '2.5', firstFen: '8.5', moreFen: '', freeFrom: '' })
    expect(mine.draft.zones[0]).toEqual({
      provinces: ['山东'],
      firstGrams: 1250,
      firstFen: 850,
      moreGrams: 500,
      moreFen: 0,
      freeFromFen: 0
    })
  })

  it.each([
    ['first', '0'],
    ['first', '201'],
    ['firstFen', ''],
    ['firstFen', '10000.01'],
    ['more', '半斤'],
    ['moreFen', '-1'],
    ['freeFrom', '一百']
  ] as const)('does not send %s as “%s”', (field, typed) => {
    const mine = form()
    mine.typed.zones[0]![field] = typed
    expect([...mine.wrong]).toEqual([`${field}-0`])
  })

  it('asks for the provinces of a zone, and for a name', () => {
    const mine = form()
    mine.typed.name = ' '
    mine.addZone()
    Object.assign(mine.typed.zones[2]!, { firstFen: '9' })
    expect([...mine.wrong]).toEqual(['name', 'provinces-2'])
    mine.dropZone(2)
    expect([...mine.wrong]).toEqual(['name'])
  })

  it('offers each province once: not in two zones, and not where it is refused', () => {
    const mine = form()
    const [home, next] = mine.typed.zones
    expect(mine.takenBy(next)).toContain('山东')
    expect(mine.takenBy(next)).toContain('西藏')
    expect(mine.takenBy(home)).not.toContain('山东')
    expect(mine.takenBy(undefined)).toEqual([...home!.provinces, ...next!.provinces])
  })

  it('says that it goes nowhere when it does', () => {
    const mine = form()
    mine.typed.sendsRest = false
    mine.typed.zones = []
    expect(mine.fault).toEqual({ what: 'nowhere' })
    mine.typed.sendsRest = true
    expect(mine.fault).toBeUndefined()
  })

  it('works out at once what a box would cost', () => {
    const mine = form()
    const box = { qty: 1, grams: 2500, tempClass: 'chilled', fen: 3000 } as const
    expect(mine.fee(box, '山东')).toBe(800 + 200 + 300)
    expect(mine.fee({ ...box, fen: 3900 }, '山东')).toBe(0)
    expect(mine.fee(box, '广东')).toBe(2500 + 800 + 300)
    expect(mine.fee(box, '西藏')).toBeUndefined()
    mine.typed.sendsRest = false
    expect(mine.fee(box, '广东')).toBeUndefined()
  })
})
