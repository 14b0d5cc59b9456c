import { Problem } from '../../shared/problems.ts'
import type { Member } from '../members/member.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { leastOff, timeOf } from './coupon.ts'
import type { CouponRow } from './store.ts'

/** What coupons ask of who claims them, where they ask for anything. */
export interface Conditions {
  watchedIn: (on: Tx | Reader, showId: string, memberId: string) => Promise<number>
  boughtIn: (on: Tx | Reader, memberId: string) => Promise<boolean>
  leftOf: (budgetId: string) => Promise<number>
}

/** Whether a coupon asks for anything of the kind; a plain one goes straight into its unit. */
export const asksMore = (coupon: CouponRow, now: number) =>
  coupon.kind === 'watch' ||
  coupon.kind === 'code' ||
  coupon.newBuyer ||
  coupon.budgetId !== '' ||
  coupon.startsAt > timeOf(coupon, now)

/**
 * Looked at before the unit of work, for none of it is taken back: who has watched has watched, a word stays the word, a
 * beginning stays. That she never bought is asked again when the coupon is used, and so is what its pot holds.
 */
export const conditions = (store: Store, { watchedIn, boughtIn, leftOf }: Conditions) =>
  async function refuseUnmet(coupon: CouponRow, me: Member, now: number, said: string): Promise<void> {
    if (coupon.startsAt > timeOf(coupon, now))
      throw new Problem('coupon_early', { startsAt: coupon.startsAt })
    if (coupon.kind === 'code' && coupon.code !== said) throw new Problem('coupon_code_needed')
    if (coupon.watchMs) {
      const missingMs = coupon.watchMs - (await watchedIn(store.read, coupon.showId, me.id))
      if (missingMs > 0) throw new Problem('watch_longer', { missingMs })
    }
    if (coupon.newBuyer && (await boughtIn(store.read, me.id))) throw new Problem('new_buyers_only')
    if (coupon.budgetId && (await leftOf(coupon.budgetId)) < leastOff(coupon))
      throw new Problem('coupon_budget_gone')
  }
