import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { claimState, leastOff, offOf, tooGenerous } from './coupon.ts'

const NOON = 1_000_000
const coupon = { endsAt: NOON + 1, stoppedAt: 0 }

describe('a claimed coupon', () => {
  it('is used, over or usable, and a used one stays used after its end', () => {
    expect(claimState(coupon, { orderId: '' }, NOON)).toBe('usable')
    expect(claimState(coupon, { orderId: '' }, NOON + 1)).toBe('over')
    expect(claimState(coupon, { orderId: 'o' }, NOON + 1)).toBe('used')
  })

  it('takes off something between nothing and what there is, the more the more there is', () => {
    const offers = fc.record({
      offFen: fc.integer({ min: 1, max: 1_000_000 }),
      offPermyriad: fc.integer({ min: 0, max: 9_999 })
    })
    const fen = fc.integer({ min: 0, max: 100_000_000 })
    fc.assert(
      fc.property(offers, fen, fen, (offer, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)]
        const off = offOf(offer, more)
        expect(off).toBeGreaterThanOrEqual(0)
        expect(off).toBeLessThanOrEqual(Math.min(more, offer.offFen))
        expect(off * 10_000).toBeLessThanOrEqual(more * (offer.offPermyriad || 10_000))
        // On these two the best of all combinations rests: see `best` in bill.ts.
        expect(offOf(offer, less)).toBeLessThanOrEqual(off)
        expect(less - offOf(offer, less)).toBeLessThanOrEqual(more - off)
      })
    )
  })

  it('has no use for a pot that holds less than the least it takes off', () => {
    expect(leastOff({ offFen: 500, offPermyriad: 0, thresholdFen: 3000 })).toBe(500)
    expect(leastOff({ offFen: 500, offPermyriad: 1000, thresholdFen: 3000 })).toBe(300)
    expect(leastOff({ offFen: 500, offPermyriad: 0, thresholdFen: 0 })).toBe(1)
  })
})

describe('a drop', () => {
  it('is too generous when it gives what it asks for', () => {
    expect(tooGenerous({ offFen: 1999, thresholdFen: 2000, offPermyriad: 0 })).toBe(false)
    expect(tooGenerous({ offFen: 2000, thresholdFen: 2000, offPermyriad: 0 })).toBe(true)
    expect(tooGenerous({ offFen: 2000, thresholdFen: 0, offPermyriad: 0 })).toBe(false)
    expect(tooGenerous({ offFen: 2000, thresholdFen: 2000, offPermyriad: 1500 })).toBe(false)
  })
})
