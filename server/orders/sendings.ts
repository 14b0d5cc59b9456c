import { and, asc, count, eq, exists, inArray, lt, min, sql } from 'drizzle-orm'
import type { Reader, Store, Tx } from '../store/store.ts'
import type { OrderRow } from './store.ts'

export type Sendings = ReturnType<typeof openSendings>

/** What has to be sent, for those who pack. Vouchers are not, nor what was paid back. */
export function openSendings({ schema, read }: Store) {
  const { orders, orderLines } = schema

  const isToPack = and(
    eq(orders.state, 'paid'),
    exists(
      read
        .select({ one: sql`1` })
        .from(orderLines)
        .where(
          and(
            eq(orderLines.orderId, orders.id),
            eq(orderLines.kind, 'goods'),
            lt(orderLines.refundedQty, orderLines.qty)
          )
        )
    )
  )

  return {
    /** A shop's orders that wait for a box, those paid first first. */
    toPack: (on: Tx | Reader, shopId: string, limit: number): Promise<OrderRow[]> =>
      on
        .select()
        .from(orders)
        .where(and(eq(orders.shopId, shopId), isToPack))
        .orderBy(asc(orders.paidAt), asc(orders.id))
        .limit(limit),

    /** How many wait in each of these shops, or in any; the shop that waits longest first. */
    toPackByShop: (on: Tx | Reader, shopIds: readonly string[] | undefined, limit: number) =>
      on
        .select({ shopId: orders.shopId, orders: count(), since: min(orders.paidAt) })
        .from(orders)
        .where(and(isToPack, shopIds && inArray(orders.shopId, [...shopIds])))
        .groupBy(orders.shopId)
        .orderBy(asc(min(orders.paidAt)), asc(orders.shopId))
        .limit(limit),

    /** The orders in these parcels. */
    async inParcels(on: Tx | Reader, parcelIds: readonly string[]): Promise<OrderRow[]> {
      if (!parcelIds.length) return []
      return on
        .select()
        .from(orders)
        .where(inArray(orders.parcelId, [...parcelIds]))
        .orderBy(asc(orders.id))
    }
  }
}
