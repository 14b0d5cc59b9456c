import { Array, Boolean, Integer, Object, Optional, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Fen, Id, Line, listOf, Millis, oneOf, Text } from '../schemas.ts'

/** How one gets it: 直接领, 关注领券, 看够几分钟, 口令. */
export const COUPON_KINDS = ['plain', 'follow', 'watch', 'code'] as const
/** Where it counts: at its shop, for some of its shop's products, or at every shop (工会券). */
export const COUPON_SCOPES = ['shop', 'products', 'union'] as const
export const PAYERS = ['host', 'union'] as const
export const MAX_COUPON_TOTAL = 100_000
export const MAX_PER_MEMBER = 10
export const MAX_COUPON_PRODUCTS = 20
/** A coupon lives between a minute and thirty days. */
export const COUPON_LIFE_MS = { min: 60_000, max: 30 * 86_400_000 }
/** Claiming begins at once or within a week. */
export const STARTS_IN_MS = 7 * 86_400_000
/** 看够几分钟: between one minute and two hours. */
export const WATCH_MS = { min: 60_000, max: 2 * 3_600_000 }
export const CODE_CHARS = { min: 2, max: 20 }
/** A phone that watches says so this often; longer than twice this between two times does not count. */
export const WATCH_BEAT_MS = 20_000
/** Pots of one owner. */
export const MAX_BUDGETS = 100

/** What everybody in the room sees of a coupon; never the word of one that asks for it. */
export const CouponCard = Object({
  id: Id,
  /** Empty: of the union. */
  shopId: Text(40),
  shopName: Text(30),
  /** The one to follow; empty where there is none. */
  hostId: Text(40),
  kind: oneOf(COUPON_KINDS),
  scope: oneOf(COUPON_SCOPES),
  productIds: Array(Id, { maxItems: MAX_COUPON_PRODUCTS }),
  payer: oneOf(PAYERS),
  newBuyer: Boolean(),
  /** What it takes off; of a percent coupon the most that it takes off. */
  offFen: Fen,
  /** 1500 takes off 15 %; 0: a fixed amount. */
  offPermyriad: Count,
  thresholdFen: Fen,
  total: Count,
  left: Count,
  perMember: Count,
  startsAt: Millis,
  endsAt: Millis,
  /** Since when its clock stands still, because the picture is away; 0: it runs. */
  stoppedAt: Millis,
  watchMs: Count
})
export type CouponCard = Static<typeof CouponCard>

/** One claimed coupon in my pocket. */
export const MyCoupon = Object({
  coupon: CouponCard,
  nth: Count,
  claimedAt: Millis,
  state: oneOf(['usable', 'used', 'over']),
  /** Why it would not count now, whatever she buys: its code; empty when it may. */
  reason: Text(40),
  /** The sentence of that code. */
  reasonWords: Text(120),
  orderId: Text(40)
})
export type MyCoupon = Static<typeof MyCoupon>

export const CouponDraft = Object({
  kind: oneOf(COUPON_KINDS),
  offFen: Integer({ minimum: 1, maximum: 1_000_000 }),
  offPermyriad: Optional(Integer({ minimum: 0, maximum: 9_999 })),
  scope: Optional(oneOf(COUPON_SCOPES)),
  productIds: Optional(Array(Id, { maxItems: MAX_COUPON_PRODUCTS, uniqueItems: true })),
  newBuyer: Optional(Boolean()),
  thresholdFen: Integer({ minimum: 0, maximum: 10_000_000 }),
  total: Integer({ minimum: 1, maximum: MAX_COUPON_TOTAL }),
  perMember: Integer({ minimum: 1, maximum: MAX_PER_MEMBER }),
  /** From now until claiming begins. */
  startsInMs: Optional(Integer({ minimum: 0, maximum: STARTS_IN_MS })),
  /** From when claiming begins. */
  lifeMs: Integer({ minimum: COUPON_LIFE_MS.min, maximum: COUPON_LIFE_MS.max }),
  watchMs: Optional(Integer({ minimum: 0, maximum: WATCH_MS.max })),
  code: Optional(Text(CODE_CHARS.max)),
  /** The pot it is paid from … */
  budgetId: Optional(Id),
  /** … or the most that it may cost in all: a pot of its own. */
  budgetFen: Optional(Fen)
})
export type CouponDraft = Static<typeof CouponDraft>

