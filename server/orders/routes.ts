import {
  cancelOrder,
  myOrder,
  myOrders,
  payOrder,
  placeOrder,
  quoteOrder,
  shopOrders
} from '../../shared/contracts/orders.ts'
import type { Http } from '../http/http.ts'
import { payerOf } from '../payments/payer.ts'
import type { Orders } from './orders.ts'

export function orderRoutes(http: Http, orders: Orders) {
  http.route({ ...quoteOrder, handler: ({ me, body }) => orders.quote(me, body) })
  http.route({ ...placeOrder, handler: async ({ me, body }) => ({ bill: await orders.place(me, body) }) })
  http.route({
    ...myOrders,
    handler: async ({ me, query }) => ({ items: await orders.mine(me, query.after) })
  })
  http.route({
    ...myOrder,
    handler: ({ me, params }) => orders.one(me, params.orderId)
  })
  http.route({
    ...cancelOrder,
    handler: async ({ me, params }) => ({ order: await orders.cancel(me, params.orderId) })
  })
  http.route({
    ...payOrder,
    handler: ({ me, params, body, headers, ip }) =>
      orders.pay(me, params.orderId, body.method, payerOf(headers['user-agent'] ?? '', ip))
  })
  http.route({
    ...shopOrders,
    handler: async ({ me, query }) => ({ items: await orders.ofMyShop(me, query) })
  })
}
