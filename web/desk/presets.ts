import { fenOf } from '../../shared/money.ts'
import { COUPON_LIFE_MS, MAX_COUPON_TOTAL, MAX_PER_MEMBER } from '../../shared/contracts/coupons.ts'
import type { CouponDraft } from './desk.svelte.ts'

const MINUTE_MS = 60_000

/** What hosts of the village drop most; two taps with wet hands. */
export const PRESETS: CouponDraft[] = [
  { kind: 'plain', offFen: 500, thresholdFen: 3900, total: 50, perMember: 1, lifeMs: 10 * MINUTE_MS },
  { kind: 'follow', offFen: 300, thresholdFen: 0, total: 100, perMember: 1, lifeMs: 30 * MINUTE_MS },
  { kind: 'plain', offFen: 2000, thresholdFen: 12_900, total: 20, perMember: 1, lifeMs: 15 * MINUTE_MS }
]

export interface TypedCoupon {
  kind: CouponDraft['kind']
  /** Yuan, as typed. */
  off: string
  threshold: string
  total: string
  perMember: string
  minutes: string
}

/** Undefined: something typed can't be a coupon. */
export function couponOf({ kind, off, threshold, total, perMember, minutes }: TypedCoupon) {
  const offFen = fenOf(off)
  const thresholdFen = fenOf(threshold)
  const whole = (typed: string, max: number) => {
    const n = /^\s*\d{1,7}\s*$/.test(typed) ? Number(typed) : 0
    return n >= 1 && n <= max ? n : undefined
  }
  const count = whole(total, MAX_COUPON_TOTAL)
  const each = whole(perMember, MAX_PER_MEMBER)
  const life = whole(minutes, COUPON_LIFE_MS.max / MINUTE_MS)
  if (!offFen || thresholdFen === undefined || !count || !each || !life) return undefined
  if (thresholdFen > 0 && offFen >= thresholdFen) return undefined
  const draft: CouponDraft = {
    kind,
    offFen,
    thresholdFen,
    total: count,
    perMember: each,
    lifeMs: life * MINUTE_MS
  }
  return draft
}

export const minutesOf = (draft: CouponDraft) => Math.round(draft.lifeMs / MINUTE_MS)