export const dropCoupon = contract({
  method: 'POST',
  url: '/api/shows/:showId/coupons',
  schema: {
    summary:
      'Drops a coupon into the room: plain, follow-to-claim (关注领券), watch-to-claim, by word (口令), now or from a moment on. Host of the show or operator; one of the union: an officer.',
    params: Object({ showId: Id }),
    body: CouponDraft,
    response: { 200: Object({ coupon: CouponCard }) }
  },
  config: { who: ['host', 'operator', 'officer'] }
})

const Claimed = Object({ couponId: Id, nth: Count, left: Count })

/** The answer means: it is yours, and it is on disk. */
export const claimCoupon = contract({
  method: 'POST',
  url: '/api/coupons/:couponId/claim',
  schema: {
    summary: 'Claims a coupon. A 200 means that the claim is on disk.',
    params: Object({ couponId: Id }),
    response: { 200: Claimed }
  },
  config: { who: 'member' }
})

/** 口令: the word she heard, in a room or anywhere. */
export const claimByCode = contract({
  method: 'POST',
  url: '/api/coupons/code',
  schema: {
    summary: 'Claims the coupon of a spoken word (口令). A 200 means that the claim is on disk.',
    body: Object({ code: Line(CODE_CHARS.max) }),
    response: { 200: Object({ coupon: CouponCard, nth: Count, left: Count }) }
  },
  config: { who: 'member' }
})

/** Sent by a phone that watches, while a coupon hangs in the room that asks for it. */
export const watchOn = contract({
  method: 'POST',
  url: '/api/shows/:showId/watched',
  schema: {
    summary: 'I am watching: counts the time since I said so last, by the server’s clock.',
    params: Object({ showId: Id }),
    response: { 200: Object({ ms: Count }) }
  },
  config: { who: 'member' }
})

/** The union's coupons that hang in no room. */
export const counterCoupons = contract({
  method: 'GET',
  url: '/api/coupons',
  schema: {
    summary: 'Coupons of the union that anybody may claim now or soon, newest first.',
    response: { 200: listOf(CouponCard, 50) }
  },
  config: { who: 'anyone' }
})

export const myCoupons = contract({
  method: 'GET',
  url: '/api/me/coupons',
  schema: { summary: 'My coupons, newest first.', response: { 200: listOf(MyCoupon, 100) } },
  config: { who: 'member' }
})

/** A coupon as its giver sees it. */
export const GivenCoupon = Object({
  coupon: CouponCard,
  code: Text(CODE_CHARS.max),
  budgetId: Text(40),
  budgetName: Text(30),
  /** Claimed, in use by bills, and what those have off. */
  claimed: Count,
  used: Count,
  usedFen: Count,
  showId: Text(40),
  createdAt: Millis
})
export type GivenCoupon = Static<typeof GivenCoupon>

/** A pot that coupons are paid from. It is never passed. */
export const Budget = Object({
  id: Id,
  payer: oneOf(PAYERS),
  name: Text(30),
  totalFen: Fen,
  leftFen: Fen,
  createdAt: Millis
})
export type Budget = Static<typeof Budget>

export const budgetsOfShow = contract({
  method: 'GET',
  url: '/api/shows/:showId/budgets',
  schema: {
    summary:
      'Pots that a coupon dropped into this room may be paid from: the shop’s; for officers the union’s too.',
    params: Object({ showId: Id }),
    response: { 200: listOf(Budget, 2 * MAX_BUDGETS) }
  },
  config: { who: ['host', 'operator', 'officer'] }
})

export const unionBudgets = contract({
  method: 'GET',
  url: '/api/union/budgets',
  schema: {
    summary: 'The union’s pots for coupons, newest first.',
    response: { 200: listOf(Budget, MAX_BUDGETS) }
  },
  config: { who: ['officer'] }
})

const BudgetFen = Integer({ minimum: 1, maximum: 100_000_000 })

