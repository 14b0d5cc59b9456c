import { eq } from 'drizzle-orm'
import { orderReviews, productReviews, writeReview } from '../../shared/contracts/reviews.ts'
import { afterwards } from '../aftersale/testing.ts'
import { brought } from '../testing/bring.ts'
import type { Market } from '../testing/market.ts'

type Goods = Market['clams']

/** What suites of reviews do with goods and orders of a market. */
export function reviewing(m: Market) {
  const after = afterwards(m)

  /** She bought it and has it in her hands. `real`: not at the demo cashier, as far as the books say. */
  const came = async (goods: Goods = m.clams, who = m.buyer, { real = false } = {}) => {
    const addressId = who === m.buyer ? m.addressId : await m.addressOf(who)
    const order = await after.paid({ lines: [{ specId: goods.specId, qty: 1 }], addressId }, who)
    await after.moved(order.id, 'packed', 'shipped', 'received')
    if (real) await change(order.id, { test: false })
    return order.id
  }

  const change = async (orderId: string, to: { test?: boolean; receivedAt?: number }) => {
    const { store } = m.village
    const { orders } = store.schema
    await store.tx((tx) => tx.update(orders).set(to).where(eq(orders.id, orderId)))
  }

  const write = (
    orderId: string,
    more: { specId?: string; stars?: number; words?: string; fileIds?: string[] } = {},
    who = m.buyer
  ) =>
    who.call(writeReview, {
      params: { orderId },
      body: { specId: m.clams.specId, stars: 5, words: '鲜', fileIds: [], ...more }
    })

  const photo = async (bytes: Uint8Array, who = m.buyer) =>
    (await brought(m.village, who, 'review', bytes)).id

  const page = (goods: Goods = m.clams, after?: string) =>
    m.buyer.call(productReviews, {
      params: { productId: goods.productId },
      ...(after && { query: { after } })
    })

  const lines = async (orderId: string, who = m.buyer) =>
    (await who.call(orderReviews, { params: { orderId } })).json.lines

  return { ...after, came, change, write, photo, page, lines }
}
