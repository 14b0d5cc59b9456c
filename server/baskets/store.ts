import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import { MAX_ITEMS } from '../../shared/contracts/baskets.ts'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

export type ItemRow = Schema['basketItems']['$inferSelect']

/** The only SQL over baskets. */
export const basketStore = ({ schema: { basketItems }, read }: Store) => {
  const hers = (memberId: string, specIds: readonly string[]) =>
    and(eq(basketItems.memberId, memberId), inArray(basketItems.specId, [...specIds]))

  return {
    /** What she put in last comes first. */
    of: async (memberId: string): Promise<ItemRow[]> =>
      read
        .select()
        .from(basketItems)
        .where(eq(basketItems.memberId, memberId))
        .orderBy(desc(basketItems.addedAt), desc(basketItems.specId))
        .limit(MAX_ITEMS),
    count: (on: Tx | Reader, memberId: string): Promise<number> =>
      on.$count(basketItems, eq(basketItems.memberId, memberId)),
    one: async (on: Tx | Reader, memberId: string, specId: string): Promise<ItemRow | undefined> =>
      (
        await on
          .select()
          .from(basketItems)
          .where(hers(memberId, [specId]))
      )[0],
    some: async (on: Tx | Reader, memberId: string, specIds: readonly string[]): Promise<ItemRow[]> =>
      on.select().from(basketItems).where(hers(memberId, specIds)),
    put: async (tx: Tx, { memberId, specId, ...item }: ItemRow): Promise<void> => {
      await tx
        .insert(basketItems)
        .values({ memberId, specId, ...item })
        .onConflictDoUpdate({ target: [basketItems.memberId, basketItems.specId], set: item })
    },
    /** What it costs now, as she has seen it. */
    seen: async (tx: Tx, memberId: string, specId: string, seenFen: number): Promise<void> => {
      await tx
        .update(basketItems)
        .set({ seenFen })
        .where(and(hers(memberId, [specId]), sql`${basketItems.seenFen} <> ${seenFen}`))
    },
    takeOut: async (tx: Tx, memberId: string, specIds: readonly string[]): Promise<void> => {
      await tx.delete(basketItems).where(hers(memberId, specIds))
    }
  }
}
