import { and, count, desc, eq, gt, inArray, lte, ne, sql, sum } from 'drizzle-orm'
import type { Reader, Store, Tx } from '../store/store.ts'
import { OPEN_COUPONS, type CouponRow } from './store.ts'

/** What a giver's page shows. */
export const GIVEN_COUPONS = 100

/** The SQL of giving coupons, and of what became of them. */
export const dropStore = ({ schema: { coupons, claims, budgets } }: Store) => ({
  add: async (tx: Tx, row: CouponRow): Promise<void> => {
    await tx.insert(coupons).values(row)
  },
  /** What hangs in a room: every coupon that is not over, the newest first; sold-out ones with nothing left. */
  open: async (on: Tx | Reader, showId: string, now: number): Promise<CouponRow[]> =>
    on
      .select()
      .from(coupons)
      .where(and(eq(coupons.showId, showId), gt(coupons.endsAt, now)))
      .orderBy(desc(coupons.createdAt), desc(coupons.id))
      .limit(OPEN_COUPONS),
  /** The word of a coupon that is over may be said again. */
  freeWord: async (tx: Tx, code: string, now: number): Promise<void> => {
    await tx
      .update(coupons)
      .set({ code: '' })
      .where(and(eq(coupons.code, code), lte(coupons.endsAt, now)))
  },
  byWord: async (on: Tx | Reader, code: string): Promise<CouponRow | undefined> =>
    (await on.select().from(coupons).where(eq(coupons.code, code)))[0],
  /** The coupons of a shop, or of the union (''), newest first, with the name of their pot. */
  given: async (on: Reader, shopId: string): Promise<{ coupon: CouponRow; budgetName: string | null }[]> =>
    on
      .select({ coupon: coupons, budgetName: budgets.name })
      .from(coupons)
      .leftJoin(budgets, eq(budgets.id, coupons.budgetId))
      .where(eq(coupons.shopId, shopId))
      .orderBy(desc(coupons.createdAt), desc(coupons.id))
      .limit(GIVEN_COUPONS),
  /** How many of these coupons bills use, and what those have off. */
  usedOf: async (on: Reader, ids: string[]): Promise<{ couponId: string; used: number; usedFen: number }[]> =>
    ids.length
      ? on
          .select({
            couponId: claims.couponId,
            used: count(),
            usedFen: sum(claims.offFen).mapWith(Number)
          })
          .from(claims)
          .where(and(inArray(claims.couponId, ids), ne(claims.orderId, '')))
          .groupBy(claims.couponId)
      : [],
  /** Moves the moments of a room's coupons that were still to come at `from`. */
  later: async (tx: Tx, showId: string, from: number, byMs: number): Promise<CouponRow[]> =>
    tx
      .update(coupons)
      .set({
        endsAt: sql`${coupons.endsAt} + ${byMs}`,
        startsAt: sql`case when ${coupons.startsAt} > ${from} then ${coupons.startsAt} + ${byMs} else ${coupons.startsAt} end`
      })
      .where(and(eq(coupons.showId, showId), gt(coupons.endsAt, from)))
      .returning()
})
