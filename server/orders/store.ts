import { and, asc, count, desc, eq, gt, inArray, lt, lte, or, sum } from 'drizzle-orm'
import type { OrderState } from '../../shared/contracts/orders.ts'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { COMES_FROM, type Move } from './order.ts'

export type OrderRow = Schema['orders']['$inferSelect']
export type LineRow = Schema['orderLines']['$inferSelect']
export type ChangeRow = Schema['orderChanges']['$inferSelect']

const MAX_CHANGES = 50

/** The only SQL over orders. */
export const orderStore = ({ schema, read }: Store) => {
  const { orders, orderLines, orderChanges } = schema

  /** Newest first, after `from`. */
  const page = (where: ReturnType<typeof eq>, from: OrderRow | undefined, limit: number) =>
    read
      .select()
      .from(orders)
      .where(
        and(
          where,
          from &&
            or(
              lt(orders.createdAt, from.createdAt),
              and(eq(orders.createdAt, from.createdAt), lt(orders.id, from.id))
            )
        )
      )
      .orderBy(desc(orders.createdAt), desc(orders.id))
      .limit(limit)

  return {
    async one(on: Tx | Reader, id: string): Promise<OrderRow | undefined> {
      return (await on.select().from(orders).where(eq(orders.id, id)))[0]
    },
    async byKey(on: Tx | Reader, memberId: string, key: string): Promise<OrderRow | undefined> {
      return (
        await on
          .select()
          .from(orders)
          .where(and(eq(orders.memberId, memberId), eq(orders.key, key)))
      )[0]
    },
    /** How many orders of hers hold goods. */
    unpaid: (tx: Tx, memberId: string): Promise<number> =>
      tx.$count(orders, and(eq(orders.memberId, memberId), eq(orders.state, 'pending'))),
    async add(tx: Tx, order: OrderRow, lines: LineRow[]): Promise<void> {
      await tx.insert(orders).values(order)
      await tx.insert(orderLines).values(lines)
    },
    /** Moves it along the table of moves; undefined when it does not stand where that begins. */
    async move(
      tx: Tx,
      id: string,
      to: Move,
      more: Partial<Pick<OrderRow, 'paidAt' | 'closedAt' | 'test' | 'paymentId'>>
    ): Promise<OrderRow | undefined> {
      const rows = await tx
        .update(orders)
        .set({ state: to, ...more })
        .where(and(eq(orders.id, id), inArray(orders.state, [...COMES_FROM[to]])))
        .returning()
      return rows[0]
    },
    async addChange(tx: Tx, change: Omit<ChangeRow, 'n'>): Promise<void> {
      const [last] = await tx
        .select({ n: orderChanges.n })
        .from(orderChanges)
        .where(eq(orderChanges.orderId, change.orderId))
        .orderBy(desc(orderChanges.n))
        .limit(1)
      await tx.insert(orderChanges).values({ ...change, n: (last?.n ?? 0) + 1 })
    },
    async linesOf(on: Tx | Reader, orderIds: string[]): Promise<LineRow[]> {
      if (!orderIds.length) return []
      return on
        .select()
        .from(orderLines)
        .where(inArray(orderLines.orderId, orderIds))
        .orderBy(asc(orderLines.specId))
    },
    async changesOf(on: Tx | Reader, orderIds: string[]): Promise<ChangeRow[]> {
      if (!orderIds.length) return []
      return on
        .select()
        .from(orderChanges)
        .where(and(inArray(orderChanges.orderId, orderIds), lte(orderChanges.n, MAX_CHANGES)))
        .orderBy(asc(orderChanges.n))
    },

    ofMember: async (memberId: string, from: OrderRow | undefined, limit: number) =>
      page(eq(orders.memberId, memberId), from, limit),
    ofShop: async (
      shopId: string,
      state: OrderState | undefined,
      from: OrderRow | undefined,
      limit: number
    ) => page(and(eq(orders.shopId, shopId), state && eq(orders.state, state))!, from, limit),
    ofShow: async (showId: string, limit: number) => page(eq(orders.showId, showId), undefined, limit),

    /** Held for too long, the longest first, after `from`. */
    async overdue(now: number, from: OrderRow | undefined, limit: number): Promise<OrderRow[]> {
      return read
        .select()
        .from(orders)
        .where(
          and(
            eq(orders.state, 'pending'),
            lte(orders.heldUntil, now),
            from &&
              or(
                gt(orders.heldUntil, from.heldUntil),
                and(eq(orders.heldUntil, from.heldUntil), gt(orders.id, from.id))
              )
          )
        )
        .orderBy(asc(orders.heldUntil), asc(orders.id))
        .limit(limit)
    },

    /** What was paid at a shop and not given back; with or without what the demo cashier took. */
    async soldFen(shopId: string, withTest: boolean): Promise<number> {
      const [row] = await read
        .select({ fen: sum(orders.payFen).mapWith(Number) })
        .from(orders)
        .where(
          and(
            eq(orders.shopId, shopId),
            eq(orders.state, 'paid'),
            withTest ? undefined : eq(orders.test, false)
          )
        )
      return row?.fen ?? 0
    },

    /** The orders of a show that stand, and what was paid: real money and test money apart. */
    async numbersOf(showId: string): Promise<{ orders: number; paidFen: number; testFen: number }> {
      const rows = await read
        .select({
          state: orders.state,
          test: orders.test,
          orders: count(),
          fen: sum(orders.payFen).mapWith(Number)
        })
        .from(orders)
        .where(and(eq(orders.showId, showId), inArray(orders.state, ['pending', 'paid'])))
        .groupBy(orders.state, orders.test)
      const paid = (test: boolean) => rows.find((row) => row.state === 'paid' && row.test === test)?.fen ?? 0
      return {
        orders: rows.reduce((all, row) => all + row.orders, 0),
        paidFen: paid(false),
        testFen: paid(true)
      }
    }
  }
}
