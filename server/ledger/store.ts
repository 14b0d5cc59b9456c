import { and, asc, desc, eq, gt, inArray, lt, ne, or, sql, sum } from 'drizzle-orm'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { accounts, type Entry } from './posting.ts'

export type PostingRow = Schema['postings']['$inferSelect']
export type EntryRow = Schema['entries']['$inferSelect']

/** What a host may look at: all of it, what waits for its order, what is due, or one payout. */
export type Part = { is: 'all' } | { is: 'waiting' } | { is: 'due' } | { is: 'batch'; batchId: string }

/** The only SQL over postings and their entries. */
export const ledgerStore = ({ schema, read }: Store) => {
  const { postings, entries } = schema

  /** Everything that changed what a host gets, not what was sent to her bank. */
  const earning = ne(postings.kind, 'payout')
  const ofPart = (part: Part) => {
    if (part.is === 'all') return undefined
    if (part.is === 'batch') return eq(postings.batchId, part.batchId)
    const open = and(eq(postings.batchId, ''), earning)
    return and(open, part.is === 'due' ? gt(postings.dueAt, 0) : eq(postings.dueAt, 0))
  }

  const shareQuery = ({ shopId, test, part }: { shopId: string; test: boolean; part: Part }) =>
    read
      .select({ fen: sum(entries.fen).mapWith(Number), lines: sql<number>`count(distinct ${postings.id})` })
      .from(postings)
      .innerJoin(entries, eq(entries.postingId, postings.id))
      .where(
        and(
          eq(postings.shopId, shopId),
          eq(postings.test, test),
          ofPart(part),
          earning,
          inArray(entries.account, [accounts.host(shopId), accounts.freight(shopId)])
        )
      )

  return {
    /** False where something is written under that key already. */
    async add(tx: Tx, posting: PostingRow, its: readonly Entry[]): Promise<boolean> {
      const fresh = await tx
        .insert(postings)
        .values(posting)
        .onConflictDoNothing({ target: postings.key })
        .returning({ id: postings.id })
      if (!fresh.length) return false
      const { id: postingId, test, at } = posting
      if (its.length)
        await tx.insert(entries).values(its.map((entry, i) => ({ ...entry, postingId, n: i + 1, test, at })))
      return true
    },
    async byKey(on: Tx | Reader, key: string): Promise<PostingRow | undefined> {
      return (await on.select().from(postings).where(eq(postings.key, key)))[0]
    },
    async entriesOf(on: Tx | Reader, postingIds: readonly string[]): Promise<EntryRow[]> {
      if (!postingIds.length) return []
      return on
        .select()
        .from(entries)
        .where(inArray(entries.postingId, [...postingIds]))
        .orderBy(asc(entries.postingId), asc(entries.n))
    },
    async ofOrders(on: Tx | Reader, orderIds: readonly string[]): Promise<PostingRow[]> {
      if (!orderIds.length) return []
      return on
        .select()
        .from(postings)
        .where(inArray(postings.orderId, [...orderIds]))
        .orderBy(asc(postings.at), asc(postings.id))
    },
    /** From now on the host’s share of it may be paid out. */
    async due(tx: Tx, orderId: string, dueAt: number): Promise<void> {
      await tx
        .update(postings)
        .set({ dueAt })
        .where(and(eq(postings.orderId, orderId), eq(postings.dueAt, 0), earning))
    },

    /** Newest first, after `from`. */
    ofShopQuery: (
      { shopId, test, part }: { shopId: string; test: boolean; part: Part },
      from: PostingRow | undefined,
      limit: number
    ) =>
      read
        .select()
        .from(postings)
        .where(
          and(
            eq(postings.shopId, shopId),
            eq(postings.test, test),
            ofPart(part),
            from && or(lt(postings.at, from.at), and(eq(postings.at, from.at), lt(postings.id, from.id)))
          )
        )
        .orderBy(desc(postings.at), desc(postings.id))
        .limit(limit),
    async one(on: Tx | Reader, id: string): Promise<PostingRow | undefined> {
      return (await on.select().from(postings).where(eq(postings.id, id)))[0]
    },
    /** What is hers of it, and how many lines that is. */
    async shareOfShop(asked: { shopId: string; test: boolean; part: Part }) {
      const [row] = await shareQuery(asked)
      return { fen: 0 - (row?.fen ?? 0), lines: Number(row?.lines ?? 0) }
    },
    shareQuery,

    /** Every posting in the order of its id, for whoever checks them all. */
    async after(on: Tx | Reader, id: string, limit: number): Promise<PostingRow[]> {
      return on.select().from(postings).where(gt(postings.id, id)).orderBy(asc(postings.id)).limit(limit)
    }
  }
}
