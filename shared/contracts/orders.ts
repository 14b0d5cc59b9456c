import { Array, Boolean, Integer, Object, Optional, String, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Fen, Id, listOf, Millis, oneOf, Picture, Text } from '../schemas.ts'
import { UNITS } from './catalogue.ts'
import { CouponChoices, CouponPick } from './coupons.ts'
import { Address } from './members.ts'

export const ORDER_STATES = [
  'pending',
  'paid',
  'packed',
  'shipped',
  'received',
  'done',
  'expired',
  'cancelled',
  'refunded'
] as const
export type OrderState = (typeof ORDER_STATES)[number]
/** Stock and coupon are held this long for an order that is not paid. */
export const HOLD_MS = 15 * 60_000
export const MAX_QTY = 99
export const MAX_LINES = 20

export const PAY_METHODS = ['sandbox', 'card', 'alipay', 'wechat_pay'] as const
export type PayMethod = (typeof PAY_METHODS)[number]

export const OrderLine = Object({
  specId: Id,
  productId: Id,
  title: Text(60),
  specName: Text(30),
  unit: oneOf(UNITS),
  photo: Picture,
  qty: Count,
  priceFen: Fen,
  perishable: Boolean()
})

export const Order = Object({
  id: Id,
  state: oneOf(ORDER_STATES),
  shopId: Id,
  shopName: Text(30),
  showId: Text(40),
  lines: Array(OrderLine, { maxItems: MAX_LINES }),
  goodsFen: Fen,
  discountFen: Fen,
  freightFen: Fen,
  payFen: Fen,
  deliverTo: Object({ receiver: Text(30), phone: String(), region: Text(60), detail: Text(120) }),
  test: Boolean(),
  createdAt: Millis,
  heldUntil: Millis,
  paidAt: Optional(Millis),
  changes: Array(Object({ state: Text(20), at: Millis, note: Text(120) }), { maxItems: 50 })
})
export type Order = Static<typeof Order>

const Lines = Array(Object({ specId: Id, qty: Integer({ minimum: 1, maximum: MAX_QTY }) }), {
  minItems: 1,
  maxItems: MAX_LINES
})

/** The sum, line by line, with the best coupon chosen and every other one explained. Holds nothing. */
export const quoteOrder = contract({
  method: 'POST',
  url: '/api/orders/quote',
  schema: {
    summary: 'What these lines would cost me now: best coupon, why others do not count, last used address.',
    body: Object({ lines: Lines, coupon: CouponPick, withoutCoupon: Optional(Boolean()) }),
    response: {
      200: Object({
        shopId: Id,
        shopName: Text(30),
        lines: Array(OrderLine, { maxItems: MAX_LINES }),
        goodsFen: Fen,
        discountFen: Fen,
        freightFen: Fen,
        payFen: Fen,
        perishable: Boolean(),
        coupons: CouponChoices,
        address: Optional(Address),
        methods: Array(oneOf(PAY_METHODS), { maxItems: PAY_METHODS.length })
      })
    }
  },
  config: { who: 'member' }
})

export const placeOrder = contract({
  method: 'POST',
  url: '/api/orders',
  schema: {
    summary:
      'Places an order: stock held, coupon used, 15 minutes to pay. The same `key` twice is one order.',
    body: Object({
      key: String({ pattern: '^[0-9a-z-]{8,40}$' }),
      lines: Lines,
      coupon: CouponPick,
      addressId: Id,
      showId: Optional(Id),
      /** What the screen showed; refused when it is no longer true. */
      payFen: Fen,
      agreedPerishable: Boolean()
    }),
    response: { 200: Object({ order: Order }) }
  },
  config: { who: 'member' }
})

const params = Object({ orderId: Id })

export const myOrders = contract({
  method: 'GET',
  url: '/api/me/orders',
  schema: {
    summary: 'My orders, newest first.',
    querystring: Object({ after: Optional(Id) }),
    response: { 200: listOf(Order, 50) }
  },
  config: { who: 'member' }
})

export const myOrder = contract({
  method: 'GET',
  url: '/api/me/orders/:orderId',
  schema: {
    summary: 'One of my orders with its history.',
    params,
    response: { 200: Object({ order: Order }) }
  },
  config: { who: 'member' }
})

export const cancelOrder = contract({
  method: 'POST',
  url: '/api/me/orders/:orderId/cancel',
  schema: {
    summary: 'Cancels an order that is not paid; stock and coupon go back.',
    params,
    response: { 200: Object({ order: Order }) }
  },
  config: { who: 'member' }
})

/** Where to pay. The return page only asks for the order; only the gateway’s notification makes it paid. */
export const payOrder = contract({
  method: 'POST',
  url: '/api/me/orders/:orderId/pay',
  schema: {
    summary: 'Starts paying: answers the address of the gateway’s page.',
    params,
    body: Object({ method: oneOf(PAY_METHODS) }),
    response: { 200: Object({ payUrl: String(), paymentId: Id }) }
  },
  config: { who: 'member' }
})

/** A shop’s own orders, for its host and for operators: they pack, so they see the address. */
export const shopOrders = contract({
  method: 'GET',
  url: '/api/my/shop/orders',
  schema: {
    summary: 'Orders of my shop, newest first.',
    querystring: Object({ after: Optional(Id), state: Optional(oneOf(ORDER_STATES)) }),
    response: { 200: listOf(Order, 50) }
  },
  config: { who: ['host'] }
})
