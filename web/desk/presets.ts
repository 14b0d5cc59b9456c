import { fenOf } from '../../shared/money.ts'
import {
  CODE_CHARS,
  COUPON_LIFE_MS,
  MAX_COUPON_PRODUCTS,
  MAX_COUPON_TOTAL,
  MAX_PER_MEMBER,
  STARTS_IN_MS,
  WATCH_MS,
  type CouponDraft
} from '../../shared/contracts/coupons.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** What hosts of the village drop most; two taps with wet hands. */
export const PRESETS: CouponDraft[] = [
  { kind: 'plain', offFen: 500, thresholdFen: 3900, total: 50, perMember: 1, lifeMs: 10 * MINUTE_MS },
  { kind: 'follow', offFen: 300, thresholdFen: 0, total: 100, perMember: 1, lifeMs: 30 * MINUTE_MS },
  { kind: 'plain', offFen: 2000, thresholdFen: 12_900, total: 20, perMember: 1, lifeMs: 15 * MINUTE_MS }
]

/** A coupon as it stands in the form: numbers are what she typed, money is yuan. */
export interface TypedCoupon {
  kind: CouponDraft['kind']
  amount: 'fixed' | 'percent'
  off: string
  /** 8.5: 85 折. */
  zhe: string
  /** Of a percentage, the most it takes off. */
  cap: string
  threshold: string
  scope: 'shop' | 'products' | 'union'
  productIds: string[]
  newBuyer: boolean
  total: string
  perMember: string
  /** How long it may be claimed and used, and when that begins: in minutes, or in days. */
  lasts: string
  startsIn: string
  unit: 'minutes' | 'days'
  watch: string
  code: string
  /** None, one of its own, or the id of a pot. */
  pot: '' | 'own' | (string & {})
  potYuan: string
}

export const TYPED: TypedCoupon = {
  kind: 'plain',
  amount: 'fixed',
  off: '10',
  zhe: '9',
  cap: '20',
  threshold: '68',
  scope: 'shop',
  productIds: [],
  newBuyer: false,
  total: '30',
  perMember: '1',
  lasts: '15',
  startsIn: '0',
  unit: 'minutes',
  watch: '5',
  code: '',
  pot: '',
  potYuan: '200'
}

/** What of the form cannot be a coupon: a word for each, in words/coupon.ts. */
export type WrongField =
  | 'off'
  | 'zhe'
  | 'threshold'
  | 'tooGenerous'
  | 'total'
  | 'perMember'
  | 'lasts'
  | 'startsIn'
  | 'watch'
  | 'word'
  | 'goods'
  | 'pot'
  | 'needsPot'
  | 'smallPot'

/** The coupon that is typed, or the first thing in it that is wrong. */
export function couponOf(typed: TypedCoupon): CouponDraft | WrongField {
  const percent = typed.amount === 'percent'
  const offFen = fenOf(percent ? typed.cap : typed.off)
  if (!offFen || offFen > 1_000_000) return 'off'
  const offPermyriad = percent ? permyriadOf(typed.zhe) : 0
  if (offPermyriad === undefined) return 'zhe'
  const thresholdFen = fenOf(typed.threshold)
  if (thresholdFen === undefined || thresholdFen > 10_000_000) return 'threshold'
  if (!percent && thresholdFen > 0 && offFen >= thresholdFen) return 'tooGenerous'
  const total = whole(typed.total, 1, MAX_COUPON_TOTAL)
  if (!total) return 'total'
  const perMember = whole(typed.perMember, 1, MAX_PER_MEMBER)
  if (!perMember) return 'perMember'
  const unit = typed.unit === 'days' ? DAY_MS : MINUTE_MS
  const lifeMs = (whole(typed.lasts, 1, COUPON_LIFE_MS.max / unit) ?? 0) * unit
  if (!lifeMs) return 'lasts'
  const startsIn = whole(typed.startsIn, 0, STARTS_IN_MS / unit)
  if (startsIn === undefined) return 'startsIn'
  const startsInMs = startsIn * unit
  const watch = typed.kind === 'watch' ? whole(typed.watch, 1, WATCH_MS.max / MINUTE_MS) : 0
  if (watch === undefined || (watch > 0 && watch * MINUTE_MS >= startsInMs + lifeMs)) return 'watch'
  const code = typed.kind === 'code' ? typed.code.trim() : ''
  if (typed.kind === 'code' && code.replace(/[\s\p{P}]/gu, '').length < CODE_CHARS.min) return 'word'
  const { scope } = typed
  if (scope === 'products' && (!typed.productIds.length || typed.productIds.length > MAX_COUPON_PRODUCTS))
    return 'goods'
  const budgetFen = typed.pot === 'own' ? fenOf(typed.potYuan) : 0
  if (scope === 'union' && (!typed.pot || typed.pot === 'own')) return 'needsPot'
  if (budgetFen === undefined || budgetFen > 100_000_000 || (typed.pot === 'own' && !budgetFen)) return 'pot'
  if (typed.pot === 'own' && budgetFen < leastOf(offFen, offPermyriad, thresholdFen)) return 'smallPot'
  return {
    kind: typed.kind,
    offFen,
    thresholdFen,
    total,
    perMember,
    lifeMs,
    ...(offPermyriad && { offPermyriad }),
    ...(scope !== 'shop' && { scope }),
    ...(scope === 'products' && { productIds: [...typed.productIds] }),
    ...(typed.newBuyer && { newBuyer: true }),
    ...(startsInMs && { startsInMs }),
    ...(watch && { watchMs: watch * MINUTE_MS }),
    ...(code && { code }),
    ...(typed.pot === 'own' ? { budgetFen } : typed.pot && { budgetId: typed.pot })
  }
}

/** 8.5 → 1500; undefined for what is no discount. */
function permyriadOf(zhe: string) {
  if (!/^\s*\d(\.\d{1,2})?\s*$/.test(zhe)) return undefined
  const permyriad = 10_000 - Math.round(Number(zhe) * 1000)
  return permyriad >= 1 && permyriad <= 9_000 ? permyriad : undefined
}

function whole(typed: string, min: number, max: number) {
  const n = /^\s*\d{1,7}\s*$/.test(typed) ? Number(typed) : -1
  return n >= min && n <= max ? n : undefined
}

/** The least that it takes off where it counts: a pot that holds less is of no use. */
const leastOf = (offFen: number, offPermyriad: number, thresholdFen: number) =>
  Math.min(offFen, offPermyriad ? Math.floor((thresholdFen * offPermyriad) / 10_000) : thresholdFen)

export const minutesOf = (draft: Pick<CouponDraft, 'lifeMs'>) => Math.round(draft.lifeMs / MINUTE_MS)
