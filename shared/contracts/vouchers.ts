import { Array, Boolean, Literal, Object, Optional, String, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Code, Count, Fen, Id, Line, listOf, Millis, oneOf, Picture, Text } from '../schemas.ts'

/** 券码: one meal, one place on the mudflat, one ticket; and 闸口, where it is redeemed (核销). */

export const VOUCHER_STATES = ['open', 'redeemed', 'expired', 'refunded'] as const
export type VoucherState = (typeof VOUCHER_STATES)[number]
export const VOUCHERS_PAGE = 50
/** Vouchers in one page of what a gate takes along. */
export const BUNDLE_PAGE = 500
/** Redemptions that a gate hands in at once. */
export const MAX_SYNC = 200
export const LOG_PAGE = 50
const MAX_SHOPS = 200

/** A voucher as its buyer sees it. */
export const MyVoucher = Object({
  id: Id,
  orderId: Id,
  specId: Id,
  productId: Id,
  shopId: Id,
  shopName: Text(30),
  hostName: Text(40),
  village: Text(60),
  title: Text(60),
  specName: Text(30),
  photo: Picture,
  /** The nth of so many of its line. */
  n: Count,
  of: Count,
  /** What one says at the gate. */
  code: Code,
  /** What the QR code says; empty unless it is open. */
  qr: Text(400),
  state: oneOf(VOUCHER_STATES),
  /** Good until the last moment of a day of the village. */
  expiresAt: Millis,
  /** 0: it was not. */
  redeemedAt: Millis,
  /** What would come back now; 0 where it is not open, or cost nothing. */
  backFen: Fen,
  /** Open, and the order still has its money: she may give it back. */
  canRefund: Boolean(),
  test: Boolean(),
  createdAt: Millis
})
export type MyVoucher = Static<typeof MyVoucher>

export const myVouchers = contract({
  method: 'GET',
  url: '/api/me/vouchers',
  schema: {
    summary:
      'My vouchers: open ones, those that end first first; or what became of the others, newest first.',
    querystring: Object({ list: oneOf(['open', 'past']), after: Optional(Id) }),
    response: { 200: listOf(MyVoucher, VOUCHERS_PAGE) }
  },
  config: { who: 'member' }
})

export const orderVouchers = contract({
  method: 'GET',
  url: '/api/me/orders/:orderId/vouchers',
  schema: {
    summary: 'The vouchers of one of my orders, in the order of its lines; none for goods.',
    params: Object({ orderId: Id }),
    querystring: Object({ after: Optional(Id) }),
    response: { 200: listOf(MyVoucher, VOUCHERS_PAGE) }
  },
  config: { who: 'member' }
})

export const refundVoucher = contract({
  method: 'POST',
  url: '/api/me/vouchers/:voucherId/refund',
  schema: {
    summary:
      '随时退: gives an open voucher back; what it cost her is paid back. The same twice is one refund.',
    params: Object({ voucherId: Id }),
    response: { 200: Object({ voucher: MyVoucher }) }
  },
  config: { who: 'member' }
})

/** Who stands at a gate: the shop itself, and the union. */
const KEEPERS = ['host', 'operator', 'officer'] as const
/** Left out: her own shop. Others say whose. */
const ofShop = { shopId: Optional(Id) }

/** The village’s public key. P-256: import it with `TICKET_KEY` of shared/voucher.ts. */
export const GateKey = Object({
  kty: Literal('EC'),
  crv: Literal('P-256'),
  x: String({ pattern: '^[\\w-]{43}$' }),
  y: String({ pattern: '^[\\w-]{43}$' })
})

/** What a gate knows of an open voucher while it has no network. */
export const GateVoucher = Object({
  id: Id,
  code: Code,
  specId: Id,
  title: Text(60),
  specName: Text(30),
  n: Count,
  issuedAt: Millis,
  expiresAt: Millis,
  /** Bought with test money: nobody paid for it. */
  test: Boolean()
})
export type GateVoucher = Static<typeof GateVoucher>

export const gateShops = contract({
  method: 'GET',
  url: '/api/gate/shops',
  schema: {
    summary:
      'Shops at whose gate I may stand, with how many vouchers are open: mine, or to the union all that have some.',
    response: {
      200: listOf(Object({ id: Id, name: Text(30), hostName: Text(40), open: Count }), MAX_SHOPS)
    }
  },
  config: { who: [...KEEPERS] }
})

