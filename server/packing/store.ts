import { and, asc, count, desc, eq, gt, inArray, lt, ne, or } from 'drizzle-orm'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

export type ParcelRow = Schema['parcels']['$inferSelect']
type State = ParcelRow['state']

/** The only SQL over parcels. Which orders are inside, orders know. */
export function parcelStore({ schema, read }: Store) {
  const { parcels } = schema

  return {
    one: async (on: Tx | Reader, id: string): Promise<ParcelRow | undefined> =>
      (await on.select().from(parcels).where(eq(parcels.id, id)))[0],

    byCode: async (on: Tx | Reader, code: string): Promise<ParcelRow | undefined> =>
      (await on.select().from(parcels).where(eq(parcels.code, code)))[0],

    /** The newest that went under this number, of these carriers. */
    byNumber: async (on: Tx | Reader, carriers: readonly string[], trackingNo: string, besides = '') =>
      (
        await on
          .select()
          .from(parcels)
          .where(
            and(
              inArray(parcels.carrier, [...carriers]),
              eq(parcels.trackingNo, trackingNo),
              ne(parcels.id, besides)
            )
          )
          .orderBy(desc(parcels.id))
          .limit(1)
      )[0],

    /** Undefined: another parcel has this code. */
    add: async (tx: Tx, row: ParcelRow): Promise<ParcelRow | undefined> =>
      (await tx.insert(parcels).values(row).onConflictDoNothing().returning())[0],

    /** Undefined: it is not in this state. */
    change: async (
      tx: Tx,
      id: string,
      state: State,
      changes: Partial<ParcelRow>
    ): Promise<ParcelRow | undefined> =>
      (
        await tx
          .update(parcels)
          .set(changes)
          .where(and(eq(parcels.id, id), eq(parcels.state, state)))
          .returning()
      )[0],

    /** Once for a parcel, whoever is first. */
    remind: async (tx: Tx, id: string, remindedAt: number): Promise<ParcelRow | undefined> =>
      (
        await tx
          .update(parcels)
          .set({ remindedAt })
          .where(and(eq(parcels.id, id), eq(parcels.state, 'shipped'), eq(parcels.remindedAt, 0)))
          .returning()
      )[0],

    /** Of one state: what is packed in the order of packing, the rest newest first. */
    ofShop: (shopId: string, state: State, from: ParcelRow | undefined, limit: number) => {
      const first = state === 'packed'
      const beyond = first ? gt : lt
      const inTurn = first ? asc : desc
      return read
        .select()
        .from(parcels)
        .where(
          and(
            eq(parcels.shopId, shopId),
            eq(parcels.state, state),
            from &&
              or(
                beyond(parcels.packedAt, from.packedAt),
                and(eq(parcels.packedAt, from.packedAt), beyond(parcels.id, from.id))
              )
          )
        )
        .orderBy(inTurn(parcels.packedAt), inTurn(parcels.id))
        .limit(limit)
    },

    /** How many wait for their carrier, by shop. */
    toShipByShop: (on: Tx | Reader, shopIds: readonly string[] | undefined) =>
      on
        .select({ shopId: parcels.shopId, parcels: count() })
        .from(parcels)
        .where(and(eq(parcels.state, 'packed'), shopIds && inArray(parcels.shopId, [...shopIds])))
        .groupBy(parcels.shopId)
  }
}
