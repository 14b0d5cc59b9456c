import { and, count, desc, eq, gt, inArray, lt, lte, max, ne, notInArray, or, sql, sum } from 'drizzle-orm'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

export type BatchRow = Schema['payoutBatches']['$inferSelect']
export type PayoutRow = Schema['payouts']['$inferSelect']
export type BankRow = Schema['bankAccounts']['$inferSelect']

/** The only SQL over batches, payouts and bank accounts, and over what postings are in which batch. */
export const payoutStore = ({ schema, read }: Store) => {
  const { postings, entries, payoutBatches, payouts, bankAccounts } = schema

  /** Only a host’s earning and her freight go to her bank. */
  const isHers = or(
    eq(entries.account, sql`'host:' || ${postings.shopId}`),
    eq(entries.account, sql`'freight:' || ${postings.shopId}`)
  )
  /** Real money, of orders that are done and that nobody complains about, in no batch yet. */
  const payable = (upTo: number, withoutOrders: readonly string[]) =>
    and(
      eq(postings.batchId, ''),
      eq(postings.test, false),
      gt(postings.dueAt, 0),
      lte(postings.dueAt, upTo),
      ne(postings.kind, 'payout'),
      withoutOrders.length ? notInArray(postings.orderId, [...withoutOrders]) : undefined
    )
  const byShopAndAccount = (on: Tx | Reader, where: ReturnType<typeof and>) =>
    on
      .select({ shopId: postings.shopId, account: entries.account, fen: sum(entries.fen).mapWith(Number) })
      .from(postings)
      .innerJoin(entries, eq(entries.postingId, postings.id))
      .where(and(where, isHers))
      .groupBy(postings.shopId, entries.account)

  return {
    due: (on: Tx | Reader, upTo: number, withoutOrders: readonly string[]) =>
      byShopAndAccount(on, payable(upTo, withoutOrders)),
    inBatch: (on: Tx | Reader, batchId: string) => byShopAndAccount(on, eq(postings.batchId, batchId)),
    /** How many lines of each shop are in a batch. */
    async linesIn(batchId: string): Promise<Map<string, number>> {
      const found = await read
        .select({ shopId: postings.shopId, lines: count() })
        .from(postings)
        .where(eq(postings.batchId, batchId))
        .groupBy(postings.shopId)
      return new Map(found.map(({ shopId, lines }) => [shopId, lines]))
    },
    /** What the hosts would get of the demo cashier’s money, if it were any. */
    async demoOwed(): Promise<number> {
      const [row] = await read
        .select({ fen: sum(entries.fen).mapWith(Number) })
        .from(postings)
        .innerJoin(entries, eq(entries.postingId, postings.id))
        .where(and(eq(postings.batchId, ''), eq(postings.test, true), isHers))
      return 0 - (row?.fen ?? 0)
    },
    async takeInto(
      tx: Tx,
      {
        batchId,
        shopIds,
        upTo,
        withoutOrders
      }: { batchId: string; shopIds: readonly string[]; upTo: number; withoutOrders: readonly string[] }
    ): Promise<void> {
      await tx
        .update(postings)
        .set({ batchId })
        .where(and(payable(upTo, withoutOrders), inArray(postings.shopId, [...shopIds])))
    },
    async giveBack(tx: Tx, batchId: string): Promise<void> {
      await tx.update(postings).set({ batchId: '' }).where(eq(postings.batchId, batchId))
    },

    async addBatch(tx: Tx, batch: BatchRow, its: PayoutRow[]): Promise<void> {
      await tx.insert(payoutBatches).values(batch)
      await tx.insert(payouts).values(its)
    },
    async batch(on: Tx | Reader, id: string): Promise<BatchRow | undefined> {
      return (await on.select().from(payoutBatches).where(eq(payoutBatches.id, id)))[0]
    },
    /** Newest first. */
    async batches(after: BatchRow | undefined, limit: number): Promise<BatchRow[]> {
      return read
        .select()
        .from(payoutBatches)
        .where(
          after &&
            or(
              lt(payoutBatches.createdAt, after.createdAt),
              and(eq(payoutBatches.createdAt, after.createdAt), lt(payoutBatches.id, after.id))
            )
        )
        .orderBy(desc(payoutBatches.createdAt), desc(payoutBatches.id))
        .limit(limit)
    },
    /** Moves a batch if it still stands where we think. */
    async move(
      tx: Tx,
      id: string,
      from: readonly BatchRow['state'][],
      to: Partial<BatchRow> & Pick<BatchRow, 'state'>,
      notFirst = ''
    ): Promise<BatchRow | undefined> {
      const rows = await tx
        .update(payoutBatches)
        .set({ ...to, version: sql`${payoutBatches.version} + 1` })
        .where(
          and(
            eq(payoutBatches.id, id),
            inArray(payoutBatches.state, [...from]),
            notFirst ? ne(payoutBatches.firstBy, notFirst) : undefined
          )
        )
        .returning()
      return rows[0]
    },
    async payoutsOf(on: Tx | Reader, batchId: string): Promise<PayoutRow[]> {
      return on.select().from(payouts).where(eq(payouts.batchId, batchId)).orderBy(payouts.shopId)
    },
    /** What one shop was paid, or is being paid, newest first. */
    async ofShop(shopId: string, limit: number) {
      return read
        .select({ payout: payouts, batch: payoutBatches })
        .from(payouts)
        .innerJoin(payoutBatches, eq(payoutBatches.id, payouts.batchId))
        .where(and(eq(payouts.shopId, shopId), ne(payoutBatches.state, 'dropped')))
        .orderBy(desc(payoutBatches.createdAt))
        .limit(limit)
    },

    /** When each of these shops was last in a batch that stood. */
    async lastBatchOf(shopIds: readonly string[]): Promise<Map<string, number>> {
      if (!shopIds.length) return new Map()
      const found = await read
        .select({ shopId: payouts.shopId, at: max(payoutBatches.createdAt) })
        .from(payouts)
        .innerJoin(payoutBatches, eq(payoutBatches.id, payouts.batchId))
        .where(and(inArray(payouts.shopId, [...shopIds]), ne(payoutBatches.state, 'dropped')))
        .groupBy(payouts.shopId)
      return new Map(found.map(({ shopId, at }) => [shopId, at ?? 0]))
    },
    async shopsIn(batchIds: readonly string[]): Promise<Map<string, number>> {
      if (!batchIds.length) return new Map()
      const found = await read
        .select({ batchId: payouts.batchId, shops: count() })
        .from(payouts)
        .where(inArray(payouts.batchId, [...batchIds]))
        .groupBy(payouts.batchId)
      return new Map(found.map(({ batchId, shops }) => [batchId, shops]))
    },
    /** Batches in the order of their ids, for whoever checks them all. */
    async batchesAfter(on: Tx | Reader, id: string, limit: number): Promise<BatchRow[]> {
      return on
        .select()
        .from(payoutBatches)
        .where(gt(payoutBatches.id, id))
        .orderBy(payoutBatches.id)
        .limit(limit)
    },

    async bank(on: Tx | Reader, shopIds: readonly string[]): Promise<Map<string, BankRow>> {
      if (!shopIds.length) return new Map()
      const rows = await on
        .select()
        .from(bankAccounts)
        .where(inArray(bankAccounts.shopId, [...shopIds]))
      return new Map(rows.map((row) => [row.shopId, row]))
    },
    async keepBank(tx: Tx, row: BankRow): Promise<void> {
      await tx.insert(bankAccounts).values(row).onConflictDoUpdate({ target: bankAccounts.shopId, set: row })
    }
  }
}
