import { describe, expect, it } from 'vitest'
import { couponOf, PRESETS, type TypedCoupon } from './presets.ts'

const typed: TypedCoupon = {
  kind: 'plain',
  off: '5',
  threshold: '39',
  total: '50',
  perMember: '1',
  minutes: '10'
}

describe('a coupon that a host makes herself', () => {
  it('turns yuan and minutes into fen and milliseconds', () => {
    expect(couponOf(typed)).toEqual(PRESETS[0])
    expect(couponOf({ ...typed, threshold: '0' })).toMatchObject({ thresholdFen: 0 })
  })

  it.each<Partial<TypedCoupon>>([
    { off: '0' },
    { off: '39' },
    { off: '40' },
    { off: '五块' },
    { threshold: '' },
    { total: '0' },
    { total: '1.5' },
    { total: '100001' },
    { perMember: '11' },
    { minutes: '0' },
    { minutes: '43201' }
  ])('is not dropped with %o', (wrong) => {
    expect(couponOf({ ...typed, ...wrong })).toBeUndefined()
  })
})
