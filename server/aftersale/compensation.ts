import type { AftersaleRules } from '../../shared/contracts/aftersale.ts'
import type { OrderState } from '../../shared/contracts/orders.ts'
import { dayOf } from '../../shared/day.ts'
import { leftQtyOf, worthOf, type PaidLine } from './refund.ts'

/** What of a line was bad: so many pieces, and of each so much. */
export interface Bad {
  qty: number
  percent: number
}

const HOUR_MS = 3_600_000

/** A page shows the same four digits for so long. */
export const CODE_SHOWN_MS = 10 * 60_000
/** And they count a little longer: a photo takes its time from the pier. */
export const CODE_GOOD_MS = 15 * 60_000

/** Digits that she still has time to write on paper before they change. */
export const isFresh = ({ madeAt }: { madeAt: number }, now: number) => now - madeAt < CODE_SHOWN_MS / 2

export const isGood = ({ madeAt }: { madeAt: number }, now: number) => now - madeAt <= CODE_GOOD_MS

/** How long one may report what came bad; 0: of this class nothing comes in a box. */
export const windowMsOf = ({ windows }: AftersaleRules, goodsClass: string) =>
  (windows.find((each) => each.goodsClass === goodsClass)?.hours ?? 0) * HOUR_MS

export interface ArrivedLine extends PaidLine {
  kind: 'goods' | 'voucher'
  goodsClass: string
}

const ON_ITS_WAY: readonly OrderState[] = ['shipped', 'received', 'done']

/**
 * Why nothing can be reported of a line; undefined: it can. While the parcel is on its way she may: to have it in her
 * hands is to have received it, and the clock begins with that.
 */
export function whyNotCompensated(
  line: ArrivedLine,
  { state, receivedAt }: { state: OrderState; receivedAt: number | null },
  rules: AftersaleRules,
  now: number
): 'voucher' | 'not_shipped' | 'too_late' | 'all_back' | undefined {
  const windowMs = windowMsOf(rules, line.goodsClass)
  if (line.kind === 'voucher' || windowMs === 0) return 'voucher'
  if (leftQtyOf(line) === 0 || worthOf(line, 1) === 0) return 'all_back'
  if (!ON_ITS_WAY.includes(state)) return 'not_shipped'
  return receivedAt !== null && now > receivedAt + windowMs ? 'too_late' : undefined
}

/** What she asks back: that part of what the pieces cost her, rounded down to the fen. */
export const askedFenOf = (line: PaidLine, { qty, percent }: Bad) =>
  Math.floor((worthOf(line, qty) * percent) / 100)

/** What was granted by rule before: of this order, and of this buyer since the month began. */
export interface Before {
  orderFen: number
  monthFen: number
  monthTimes: number
}

/** Whether it is granted at once, with nobody looking first. */
export const isAutomatic = (
  askedFen: number,
  { orderFen, monthFen, monthTimes }: Before,
  rules: Pick<AftersaleRules, 'autoOrderFen' | 'autoMonthFen' | 'autoMonthTimes'>
) =>
  orderFen + askedFen <= rules.autoOrderFen &&
  monthFen + askedFen <= rules.autoMonthFen &&
  monthTimes < rules.autoMonthTimes

/** The first moment of the village's month. */
export const monthBegan = (now: number) => Date.parse(`${dayOf(now).slice(0, 7)}-01T00:00:00+08:00`)
