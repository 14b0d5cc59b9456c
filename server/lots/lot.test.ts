import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backTo, inTurn, shortOf, spareGrams, taken, writtenOff, type Part } from './lot.ts'
import { offersOf } from './wait.ts'

const part = (lotId: string, left: number, landsAt: number, state: Part['state'] = 'landed'): Part => ({
  lotId,
  state,
  landsAt,
  qty: left,
  left
})

const anyParts = fc.uniqueArray(
  fc.record({
    lotId: fc.string({ minLength: 1, maxLength: 4 }),
    state: fc.constantFrom('planned' as const, 'landed' as const),
    landsAt: fc.nat(20),
    left: fc.integer({ min: 1, max: 30 }),
    qty: fc.constant(30)
  }),
  { selector: ({ lotId }) => lotId, maxLength: 6 }
)
const sum = (of: readonly { qty: number }[]) => of.reduce((all, { qty }) => all + qty, 0)
const leftOf = (parts: readonly Part[]) => parts.reduce((all, { left }) => all + left, 0)

describe('goods of several landings', () => {
  it('are sold from what nobody knows the age of, then the oldest, then what is to come', () => {
    const parts = [part('c', 5, 1, 'planned'), part('b', 4, 2), part('a', 3, 1)]
    expect(taken(parts, 14, 2)).toEqual([])
    expect(taken(parts, 14, 6)).toEqual([
      { lotId: 'a', qty: 3 },
      { lotId: 'b', qty: 1 }
    ])
    expect(taken(parts, 14, 10).at(-1)).toEqual({ lotId: 'c', qty: 1 })
  })

  it('never promise more than the stock, and never go below nothing, whatever is bought', () => {
    expect(
      fc.check(
        fc.property(anyParts, fc.nat(20), fc.nat(250), (parts, loose, wanted) => {
          const stock = leftOf(parts) + loose
          const qty = Math.min(wanted, stock)
          const from = taken(parts, stock, qty)
          const within = from.every(
            (each) => each.qty > 0 && each.qty <= parts.find((p) => p.lotId === each.lotId)!.left
          )
          return within && sum(from) === Math.max(0, qty - loose) && leftOf(parts) - sum(from) <= stock - qty
        })
      )
    ).toMatchObject({ failed: false })
  })

  it('that are still to come are touched only when nothing is ashore any more', () => {
    expect(
      fc.check(
        fc.property(anyParts, fc.nat(200), (parts, wanted) => {
          const from = taken(parts, leftOf(parts), Math.min(wanted, leftOf(parts)))
          const ashore = inTurn(parts).filter(({ state }) => state === 'landed')
          const planned = from.filter(
            ({ lotId }) => parts.find((p) => p.lotId === lotId)!.state === 'planned'
          )
          const gone = ashore.every(
            ({ lotId, left }) => from.find((each) => each.lotId === lotId)?.qty === left
          )
          return !planned.length || gone
        })
      )
    ).toMatchObject({ failed: false })
  })

  it('that a host threw away come off the landings until they fit the stock, and no further', () => {
    expect(
      fc.check(
        fc.property(anyParts, fc.nat(250), (parts, stock) => {
          const off = sum(writtenOff(parts, stock))
          return off === Math.max(0, leftOf(parts) - stock)
        })
      )
    ).toMatchObject({ failed: false })
  })
})

describe('goods that come back', () => {
  it('can be sold again, unless their landing is closed or lost', () => {
    expect(backTo({ state: 'landed', qty: 10, left: 2 }, 5, 3)).toBe(3)
    expect(backTo({ state: 'planned', qty: 10, left: 2 }, 5, 3)).toBe(3)
    expect(backTo({ state: 'closed', qty: 10, left: 0 }, 5, 3)).toBe(0)
    expect(backTo({ state: 'lost', qty: 10, left: 0 }, 5, 3)).toBe(0)
  })

  it('of a landing that came with less fill what others are owed first', () => {
    expect(backTo({ state: 'landed', qty: 4, left: 0 }, 5, 3)).toBe(0)
    expect(backTo({ state: 'landed', qty: 4, left: 0 }, 2, 3)).toBe(2)
  })
})

describe('a landing', () => {
  it('that is lost owes everybody, one that came with less owes what is missing, one that is closed nobody', () => {
    expect(shortOf({ state: 'lost', qty: 9 }, 7)).toBe(7)
    expect(shortOf({ state: 'landed', qty: 5 }, 7)).toBe(2)
    expect(shortOf({ state: 'landed', qty: 7 }, 7)).toBe(0)
    expect(shortOf({ state: 'closed', qty: 5 }, 7)).toBe(0)
  })

  it('says what of its weight is not sold as anything, to the gram', () => {
    expect(spareGrams(1628, [{ qty: 3, grams: 500 }])).toBe(128)
    expect(spareGrams(1628, [{ qty: 3, grams: 543 }])).toBe(-1)
  })
})

describe('what is offered to who waits', () => {
  it('goes strictly in line; the last may be offered fewer than she wants', () => {
    const line = [{ qty: 1 }, { qty: 3 }, { qty: 1 }]
    expect(offersOf(line, 5).map(({ qty }) => qty)).toEqual([1, 3, 1])
    expect(offersOf(line, 3).map(({ qty }) => qty)).toEqual([1, 2])
    expect(offersOf(line, 0)).toEqual([])
  })

  it('is never more than there is, and nothing stays while somebody waits', () => {
    const waits = fc.array(fc.record({ qty: fc.integer({ min: 1, max: 9 }) }))
    expect(
      fc.check(
        fc.property(
          waits,
          fc.nat(100),
          (line, stock) => sum(offersOf(line, stock)) === Math.min(stock, sum(line))
        )
      )
    ).toMatchObject({ failed: false })
  })
})