export const gateBundle = contract({
  method: 'GET',
  url: '/api/gate/bundle',
  schema: {
    summary:
      'What a gate takes along to where there is no network: the key that signs codes, and all open vouchers of the shop, page by page.',
    querystring: Object({ ...ofShop, after: Optional(Id) }),
    response: {
      200: Object({
        shop: Object({ id: Id, name: Text(30) }),
        /** Now, by the server: a gate counts the difference to its own clock into every `at`. */
        now: Millis,
        key: GateKey,
        items: Array(GateVoucher, { maxItems: BUNDLE_PAGE }),
        /** Redeemed today at all gates of the shop. */
        today: Count,
        /** There are more: ask again after the last of these. */
        more: Boolean()
      })
    }
  },
  config: { who: [...KEEPERS] }
})

/** Ids of acts and of phones, made at the gate. */
const GateId = String({ pattern: '^[0-9a-z][0-9a-z-]{7,39}$' })

const gate = {
  ...ofShop,
  /** The phone that stands there, and what people call the place: 码头, 餐厅. */
  gateId: GateId,
  gateName: Text(20)
}

const scan = {
  /** Made by the gate, once for each act: the same twice is one. */
  id: GateId,
  /** What was scanned or typed: the QR code’s text, six digits, or a voucher’s id. */
  text: String({ minLength: 1, maxLength: 400 }),
  /** By the gate’s clock, put right by the server’s. */
  at: Millis
}

/**
 * `redeemed`: it is good, let her in. `conflict`: it was redeemed (or, when this came to light later, paid back) before:
 * `words` and `first` say who was first. `refused`: see `reason`. `undone`: it was redeemed and taken back.
 */
export const TRY_OUTCOMES = ['redeemed', 'conflict', 'refused', 'undone'] as const
/**
 * Empty where it was redeemed. `clock`: the time is not possible, nothing was written: put the clock right and send the
 * same again. `unknown`: no such voucher. `forged`: not signed by the village.
 */
export const TRY_REASONS = [
  '',
  'redeemed',
  'refunded',
  'expired',
  'unknown',
  'forged',
  'other_shop',
  'clock'
] as const

export const GateTry = Object({
  /** The act’s, as the gate made it. */
  id: GateId,
  outcome: oneOf(TRY_OUTCOMES),
  reason: oneOf(TRY_REASONS),
  /** For whoever stands there; why it was undone. */
  words: Text(200),
  /** Which it was; left out where nobody knows. */
  voucher: Optional(
    Object({
      id: Id,
      code: Code,
      title: Text(60),
      specName: Text(30),
      n: Count,
      expiresAt: Millis,
      test: Boolean()
    })
  ),
  /** Who redeemed it before, where somebody did. */
  first: Optional(Object({ at: Millis, byName: Text(40), gateName: Text(20), sameGate: Boolean() })),
  gateId: Text(40),
  gateName: Text(20),
  byName: Text(40),
  /** When it happened by the gate’s clock, and when the village heard of it. */
  at: Millis,
  heardAt: Millis,
  offline: Boolean(),
  /** May be taken back until then; 0: no. */
  undoUntil: Millis
})
export type GateTry = Static<typeof GateTry>

export const redeemVoucher = contract({
  method: 'POST',
  url: '/api/gate/redemptions',
  schema: {
    summary: 'Redeems a voucher at a gate with network. Whatever becomes of it is the answer.',
    body: Object({ ...gate, ...scan }),
    response: { 200: Object({ tried: GateTry }) }
  },
  config: { who: [...KEEPERS] }
})

export const syncRedemptions = contract({
  method: 'POST',
  url: '/api/gate/sync',
  schema: {
    summary:
      'Hands in what a gate did without network, oldest first. What was handed in before is answered as it was then. A conflict is told to the union.',
    body: Object({
      ...gate,
      items: Array(
        Object({
          ...scan,
          /** It was taken back before anybody heard of it: written down, and the voucher stays open. */
          undone: Optional(Object({ at: Millis, words: Line(60) }))
        }),
        { minItems: 1, maxItems: MAX_SYNC }
      )
    }),
    response: {
      200: Object({ now: Millis, items: Array(GateTry, { maxItems: MAX_SYNC }) })
    }
  },
  config: { who: [...KEEPERS] }
})

export const undoRedemption = contract({
  method: 'POST',
  url: '/api/gate/redemptions/:redemptionId/undo',
  schema: {
    summary: 'Takes a redemption back within five minutes, with a reason: the voucher is open again.',
    params: Object({ redemptionId: GateId }),
    body: Object({ ...ofShop, words: Line(60) }),
    response: { 200: Object({ tried: GateTry }) }
  },
  config: { who: [...KEEPERS] }
})

export const gateLog = contract({
  method: 'GET',
  url: '/api/gate/log',
  schema: {
    summary: 'What was tried at the gates of a shop, newest first: all of it, or what needs a look.',
    querystring: Object({ ...ofShop, list: Optional(oneOf(['all', 'conflicts'])), after: Optional(GateId) }),
    response: { 200: listOf(GateTry, LOG_PAGE) }
  },
  config: { who: [...KEEPERS] }
})
