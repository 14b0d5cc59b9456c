import { inArray, sum, sql } from 'drizzle-orm'
import type { Reader, Store, Tx } from '../store/store.ts'

/** What is open of orders, and what was paid back of them: for whoever pays the hosts. */
export function openMatters({ schema }: Store) {
  const { orderRefunds, compensations, goodsReturns } = schema

  return {
    /** Orders of which something is open: bad goods, goods on their way back, a refund that is not done. */
    async openOrders(on: Tx | Reader): Promise<string[]> {
      const found = [
        await on
          .selectDistinct({ orderId: compensations.orderId })
          .from(compensations)
          .where(inArray(compensations.state, ['open'])),
        await on
          .selectDistinct({ orderId: goodsReturns.orderId })
          .from(goodsReturns)
          .where(inArray(goodsReturns.state, ['asked', 'sent'])),
        await on
          .selectDistinct({ orderId: orderRefunds.orderId })
          .from(orderRefunds)
          .where(inArray(orderRefunds.state, ['asked', 'failed']))
      ].flat()
      return [...new Set(found.map(({ orderId }) => orderId))]
    },

    /** What the refunds of these orders come to, whether or not the gateway has carried them out. */
    async refundedOf(on: Tx | Reader, orderIds: readonly string[]): Promise<Map<string, number>> {
      if (!orderIds.length) return new Map()
      const found = await on
        .select({
          orderId: orderRefunds.orderId,
          fen: sum(sql`${orderRefunds.goodsFen} + ${orderRefunds.freightFen}`).mapWith(Number)
        })
        .from(orderRefunds)
        .where(inArray(orderRefunds.orderId, [...orderIds]))
        .groupBy(orderRefunds.orderId)
      return new Map(found.map(({ orderId, fen }) => [orderId, fen]))
    }
  }
}
