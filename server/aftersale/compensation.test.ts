import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  askedFenOf,
  CODE_GOOD_MS,
  CODE_SHOWN_MS,
  isAutomatic,
  isFresh,
  isGood,
  monthBegan,
  whyNotCompensated,
  type ArrivedLine
} from './compensation.ts'
import { leftFenOf } from './refund.ts'
import { BEGINNINGS } from './rules.ts'

const HOUR = 3_600_000
const line = (more: Partial<ArrivedLine> = {}): ArrivedLine => ({
  specId: 'clams',
  kind: 'goods',
  goodsClass: 'fresh',
  qty: 3,
  priceFen: 3990,
  offFen: 0,
  refundedQty: 0,
  refundedFen: 0,
  ...more
})

describe('what came bad', () => {
  const received = Date.parse('2026-07-01T12:00:00+08:00')
  const why = (more: Partial<ArrivedLine>, now: number, state: 'shipped' | 'received' = 'received') =>
    whyNotCompensated(
      line(more),
      { state, receivedAt: state === 'shipped' ? null : received },
      BEGINNINGS,
      now
    )

  it('is reported within the hours of its class, counted from when she had it', () => {
    for (const { goodsClass, hours } of BEGINNINGS.windows.filter((each) => each.hours > 0)) {
      expect(why({ goodsClass }, received + hours * HOUR)).toBeUndefined()
      expect(why({ goodsClass }, received + hours * HOUR + 1)).toBe('too_late')
    }
  })

  it('is reported while the parcel is on its way, however long that was, and not before', () => {
    expect(why({}, received + 1000 * HOUR, 'shipped')).toBeUndefined()
    const at = { receivedAt: null, state: 'packed' as const }
    expect(whyNotCompensated(line(), at, BEGINNINGS, received)).toBe('not_shipped')
  })

  it('is nothing that a voucher can be, nor what was paid back or cost nothing', () => {
    expect(why({ kind: 'voucher' }, received)).toBe('voucher')
    expect(why({ goodsClass: 'dining' }, received)).toBe('voucher')
    expect(why({ goodsClass: 'no such class' }, received)).toBe('voucher')
    expect(why({ refundedQty: 3, refundedFen: 11970 }, received)).toBe('all_back')
    expect(why({ offFen: 11970 }, received)).toBe('all_back')
  })

  it('asks for that part of what the pieces cost her, and never for more than is left', () => {
    expect(askedFenOf(line(), { qty: 1, percent: 100 })).toBe(3990)
    expect(askedFenOf(line(), { qty: 1, percent: 25 })).toBe(997)
    expect(askedFenOf(line({ offFen: 3 }), { qty: 3, percent: 100 })).toBe(11967)
    fc.assert(
      fc.property(
        fc.record({ qty: fc.integer({ min: 1, max: 99 }), priceFen: fc.nat(1_000_000) }),
        fc.integer({ min: 1, max: 100 }),
        fc.nat(98),
        (bought, percent, at) => {
          const whole = line(bought)
          expect(askedFenOf(whole, { qty: 1 + (at % whole.qty), percent })).toBeLessThanOrEqual(
            leftFenOf(whole)
          )
        }
      )
    )
  })
})

describe('what is granted at once', () => {
  const nothing = { orderFen: 0, monthFen: 0, monthTimes: 0 }
  const { autoOrderFen, autoMonthFen, autoMonthTimes } = BEGINNINGS

  it('is what its order and the buyer’s month still have room for, to the fen', () => {
    const fits = (more: Partial<typeof nothing>, fen: number) =>
      isAutomatic(fen, { ...nothing, ...more }, BEGINNINGS)
    expect([fits({}, autoOrderFen), fits({}, autoOrderFen + 1)]).toEqual([true, false])
    expect([fits({ orderFen: 1 }, autoOrderFen - 1), fits({ orderFen: 1 }, autoOrderFen)]).toEqual([
      true,
      false
    ])
    const rest = autoMonthFen - 100
    expect([fits({ monthFen: rest }, 100), fits({ monthFen: rest }, 101)]).toEqual([true, false])
    expect([fits({ monthTimes: autoMonthTimes - 1 }, 1), fits({ monthTimes: autoMonthTimes }, 1)]).toEqual([
      true,
      false
    ])
  })

  it('counts by the village’s month', () => {
    const began = Date.parse('2026-07-01T00:00:00+08:00')
    expect(monthBegan(began)).toBe(began)
    expect(monthBegan(began - 1)).toBe(Date.parse('2026-06-01T00:00:00+08:00'))
    expect(monthBegan(Date.parse('2026-07-31T23:59:59+08:00'))).toBe(began)
  })
})

it('the digits change while she still has time to write them down, and count until her photo is there', () => {
  const made = { madeAt: 1_000 }
  expect([isFresh(made, 1_000 + CODE_SHOWN_MS / 2 - 1), isFresh(made, 1_000 + CODE_SHOWN_MS / 2)]).toEqual([
    true,
    false
  ])
  expect([isGood(made, 1_000 + CODE_GOOD_MS), isGood(made, 1_001 + CODE_GOOD_MS)]).toEqual([true, false])
})
