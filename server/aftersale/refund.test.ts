import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shareOut } from '../../shared/share-out.ts'
import {
  allOf,
  backOf,
  isAllBack,
  leftFenOf,
  leftFreightOf,
  leftQtyOf,
  linesAfter,
  paidFenOf,
  returnableUntil,
  whyNotReturned,
  worthOf,
  type Bought,
  type PaidLine,
  type PaidOrder
} from './refund.ts'

const line = (more: Partial<PaidLine> = {}): PaidLine => ({
  specId: 'clams',
  qty: 3,
  priceFen: 3990,
  offFen: 0,
  refundedQty: 0,
  refundedFen: 0,
  ...more
})
const orderOf = (lines: PaidLine[], freightFen = 0): PaidOrder => ({
  payFen: lines.reduce((sum, each) => sum + paidFenOf(each), freightFen),
  freightFen,
  refundedFen: lines.reduce((sum, each) => sum + each.refundedFen, 0)
})

/** An order with a coupon shared out over its lines, and freight. */
const orders = fc
  .record({
    lines: fc.array(fc.record({ qty: fc.integer({ min: 1, max: 99 }), priceFen: fc.nat(1_000_000) }), {
      minLength: 1,
      maxLength: 6
    }),
    off: fc.double({ min: 0, max: 1, noNaN: true }),
    freightFen: fc.nat(9_900)
  })
  .map(({ lines, off, freightFen }) => {
    const costs = lines.map(({ qty, priceFen }) => qty * priceFen)
    const offs = shareOut(Math.floor(costs.reduce((a, b) => a + b, 0) * off), costs)
    const bought = lines.map((each, i) => line({ ...each, specId: `spec-${i}`, offFen: offs[i]! }))
    return { lines: bought, order: orderOf(bought, freightFen) }
  })

/** One thing that somebody asks for: pieces, money, freight, or nonsense. */
const steps = fc.array(
  fc.record({
    at: fc.nat(5),
    qty: fc.integer({ min: -1, max: 120 }),
    fen: fc.option(fc.integer({ min: -1, max: 2_000_000 }), { nil: undefined }),
    freightFen: fc.nat(12_000)
  }),
  { maxLength: 30 }
)

