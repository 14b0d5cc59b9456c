/** What a coupon promises. Nothing of it changes once it is dropped; only `left` goes down. */
export interface Coupon {
  id: string
  shopId: string
  hostId: string
  kind: 'plain' | 'follow'
  offFen: number
  thresholdFen: number
  total: number
  left: number
  perMember: number
  endsAt: number
}

/** One claimed coupon in a pocket: the nth of its kind. */
export interface Claim {
  nth: number
  /** The order that uses it; empty while none does. */
  orderId: string
}

/** What she wants to use it for. */
export interface Purchase {
  shopId: string
  goodsFen: number
}

export type NotUsable = 'coupon_used' | 'coupon_over' | 'coupon_wrong_shop' | 'coupon_below_threshold'

/** A coupon against a purchase: what it takes off, or why it takes nothing and how much is missing. */
export interface Judged {
  offFen: number
  reason: '' | NotUsable
  missingFen: number
}

export const over = (coupon: Pick<Coupon, 'endsAt'>, now: number) => coupon.endsAt <= now

/** 满 50 减 60 is a slip of the finger. */
export const tooGenerous = ({ offFen, thresholdFen }: Pick<Coupon, 'offFen' | 'thresholdFen'>) =>
  thresholdFen > 0 && offFen >= thresholdFen

export const claimState = (coupon: Pick<Coupon, 'endsAt'>, claim: Claim, now: number) =>
  claim.orderId ? 'used' : over(coupon, now) ? 'over' : 'usable'

/** Whether a claimed coupon counts here and now. It never takes off more than the goods cost. */
export function usable(
  coupon: Pick<Coupon, 'shopId' | 'offFen' | 'thresholdFen' | 'endsAt'>,
  claim: Claim,
  { shopId, goodsFen }: Purchase,
  now: number
): Judged {
  const no = (reason: NotUsable, missingFen = 0): Judged => ({ offFen: 0, reason, missingFen })
  if (claim.orderId) return no('coupon_used')
  if (over(coupon, now)) return no('coupon_over')
  if (coupon.shopId !== shopId) return no('coupon_wrong_shop')
  if (goodsFen < coupon.thresholdFen) return no('coupon_below_threshold', coupon.thresholdFen - goodsFen)
  return { offFen: Math.min(coupon.offFen, goodsFen), reason: '', missingFen: 0 }
}

/** The one to take: it saves most; of those the one that ends first. Undefined when none saves anything. */
export function best<Each extends { judged: Judged; coupon: Pick<Coupon, 'id' | 'endsAt'>; claim: Claim }>(
  pocket: readonly Each[]
): Each | undefined {
  const better = (a: Each, b: Each) =>
    b.judged.offFen - a.judged.offFen ||
    a.coupon.endsAt - b.coupon.endsAt ||
    (a.coupon.id < b.coupon.id ? -1 : a.coupon.id > b.coupon.id ? 1 : a.claim.nth - b.claim.nth)
  return pocket.filter(({ judged }) => judged.offFen > 0).toSorted(better)[0]
}
