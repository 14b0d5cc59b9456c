import { and, asc, count, desc, eq, gte, inArray, lt, or, sql, type SQL } from 'drizzle-orm'
import { PAGE_SIZE } from '../../shared/schemas.ts'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { patternOf, type SpecRow } from './product.ts'

/** A shop may fill one page of its own; a village sells what its boats brought home. */
export const MAX_PRODUCTS = 200
/** Shops of one union, and the most that one question asks for. */
export const MAX_SHOPS = 200

export type ProductRow = Schema['products']['$inferSelect']
export type ShopRow = Schema['shops']['$inferSelect']

/** The only SQL over shops, products and specs. */
export const catalogueStore = (store: Store) => {
  const { shops, products, specs } = store.schema

  const holdStatement = store.statement((query) =>
    query
      .update(specs)
      .set({ stock: sql`${specs.stock} - ${sql.placeholder('qty')}` })
      .where(and(eq(specs.id, sql.placeholder('specId')), gte(specs.stock, sql.placeholder('qty'))))
      .returning()
  )
  const giveBackStatement = store.statement((query) =>
    query
      .update(specs)
      .set({ stock: sql`${specs.stock} + ${sql.placeholder('qty')}` })
      .where(eq(specs.id, sql.placeholder('specId')))
      .returning({ productId: specs.productId })
  )
  const specStatement = store.statement((query) =>
    query
      .select()
      .from(specs)
      .where(eq(specs.id, sql.placeholder('specId')))
  )
  const productStatement = store.statement((query) =>
    query
      .select()
      .from(products)
      .where(eq(products.id, sql.placeholder('productId')))
  )

  return {
    /** Takes `qty` of a spec off the stock if so many are there; nothing otherwise. */
    hold: async (tx: Tx, line: { specId: string; qty: number }) => (await holdStatement(tx, line))[0],
    /** Puts `qty` back; nothing where the spec is gone by now. */
    giveBack: async (tx: Tx, line: { specId: string; qty: number }) => (await giveBackStatement(tx, line))[0],
    spec: async (on: Tx | Reader, specId: string) => (await specStatement(on, { specId }))[0],
    product: async (on: Tx | Reader, productId: string) => (await productStatement(on, { productId }))[0],

    specsOf: (on: Tx | Reader, productIds: string[]): Promise<SpecRow[]> =>
      inBatches(productIds, (ids) =>
        on
          .select()
          .from(specs)
          .where(inArray(specs.productId, ids))
          .orderBy(asc(specs.productId), asc(specs.position))
      ),
    productsByIds: (on: Tx | Reader, ids: string[]) =>
      inBatches(ids, (some) => on.select().from(products).where(inArray(products.id, some))),
    shopsByIds: (on: Tx | Reader, ids: string[]) =>
      inBatches(ids, (some) => on.select().from(shops).where(inArray(shops.id, some))),
    shopsOf: (on: Tx | Reader, ownerIds: string[]) =>
      inBatches(ownerIds, (ids) => on.select().from(shops).where(inArray(shops.ownerId, ids))),
    shops: async () =>
      store.read.select().from(shops).orderBy(asc(shops.createdAt), asc(shops.id)).limit(MAX_SHOPS),

    /** What is on sale, newest catch first, after the given product; every word must occur. */
    search: async (words: string[], shopId: string | undefined, after: ProductRow | undefined) => {
      const wanted: (SQL | undefined)[] = [eq(products.state, 'on_sale')]
      if (shopId) wanted.push(eq(products.shopId, shopId))
      for (const pattern of words.map(patternOf)) {
        wanted.push(
          or(
            contains(products.searchText, pattern),
            contains(shops.name, pattern),
            contains(shops.village, pattern)
          )
        )
      }
      if (after) {
        const sameDay = and(eq(products.caughtOn, after.caughtOn), lt(products.id, after.id))
        wanted.push(or(lt(products.caughtOn, after.caughtOn), sameDay))
      }
      const rows = await store.read
        .select({ product: products })
        .from(products)
        .innerJoin(shops, eq(shops.id, products.shopId))
        .where(and(...wanted))
        .orderBy(desc(products.caughtOn), desc(products.id))
        .limit(PAGE_SIZE)
      return rows.map((row) => row.product)
    },
    /** A shop's products, last changed first; `onSale` leaves out what only she sees. */
    productsOf: async (shopId: string, onSale: boolean) =>
      store.read
        .select()
        .from(products)
        .where(and(eq(products.shopId, shopId), onSale ? eq(products.state, 'on_sale') : undefined))
        .orderBy(desc(products.updatedAt), desc(products.id))
        .limit(MAX_PRODUCTS),
    countOf: async (tx: Tx, shopId: string) => tx.$count(products, eq(products.shopId, shopId)),
    byFreight: (on: Tx | Reader, shopId: string) =>
      on
        .select({ freightId: products.freightId, goods: count() })
        .from(products)
        .where(eq(products.shopId, shopId))
        .groupBy(products.freightId),

    addShop: async (tx: Tx, row: typeof shops.$inferInsert) =>
      (await tx.insert(shops).values(row).returning())[0]!,
    changeShop: async (tx: Tx, id: string, row: Partial<typeof shops.$inferInsert>) =>
      (await tx.update(shops).set(row).where(eq(shops.id, id)).returning())[0]!,
    addProduct: async (tx: Tx, row: typeof products.$inferInsert) =>
      (await tx.insert(products).values(row).returning())[0]!,
    /** Undefined: somebody changed it since `version`. */
    changeProduct: async (tx: Tx, id: string, version: number, row: Partial<typeof products.$inferInsert>) =>
      (
        await tx
          .update(products)
          .set({ ...row, version: version + 1 })
          .where(and(eq(products.id, id), eq(products.version, version)))
          .returning()
      )[0],
    putSpec: async (tx: Tx, row: SpecRow) => {
      const { id, ...changed } = row
      await tx
        .insert(specs)
        .values({ id, ...changed })
        .onConflictDoUpdate({ target: specs.id, set: changed })
    },
    setStock: async (tx: Tx, specId: string, stock: number) =>
      (await tx.update(specs).set({ stock }).where(eq(specs.id, specId)).returning())[0],
    weigh: async (tx: Tx, specId: string, grams: number) => {
      await tx.update(specs).set({ grams }).where(eq(specs.id, specId))
    },
    caught: async (tx: Tx, productId: string, day: string) => {
      await tx
        .update(products)
        .set({ caughtOn: day })
        .where(and(eq(products.id, productId), lt(products.caughtOn, day)))
    },
    dropSpec: async (tx: Tx, productId: string, specId: string) => {
      await tx.delete(specs).where(and(eq(specs.id, specId), eq(specs.productId, productId)))
    }
  }
}

/** Both engines fold ASCII differently in LIKE; both sides are folded before. */
const contains = (column: unknown, pattern: string) => sql`lower(${column}) like ${pattern} escape '\\'`

/** Asks for the ids of a long list in pieces that both engines take; none at all asks nothing. */
async function inBatches<Row>(ids: string[], ask: (some: string[]) => PromiseLike<Row[]>) {
  const rows: Row[] = []
  for (let from = 0; from < ids.length; from += MAX_PRODUCTS) {
    rows.push(...(await ask(ids.slice(from, from + MAX_PRODUCTS))))
  }
  return rows
}
