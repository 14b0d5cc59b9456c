import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOLD_MS, MAX_QTY, ORDER_STATES } from '../../shared/contracts/orders.ts'
import { begins, carriable, COMES_FROM, maskedName, oneShop, sumsOf, titleOf } from './order.ts'

const line = fc.record({
  qty: fc.integer({ min: 1, max: MAX_QTY }),
  priceFen: fc.integer({ min: 0, max: 10_000_000 })
})
const lines = fc.array(line, { minLength: 1, maxLength: 20 })

describe('what an order comes to', () => {
  it('is goods less discount plus freight, and a coupon never takes off more than the goods cost', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 0, max: 2_000_000_000 }), (lines, offFen) => {
        const { goodsFen, discountFen, freightFen, payFen } = sumsOf(lines, offFen)
        expect(payFen).toBe(goodsFen - discountFen + freightFen)
        expect(discountFen).toBeGreaterThanOrEqual(0)
        expect(discountFen).toBeLessThanOrEqual(goodsFen)
        expect(payFen).toBeGreaterThanOrEqual(freightFen)
        for (const fen of [goodsFen, discountFen, freightFen, payFen])
          expect(fen).toSatisfy(Number.isSafeInteger)
      })
    )
  })

  it('does not depend on the order of its lines', () => {
    fc.assert(
      fc.property(lines, fc.nat(100_000), (lines, offFen) => {
        expect(sumsOf(lines.toReversed(), offFen)).toEqual(sumsOf(lines, offFen))
      })
    )
  })

  it('takes no coupon that would add to it', () => {
    expect(sumsOf([{ qty: 1, priceFen: 500 }], -300)).toMatchObject({ discountFen: 0, payFen: 500 })
  })
})

describe('an order', () => {
  it('moves along one table, and is paid back from wherever money is in it', () => {
    expect(COMES_FROM).toEqual({
      paid: ['pending'],
      expired: ['pending'],
      cancelled: ['pending'],
      packed: ['paid'],
      shipped: ['packed'],
      received: ['shipped'],
      done: ['received'],
      refunded: ['paid', 'packed', 'shipped', 'received', 'done']
    })
    const moves = Object.keys(COMES_FROM)
    expect(ORDER_STATES.filter((state) => !moves.includes(state))).toEqual(['pending'])
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

  it('comes from one shop', () => {
    expect(oneShop([{ shopId: 'a' }, { shopId: 'a' }])).toBe('a')
    expect(oneShop([{ shopId: 'a' }, { shopId: 'b' }])).toBeUndefined()
    expect(oneShop([])).toBeUndefined()
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
