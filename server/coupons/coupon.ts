/** What a coupon takes off, of what, and until when. Nothing of it changes once it is dropped but its end. */
export interface Offer {
  id: string
  /** Whose it is; empty for the union's. */
  shopId: string
  /** Where it counts: at its shop, for some of its shop's products, or at every shop. */
  scope: 'shop' | 'products' | 'union'
  productIds: readonly string[]
  /** What it takes off; of a percent coupon the most that it takes off. */
  offFen: number
  /** 折扣: 1500 takes off 15 %; 0: a fixed amount. */
  offPermyriad: number
  /** 满减: the goods that it counts for must cost at least this, before any coupon. */
  thresholdFen: number
  /** 新人: for who has never paid an order. */
  newBuyer: boolean
  endsAt: number
  /** Since when its clock stands still, because the picture of its show is away; 0: it runs. */
  stoppedAt: number
}

/** One claimed coupon in a pocket: the nth of its kind. */
export interface Claim {
  nth: number
  /** The bill that uses it; empty while none does. */
  orderId: string
}

/** What time it is for a coupon. */
export const timeOf = ({ stoppedAt }: Pick<Offer, 'stoppedAt'>, now: number) => stoppedAt || now

export const over = (coupon: Pick<Offer, 'endsAt' | 'stoppedAt'>, now: number) =>
  coupon.endsAt <= timeOf(coupon, now)

/** 满 50 减 60 is a slip of the finger. A percentage is of what is there and can never be too much. */
export const tooGenerous = (offer: Pick<Offer, 'offFen' | 'offPermyriad' | 'thresholdFen'>) =>
  offer.thresholdFen > 0 && !offer.offPermyriad && offer.offFen >= offer.thresholdFen

export const claimState = (
  coupon: Pick<Offer, 'endsAt' | 'stoppedAt'>,
  claim: Pick<Claim, 'orderId'>,
  now: number
) => (claim.orderId ? 'used' : over(coupon, now) ? 'over' : 'usable')

/** What it takes off of this much: rounded down to the fen, and never more than there is. */
export const offOf = ({ offFen, offPermyriad }: Pick<Offer, 'offFen' | 'offPermyriad'>, fen: number) =>
  Math.min(fen, offFen, offPermyriad ? Math.floor((fen * offPermyriad) / 10_000) : offFen)

/** The least that it takes off wherever it counts: a pot that holds less is of no use to it. */
export const leastOff = (coupon: Pick<Offer, 'offFen' | 'offPermyriad' | 'thresholdFen'>) =>
  Math.max(1, offOf(coupon, coupon.thresholdFen))
