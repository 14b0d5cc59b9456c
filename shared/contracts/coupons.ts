import { Array, Boolean, Integer, Object, Optional, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Fen, Id, listOf, Millis, oneOf, Text } from '../schemas.ts'

export const COUPON_KINDS = ['plain', 'follow'] as const
export const MAX_COUPON_TOTAL = 100_000
export const MAX_PER_MEMBER = 10
/** A coupon lives between a minute and thirty days. */
export const COUPON_LIFE_MS = { min: 60_000, max: 30 * 86_400_000 }

/** What everybody in the room sees of a coupon. */
export const CouponCard = Object({
  id: Id,
  shopId: Id,
  shopName: Text(30),
  hostId: Id,
  kind: oneOf(COUPON_KINDS),
  offFen: Fen,
  thresholdFen: Fen,
  total: Count,
  left: Count,
  perMember: Count,
  endsAt: Millis
})
export type CouponCard = Static<typeof CouponCard>

/** One claimed coupon in my pocket. */
export const MyCoupon = Object({
  coupon: CouponCard,
  nth: Count,
  claimedAt: Millis,
  state: oneOf(['usable', 'used', 'over']),
  orderId: Text(40)
})
export type MyCoupon = Static<typeof MyCoupon>

export const dropCoupon = contract({
  method: 'POST',
  url: '/api/shows/:showId/coupons',
  schema: {
    summary:
      'Drops a coupon into the room: plain, or follow-to-claim (关注领券). Host of the show or operator.',
    params: Object({ showId: Id }),
    body: Object({
      kind: oneOf(COUPON_KINDS),
      offFen: Integer({ minimum: 1, maximum: 1_000_000 }),
      thresholdFen: Integer({ minimum: 0, maximum: 10_000_000 }),
      total: Integer({ minimum: 1, maximum: MAX_COUPON_TOTAL }),
      perMember: Integer({ minimum: 1, maximum: MAX_PER_MEMBER }),
      lifeMs: Integer({ minimum: COUPON_LIFE_MS.min, maximum: COUPON_LIFE_MS.max })
    }),
    response: { 200: Object({ coupon: CouponCard }) }
  },
  config: { who: ['host', 'operator', 'officer'] }
})

/** The answer means: it is yours, and it is on disk. */
export const claimCoupon = contract({
  method: 'POST',
  url: '/api/coupons/:couponId/claim',
  schema: {
    summary: 'Claims a coupon. A 200 means that the claim is on disk.',
    params: Object({ couponId: Id }),
    response: { 200: Object({ couponId: Id, nth: Count, left: Count }) }
  },
  config: { who: 'member' }
})

export const myCoupons = contract({
  method: 'GET',
  url: '/api/me/coupons',
  schema: { summary: 'My coupons, newest first.', response: { 200: listOf(MyCoupon, 100) } },
  config: { who: 'member' }
})

/** Every coupon in my pocket against this purchase: the best one, and why the others can't be used. */
export const CouponChoice = Object({
  couponId: Id,
  nth: Count,
  offFen: Fen,
  /** Empty: usable. Otherwise the code of the reason and what is missing to the threshold. */
  reason: Text(40),
  missingFen: Fen,
  best: Boolean(),
  coupon: CouponCard
})
export type CouponChoice = Static<typeof CouponChoice>
export const CouponChoices = Array(CouponChoice, { maxItems: 100 })
export const CouponPick = Optional(
  Object({ couponId: Id, nth: Integer({ minimum: 1, maximum: MAX_PER_MEMBER }) })
)
