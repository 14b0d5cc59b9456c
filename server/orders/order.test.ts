import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOLD_MS, MAX_QTY, ORDER_STATES } from '../../shared/contracts/orders.ts'
import { shareOut } from '../../shared/share-out.ts'
import {
  begins,
  beginsAt,
  billSumsOf,
  byShop,
  carriable,
  COMES_FROM,
  doer,
  fenOf,
  maskedName,
  sumsOf,
  titleOf,
  withOffs,
  type Move
} from './order.ts'

const line = fc.record({
  qty: fc.integer({ min: 1, max: MAX_QTY }),
  priceFen: fc.integer({ min: 0, max: 10_000_000 })
})
const lines = fc.array(line, { minLength: 1, maxLength: 20 })
const freight = fc.nat(1_000_000)
const sum = (all: readonly number[]) => all.reduce((total, each) => total + each, 0)

/** Coupons that each take a share of what is left of the lines, as they do one after the other. */
const bought = fc
  .tuple(lines, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }))
  .map(([lines, shares]) => {
    const left = lines.map(fenOf)
    const used = shares.map((share) => {
      const offFen = Math.floor(sum(left) * share)
      const parts = offFen ? shareOut(offFen, left) : left.map(() => 0)
      for (const [at, part] of parts.entries()) left[at]! -= part
      return { offFen, lines: parts }
    })
    return { lines, used }
  })

describe('what an order comes to', () => {
  it('is goods less coupons plus freight, and each line has its part of the coupons to the fen', () => {
    fc.assert(
      fc.property(bought, freight, ({ lines, used }, freightFen) => {
        const billed = withOffs(lines, used)
        const sums = sumsOf(billed, freightFen)
        expect(sums.payFen).toBe(sums.goodsFen - sums.discountFen + freightFen)
        expect(sums.discountFen).toBe(sum(used.map(({ offFen }) => offFen)))
        expect(sums.discountFen).toBe(sum(billed.map(({ offFen }) => offFen)))
        expect(sums.payFen).toBeGreaterThanOrEqual(freightFen)
        for (const each of billed) {
          expect(each.offFen).toBeGreaterThanOrEqual(0)
          expect(each.offFen).toBeLessThanOrEqual(fenOf(each))
        }
        for (const fen of Object.values(sums)) expect(fen).toSatisfy(Number.isSafeInteger)
      })
    )
  })

  it('does not depend on the order of its lines', () => {
    fc.assert(
      fc.property(bought, freight, ({ lines, used }, freightFen) => {
        const billed = withOffs(lines, used)
        expect(sumsOf(billed.toReversed(), freightFen)).toEqual(sumsOf(billed, freightFen))
      })
    )
  })

  it('takes no coupon that would add to it or take off more than a line costs', () => {
    const lines = [{ qty: 1, priceFen: 500 }]
    expect(() => withOffs(lines, [{ lines: [-300] }])).toThrow(RangeError)
    expect(() => withOffs(lines, [{ lines: [300] }, { lines: [201] }])).toThrow(RangeError)
    expect(withOffs(lines, [{ lines: [300] }, { lines: [200] }])).toEqual([
      { qty: 1, priceFen: 500, offFen: 500 }
    ])
  })

  it('together with the orders of other shops is the bill', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(bought, freight), { maxLength: 20 }), (orders) => {
        const each = orders.map(([{ lines, used }, fee]) => sumsOf(withOffs(lines, used), fee))
        const bill = billSumsOf(each)
        expect(bill.payFen).toBe(bill.goodsFen - bill.discountFen + bill.freightFen)
        expect(bill.payFen).toBe(sum(each.map(({ payFen }) => payFen)))
      })
    )
  })
})

describe('an order', () => {
  it('moves along one table, and is paid back from wherever money is in it', () => {
    expect(COMES_FROM).toEqual({
      paid: ['pending', 'packed'],
      expired: ['pending'],
      cancelled: ['pending'],
      packed: ['paid'],
      shipped: ['packed'],
      received: ['shipped'],
      done: ['received', 'paid', 'packed'],
      refunded: ['paid', 'packed', 'shipped', 'received', 'done']
    })
    const moves = Object.keys(COMES_FROM)
    expect(ORDER_STATES.filter((state) => !moves.includes(state))).toEqual(['pending'])
  })

  it('of vouchers alone is never packed, and done without having been sent', () => {
    const goods = [{ kind: 'goods' as const }, { kind: 'voucher' as const }]
    const vouchers = goods.slice(1)
    expect(beginsAt('packed', goods)).toEqual(['paid'])
    expect(beginsAt('packed', vouchers)).toEqual([])
    expect(beginsAt('done', goods)).toEqual(['received'])
    expect(beginsAt('done', vouchers)).toEqual(['paid'])
    expect(beginsAt('paid', goods)).toEqual(['packed'])
    const back = (refundedQty: number) => [{ kind: 'goods' as const, qty: 2, refundedQty }, ...vouchers]
    expect(beginsAt('done', back(1))).toEqual(['received'])
    expect(beginsAt('done', back(2))).toEqual(['received', 'paid', 'packed'])
  })

  it('begins no move where the table has none', () => {
    for (const to of Object.keys(COMES_FROM) as Move[]) {
      for (const kind of ['goods', 'voucher'] as const) {
        for (const from of beginsAt(to, [{ kind }])) expect(COMES_FROM[to]).toContain(from)
      }
    }
  })

  it('is held for a quarter of an hour, and not at all when there is nothing to pay', () => {
    expect(begins({ payFen: 1 }, 1000)).toEqual({ state: 'pending', heldUntil: 1000 + HOLD_MS, paidAt: null })
    expect(begins({ payFen: 0 }, 1000)).toEqual({ state: 'paid', heldUntil: 1000, paidAt: 1000 })
  })

  it('is no more than one buyer carries, also when she asks for it in many lines', () => {
    const of = (...qtys: number[]) => qtys.map((qty) => ({ specId: 'a', qty }))
    expect(carriable(of(MAX_QTY))).toBe(true)
    expect(carriable(of(MAX_QTY - 1, 1))).toBe(true)
    expect(carriable(of(MAX_QTY, 1))).toBe(false)
    for (const qty of [0, -1, 1.5, Number.NaN, 2 ** 60]) expect(carriable(of(qty)), String(qty)).toBe(false)
  })

  it('is of one shop: a basket of several becomes one of each', () => {
    const [a, b, more] = [{ shopId: 'a' }, { shopId: 'b' }, { shopId: 'a' }]
    expect(byShop([a!, b!, more!])).toEqual([
      { shopId: 'a', lines: [a, more] },
      { shopId: 'b', lines: [b] }
    ])
    expect(byShop([])).toEqual([])
  })

  it('says who changed it, without saying who she is', () => {
    const order = { memberId: 'm1' }
    expect(['m1', 'h1', 'x1', ''].map((actorId) => doer(actorId, order, 'h1'))).toEqual([
      'buyer',
      'shop',
      'union',
      'village'
    ])
  })

  it('tells the desk little of who buys, and what by its first line', () => {
    expect(maskedName('李梅')).toBe('李**')
    expect(maskedName('𠮷田')).toBe('𠮷**')
    expect(maskedName('')).toBe('**')
    expect(titleOf([{ title: '蛤蜊' }])).toBe('蛤蜊')
    expect(titleOf([{ title: '蛤蜊' }, { title: '海蛎子' }])).toBe('蛤蜊 等 2 种')
    expect(titleOf([{ title: '蛤'.repeat(60) }, { title: '海蛎子' }])).toHaveLength(60)
  })
})
