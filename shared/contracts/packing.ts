import { Array, Boolean, Integer, Object, Optional, String, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { REASONS } from '../freight.ts'
import { CARRIERS, MAX_BOX_ORDERS, MAX_TRACKING } from '../parcel.ts'
import { Count, Id, Line, listOf, Millis, oneOf, Picture, Text } from '../schemas.ts'
import { TEMP_CLASSES, UNITS } from './catalogue.ts'
import { MAX_LINES, ORDER_STATES } from './orders.ts'

/** Orders that one screen packs. */
export const MAX_TO_PACK = 200
/** Boxes that one tap packs. */
export const MAX_BOXES = 100
export const PARCELS_PAGE = 100
/** Nobody carries a heavier box. */
export const MAX_PARCEL_GRAMS = 50_000
/** Shops that an operator helps. */
const MAX_SHOPS = 200
/** Landings that one line comes from. */
const MAX_FROM = 50

const PACKERS = ['host', 'operator'] as const

/** What goes into a box of one order. */
const line = {
  specId: Id,
  title: Text(60),
  specName: Text(30),
  unit: oneOf(UNITS),
  photo: Picture,
  tempClass: oneOf(TEMP_CLASSES),
  /** Of one; 0: nobody knows. */
  grams: Count,
  /** Without what was paid back. */
  qty: Count
}
const ParcelLine = Object(line)

/** An order that is paid and not packed; where it goes is written on its label, not here. */
export const OrderToPack = Object({
  id: Id,
  /** The first order here of the same buyer to the same place. */
  sameAs: Id,
  receiver: Text(30),
  region: Text(60),
  tempClass: oneOf(TEMP_CLASSES),
  paidAt: Millis,
  /** When it should leave; its shop promised so, or it is usual. */
  leavesAt: Millis,
  /** 预售: what it waits for comes ashore then; 0: everything is here. */
  landsAt: Millis,
  /** What the weather does to it today: wait with these. */
  heldUp: Optional(Object({ reason: oneOf(REASONS), province: Text(4) })),
  test: Boolean(),
  lines: Array(
    Object({
      ...line,
      from: Array(Object({ lotId: Id, name: Text(40), landsAt: Millis, qty: Count }), { maxItems: MAX_FROM })
    }),
    { maxItems: MAX_LINES }
  )
})
export type OrderToPack = Static<typeof OrderToPack>

export const PARCEL_STATES = ['packed', 'shipped', 'undone'] as const

/** 包裹: one box with a label. */
export const Parcel = Object({
  id: Id,
  code: Text(20),
  state: oneOf(PARCEL_STATES),
  shopId: Id,
  shopName: Text(30),
  village: Text(60),
  tempClass: oneOf(TEMP_CLASSES),
  /** Weighed; 0: not. */
  grams: Count,
  /** What its goods should weigh; 0: nobody knows. */
  goodsGrams: Count,
  carrier: Text(20),
  trackingNo: Text(40),
  /** Whole while it is being packed or on its way; masked afterwards. */
  deliverTo: Object({ receiver: Text(30), phone: Text(20), region: Text(60), detail: Text(120) }),
  packedBy: Text(40),
  packedAt: Millis,
  /** 截单: when it should leave. */
  leavesAt: Millis,
  /** 0: it has not left. */
  shippedAt: Millis,
  arrivesAt: Millis,
  undoneWords: Text(60),
  test: Boolean(),
  /** Those that were paid back after they were packed are called off: take them out. */
  orders: Array(
    Object({
      id: Id,
      state: oneOf(ORDER_STATES),
      lines: Array(ParcelLine, { maxItems: MAX_LINES })
    }),
    { maxItems: MAX_BOX_ORDERS }
  )
})
export type Parcel = Static<typeof Parcel>

/** Left out: her own shop. Operators say whose. */
const ofShop = Object({ shopId: Optional(Id) })

export const packingShops = contract({
  method: 'GET',
  url: '/api/packing/shops',
  schema: {
    summary: 'Shops whose parcels I may pack, with how much waits: those with the oldest paid order first.',
    response: {
      200: listOf(
        Object({ id: Id, name: Text(30), hostName: Text(40), toPack: Count, toShip: Count }),
        MAX_SHOPS
      )
    }
  },
  config: { who: [...PACKERS] }
})

export const packingStation = contract({
  method: 'GET',
  url: '/api/packing',
  schema: {
    summary: 'What a shop has to pack: paid orders with something to send, those paid first first.',
    querystring: ofShop,
    response: {
      200: Object({
        shop: Object({ id: Id, name: Text(30), hostName: Text(40) }),
        orders: Array(OrderToPack, { maxItems: MAX_TO_PACK }),
        /** There are more than one screen takes: pack these first. */
        more: Boolean(),
        toShip: Count
      })
    }
  },
  config: { who: [...PACKERS] }
})

export const packParcels = contract({
  method: 'POST',
  url: '/api/packing/parcels',
  schema: {
    summary:
      'Packs boxes, each for itself: an order that somebody else has packed refuses its own box only. The same box twice is one.',
    body: Object({
      shopId: Optional(Id),
      boxes: Array(
        Object({ orderIds: Array(Id, { minItems: 1, maxItems: MAX_BOX_ORDERS, uniqueItems: true }) }),
        { minItems: 1, maxItems: MAX_BOXES }
      )
    }),
    response: {
      200: Object({
        parcels: Array(Parcel, { maxItems: MAX_BOXES }),
        refused: Array(
          Object({ orderIds: Array(Id, { maxItems: MAX_BOX_ORDERS }), code: Text(40), words: Text(200) }),
          { maxItems: MAX_BOXES }
        )
      })
    }
  },
  config: { who: [...PACKERS] }
})

export const listParcels = contract({
  method: 'GET',
  url: '/api/packing/parcels',
  schema: {
    summary: 'Parcels of a shop in one state: packed ones in the order of packing, the others newest first.',
    querystring: Object({ shopId: Optional(Id), state: oneOf(PARCEL_STATES), after: Optional(Id) }),
    response: { 200: listOf(Parcel, PARCELS_PAGE) }
  },
  config: { who: [...PACKERS] }
})

export const findParcel = contract({
  method: 'GET',
  url: '/api/packing/find',
  schema: {
    summary: 'The parcel whose code, or whose carrier’s number, was scanned or typed.',
    querystring: Object({ text: String({ minLength: 1, maxLength: 200 }) }),
    response: { 200: Object({ parcel: Parcel }) }
  },
  config: { who: [...PACKERS] }
})

const params = Object({ parcelId: Id })
const tracking = {
  carrier: oneOf(CARRIERS),
  /** As it was scanned or typed; empty only where the shop carries it herself. */
  trackingNo: Text(MAX_TRACKING * 2),
  /** She has looked at a number that seemed odd. */
  sure: Optional(Boolean())
}
const answer = { 200: Object({ parcel: Parcel }) }

export const shipParcel = contract({
  method: 'POST',
  url: '/api/packing/parcels/:parcelId/ship',
  schema: {
    summary: 'Hands a parcel to its carrier; its buyer is told. The same twice is one.',
    params,
    body: Object({ ...tracking, grams: Optional(Integer({ minimum: 1, maximum: MAX_PARCEL_GRAMS })) }),
    response: answer
  },
  config: { who: [...PACKERS] }
})

export const correctParcel = contract({
  method: 'PUT',
  url: '/api/packing/parcels/:parcelId/tracking',
  schema: {
    summary: 'Corrects carrier or number of a parcel that is on its way; its buyer is told.',
    params,
    body: Object(tracking),
    response: answer
  },
  config: { who: [...PACKERS] }
})

export const weighParcel = contract({
  method: 'PUT',
  url: '/api/packing/parcels/:parcelId/weight',
  schema: {
    summary: 'Writes down what a parcel weighs.',
    params,
    body: Object({ grams: Integer({ minimum: 1, maximum: MAX_PARCEL_GRAMS }) }),
    response: answer
  },
  config: { who: [...PACKERS] }
})

export const unpackParcel = contract({
  method: 'POST',
  url: '/api/packing/parcels/:parcelId/unpack',
  schema: {
    summary: 'Opens a box again before it leaves: its orders are to be packed once more.',
    params,
    body: Object({ words: Line(60) }),
    response: answer
  },
  config: { who: [...PACKERS] }
})

/** How an order travels, as its buyer sees it. */
export const Delivering = Object({
  tempClass: oneOf(TEMP_CLASSES),
  /** 截单: the minute of the village’s day until when it leaves the same day; 0: nothing is promised. */
  cutoffMinute: Count,
  /** 预售: when it comes ashore; 0: it is here. */
  landsAt: Millis,
  leavesAt: Millis,
  /** Both are estimates; 0: nobody knows. */
  hours: Count,
  arrivesAt: Millis,
  /** Left out while it is not packed. */
  parcel: Optional(
    Object({
      code: Text(20),
      carrier: Text(20),
      trackingNo: Text(40),
      grams: Count,
      packedAt: Millis,
      shippedAt: Millis,
      /** Her orders in it, this one too. */
      orders: Array(Id, { maxItems: MAX_BOX_ORDERS })
    })
  ),
  /** When it counts as received by itself, or as done; 0: it does not. */
  movesAt: Millis,
  /** She may say that it is not there yet. */
  mayWait: Boolean()
})
export type Delivering = Static<typeof Delivering>

const order = Object({ orderId: Id })

export const myDelivery = contract({
  method: 'GET',
  url: '/api/me/orders/:orderId/delivery',
  schema: {
    summary: 'How one of my orders travels, where it is and when it should be there; nothing for vouchers.',
    params: order,
    response: { 200: Object({ delivering: Optional(Delivering) }) }
  },
  config: { who: 'member' }
})

export const receiveOrder = contract({
  method: 'POST',
  url: '/api/me/orders/:orderId/received',
  schema: {
    summary: 'I have it in my hands, with everything else that was in the box.',
    params: order,
    response: { 200: Object({ delivering: Optional(Delivering) }) }
  },
  config: { who: 'member' }
})

export const waitForParcel = contract({
  method: 'POST',
  url: '/api/me/orders/:orderId/still-waiting',
  schema: {
    summary: 'It is not there yet: it counts as received by itself some days later.',
    params: order,
    response: { 200: Object({ delivering: Optional(Delivering) }) }
  },
  config: { who: 'member' }
})