export const addUnionBudget = contract({
  method: 'POST',
  url: '/api/union/budgets',
  schema: {
    summary: 'Puts money aside for coupons of the union.',
    body: Object({ name: Line(30), totalFen: BudgetFen }),
    response: { 200: Object({ budget: Budget }) }
  },
  config: { who: ['officer'] }
})

export const changeUnionBudget = contract({
  method: 'PUT',
  url: '/api/union/budgets/:budgetId',
  schema: {
    summary: 'Makes a pot larger or smaller; never smaller than what has been used of it.',
    params: Object({ budgetId: Id }),
    /** What the screen showed: two officers at once do not undo each other. */
    body: Object({ fromFen: BudgetFen, totalFen: BudgetFen }),
    response: { 200: Object({ budget: Budget }) }
  },
  config: { who: ['officer'] }
})

export const shopBudgets = contract({
  method: 'GET',
  url: '/api/my/shop/budgets',
  schema: {
    summary: 'My shop’s pots for coupons, newest first.',
    response: { 200: listOf(Budget, MAX_BUDGETS) }
  },
  config: { who: ['host'] }
})

export const addShopBudget = contract({
  method: 'POST',
  url: '/api/my/shop/budgets',
  schema: {
    summary: 'Puts money aside for coupons of my shop.',
    body: Object({ name: Line(30), totalFen: BudgetFen }),
    response: { 200: Object({ budget: Budget }) }
  },
  config: { who: ['host'] }
})

export const changeShopBudget = contract({
  method: 'PUT',
  url: '/api/my/shop/budgets/:budgetId',
  schema: {
    summary: 'Makes a pot of my shop larger or smaller; never smaller than what has been used of it.',
    params: Object({ budgetId: Id }),
    body: Object({ fromFen: BudgetFen, totalFen: BudgetFen }),
    response: { 200: Object({ budget: Budget }) }
  },
  config: { who: ['host'] }
})

export const unionCoupons = contract({
  method: 'GET',
  url: '/api/union/coupons',
  schema: {
    summary: 'The union’s coupons with what became of them, newest first.',
    response: { 200: listOf(GivenCoupon, 100) }
  },
  config: { who: ['officer'] }
})

export const giveUnionCoupon = contract({
  method: 'POST',
  url: '/api/union/coupons',
  schema: {
    summary: 'Hangs a coupon of the union at its counter, for every shop: plain, or by word (口令).',
    body: CouponDraft,
    response: { 200: Object({ coupon: CouponCard }) }
  },
  config: { who: ['officer'] }
})

export const shopCoupons = contract({
  method: 'GET',
  url: '/api/my/shop/coupons',
  schema: {
    summary: 'My shop’s coupons with what became of them, newest first.',
    response: { 200: listOf(GivenCoupon, 100) }
  },
  config: { who: ['host'] }
})

/** Every coupon in my pocket against this purchase: those that save most together, and why the others can't be used. */
export const CouponChoice = Object({
  couponId: Id,
  nth: Count,
  /** What it takes off: beside the best ones, or in the place of one of them. */
  offFen: Fen,
  /** Empty: usable. Otherwise the code of the reason and what is missing to the threshold. */
  reason: Text(40),
  reasonWords: Text(120),
  missingFen: Fen,
  /** One of those that save most together. */
  best: Boolean(),
  /**
   * Why it is among the best or not, where it could be used: it saves most at its shop, most of the union's; another
   * saves more in its place, or as much and ends sooner; or nothing is left for it to take off.
   */
  why: oneOf(['best_of_shop', 'best_of_union', 'saves_less', 'saves_as_much', 'not_needed', '']),
  coupon: CouponCard
})
export type CouponChoice = Static<typeof CouponChoice>
export const CouponChoices = Array(CouponChoice, { maxItems: 100 })
export const PickedCoupon = Object({ couponId: Id, nth: Integer({ minimum: 1, maximum: MAX_PER_MEMBER }) })
export type PickedCoupon = Static<typeof PickedCoupon>
/** At most one of each shop and one of the union. */
export const MAX_PICKS = 21
export const CouponPicks = Optional(Array(PickedCoupon, { maxItems: MAX_PICKS }))
