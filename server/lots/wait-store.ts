import { and, asc, desc, eq, inArray, lt, lte, or, sql } from 'drizzle-orm'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

export type WaitRow = Schema['stockWaits']['$inferSelect']

/** The only SQL over who waits for what is sold out. */
export const waitStore = (store: Store) => {
  const { stockWaits } = store.schema
  const value = sql.placeholder

  const lineStatement = store.statement((query) =>
    query
      .select()
      .from(stockWaits)
      .where(and(eq(stockWaits.specId, value('specId')), eq(stockWaits.state, 'waiting')))
      .orderBy(asc(stockWaits.askedAt), asc(stockWaits.id))
      .limit(value('limit'))
  )
  const openStatement = store.statement((query) =>
    query
      .select()
      .from(stockWaits)
      .where(eq(stockWaits.openKey, value('openKey')))
  )
  const open = inArray(stockWaits.state, ['waiting', 'offered'])

  return {
    /** Who waits for a spec, the first first. */
    line: (on: Tx | Reader, specId: string, limit: number) => lineStatement(on, { specId, limit }),
    /** Hers that is open, by its key. */
    openOf: async (on: Tx | Reader, openKey: string): Promise<WaitRow | undefined> =>
      (await openStatement(on, { openKey }))[0],
    one: async (on: Tx | Reader, id: string): Promise<WaitRow | undefined> =>
      (await on.select().from(stockWaits).where(eq(stockWaits.id, id)))[0],
    async add(tx: Tx, row: WaitRow) {
      await tx.insert(stockWaits).values(row)
    },
    /** Moves one on from where it stands; undefined when it does not stand there. One that closes frees its key. */
    async move(tx: Tx, from: WaitRow, to: Pick<WaitRow, 'state'> & Partial<WaitRow>) {
      const closes = to.state === 'bought' || to.state === 'lapsed' || to.state === 'left'
      const rows = await tx
        .update(stockWaits)
        .set({ ...to, ...(closes && { openKey: from.id }) })
        .where(and(eq(stockWaits.id, from.id), eq(stockWaits.state, from.state)))
        .returning()
      return rows[0]
    },
    inLine: (on: Tx | Reader, specId: string) =>
      on.$count(stockWaits, and(eq(stockWaits.specId, specId), eq(stockWaits.state, 'waiting'))),
    openCount: (on: Tx | Reader, memberId: string) =>
      on.$count(stockWaits, and(eq(stockWaits.memberId, memberId), open)),
    /** How many stand before her. */
    before: (on: Tx | Reader, { specId, askedAt, id }: WaitRow) =>
      on.$count(
        stockWaits,
        and(
          eq(stockWaits.specId, specId),
          eq(stockWaits.state, 'waiting'),
          or(lt(stockWaits.askedAt, askedAt), and(eq(stockWaits.askedAt, askedAt), lt(stockWaits.id, id)))
        )
      ),
    /** Hers, those that are open first by being newer; closed ones stay for a while to be looked at. */
    mine: async (memberId: string, limit: number): Promise<WaitRow[]> =>
      store.read
        .select()
        .from(stockWaits)
        .where(and(eq(stockWaits.memberId, memberId), open))
        .orderBy(desc(stockWaits.askedAt), desc(stockWaits.id))
        .limit(limit),
    /** How many wait for each of these specs. */
    async lines(specIds: string[]): Promise<Map<string, number>> {
      if (!specIds.length) return new Map()
      const rows = await store.read
        .select({ specId: stockWaits.specId, qty: sql<number>`count(*)`.mapWith(Number) })
        .from(stockWaits)
        .where(and(inArray(stockWaits.specId, specIds), eq(stockWaits.state, 'waiting')))
        .groupBy(stockWaits.specId)
      return new Map(rows.map(({ specId, qty }) => [specId, qty]))
    },
    /** Offers whose time is over, the oldest first. */
    overdue: async (now: number, limit: number): Promise<WaitRow[]> =>
      store.read
        .select()
        .from(stockWaits)
        .where(and(eq(stockWaits.state, 'offered'), lte(stockWaits.offerUntil, now)))
        .orderBy(asc(stockWaits.offerUntil), asc(stockWaits.id))
        .limit(limit)
  }
}
