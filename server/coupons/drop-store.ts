import { and, count, desc, eq, gt, inArray, lte, or, sql, sum } from 'drizzle-orm'
import type { Reader, Store, Tx } from '../store/store.ts'
import { OPEN_COUPONS, type CouponRow } from './store.ts'

/** What a giver's page shows. */
export const GIVEN_COUPONS = 100

/** The SQL of giving coupons, and of what became of them. */
export const dropStore = ({ schema: { coupons, claims, budgets } }: Store) => {
  // Written out, not handed over: only then do the engines see that the partial index of words fits.
  const ofWord = (code: string) => and(eq(coupons.code, code), sql`${coupons.code} <> ''`)

  return {
    add: async (tx: Tx, row: CouponRow): Promise<void> => {
      await tx.insert(coupons).values(row)
    },
    /** What hangs in a room: every coupon that is not over, the newest first; sold-out ones with nothing left. */
    open: async (on: Tx | Reader, showId: string, now: number): Promise<CouponRow[]> =>
      on
        .select()
        .from(coupons)
        .where(and(eq(coupons.showId, showId), or(gt(coupons.endsAt, now), gt(coupons.stoppedAt, 0))))
        .orderBy(desc(coupons.createdAt), desc(coupons.id))
        .limit(OPEN_COUPONS),
    /** The word of a coupon that is over may be said again. */
    freeWord: async (tx: Tx, code: string, now: number): Promise<void> => {
      await tx
        .update(coupons)
        .set({ code: '' })
        .where(and(ofWord(code), lte(coupons.endsAt, now), eq(coupons.stoppedAt, 0)))
    },
    byWordQuery: (on: Tx | Reader, code: string) => on.select().from(coupons).where(ofWord(code)),
    /** The coupons of a shop, or of the union (''), newest first, with the name of their pot. */
    givenQuery: (on: Reader, shopId: string) =>
      on
        .select({ coupon: coupons, budgetName: budgets.name })
        .from(coupons)
        .leftJoin(budgets, eq(budgets.id, coupons.budgetId))
        .where(eq(coupons.shopId, shopId))
        .orderBy(desc(coupons.createdAt), desc(coupons.id))
        .limit(GIVEN_COUPONS),
    /** How many of these coupons bills use, and what those have off. */
    usedOfQuery: (on: Reader, ids: string[]) =>
      on
        .select({ couponId: claims.couponId, used: count(), usedFen: sum(claims.offFen).mapWith(Number) })
        .from(claims)
        .where(and(inArray(claims.couponId, ids), sql`${claims.orderId} <> ''`))
        .groupBy(claims.couponId),
    /** The clock of a room stands still: answers whether any of its coupons ran. */
    stop: async (tx: Tx, showId: string, now: number): Promise<boolean> =>
      (
        await tx
          .update(coupons)
          .set({ stoppedAt: now })
          .where(and(eq(coupons.showId, showId), eq(coupons.stoppedAt, 0), gt(coupons.endsAt, now)))
          .returning({ id: coupons.id })
      ).length > 0,
    /** It runs again: what was still to come is as much later. */
    resume: async (
      tx: Tx,
      showId: string,
      now: number
    ): Promise<Pick<CouponRow, 'id' | 'startsAt' | 'endsAt'>[]> => {
      const stood = sql`${now} - ${coupons.stoppedAt}`
      return tx
        .update(coupons)
        .set({
          startsAt: sql`case when ${coupons.startsAt} > ${coupons.stoppedAt} then ${coupons.startsAt} + ${stood} else ${coupons.startsAt} end`,
          endsAt: sql`${coupons.endsAt} + ${stood}`,
          stoppedAt: 0
        })
        .where(and(eq(coupons.showId, showId), gt(coupons.stoppedAt, 0)))
        .returning({ id: coupons.id, startsAt: coupons.startsAt, endsAt: coupons.endsAt })
    }
  }
}
