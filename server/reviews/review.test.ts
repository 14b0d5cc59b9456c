import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { REVIEW_DAYS } from '../../shared/contracts/reviews.ts'
import { DAY_MS } from '../../shared/day.ts'
import { cameAt, fitForAll, reviewUntil, tallyOf, unsentQtyOf, whyNotReviewed } from './review.ts'

const NOW = Date.UTC(2026, 10, 22)
const received = { state: 'received', receivedAt: NOW, doneAt: null }

describe('what she bought', () => {
  const goods = { kind: 'goods', qty: 2, refundedQty: 0 } as const
  const voucher = { ...goods, kind: 'voucher' } as const
  const done = { state: 'done', receivedAt: null, doneAt: NOW }

  it('is reviewed after it came, and no longer than a season', () => {
    expect(whyNotReviewed({ state: 'shipped', receivedAt: null, doneAt: null }, goods, false, NOW)).toBe(
      'not_yet'
    )
    expect(whyNotReviewed(received, goods, false, NOW)).toBe('')
    const end = NOW + REVIEW_DAYS * DAY_MS
    expect(reviewUntil(received, goods)).toBe(end)
    expect(whyNotReviewed(received, goods, false, end - 1)).toBe('')
    expect(whyNotReviewed(received, goods, false, end)).toBe('too_late')
  })

  it('came with the last of her vouchers where nothing was sent', () => {
    expect(cameAt(done, voucher)).toBe(NOW)
  })

  it('came also where the money went back afterwards, and not where it never left', () => {
    expect(whyNotReviewed({ ...received, state: 'refunded' }, { ...goods, refundedQty: 2 }, false, NOW)).toBe(
      ''
    )
    expect(whyNotReviewed({ state: 'refunded', receivedAt: null, doneAt: null }, goods, false, NOW)).toBe(
      'not_yet'
    )
  })

  it('is not what came beside it: a voucher that waits or was given back, goods that were taken back', () => {
    expect(whyNotReviewed(received, voucher, false, NOW)).toBe('not_yet')
    expect(whyNotReviewed({ ...received, ...done }, { ...voucher, refundedQty: 2 }, false, NOW)).toBe(
      'not_yet'
    )
    expect(whyNotReviewed(done, { ...voucher, refundedQty: 1 }, false, NOW)).toBe('')
    expect(whyNotReviewed(done, { ...goods, refundedQty: 2 }, false, NOW)).toBe('not_yet')
  })

  it('never came where all of it was paid back before the box left', () => {
    const back = (qty: number, createdAt: number) => ({ createdAt, lines: [{ specId: 'crabs', qty }] })
    const why = (...refunds: ReturnType<typeof back>[]) => {
      const unsentQty = unsentQtyOf('crabs', NOW, refunds)
      return whyNotReviewed(received, { ...goods, refundedQty: 2, unsentQty }, false, NOW)
    }
    expect(why(back(1, NOW - 2), back(1, NOW - 1))).toBe('not_yet')
    expect(why(back(1, NOW - 2), back(1, NOW + 1))).toBe('')
    expect(unsentQtyOf('clams', NOW, [back(2, NOW - 1)])).toBe(0)
  })

  it('is praised by nobody who sells it', () => {
    expect(whyNotReviewed(received, goods, true, NOW)).toBe('own_shop')
  })
})

describe('words for everybody', () => {
  it.each([
    ['打 13912345678 找我', '打 139****5678 找我'],
    ['139-1234-5678 或 139 1234 5678', '139****5678 或 139****5678'],
    ['+8613912345678 或 +86 139 1234 5678', '+86139****5678 或 +86 139****5678'],
    ['008613912345678 或 0086 13912345678', '0086139****5678 或 0086 139****5678'],
    ['１３９１２３４５６７８', '139****5678'],
    ['身份证 370202199001011234。', '身份证 370202********1234。'],
    ['订单 2026112212345678901234 很快', '订单 2026112212345678901234 很快'],
    ['三斤 128 元', '三斤 128 元']
  ])('“%s” are “%s”', (typed, shown) => {
    expect(fitForAll(typed)).toBe(shown)
  })

  it('are no page of empty lines', () => {
    expect(fitForAll('  鲜\r\n\r\n \n\n\n甜\n\n')).toBe('鲜\n\n甜')
  })
})

describe('the stars of a product', () => {
  const of = (...counts: number[]) =>
    tallyOf(counts.map((reviews, i) => ({ stars: i + 1, reviews }))).averageTenths

  it('are none without a review', () => {
    expect(tallyOf([])).toEqual({ count: 0, averageTenths: 0, counts: [0, 0, 0, 0, 0] })
  })

  it('are said to a tenth, half of one upwards', () => {
    expect(of(0, 0, 0, 0, 3)).toBe(50)
    expect(of(0, 0, 0, 1, 2)).toBe(47)
    // 4.75 and 4.25: half a tenth.
    expect(of(0, 0, 0, 1, 3)).toBe(48)
    expect(of(0, 0, 0, 3, 1)).toBe(43)
    expect(of(1, 0, 0, 0, 0)).toBe(10)
  })

  it('are never further than half a tenth from what they are', () => {
    const counts = fc.array(fc.nat(1_000_000), { minLength: 5, maxLength: 5 })
    fc.assert(
      fc.property(counts, (each) => {
        const { count, averageTenths } = tallyOf(each.map((reviews, i) => ({ stars: i + 1, reviews })))
        const points = each.reduce((sum, reviews, i) => sum + reviews * (i + 1), 0)
        expect(count).toBe(each.reduce((sum, reviews) => sum + reviews, 0))
        // |tenths/10 − points/count| ≤ 1/20, in whole numbers.
        expect(Math.abs(2 * averageTenths * count - 20 * points)).toBeLessThanOrEqual(count)
      })
    )
  })
})
