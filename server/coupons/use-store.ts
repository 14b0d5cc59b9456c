import { and, asc, desc, eq, gte, ne, or, sql } from 'drizzle-orm'
import type { Reader, Store, Tx } from '../store/store.ts'
import { unfiled } from './filing-store.ts'
import { POCKET, type CouponRow } from './store.ts'

/** A claimed coupon with what its pot still holds; null: it has none. */
export interface HeldRow {
  coupon: CouponRow
  nth: number
  claimedAt: number
  orderId: string
  budgetLeftFen: number | null
}

/** None before another. */
const ALIKE = sql`0`.mapWith(Number)

/** The SQL of using coupons: pockets with their pots, and what bills hold of them. */
export const useStore = ({ schema }: Store) => {
  const { coupons, claims, budgets } = schema
  // Written out, not handed over: only then do the engines see that the partial indexes over these fit.
  const inUse = sql`${claims.orderId} <> ''`
  const held = {
    coupon: coupons,
    nth: claims.nth,
    claimedAt: claims.claimedAt,
    orderId: claims.orderId,
    budgetLeftFen: budgets.leftFen
  }
  const newestFirst = [desc(claims.claimedAt), desc(claims.couponId), desc(claims.nth)]
  /** `rank`: what comes first of a pocket that holds more than fits. */
  const filedQuery = (on: Tx | Reader, memberId: string, rank?: typeof ALIKE) =>
    on
      .select({ ...held, rank: rank ?? ALIKE })
      .from(claims)
      .innerJoin(coupons, eq(coupons.id, claims.couponId))
      .leftJoin(budgets, eq(budgets.id, coupons.budgetId))
      .where(and(eq(claims.memberId, memberId), sql`${claims.filed}`))
      .orderBy(...(rank ? [rank] : []), ...newestFirst)
      .limit(POCKET)
  /** What is not filed yet: each coupon that may still be claimed is asked for hers. */
  const looseQuery = (on: Tx | Reader, memberId: string, rank?: typeof ALIKE) =>
    on
      .select({ ...held, rank: rank ?? ALIKE })
      .from(coupons)
      .crossJoin(claims)
      .leftJoin(budgets, eq(budgets.id, coupons.budgetId))
      .where(
        and(
          unfiled(coupons),
          eq(claims.couponId, coupons.id),
          eq(claims.memberId, memberId),
          sql`not ${claims.filed}`
        )
      )
      .orderBy(...(rank ? [rank] : []), ...newestFirst)
      .limit(POCKET)

  /** The loose ones first: what is filed between the two questions is then found twice, not missed. */
  async function pocketBy(on: Tx | Reader, memberId: string, rank?: typeof ALIKE) {
    const loose = await looseQuery(on, memberId, rank)
    const filed = await filedQuery(on, memberId, rank)
    const all = new Map([...loose, ...filed].map((row) => [`${row.coupon.id} ${row.nth}`, row]))
    return [...all.values()].toSorted(firstThenNewest).slice(0, POCKET)
  }

  return {
    filedQuery,
    looseQuery,
    /** A pocket, newest first. */
    pocket: async (on: Tx | Reader, memberId: string): Promise<HeldRow[]> => pocketBy(on, memberId),
    /** The same with what could count for goods of these shops before all that could not. */
    pocketFor: async (
      on: Tx | Reader,
      memberId: string,
      shopIds: readonly string[],
      now: number
    ): Promise<HeldRow[]> => {
      const here = or(...['', ...shopIds].map((shopId) => eq(coupons.shopId, shopId)))
      const useful = sql`case when ${claims.orderId} = '' and (${coupons.endsAt} > ${now} or ${coupons.stoppedAt} > 0) and ${here} then 0 else 1 end`
      return pocketBy(on, memberId, useful.mapWith(Number))
    },
    one: async (
      on: Tx | Reader,
      pick: { couponId: string; memberId: string; nth: number }
    ): Promise<HeldRow | undefined> =>
      (
        await on
          .select(held)
          .from(claims)
          .innerJoin(coupons, eq(coupons.id, claims.couponId))
          .leftJoin(budgets, eq(budgets.id, coupons.budgetId))
          .where(hers(pick))
      )[0],

    /** Whether a bill of hers uses a coupon that is for new buyers. */
    usesNewBuyers: async (on: Tx | Reader, memberId: string): Promise<boolean> =>
      (
        await on
          .select({ nth: claims.nth })
          .from(claims)
          .innerJoin(coupons, eq(coupons.id, claims.couponId))
          .where(and(eq(claims.memberId, memberId), inUse, eq(coupons.newBuyer, true)))
          .limit(1)
      ).length > 0,

    /** Marks a claim as used by a bill; false when it is used already. */
    use: async (
      tx: Tx,
      {
        billId,
        offFen,
        ...pick
      }: { couponId: string; memberId: string; nth: number; billId: string; offFen: number }
    ): Promise<boolean> =>
      (
        await tx
          .update(claims)
          .set({ orderId: billId, offFen })
          .where(and(hers(pick), eq(claims.orderId, '')))
          .returning({ nth: claims.nth })
      ).length > 0,
    /** What a bill holds of pots. */
    fromPotsQuery: (on: Tx | Reader, billId: string) =>
      on
        .select({ budgetId: coupons.budgetId, offFen: claims.offFen })
        .from(claims)
        .innerJoin(coupons, eq(coupons.id, claims.couponId))
        .where(and(eq(claims.orderId, billId), inUse, ne(coupons.budgetId, '')))
        .orderBy(asc(coupons.budgetId)),
    giveBack: async (tx: Tx, billId: string): Promise<void> => {
      await tx
        .update(claims)
        .set({ orderId: '', offFen: 0 })
        .where(and(eq(claims.orderId, billId), inUse))
    },

    /** Takes money from a pot; false when it does not hold as much. */
    spend: async (tx: Tx, budgetId: string, fen: number): Promise<boolean> =>
      (
        await tx
          .update(budgets)
          .set({ leftFen: sql`${budgets.leftFen} - ${fen}` })
          .where(and(eq(budgets.id, budgetId), gte(budgets.leftFen, fen)))
          .returning({ id: budgets.id })
      ).length > 0,
    putBack: async (tx: Tx, budgetId: string, fen: number): Promise<void> => {
      await tx
        .update(budgets)
        .set({ leftFen: sql`${budgets.leftFen} + ${fen}` })
        .where(eq(budgets.id, budgetId))
    }
  }

  function hers({ couponId, memberId, nth }: { couponId: string; memberId: string; nth: number }) {
    return and(eq(claims.couponId, couponId), eq(claims.memberId, memberId), eq(claims.nth, nth))
  }
}

function firstThenNewest(a: HeldRow & { rank: number }, b: HeldRow & { rank: number }) {
  const byId = a.coupon.id < b.coupon.id ? 1 : a.coupon.id > b.coupon.id ? -1 : 0
  return a.rank - b.rank || b.claimedAt - a.claimedAt || byId || b.nth - a.nth
}
