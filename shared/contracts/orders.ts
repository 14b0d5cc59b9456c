import { Array, Boolean, Integer, Object, Optional, String, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Fen, Id, listOf, Millis, oneOf, Picture, Text } from '../schemas.ts'
import { TEMP_CLASSES, UNITS } from './catalogue.ts'
import { CouponChoices, CouponPicks, MAX_PICKS, PickedCoupon } from './coupons.ts'
import { Delivery } from './freight.ts'
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
/** Lines of one bill, over all its shops. */
export const MAX_LINES = 50
/** Shops that one bill pays at once. */
export const MAX_BILL_SHOPS = 20

export const PAY_METHODS = ['sandbox', 'card', 'alipay', 'wechat_pay'] as const
export type PayMethod = (typeof PAY_METHODS)[number]

const line = {
  specId: Id,
  productId: Id,
  title: Text(60),
  specName: Text(30),
  unit: oneOf(UNITS),
  photo: Picture,
  qty: Count,
  /** Of one, as it was bought: the flash price where there was one. */
  priceFen: Fen,
  kind: oneOf(['goods', 'voucher']),
  tempClass: oneOf(TEMP_CLASSES),
  perishable: Boolean(),
  /** What coupons take off this line, to the fen. */
  offFen: Fen,
  /** The flash sale that makes the price; empty: it is the usual one. */
  flashId: Text(40)
}

export const OrderLine = Object({
  ...line,
  refundedQty: Count,
  refundedFen: Fen,
  /** She ticked that this fresh line cannot be sent back. */
  agreed: Boolean(),
  /** 预售: so many of it are still to come, the last of them then. */
  ahead: Optional(Object({ qty: Count, landsAt: Millis }))
})
export type OrderLine = Static<typeof OrderLine>

/** One shop's part of what was paid at once. */
export const Order = Object({
  id: Id,
  /** 付款单: the orders with the same bill are paid, cancelled and expire together. */
  billId: Id,
  state: oneOf(ORDER_STATES),
  shopId: Id,
  shopName: Text(30),
  hostName: Text(40),
  showId: Text(40),
  lines: Array(OrderLine, { maxItems: MAX_LINES }),
  goodsFen: Fen,
  discountFen: Fen,
  freightFen: Fen,
  payFen: Fen,
  refundedFen: Fen,
  /** Empty where nothing is sent. */
  deliverTo: Object({ receiver: Text(30), phone: String(), region: Text(60), detail: Text(120) }),
  test: Boolean(),
  parcelId: Text(40),
  createdAt: Millis,
  heldUntil: Millis,
  paidAt: Optional(Millis),
  shippedAt: Optional(Millis),
  receivedAt: Optional(Millis),
  changes: Array(
    Object({
      state: Text(20),
      at: Millis,
      /** Who did it: she, the shop, the union, or the village by itself (the clock, a gateway). */
      by: oneOf(['buyer', 'shop', 'union', 'village']),
      note: Text(120)
    }),
    { maxItems: 50 }
  )
})
export type Order = Static<typeof Order>

/** What is paid at once: one order of each shop. Its id is that of its first order. */
export const Bill = Object({
  id: Id,
  state: oneOf(ORDER_STATES),
  goodsFen: Fen,
  discountFen: Fen,
  freightFen: Fen,
  payFen: Fen,
  heldUntil: Millis,
  test: Boolean(),
  orders: Array(Order, { maxItems: MAX_BILL_SHOPS })
})
export type Bill = Static<typeof Bill>

const Wish = { specId: Id, qty: Integer({ minimum: 1, maximum: MAX_QTY }) }
const bounds = { minItems: 1, maxItems: MAX_LINES }

const QuotedLine = Object({
  ...line,
  /** Without a flash sale. */
  usualFen: Fen,
  flash: Optional(Object({ endsAt: Millis, left: Count, perMember: Count })),
  /** 预售: it is sold before it is landed; when it should be. */
  ahead: Optional(Object({ landsAt: Millis }))
})
export type QuotedLine = Static<typeof QuotedLine>

const QuotedOrder = Object({
  shopId: Id,
  shopName: Text(30),
  hostName: Text(40),
  lines: Array(QuotedLine, { maxItems: MAX_LINES }),
  goodsFen: Fen,
  discountFen: Fen,
  freightFen: Fen,
  payFen: Fen,
  /** How it travels, and what of it can't be sent there; left out where nothing is sent. */
  delivery: Optional(Delivery)
})
export type QuotedOrder = Static<typeof QuotedOrder>

/** The sum, shop by shop and line by line, with the best coupons chosen and every other one explained. Holds nothing. */
export const quoteOrder = contract({
  method: 'POST',
  url: '/api/orders/quote',
  schema: {
    summary:
      'What these lines would cost me now, shop by shop: freight, best coupons, why others do not count.',
    body: Object({
      lines: Array(Object(Wish), bounds),
      /** Left out: those that save most. Empty: none. */
      picks: CouponPicks,
      /** Where it goes; left out: where her last parcel went. */
      addressId: Optional(Id)
    }),
    response: {
      200: Object({
        orders: Array(QuotedOrder, { maxItems: MAX_BILL_SHOPS }),
        goodsFen: Fen,
        discountFen: Fen,
        freightFen: Fen,
        payFen: Fen,
        coupons: CouponChoices,
        /** What the sum counts with. */
        picks: Array(PickedCoupon, { maxItems: MAX_PICKS }),
        address: Optional(Address),
        /** Only vouchers: nothing is sent anywhere. */
        addressNeeded: Boolean(),
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
      'Places one order of each shop under one bill: stock held, coupons used, 15 minutes to pay. The same `key` twice is one bill.',
    body: Object({
      key: String({ pattern: '^[0-9a-z-]{8,40}$' }),
      lines: Array(
        Object({
          ...Wish,
          /** The flash sale that the quote named; refused when it is over. */
          flashId: Optional(Id),
          /** The quote said that it is sold ahead. */
          ahead: Optional(Boolean()),
          /** 生鲜: she ticked this line. Each fresh line needs its own tick. */
          agreed: Optional(Boolean())
        }),
        bounds
      ),
      picks: CouponPicks,
      /** Not needed when nothing is sent. */
      addressId: Optional(Id),
      /** The room she buys in. */
      showId: Optional(Id),
      /** They come from her basket, and leave it with the order. */
      fromBasket: Optional(Boolean()),
      /** What the screen showed for all of it; refused when it is no longer true. */
      payFen: Fen
    }),
    response: { 200: Object({ bill: Bill }) }
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
    summary: 'One of my orders with its history, and what is paid together with it.',
    params,
    response: {
      200: Object({
        order: Order,
        /** Everything that is paid at once with it, this order too. */
        bill: Object({
          id: Id,
          payFen: Fen,
          orders: Array(Object({ id: Id, shopName: Text(30), payFen: Fen, state: oneOf(ORDER_STATES) }), {
            maxItems: MAX_BILL_SHOPS
          })
        }),
        methods: Array(oneOf(PAY_METHODS), { maxItems: PAY_METHODS.length })
      })
    }
  },
  config: { who: 'member' }
})

export const cancelOrder = contract({
  method: 'POST',
  url: '/api/me/orders/:orderId/cancel',
  schema: {
    summary: 'Cancels an order that is not paid, with the bill that it is in; stock and coupons go back.',
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
    summary: 'Starts paying the bill that the order is in: answers the address of the gateway’s page.',
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
