import { and, asc, eq, gt, inArray, isNotNull, sum } from 'drizzle-orm'
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

    /** What one payment paid for: the orders of its bill that were paid by it. */
    async ofPayment(on: Tx | Reader, { id, orderId: billId }: { id: string; orderId: string }) {
      const [row] = await on
        .select({
          payFen: sum(orders.payFen).mapWith(Number),
          refundedFen: sum(orders.refundedFen).mapWith(Number)
        })
        .from(orders)
        .where(and(eq(orders.billId, billId), eq(orders.paymentId, id)))
      return { payFen: row?.payFen ?? 0, refundedFen: row?.refundedFen ?? 0 }
    }
  }
}
