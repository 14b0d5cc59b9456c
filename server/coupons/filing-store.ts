import { and, asc, eq, gt, lt, lte, or, sql } from 'drizzle-orm'
import type { Schema } from '../store/schema.ts'
import type { Store, Tx } from '../store/store.ts'

/** No id; compared for being it and never for coming after them: a database may sort it before every letter. */
const ALL_FILED = '~'

/** Written out, not handed over: only then do the engines see that the partial index of such coupons fits. */
export const unfiled = ({ filedTo }: Schema['coupons']) => sql`${filedTo} <> '~'`

/** The SQL of filing. */
export const filingStore = ({ read, schema: { coupons, claims } }: Store) => ({
  /** Coupons that nobody can claim any more, and whose claims are not all filed. */
  dueQuery: (endedBefore: number, limit: number) =>
    read
      .select({ id: coupons.id, filedTo: coupons.filedTo })
      .from(coupons)
      .where(
        and(
          unfiled(coupons),
          or(eq(coupons.left, 0), and(lt(coupons.endsAt, endedBefore), eq(coupons.stoppedAt, 0)))
        )
      )
      .orderBy(asc(coupons.endsAt))
      .limit(limit),
  /** Files the claims of the next so many members; none if somebody else has filed them meanwhile. */
  async fileNext(tx: Tx, coupon: { id: string; filedTo: string }, members: number): Promise<void> {
    const ofCoupon = and(eq(claims.couponId, coupon.id), gt(claims.memberId, coupon.filedTo))
    const [last] = await tx
      .selectDistinct({ memberId: claims.memberId })
      .from(claims)
      .where(ofCoupon)
      .orderBy(asc(claims.memberId))
      .limit(1)
      .offset(members - 1)
    const filedTo = last?.memberId ?? ALL_FILED
    const mine = await tx
      .update(coupons)
      .set({ filedTo })
      .where(and(eq(coupons.id, coupon.id), eq(coupons.filedTo, coupon.filedTo)))
      .returning({ id: coupons.id })
    if (!mine.length) return
    await tx
      .update(claims)
      .set({ filed: true })
      .where(and(ofCoupon, last && lte(claims.memberId, last.memberId)))
  }
})
