import { quoteOrder, type Order, type PayMethod } from '../../shared/contracts/orders.ts'
import { call } from '../call.ts'

/** The ways to pay that are open now. Only a quote knows them; when it cannot be had, the order’s own kind stands. */
export async function payMethods(order: Order): Promise<PayMethod[]> {
  const lines = order.lines.map(({ specId, qty }) => ({ specId, qty }))
  return call(quoteOrder, { body: { lines, withoutCoupon: true } }).then(
    ({ methods }) => methods,
    () => (order.test ? (['sandbox'] as const).slice() : ['card', 'alipay', 'wechat_pay'])
  )
}
