import { and, asc, eq, gt, inArray, lte, or, sql } from 'drizzle-orm'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

export type SaleRow = Schema['flashSales']['$inferSelect']

/** What one look at changed products answers at most. */
const MAX_OF_PRODUCTS = 200

/** The only SQL over flash sales. */
export const flashStore = ({ schema }: Store) => {
  const { flashSales, flashTakes } = schema
  /** By its own clock, which stands still while the picture is away. */
  const notOver = (now: number) => or(gt(flashSales.endsAt, now), gt(flashSales.stoppedAt, 0))
  const mine = (flashId: string, memberId: string) =>
    and(eq(flashTakes.flashId, flashId), eq(flashTakes.memberId, memberId))

  return {
    one: async (on: Tx | Reader, id: string): Promise<SaleRow | undefined> =>
      (await on.select().from(flashSales).where(eq(flashSales.id, id)))[0],
    /** What runs or waits in a show, the one that ends first first. */
    open: async (on: Tx | Reader, showId: string, now: number, limit: number): Promise<SaleRow[]> =>
      on
        .select()
        .from(flashSales)
        .where(and(eq(flashSales.showId, showId), notOver(now)))
        .orderBy(asc(flashSales.endsAt), asc(flashSales.id))
        .limit(limit),
    /** What runs or waits for these specs; one of each. */
    ofSpecs: async (on: Tx | Reader, specIds: string[], now: number): Promise<SaleRow[]> =>
      specIds.length
        ? on
            .select()
            .from(flashSales)
            .where(and(inArray(flashSales.specId, specIds), notOver(now)))
            .orderBy(asc(flashSales.id))
            .limit(specIds.length)
        : [],
    /** What runs or waits of these products. */
    ofProducts: async (on: Tx | Reader, productIds: string[], now: number): Promise<SaleRow[]> =>
      productIds.length
        ? on
            .select()
            .from(flashSales)
            .where(and(inArray(flashSales.productId, productIds), notOver(now)))
            .limit(MAX_OF_PRODUCTS)
        : [],
    add: async (tx: Tx, row: SaleRow) => {
      await tx.insert(flashSales).values(row)
    },
    /** How many of each of these one buyer has taken. */
    taken: async (on: Tx | Reader, memberId: string, flashIds: string[]): Promise<Map<string, number>> => {
      if (!flashIds.length) return new Map()
      const rows = await on
        .select()
        .from(flashTakes)
        .where(and(inArray(flashTakes.flashId, flashIds), eq(flashTakes.memberId, memberId)))
      return new Map(rows.map(({ flashId, qty }) => [flashId, qty]))
    },
    /** Adds to her share, never past `perMember`; false where it would. */
    share: async (
      tx: Tx,
      { id, perMember }: Pick<SaleRow, 'id' | 'perMember'>,
      memberId: string,
      qty: number
    ): Promise<boolean> => {
      await tx.insert(flashTakes).values({ flashId: id, memberId, qty: 0 }).onConflictDoNothing()
      const rows = await tx
        .update(flashTakes)
        .set({ qty: sql`${flashTakes.qty} + ${qty}` })
        .where(and(mine(id, memberId), lte(flashTakes.qty, perMember - qty)))
        .returning({ qty: flashTakes.qty })
      return rows.length > 0
    },
    /** Takes from what is left while the sale runs; the rest, or undefined. */
    take: async (tx: Tx, id: string, qty: number, now: number): Promise<number | undefined> => {
      const time = sql`case when ${flashSales.stoppedAt} > 0 then ${flashSales.stoppedAt} else ${now} end`
      const rows = await tx
        .update(flashSales)
        .set({ left: sql`${flashSales.left} - ${qty}` })
        .where(
          and(
            eq(flashSales.id, id),
            sql`${flashSales.left} >= ${qty}`,
            sql`${flashSales.startsAt} <= ${time}`,
            sql`${flashSales.endsAt} > ${time}`
          )
        )
        .returning({ left: flashSales.left })
      return rows[0]?.left
    },
    giveBack: async (tx: Tx, id: string, memberId: string, qty: number): Promise<void> => {
      await tx
        .update(flashSales)
        .set({ left: sql`${flashSales.left} + ${qty}` })
        .where(eq(flashSales.id, id))
      await tx
        .update(flashTakes)
        .set({ qty: sql`${flashTakes.qty} - ${qty}` })
        .where(mine(id, memberId))
    },
    /** Ends one now; false where it is over. */
    end: async (tx: Tx, id: string, now: number): Promise<boolean> => {
      const rows = await tx
        .update(flashSales)
        .set({ endsAt: now, stoppedAt: 0 })
        .where(and(eq(flashSales.id, id), notOver(now)))
        .returning({ id: flashSales.id })
      return rows.length > 0
    },
    /** The clocks of a show's sales stand still from now on. */
    stop: async (tx: Tx, showId: string, now: number): Promise<boolean> => {
      const stood = await tx
        .update(flashSales)
        .set({ stoppedAt: now })
        .where(and(eq(flashSales.showId, showId), eq(flashSales.stoppedAt, 0), gt(flashSales.endsAt, now)))
        .returning({ id: flashSales.id })
      return stood.length > 0
    },
    /** They go on; each ends, and begins, as much later as it stood still. */
    resume: async (tx: Tx, showId: string, now: number) => {
      const stood = sql`${now} - ${flashSales.stoppedAt}`
      return tx
        .update(flashSales)
        .set({
          startsAt: sql`case when ${flashSales.startsAt} > ${flashSales.stoppedAt} then ${flashSales.startsAt} + ${stood} else ${flashSales.startsAt} end`,
          endsAt: sql`${flashSales.endsAt} + ${stood}`,
          stoppedAt: 0
        })
        .where(and(eq(flashSales.showId, showId), gt(flashSales.stoppedAt, 0)))
        .returning({ id: flashSales.id, startsAt: flashSales.startsAt, endsAt: flashSales.endsAt })
    }
  }
}
