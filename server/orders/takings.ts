import { and, asc, gt, inArray, isNotNull, ne, sum } from 'drizzle-orm'
import type { Reader, Store, Tx } from '../store/store.ts'
import { titleOf } from './order.ts'
import type { LineRow, OrderRow } from './store.ts'

/** What the money of one order is made of, for the ledger and whoever holds it against it. */
export interface Taking extends Pick<
  OrderRow,
  | 'id'
  | 'shopId'
  | 'billId'
  | 'buyer'
  | 'state'
  | 'test'
  | 'paymentId'
  | 'payFen'
  | 'freightFen'
  | 'refundedFen'
  | 'paidAt'
  | 'doneAt'
  | 'closedAt'
> {
  title: string
  lines: LineRow[]
  coupons: { offFen: number; payer: 'host' | 'union' }[]
}

export type Takings = ReturnType<typeof openTakings>

/** The money of orders as their own rows have it. */
export function openTakings({ schema }: Store) {
  const { orders, orderLines, orderCoupons } = schema

  return {
    async of(on: Tx | Reader, orderIds: readonly string[]): Promise<Map<string, Taking>> {
      if (!orderIds.length) return new Map()
      const ids = [...new Set(orderIds)]
      const found = await on.select().from(orders).where(inArray(orders.id, ids))
      const lines = await on
        .select()
        .from(orderLines)
        .where(inArray(orderLines.orderId, ids))
        .orderBy(asc(orderLines.specId))
      const coupons = await on.select().from(orderCoupons).where(inArray(orderCoupons.orderId, ids))
      const linesOf = Map.groupBy(lines, ({ orderId }) => orderId)
      const couponsOf = Map.groupBy(coupons, ({ orderId }) => orderId)
      return new Map(
        found.map((order) => {
          const hers = linesOf.get(order.id) ?? []
          return [
            order.id,
            { ...order, title: titleOf(hers), lines: hers, coupons: couponsOf.get(order.id) ?? [] }
          ]
        })
      )
    },

    /** Orders that were paid, whatever became of them, in the order of their ids. */
    async paidAfter(on: Tx | Reader, after: string, limit: number): Promise<string[]> {
      const rows = await on
        .select({ id: orders.id })
        .from(orders)
        .where(and(gt(orders.id, after), isNotNull(orders.paidAt)))
        .orderBy(asc(orders.id))
        .limit(limit)
      return rows.map(({ id }) => id)
    },

    /** By which payment each of these was paid, and with which bill; nothing where there was nothing to pay. */
    async paymentsOf(on: Tx | Reader, orderIds: readonly string[]) {
      if (!orderIds.length) return []
      return on
        .select({ orderId: orders.id, billId: orders.billId, paymentId: orders.paymentId })
        .from(orders)
        .where(and(inArray(orders.id, [...orderIds]), ne(orders.paymentId, '')))
    },

    /** Which of these orders were paid. */
    async paidAmong(on: Tx | Reader, orderIds: readonly string[]): Promise<Set<string>> {
      if (!orderIds.length) return new Set()
      const rows = await on
        .select({ id: orders.id })
        .from(orders)
        .where(and(inArray(orders.id, [...orderIds]), isNotNull(orders.paidAt)))
      return new Set(rows.map(({ id }) => id))
    },

    /** What the orders of these bills come to, by the payment that paid them. */
    async byPayment(on: Tx | Reader, billIds: readonly string[]) {
      if (!billIds.length) return new Map<string, { payFen: number; refundedFen: number }>()
      const rows = await on
        .select({
          paymentId: orders.paymentId,
          payFen: sum(orders.payFen).mapWith(Number),
          refundedFen: sum(orders.refundedFen).mapWith(Number)
        })
        .from(orders)
        .where(and(inArray(orders.billId, [...billIds]), ne(orders.paymentId, '')))
        .groupBy(orders.paymentId)
      return new Map(rows.map(({ paymentId, ...sums }) => [paymentId, sums]))
    }
  }
}
