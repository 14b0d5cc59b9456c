import { and, asc, count, desc, eq, gt, gte, lt, ne, or } from 'drizzle-orm'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

export type VoucherRow = Schema['vouchers']['$inferSelect']
export type TryRow = Schema['redemptions']['$inferSelect']

/** The only SQL over vouchers and what was tried with them. */
export const voucherStore = ({ schema, read }: Store) => {
  const { vouchers, redemptions } = schema
  const is = (id: string, state: VoucherRow['state']) => and(eq(vouchers.id, id), eq(vouchers.state, state))

  return {
    one: async (on: Tx | Reader, id: string): Promise<VoucherRow | undefined> =>
      (await on.select().from(vouchers).where(eq(vouchers.id, id)))[0],

    byCode: async (on: Tx | Reader, shopId: string, code: string): Promise<VoucherRow | undefined> =>
      (
        await on
          .select()
          .from(vouchers)
          .where(and(eq(vouchers.shopId, shopId), eq(vouchers.code, code)))
      )[0],

    /** Those whose code was free; the others are missing. */
    add: async (tx: Tx, rows: VoucherRow[]): Promise<string[]> =>
      (await tx.insert(vouchers).values(rows).onConflictDoNothing().returning({ id: vouchers.id })).map(
        ({ id }) => id
      ),

    /** In the order of its lines. */
    ofOrder: (on: Tx | Reader, orderId: string): Promise<VoucherRow[]> =>
      on
        .select()
        .from(vouchers)
        .where(eq(vouchers.orderId, orderId))
        .orderBy(asc(vouchers.specId), asc(vouchers.n)),

    pageOfOrder: (orderId: string, from: VoucherRow | undefined, limit: number) =>
      read
        .select()
        .from(vouchers)
        .where(
          and(
            eq(vouchers.orderId, orderId),
            from &&
              or(
                gt(vouchers.specId, from.specId),
                and(eq(vouchers.specId, from.specId), gt(vouchers.n, from.n))
              )
          )
        )
        .orderBy(asc(vouchers.specId), asc(vouchers.n))
        .limit(limit),

    /** Hers that are open, those that end first first. */
    openOf: (memberId: string, from: VoucherRow | undefined, limit: number) =>
      read
        .select()
        .from(vouchers)
        .where(
          and(
            eq(vouchers.memberId, memberId),
            eq(vouchers.state, 'open'),
            from &&
              or(
                gt(vouchers.expiresAt, from.expiresAt),
                and(eq(vouchers.expiresAt, from.expiresAt), gt(vouchers.id, from.id))
              )
          )
        )
        .orderBy(asc(vouchers.expiresAt), asc(vouchers.id))
        .limit(limit),

    /** Hers that are used, over or given back, newest first. */
    pastOf: (memberId: string, from: VoucherRow | undefined, limit: number) =>
      read
        .select()
        .from(vouchers)
        .where(
          and(
            eq(vouchers.memberId, memberId),
            ne(vouchers.state, 'open'),
            from &&
              or(
                lt(vouchers.createdAt, from.createdAt),
                and(eq(vouchers.createdAt, from.createdAt), lt(vouchers.id, from.id))
              )
          )
        )
        .orderBy(desc(vouchers.createdAt), desc(vouchers.id))
        .limit(limit),

    /** Open ones of a shop that are still good. */
    goodOf: (shopId: string, now: number, after: string, limit: number) =>
      read
        .select()
        .from(vouchers)
        .where(
          and(
            eq(vouchers.shopId, shopId),
            eq(vouchers.state, 'open'),
            gte(vouchers.expiresAt, now),
            gt(vouchers.id, after)
          )
        )
        .orderBy(asc(vouchers.id))
        .limit(limit),

    /** How many are open in each shop, most first. */
    openByShop: (limit: number) =>
      read
        .select({ shopId: vouchers.shopId, open: count() })
        .from(vouchers)
        .where(eq(vouchers.state, 'open'))
        .groupBy(vouchers.shopId)
        .orderBy(desc(count()), asc(vouchers.shopId))
        .limit(limit),

    openIn: async (shopId: string): Promise<number> => {
      const [row] = await read
        .select({ open: count() })
        .from(vouchers)
        .where(and(eq(vouchers.shopId, shopId), eq(vouchers.state, 'open')))
      return row?.open ?? 0
    },

    /** Redeemed since then and not taken back; one that came to light later counts on its own day. */
    redeemedSince: async (shopId: string, since: number): Promise<number> => {
      const [row] = await read
        .select({ redeemed: count() })
        .from(redemptions)
        .where(
          and(
            eq(redemptions.shopId, shopId),
            gte(redemptions.heardAt, since),
            gte(redemptions.at, since),
            eq(redemptions.outcome, 'redeemed')
          )
        )
      return row?.redeemed ?? 0
    },

    /** Open ones that ended before, the longest over first. */
    over: (before: number, from: VoucherRow | undefined, limit: number): Promise<VoucherRow[]> =>
      read
        .select()
        .from(vouchers)
        .where(
          and(
            eq(vouchers.state, 'open'),
            lt(vouchers.expiresAt, before),
            from &&
              or(
                gt(vouchers.expiresAt, from.expiresAt),
                and(eq(vouchers.expiresAt, from.expiresAt), gt(vouchers.id, from.id))
              )
          )
        )
        .orderBy(asc(vouchers.expiresAt), asc(vouchers.id))
        .limit(limit),

    /** Once, whoever is first; undefined: it was not open, or over by then. */
    redeem: async (
      tx: Tx,
      id: string,
      redeemedBy: string,
      { at, redeemedAt }: { at: number; redeemedAt: number }
    ): Promise<VoucherRow | undefined> =>
      (
        await tx
          .update(vouchers)
          .set({ state: 'redeemed', redeemedAt, redeemedBy })
          .where(and(is(id, 'open'), gte(vouchers.expiresAt, at)))
          .returning()
      )[0],

    /** Takes back that redemption and no other. */
    reopen: async (tx: Tx, id: string, redeemedBy: string, state: 'open' | 'refunded') =>
      (
        await tx
          .update(vouchers)
          .set({ state, redeemedAt: 0, redeemedBy: '' })
          .where(and(is(id, 'redeemed'), eq(vouchers.redeemedBy, redeemedBy)))
          .returning()
      )[0],

    /** Once; undefined: it was not open any more. */
    end: async (tx: Tx, id: string, state: 'expired' | 'refunded'): Promise<VoucherRow | undefined> =>
      (await tx.update(vouchers).set({ state }).where(is(id, 'open')).returning())[0],

    try: async (on: Tx | Reader, id: string): Promise<TryRow | undefined> =>
      (await on.select().from(redemptions).where(eq(redemptions.id, id)))[0],

    addTry: async (tx: Tx, row: TryRow): Promise<TryRow> => {
      await tx.insert(redemptions).values(row)
      return row
    },

    undo: async (tx: Tx, id: string, words: string): Promise<TryRow | undefined> =>
      (
        await tx
          .update(redemptions)
          .set({ outcome: 'undone', words })
          .where(and(eq(redemptions.id, id), eq(redemptions.outcome, 'redeemed')))
          .returning()
      )[0],

    /** Newest first; `conflicts`: only those. */
    tries: (shopId: string, conflicts: boolean, from: TryRow | undefined, limit: number) =>
      read
        .select()
        .from(redemptions)
        .where(
          and(
            eq(redemptions.shopId, shopId),
            conflicts ? and(eq(redemptions.outcome, 'conflict'), eq(redemptions.offline, true)) : undefined,
            from &&
              or(
                lt(redemptions.heardAt, from.heardAt),
                and(eq(redemptions.heardAt, from.heardAt), lt(redemptions.id, from.id))
              )
          )
        )
        .orderBy(desc(redemptions.heardAt), desc(redemptions.id))
        .limit(limit)
  }
}
