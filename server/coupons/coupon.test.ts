import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { best, claimState, tooGenerous, usable, type Claim } from './coupon.ts'

const NOON = 1_000_000
const coupon = { id: 'a', shopId: 'clams', offFen: 500, thresholdFen: 3000, endsAt: NOON + 1 }
const unused: Claim = { nth: 1, orderId: '' }
const purchase = { shopId: 'clams', goodsFen: 3000 }

describe('a claimed coupon', () => {
  it('counts from exactly its threshold on', () => {
    expect(usable(coupon, unused, purchase, NOON)).toEqual({ offFen: 500, reason: '', missingFen: 0 })
    expect(usable(coupon, unused, { ...purchase, goodsFen: 2999 }, NOON)).toEqual({
      offFen: 0,
      reason: 'coupon_below_threshold',
      missingFen: 1
    })
  })

  it('counts until the moment it ends, and not at it', () => {
    expect(usable(coupon, unused, purchase, coupon.endsAt - 1).reason).toBe('')
    expect(usable(coupon, unused, purchase, coupon.endsAt).reason).toBe('coupon_over')
  })

  it('counts in its own shop only, and once', () => {
    expect(usable(coupon, unused, { ...purchase, shopId: 'oysters' }, NOON).reason).toBe('coupon_wrong_shop')
    expect(usable(coupon, { nth: 1, orderId: 'o' }, purchase, NOON).reason).toBe('coupon_used')
  })

  it('never takes off more than the goods cost', () => {
    const big = { ...coupon, offFen: 5000, thresholdFen: 0 }
    expect(usable(big, unused, { ...purchase, goodsFen: 3200 }, NOON).offFen).toBe(3200)
  })

  it('is used, over or usable, and a used one stays used after its end', () => {
    expect(claimState(coupon, unused, NOON)).toBe('usable')
    expect(claimState(coupon, unused, NOON + 1)).toBe('over')
    expect(claimState(coupon, { nth: 1, orderId: 'o' }, NOON + 1)).toBe('used')
  })
})

describe('a drop', () => {
  it('is too generous when it gives what it asks for', () => {
    expect(tooGenerous({ offFen: 1999, thresholdFen: 2000 })).toBe(false)
    expect(tooGenerous({ offFen: 2000, thresholdFen: 2000 })).toBe(true)
    expect(tooGenerous({ offFen: 2000, thresholdFen: 0 })).toBe(false)
  })
})

const pockets = fc.array(
  fc.record({
    coupon: fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      shopId: fc.constantFrom('clams', 'oysters'),
      offFen: fc.integer({ min: 1, max: 8000 }),
      thresholdFen: fc.integer({ min: 0, max: 8000 }),
      endsAt: fc.integer({ min: NOON - 2, max: NOON + 2 })
    }),
    claim: fc.record({ nth: fc.integer({ min: 1, max: 3 }), orderId: fc.constantFrom('', '', 'o') })
  }),
  { maxLength: 12 }
)

describe('any pocket against any purchase', () => {
  const judgedFor =
    (goodsFen: number) => (each: typeof pockets extends fc.Arbitrary<(infer E)[]> ? E : never) => ({
      ...each,
      judged: usable(each.coupon, each.claim, { shopId: 'clams', goodsFen }, NOON)
    })
  const goods = fc.integer({ min: 0, max: 9000 })

  it('takes off something between nothing and the goods, and nothing exactly with a reason', () => {
    fc.assert(
      fc.property(pockets, goods, (pocket, goodsFen) => {
        for (const { judged, coupon } of pocket.map(judgedFor(goodsFen))) {
          expect(judged.offFen).toBeGreaterThanOrEqual(0)
          expect(judged.offFen).toBeLessThanOrEqual(Math.min(goodsFen, coupon.offFen))
          expect(judged.reason !== '' && judged.offFen > 0).toBe(false)
          expect(judged.missingFen > 0).toBe(judged.reason === 'coupon_below_threshold')
        }
      })
    )
  })

  it('has a best that no other beats, and of equals it is one that ends first', () => {
    fc.assert(
      fc.property(pockets, goods, (pocket, goodsFen) => {
        const all = pocket.map(judgedFor(goodsFen))
        const chosen = best(all)
        const most = Math.max(0, ...all.map(({ judged }) => judged.offFen))
        expect(chosen?.judged.offFen ?? 0).toBe(most)
        const ends = all.filter(({ judged }) => judged.offFen === most).map(({ coupon }) => coupon.endsAt)
        expect(chosen?.coupon.endsAt).toBe(most ? Math.min(...ends) : undefined)
      })
    )
  })

  it('has the same best in whatever order the pocket comes', () => {
    const shuffled = pockets.chain((pocket) =>
      fc.tuple(fc.constant(pocket), fc.shuffledSubarray(pocket, { minLength: pocket.length }))
    )
    fc.assert(
      fc.property(shuffled, goods, ([pocket, other], goodsFen) => {
        const face = (each: ReturnType<ReturnType<typeof judgedFor>> | undefined) =>
          each && [each.coupon.id, each.claim.nth, each.judged.offFen, each.coupon.endsAt]
        expect(face(best(other.map(judgedFor(goodsFen))))).toEqual(
          face(best(pocket.map(judgedFor(goodsFen))))
        )
      })
    )
  })
})
