import { and, asc, desc, eq, gt, inArray, lt, ne, or, sql, sum } from 'drizzle-orm'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

export type LotRow = Schema['lots']['$inferSelect']
export type LotSpecRow = Schema['lotSpecs']['$inferSelect']
export type UseRow = Schema['lotUses']['$inferSelect']

/** Landings of one spec that still have something: the oldest so many are sold from. */
const OPEN_PARTS = 50
/** Landings and orders that one question asks for. */
const MAX_ASKED = 200

/** The only SQL over landings, what is sold of them and who has it. What an order goes through is compiled once. */
export const lotStore = (store: Store) => {
  const { lots, lotSpecs, lotUses, stockWaits } = store.schema
  const value = sql.placeholder

  const part = {
    lotId: lots.id,
    state: lots.state,
    landsAt: lots.landsAt,
    qty: lotSpecs.qty,
    left: lotSpecs.left
  }
  const partsStatement = store.statement((query) =>
    query
      .select(part)
      .from(lotSpecs)
      .innerJoin(lots, eq(lots.id, lotSpecs.lotId))
      .where(
        and(
          eq(lotSpecs.specId, value('specId')),
          gt(lotSpecs.left, 0),
          inArray(lots.state, ['planned', 'landed'])
        )
      )
      .orderBy(asc(lots.landsAt), asc(lots.id))
      .limit(OPEN_PARTS)
  )
  const lowerStatement = store.statement((query) =>
    query
      .update(lotSpecs)
      .set({ left: sql`${lotSpecs.left} - ${value('qty')}` })
      .where(and(eq(lotSpecs.lotId, value('lotId')), eq(lotSpecs.specId, value('specId'))))
      .returning({ left: lotSpecs.left })
  )
  const usesStatement = store.statement((query) =>
    query
      .select()
      .from(lotUses)
      .where(eq(lotUses.orderId, value('holderId')))
      .limit(MAX_ASKED)
  )

  return {
    /** What is left of a spec, landing by landing. */
    parts: (on: Tx | Reader, specId: string) => partsStatement(on, { specId }),
    /** What is left of the specs' landings that are still to come. */
    async planned(on: Tx | Reader, specIds: readonly string[]) {
      const rows: { specId: string; left: number; landsAt: number }[] = []
      for (let from = 0; from < specIds.length; from += MAX_ASKED) {
        const some = specIds.slice(from, from + MAX_ASKED)
        rows.push(
          ...(await on
            .select({ specId: lotSpecs.specId, left: lotSpecs.left, landsAt: lots.landsAt })
            .from(lotSpecs)
            .innerJoin(lots, eq(lots.id, lotSpecs.lotId))
            .where(and(inArray(lotSpecs.specId, some), gt(lotSpecs.left, 0), eq(lots.state, 'planned'))))
        )
      }
      return rows
    },
    /** One landing's part of one spec, however little is left of it. */
    async partOf(on: Tx | Reader, lotId: string, specId: string) {
      const [row] = await on
        .select(part)
        .from(lotSpecs)
        .innerJoin(lots, eq(lots.id, lotSpecs.lotId))
        .where(and(eq(lotSpecs.lotId, lotId), eq(lotSpecs.specId, specId)))
      return row
    },
    /** Takes so many off what is left; the table's own check refuses to go below nothing. Negative: puts back. */
    async lower(tx: Tx, lotId: string, specId: string, qty: number) {
      await lowerStatement(tx, { lotId, specId, qty })
    },

    async addUses(tx: Tx, rows: UseRow[]) {
      if (rows.length) await tx.insert(lotUses).values(rows)
    },
    usesOf: (on: Tx | Reader, holderId: string) => usesStatement(on, { holderId }),
    async usesOfOrders(on: Tx | Reader, orderIds: string[]) {
      if (!orderIds.length) return []
      return on
        .select({
          orderId: lotUses.orderId,
          specId: lotUses.specId,
          qty: lotUses.qty,
          lotId: lots.id,
          state: lots.state,
          landsAt: lots.landsAt,
          source: lots.source,
          sourceName: lots.sourceName
        })
        .from(lotUses)
        .innerJoin(lots, eq(lots.id, lotUses.lotId))
        .where(inArray(lotUses.orderId, orderIds))
        .orderBy(asc(lots.landsAt), asc(lots.id))
    },
    /** How many of a spec all orders and offers together have of a landing. */
    async used(on: Tx | Reader, lotId: string, specId: string) {
      const [row] = await on
        .select({ qty: sum(lotUses.qty).mapWith(Number) })
        .from(lotUses)
        .where(and(eq(lotUses.lotId, lotId), eq(lotUses.specId, specId)))
      return row?.qty ?? 0
    },
    async usedOfLots(on: Tx | Reader, lotIds: string[]) {
      if (!lotIds.length) return []
      return on
        .select({
          lotId: lotUses.lotId,
          specId: lotUses.specId,
          qty: sum(lotUses.qty).mapWith(Number)
        })
        .from(lotUses)
        .where(inArray(lotUses.lotId, lotIds))
        .groupBy(lotUses.lotId, lotUses.specId)
    },
    /** The orders and offers that have something of a landing, the last to come first, before `before`. */
    async holdersOf(lotId: string, before: string | undefined, limit: number): Promise<string[]> {
      const rows = await store.read
        .selectDistinct({ orderId: lotUses.orderId })
        .from(lotUses)
        .where(and(eq(lotUses.lotId, lotId), before === undefined ? undefined : lt(lotUses.orderId, before)))
        .orderBy(desc(lotUses.orderId))
        .limit(limit)
      return rows.map(({ orderId }) => orderId)
    },
    /** Who came last for a spec of a landing: an offer before any order, for nobody has paid for it. */
    async lastHolder(lotId: string, specId: string): Promise<string | undefined> {
      const [row] = await store.read
        .select({ orderId: lotUses.orderId })
        .from(lotUses)
        .leftJoin(stockWaits, eq(stockWaits.id, lotUses.orderId))
        .where(and(eq(lotUses.lotId, lotId), eq(lotUses.specId, specId)))
        .orderBy(sql`${stockWaits.id} is null`, desc(lotUses.orderId))
        .limit(1)
      return row?.orderId
    },
    /** Fewer of a use, or none: then it is gone. */
    async lowerUse(tx: Tx, use: UseRow, qty: number) {
      const mine = and(
        eq(lotUses.orderId, use.orderId),
        eq(lotUses.specId, use.specId),
        eq(lotUses.lotId, use.lotId)
      )
      if (qty >= use.qty) await tx.delete(lotUses).where(mine)
      else
        await tx
          .update(lotUses)
          .set({ qty: use.qty - qty })
          .where(mine)
    },

    one: async (on: Tx | Reader, lotId: string): Promise<LotRow | undefined> =>
      (await on.select().from(lots).where(eq(lots.id, lotId)))[0],
    byIds: async (on: Tx | Reader, lotIds: string[]): Promise<LotRow[]> =>
      lotIds.length ? on.select().from(lots).where(inArray(lots.id, lotIds)) : [],
    /** False: there is one of this id. */
    async add(tx: Tx, row: LotRow) {
      return (await tx.insert(lots).values(row).onConflictDoNothing().returning({ id: lots.id })).length > 0
    },
    /** Undefined: somebody changed it since `version`. */
    async change(tx: Tx, lotId: string, version: number, row: Partial<LotRow>): Promise<LotRow | undefined> {
      return (
        await tx
          .update(lots)
          .set({ ...row, version: version + 1 })
          .where(and(eq(lots.id, lotId), eq(lots.version, version)))
          .returning()
      )[0]
    },
    specsOf: async (on: Tx | Reader, lotIds: string[]): Promise<LotSpecRow[]> =>
      lotIds.length ? on.select().from(lotSpecs).where(inArray(lotSpecs.lotId, lotIds)) : [],
    async putSpec(tx: Tx, { lotId, specId, qty, left }: LotSpecRow) {
      await tx
        .insert(lotSpecs)
        .values({ lotId, specId, qty, left })
        .onConflictDoUpdate({ target: [lotSpecs.lotId, lotSpecs.specId], set: { qty, left } })
    },
    /** Landings of a product that are sold from, or will be. */
    async openCount(tx: Tx, productId: string): Promise<number> {
      const rows = await tx
        .selectDistinct({ id: lots.id })
        .from(lots)
        .innerJoin(lotSpecs, eq(lotSpecs.lotId, lots.id))
        .where(
          and(
            eq(lots.productId, productId),
            inArray(lots.state, ['planned', 'landed']),
            or(eq(lots.state, 'planned'), gt(lotSpecs.left, 0))
          )
        )
      return rows.length
    },

    /** A shop's landings that are still expected, the next first. */
    expected: async (shopId: string, limit: number) =>
      store.read
        .select()
        .from(lots)
        .where(and(eq(lots.shopId, shopId), eq(lots.state, 'planned')))
        .orderBy(asc(lots.landsAt), asc(lots.id))
        .limit(limit),
    /** Those that have come, or never will; the latest first, after `from`. */
    past: async (shopId: string, from: LotRow | undefined, limit: number) =>
      store.read
        .select()
        .from(lots)
        .where(
          and(
            eq(lots.shopId, shopId),
            ne(lots.state, 'planned'),
            from &&
              or(lt(lots.landsAt, from.landsAt), and(eq(lots.landsAt, from.landsAt), lt(lots.id, from.id)))
          )
        )
        .orderBy(desc(lots.landsAt), desc(lots.id))
        .limit(limit),
    /** What buyers may know of a product's landings: those to come and those that have come, the latest first. */
    ofProduct: async (productId: string, limit: number) =>
      store.read
        .select()
        .from(lots)
        .where(and(eq(lots.productId, productId), inArray(lots.state, ['planned', 'landed'])))
        .orderBy(desc(lots.landsAt), desc(lots.id))
        .limit(limit)
  }
}