describe('what may be paid back', () => {
  it('never comes to more than was paid, whatever is asked, and at the end to exactly that', () => {
    fc.assert(
      fc.property(orders, steps, ({ order: placed, lines: bought }, asks) => {
        let [order, lines] = [placed, bought]
        let paidBack = 0
        const give = (asked: Parameters<typeof backOf>[2]) => {
          const back = backOf(order, lines, asked)
          if ('refused' in back) return false
          expect(back.goodsFen).toBe(back.lines.reduce((sum, { fen }) => sum + fen, 0))
          lines = linesAfter(lines, back.lines)
          order = { ...order, refundedFen: order.refundedFen + back.goodsFen + back.freightFen }
          paidBack += back.goodsFen + back.freightFen
          for (const each of lines) {
            expect(leftFenOf(each)).toBeGreaterThanOrEqual(0)
            expect(leftQtyOf(each)).toBeGreaterThanOrEqual(0)
          }
          expect(leftFreightOf(order, lines)).toBeGreaterThanOrEqual(0)
          expect(paidBack).toBeLessThanOrEqual(placed.payFen)
          return true
        }
        for (const { at, qty, fen, freightFen } of asks) {
          give({ lines: [{ specId: `spec-${at % lines.length}`, qty, fen }], freightFen })
        }
        const rest = allOf(order, lines)
        expect(give(rest)).toBe(rest.lines.length > 0 || rest.freightFen! > 0)
        expect(paidBack).toBe(placed.payFen)
        expect(isAllBack(order, lines)).toBe(true)
        expect(give(allOf(order, lines))).toBe(false)
      }),
      { numRuns: 500 }
    )
  })

  it('of a line comes to the same fen piece by piece as at once', () => {
    fc.assert(
      fc.property(orders, ({ lines }) => {
        for (const bought of lines) {
          let each = bought
          while (leftQtyOf(each) > 0) {
            const fen = worthOf(each, 1)
            expect(fen).toBeGreaterThanOrEqual(Math.floor(paidFenOf(bought) / bought.qty))
            expect(fen).toBeLessThanOrEqual(Math.ceil(paidFenOf(bought) / bought.qty))
            each = linesAfter([each], [{ specId: each.specId, qty: 1, fen }])[0]!
          }
          expect(each.refundedFen).toBe(paidFenOf(bought))
          expect(worthOf(bought, bought.qty)).toBe(paidFenOf(bought))
        }
      })
    )
  })

  it('is one fen less for the first pieces when a coupon does not come out even', () => {
    const odd = line({ priceFen: 1000, offFen: 1 })
    expect([1, 2, 3].map((qty) => worthOf(odd, qty))).toEqual([999, 1999, 2999])
  })

  it('refuses the one piece and the one fen too many, and what makes no sense', () => {
    const lines = [line({ refundedQty: 1, refundedFen: 3990 })]
    const order = { ...orderOf(lines, 600), refundedFen: 3990 + 200 }
    const ask = (asked: Parameters<typeof backOf>[2]) => backOf(order, lines, asked)
    expect(ask({ lines: [{ specId: 'clams', qty: 2 }], freightFen: 400 })).toEqual({
      lines: [{ specId: 'clams', qty: 2, fen: 7980 }],
      goodsFen: 7980,
      freightFen: 400
    })
    expect(ask({ lines: [{ specId: 'clams', qty: 3 }] })).toMatchObject({
      refused: 'refund_too_much',
      details: { leftQty: 2 }
    })
    expect(ask({ lines: [{ specId: 'clams', qty: 0, fen: 7981 }] })).toMatchObject({
      refused: 'refund_too_much',
      details: { leftFen: 7980 }
    })
    expect(ask({ lines: [], freightFen: 401 })).toMatchObject({
      refused: 'refund_too_much',
      details: { freightFen: 400 }
    })
    expect(ask({ lines: [] })).toEqual({ refused: 'refund_nothing' })
    expect(ask({ lines: [{ specId: 'clams', qty: 0 }] })).toEqual({ refused: 'refund_nothing' })
    const twice = [
      { specId: 'clams', qty: 1 },
      { specId: 'clams', qty: 1 }
    ]
    for (const lines of [twice, [{ specId: 'crab', qty: 1 }], [{ specId: 'clams', qty: 0.5 }]]) {
      expect(ask({ lines })).toMatchObject({ refused: 'bad_input' })
    }
    expect(ask({ lines: [], freightFen: -1 })).toMatchObject({ refused: 'bad_input' })
  })

  it('of an order that cost nothing is its goods', () => {
    const lines = [line({ offFen: 3 * 3990 })]
    const order = orderOf(lines)
    expect(isAllBack(order, lines)).toBe(false)
    const back = backOf(order, lines, allOf(order, lines))
    expect(back).toEqual({ lines: [{ specId: 'clams', qty: 3, fen: 0 }], goodsFen: 0, freightFen: 0 })
    expect(isAllBack(order, linesAfter(lines, 'lines' in back ? back.lines : []))).toBe(true)
  })

  it('of freight leaves goods that coupons paid for whole to who is waiting for them', () => {
    const lines = [line({ offFen: 3 * 3990 })]
    const order = orderOf(lines, 600)
    expect(isAllBack({ ...order, refundedFen: 600 }, lines)).toBe(false)
    const back = linesAfter(lines, [{ specId: 'clams', qty: 3, fen: 0 }])
    expect(isAllBack({ ...order, refundedFen: 600 }, back)).toBe(true)
    expect(isAllBack(order, back)).toBe(false)
  })
})

describe('the seven days', () => {
  const bought = (more: Partial<Bought> = {}): Bought => ({
    ...line(),
    kind: 'goods',
    perishable: true,
    perishableAgreedAt: null,
    ...more
  })
  /** Noon in the village on the first of July. */
  const received = Date.parse('2026-07-01T12:00:00+08:00')

  it('begin the day after she had it, and end with the seventh', () => {
    const last = Date.parse('2026-07-09T00:00:00+08:00') - 1
    expect(returnableUntil(received)).toBe(last)
    expect(whyNotReturned(bought(), received, last)).toBeUndefined()
    expect(whyNotReturned(bought(), received, last + 1)).toBe('too_late')
    expect(whyNotReturned(bought(), null, last)).toBe('not_received')
  })

  it('are not for fresh goods that she ticked, and are for those that she did not', () => {
    expect(whyNotReturned(bought({ perishableAgreedAt: received - 1 }), received, received)).toBe('ticked')
    expect(whyNotReturned(bought({ perishableAgreedAt: null }), received, received)).toBeUndefined()
    const dried = bought({ perishable: false, perishableAgreedAt: received - 1 })
    expect(whyNotReturned(dried, received, received)).toBeUndefined()
  })

  it('are not for a voucher, nor for what is back already', () => {
    expect(whyNotReturned(bought({ kind: 'voucher' }), received, received)).toBe('voucher')
    expect(whyNotReturned(bought({ refundedQty: 3 }), received, received)).toBe('all_back')
  })
})
