import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  gathered,
  isCatchDay,
  patternOf,
  searchTextOf,
  shelfPrice,
  stockAfterEdit,
  wordsOf
} from './product.ts'

describe('what search looks through', () => {
  it('knows no difference between full-width and half-width, capitals and small letters', () => {
    expect(searchTextOf({ title: '红岛蛤蜊 Ａ级', about: 'Big', origin: '胶州湾' })).toBe(
      '红岛蛤蜊 a级\n胶州湾\nbig'
    )
  })

  it('takes a search apart at any space and forgets the rest of a very long one', () => {
    expect(wordsOf(' 蛤蜊　红岛 ')).toEqual(['蛤蜊', '红岛'])
    expect(wordsOf('   ')).toEqual([])
    expect(wordsOf('一 二 三 四 五 六 七 八')).toHaveLength(6)
  })

  it('means a per cent sign when one is typed', () => {
    expect(patternOf('50%_\\')).toBe('%50\\%\\_\\\\%')
  })
})

describe('the day of a catch', () => {
  it('is a day of the calendar, or none for a voucher', () => {
    const now = Date.UTC(2028, 2, 1)
    const judged = (days: string[]) => days.map((day) => isCatchDay(day, now))
    expect(judged(['', '2026-11-22', '2028-02-29'])).toEqual([true, true, true])
    expect(judged(['2026-02-30', '2026-13-01', '2027-02-29', '2026-00-10'])).toEqual(Array(4).fill(false))
  })

  it('is tomorrow at the latest, by the village’s own clock', () => {
    const eleven = Date.parse('2026-11-22T23:00:00+08:00')
    expect(isCatchDay('2026-11-23', eleven)).toBe(true)
    expect(isCatchDay('2026-11-24', eleven)).toBe(false)
    expect(isCatchDay('2026-11-24', eleven + 3_600_000)).toBe(true)
    expect(isCatchDay('9999-12-31', eleven)).toBe(false)
  })
})

describe('stock', () => {
  it('keeps sold what was sold while the host had her form open', () => {
    // She saw 20 and made it 30; meanwhile 5 were sold.
    expect(stockAfterEdit(15, { stock: 30, seenStock: 20 })).toBe(25)
    expect(stockAfterEdit(15, { stock: 20, seenStock: 20 })).toBe(15)
    expect(stockAfterEdit(2, { stock: 0, seenStock: 20 })).toBe(0)
    expect(stockAfterEdit(15, { stock: 30 })).toBe(30)
  })

  it('on a shelf is all specs together, from the cheapest price', () => {
    const specs = [
      { priceFen: 5900, unit: 'portion' as const, stock: 3 },
      { priceFen: 1990, unit: 'jin' as const, stock: 4 }
    ]
    expect(shelfPrice(specs)).toEqual({ fromFen: 1990, unit: 'jin', left: 7 })
  })
})

describe('lines of an order', () => {
  it('come in one order and keep every single piece', () => {
    const lines = fc.array(
      fc.record({ specId: fc.constantFrom('a', 'b', 'c'), qty: fc.integer({ min: 1, max: 99 }) })
    )
    fc.assert(
      fc.property(lines, (some) => {
        const all = gathered(some)
        const ids = all.map((line) => line.specId)
        expect(ids).toEqual([...new Set(ids)].sort())
        const sum = (list: { qty: number }[]) => list.reduce((total, line) => total + line.qty, 0)
        expect(sum(all)).toBe(sum(some))
      })
    )
  })
})
