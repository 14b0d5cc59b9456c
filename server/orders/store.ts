import {
  and,
  asc,
  count,
  countDistinct,
  desc,
  eq,
  getTableColumns,
  gt,
  inArray,
  isNotNull,
  lt,
  lte,
  or,
  sql,
  sum,
  type Table
} from 'drizzle-orm'
import type { OrderState } from '../../shared/contracts/orders.ts'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { PAID } from './order.ts'

export type OrderRow = Schema['orders']['$inferSelect']
export type LineRow = Schema['orderLines']['$inferSelect']
export type ChangeRow = Schema['orderChanges']['$inferSelect']
export type CouponUseRow = Schema['orderCoupons']['$inferSelect']

/** What a move writes besides the state. */
export type Stamps = Partial<
  Pick<
    OrderRow,
    | 'test'
    | 'paymentId'
    | 'parcelId'
    | 'movesAt'
    | 'paidAt'
    | 'packedAt'
    | 'shippedAt'
    | 'receivedAt'
    | 'doneAt'
    | 'closedAt'
  >
>

const MAX_CHANGES = 50

/** The only SQL over orders, their lines and their changes. What a rush goes through is compiled once. */
export const orderStore = (store: Store) => {
  const { schema, read } = store
  const { orders, orderLines, orderChanges, orderCoupons } = schema
  const value = sql.placeholder

  const addOrder = store.statement((query) =>
    query.insert(orders).values(everyColumn(orders)).returning({ id: orders.id })
  )
  const addLine = store.statement((query) =>
    query.insert(orderLines).values(everyColumn(orderLines)).returning({ specId: orderLines.specId })
  )
  const addCoupon = store.statement((query) =>
    query.insert(orderCoupons).values(everyColumn(orderCoupons)).returning({ nth: orderCoupons.nth })
  )
  const addChange = store.statement((query) =>
    query.insert(orderChanges).values(everyColumn(orderChanges)).returning({ n: orderChanges.n })
  )
  const lastChange = store.statement((query) =>
    query
      .select({ n: orderChanges.n })
      .from(orderChanges)
      .where(eq(orderChanges.orderId, value('orderId')))
      .orderBy(desc(orderChanges.n))
      .limit(1)
  )
  const orderById = store.statement((query) =>
    query
      .select()
      .from(orders)
      .where(eq(orders.id, value('id')))
  )
  const orderByKey = store.statement((query) =>
    query
      .select()
      .from(orders)
      .where(and(eq(orders.memberId, value('memberId')), eq(orders.key, value('key'))))
  )
  const ordersOfBill = store.statement((query) =>
    query
      .select()
      .from(orders)
      .where(eq(orders.billId, value('billId')))
      .orderBy(asc(orders.key))
  )
  const unpaidBills = store.statement((query) =>
    query
      .select({ bills: countDistinct(orders.billId) })
      .from(orders)
      .where(and(eq(orders.memberId, value('memberId')), eq(orders.state, 'pending')))
  )
  const linesOfOne = store.statement((query) =>
    query
      .select()
      .from(orderLines)
      .where(eq(orderLines.orderId, value('orderId')))
      .orderBy(asc(orderLines.specId))
  )

  /** Newest first, after `from`. */
  const page = (where: ReturnType<typeof and>, from: OrderRow | undefined, limit: number) =>
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
    one: async (on: Tx | Reader, id: string): Promise<OrderRow | undefined> =>
      (await orderById(on, { id }))[0],
    byKey: async (on: Tx | Reader, memberId: string, key: string): Promise<OrderRow | undefined> =>
      (await orderByKey(on, { memberId, key }))[0],
    /** The orders of a bill, the first first. */
    ofBill: (on: Tx | Reader, billId: string): Promise<OrderRow[]> => ordersOfBill(on, { billId }),
    /** How many bills of hers hold goods. */
    unpaid: async (tx: Tx, memberId: string): Promise<number> =>
      (await unpaidBills(tx, { memberId }))[0]?.bills ?? 0,

    async add(tx: Tx, order: OrderRow, lines: LineRow[], used: CouponUseRow[]): Promise<void> {
      await addOrder(tx, order)
      for (const line of lines) await addLine(tx, line)
      for (const coupon of used) await addCoupon(tx, coupon)
    },
    /** Moves one order from where such a move begins; undefined when it does not stand there. */
    async move(
      tx: Tx,
      id: string,
      { from, to }: { from: readonly OrderState[]; to: OrderState },
      stamps: Stamps
    ): Promise<OrderRow | undefined> {
      if (!from.length) return undefined
      const rows = await tx
        .update(orders)
        .set({ state: to, ...stamps })
        .where(and(eq(orders.id, id), inArray(orders.state, [...from])))
        .returning()
      return rows[0]
    },
    /** Moves every order of a bill that waits for its money; they stand or fall together. */
    async moveBill(
      tx: Tx,
      billId: string,
      to: 'paid' | 'expired' | 'cancelled',
      stamps: Stamps
    ): Promise<OrderRow[]> {
      const rows = await tx
        .update(orders)
        .set({ state: to, ...stamps })
        .where(and(eq(orders.billId, billId), eq(orders.state, 'pending')))
        .returning()
      return rows.toSorted((a, b) => (a.key < b.key ? -1 : 1))
    },
    /** `first`: there is none before it, so nobody has to look. */
    async addChange(tx: Tx, change: Omit<ChangeRow, 'n'>, first = false): Promise<ChangeRow> {
      const last = first ? undefined : (await lastChange(tx, { orderId: change.orderId }))[0]
      const row = { ...change, n: (last?.n ?? 0) + 1 }
      await addChange(tx, row)
      return row
    },
    /** What was paid back of an order and of its lines; the tables refuse more than was paid. */
    async addRefund(
      tx: Tx,
      orderId: string,
      fen: number,
      lines: readonly { specId: string; qty: number; fen: number }[]
    ): Promise<OrderRow | undefined> {
      for (const line of lines) {
        await tx
          .update(orderLines)
          .set({
            refundedQty: sql`${orderLines.refundedQty} + ${line.qty}`,
            refundedFen: sql`${orderLines.refundedFen} + ${line.fen}`
          })
          .where(and(eq(orderLines.orderId, orderId), eq(orderLines.specId, line.specId)))
      }
      const rows = await tx
        .update(orders)
        .set({ refundedFen: sql`${orders.refundedFen} + ${fen}` })
        .where(eq(orders.id, orderId))
        .returning()
      return rows[0]
    },

    async linesOf(on: Tx | Reader, orderIds: readonly string[]): Promise<LineRow[]> {
      const [only, ...others] = orderIds
      if (only === undefined) return []
      if (!others.length) return linesOfOne(on, { orderId: only })
      return on
        .select()
        .from(orderLines)
        .where(inArray(orderLines.orderId, [...orderIds]))
        .orderBy(asc(orderLines.specId))
    },
    async changesOf(on: Tx | Reader, orderIds: readonly string[]): Promise<ChangeRow[]> {
      if (!orderIds.length) return []
      return on
        .select()
        .from(orderChanges)
        .where(and(inArray(orderChanges.orderId, [...orderIds]), lte(orderChanges.n, MAX_CHANGES)))
        .orderBy(asc(orderChanges.n))
    },

    ofMember: async (memberId: string, from: OrderRow | undefined, limit: number) =>
      page(eq(orders.memberId, memberId), from, limit),
    ofShop: async (
      shopId: string,
      state: OrderState | undefined,
      from: OrderRow | undefined,
      limit: number
    ) => page(and(eq(orders.shopId, shopId), state && eq(orders.state, state)), from, limit),
    ofShow: async (showId: string, limit: number) => page(eq(orders.showId, showId), undefined, limit),

    /** When the clock moves it on; 0: it does not. */
    async setDue(tx: Tx, id: string, movesAt: number): Promise<OrderRow | undefined> {
      const rows = await tx.update(orders).set({ movesAt }).where(eq(orders.id, id)).returning()
      return rows[0]
    },
    /** Those that the clock moves on by now, the longest due first. */
    due: async (state: OrderState, now: number, limit: number): Promise<OrderRow[]> =>
      read
        .select()
        .from(orders)
        .where(and(eq(orders.state, state), gt(orders.movesAt, 0), lte(orders.movesAt, now)))
        .orderBy(asc(orders.movesAt), asc(orders.id))
        .limit(limit),

    /** Bills held for too long, the longest first, after `from`: each by its first order. */
    async overdue(now: number, from: OrderRow | undefined, limit: number): Promise<OrderRow[]> {
      return read
        .select()
        .from(orders)
        .where(
          and(
            eq(orders.state, 'pending'),
            lte(orders.heldUntil, now),
            eq(orders.id, orders.billId),
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
        .select({ fen: sum(sql`${orders.payFen} - ${orders.refundedFen}`).mapWith(Number) })
        .from(orders)
        .where(
          and(
            eq(orders.shopId, shopId),
            isNotNull(orders.paidAt),
            withTest ? undefined : eq(orders.test, false)
          )
        )
      return row?.fen ?? 0
    },

    /** The orders of a show that stand, and what was paid and not given back: real money and test money apart. */
    async numbersOf(showId: string): Promise<{ orders: number; paidFen: number; testFen: number }> {
      const rows = await read
        .select({
          state: orders.state,
          test: orders.test,
          orders: count(),
          fen: sum(sql`${orders.payFen} - ${orders.refundedFen}`).mapWith(Number)
        })
        .from(orders)
        .where(and(eq(orders.showId, showId), inArray(orders.state, ['pending', ...PAID])))
        .groupBy(orders.state, orders.test)
      const paid = (test: boolean) =>
        rows
          .filter((row) => row.test === test && row.state !== 'pending')
          .reduce((all, row) => all + row.fen, 0)
      return {
        orders: rows.reduce((all, row) => all + row.orders, 0),
        paidFen: paid(false),
        testFen: paid(true)
      }
    }
  }
}

/** Every column of a table, each to be filled in by the value of its own name. */
function everyColumn<T extends Table>(table: T): T['$inferInsert'] {
  const names = Object.keys(getTableColumns(table))
  return Object.fromEntries(names.map((name) => [name, sql.placeholder(name)]))
}
