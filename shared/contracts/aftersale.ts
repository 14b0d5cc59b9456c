import { Array, Boolean, Integer, Object, Optional, String, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Fen, Id, Line, listOf, Millis, oneOf, Picture, Text } from '../schemas.ts'
import { CaseView } from './cases.ts'
import { GOODS_CLASSES, UNITS } from './catalogue.ts'
import { HostDocument } from './licences.ts'
import { MAX_LINES, MAX_QTY, ORDER_STATES } from './orders.ts'

/** 售后: money that goes back, goods that came bad (坏单包赔), goods that go back, and what answers a dispute. */

export const REFUND_CAUSES = [
  'cancelled',
  'asked',
  'seven_days',
  'compensation',
  'voucher',
  'lot_lost',
  'goodwill'
] as const
export type RefundCause = (typeof REFUND_CAUSES)[number]
/** `nothing`: there was no money to pay back. */
export const REFUND_STATES = ['asked', 'done', 'failed', 'nothing'] as const
export const BAD_WHATS = ['dead', 'short', 'broken', 'wrong'] as const
export type BadWhat = (typeof BAD_WHATS)[number]
export const COMPENSATION_STATES = ['open', 'granted', 'refused', 'withdrawn'] as const
export const RETURN_STATES = ['asked', 'sent', 'back', 'refused', 'dropped'] as const
/** What of one piece may be bad: a little, half, most, all of it. */
export const BAD_PERCENTS = [25, 50, 75, 100] as const
export const BAD_PHOTOS = 6
export const AFTERSALE_PAGE = 50

export const Refund = Object({
  id: Id,
  orderId: Id,
  cause: oneOf(REFUND_CAUSES),
  lines: Array(Object({ specId: Id, qty: Count, fen: Fen }), { maxItems: MAX_LINES }),
  goodsFen: Fen,
  freightFen: Fen,
  state: oneOf(REFUND_STATES),
  words: Text(300),
  /** Empty: the village did it by itself. */
  byName: Text(40),
  createdAt: Millis,
  doneAt: Millis
})
export type Refund = Static<typeof Refund>

export const Compensation = Object({
  id: Id,
  orderId: Id,
  specId: Id,
  title: Text(60),
  what: oneOf(BAD_WHATS),
  qty: Count,
  percent: Count,
  askedFen: Fen,
  grantedFen: Fen,
  state: oneOf(COMPENSATION_STATES),
  /** Empty: granted at once, by rule. */
  caseId: Text(40),
  code: Text(4),
  fileIds: Array(Id, { maxItems: BAD_PHOTOS }),
  words: Text(300),
  createdAt: Millis,
  closedAt: Millis
})
export type Compensation = Static<typeof Compensation>

export const GoodsReturn = Object({
  id: Id,
  orderId: Id,
  lines: Array(Object({ specId: Id, qty: Count, title: Text(60) }), { maxItems: MAX_LINES }),
  state: oneOf(RETURN_STATES),
  parcel: Text(60),
  words: Text(300),
  createdAt: Millis,
  /** 0: nobody has to do anything yet. */
  dueAt: Millis,
  overdue: Boolean(),
  closedAt: Millis
})
export type GoodsReturn = Static<typeof GoodsReturn>

/** Why a line can't be sent back; empty: it can. */
export const NOT_RETURNED = ['', 'ticked', 'voucher', 'not_received', 'too_late', 'all_back'] as const
/** Why nothing bad can be reported of it; empty: it can. */
export const NOT_COMPENSATED = ['', 'voucher', 'not_shipped', 'too_late', 'all_back', 'open'] as const

export const AftersaleLine = Object({
  specId: Id,
  title: Text(60),
  specName: Text(30),
  unit: oneOf(UNITS),
  photo: Picture,
  qty: Count,
  leftQty: Count,
  leftFen: Fen,
  /** What one of it brings back. */
  pieceFen: Fen,
  notReturned: oneOf(NOT_RETURNED),
  notCompensated: oneOf(NOT_COMPENSATED),
  windowHours: Count,
  /** The end of that window; 0: it has not begun. */
  windowUntil: Millis
})
export type AftersaleLine = Static<typeof AftersaleLine>

export const OrderAftersale = Object({
  orderId: Id,
  /** Whom photos of bad goods are for besides her. */
  hostId: Id,
  state: oneOf(ORDER_STATES),
  test: Boolean(),
  payFen: Fen,
  refundedFen: Fen,
  leftFreightFen: Fen,
  /** Paid and not packed: she takes it back by herself. */
  cancelFen: Fen,
  canCancel: Boolean(),
  /** 0: the seven days have not begun. */
  returnUntil: Millis,
  /** Where goods are sent back to, in the union's words. */
  returnTo: Text(200),
  lines: Array(AftersaleLine, { maxItems: MAX_LINES }),
  refunds: Array(Refund, { maxItems: AFTERSALE_PAGE }),
  compensations: Array(Compensation, { maxItems: AFTERSALE_PAGE }),
  returns: Array(GoodsReturn, { maxItems: AFTERSALE_PAGE })
})
export type OrderAftersale = Static<typeof OrderAftersale>

const order = Object({ orderId: Id })
const aftersale = { 200: Object({ aftersale: OrderAftersale }) }

export const orderAftersale = contract({
  method: 'GET',
  url: '/api/me/orders/:orderId/aftersale',
  schema: {
    summary: 'What may still be cancelled, sent back or reported of my order, and what was paid back.',
    params: order,
    response: aftersale
  },
  config: { who: 'member' }
})

export const cancelPaid = contract({
  method: 'POST',
  url: '/api/me/orders/:orderId/refund',
  schema: {
    summary: 'Takes a paid order back that is not packed: all its goods and their freight are paid back.',
    params: order,
    response: aftersale
  },
  config: { who: 'member' }
})

export const photoCode = contract({
  method: 'POST',
  url: '/api/me/orders/:orderId/photo-code',
  schema: {
    summary: 'Four digits to write beside what came bad; they change every few minutes.',
    params: order,
    response: { 200: Object({ code: String({ pattern: '^[0-9]{4}$' }), until: Millis }) }
  },
  config: { who: 'member' }
})

export const reportBad = contract({
  method: 'POST',
  url: '/api/me/orders/:orderId/compensations',
  schema: {
    summary:
      'Reports what came dead, short, broken or wrong, with photos that show the digits. Small sums are granted at once. The same photos twice are one report.',
    params: order,
    body: Object({
      specId: Id,
      what: oneOf(BAD_WHATS),
      qty: Integer({ minimum: 1, maximum: MAX_QTY }),
      percent: Integer({ minimum: 1, maximum: 100 }),
      code: String({ pattern: '^[0-9]{4}$' }),
      fileIds: Array(Id, { minItems: 1, maxItems: BAD_PHOTOS, uniqueItems: true }),
      words: Text(300)
    }),
    response: { 200: Object({ compensation: Compensation }) }
  },
  config: { who: 'member' }
})

export const askReturn = contract({
  method: 'POST',
  url: '/api/me/orders/:orderId/returns',
  schema: {
    summary: 'Sends goods back within seven days, for no reason; the money goes back when they have come.',
    params: order,
    body: Object({
      lines: Array(Object({ specId: Id, qty: Integer({ minimum: 1, maximum: MAX_QTY }) }), {
        minItems: 1,
        maxItems: MAX_LINES
      })
    }),
    response: aftersale
  },
  config: { who: 'member' }
})

const goodsReturn = Object({ returnId: Id })

export const sendReturn = contract({
  method: 'PUT',
  url: '/api/me/returns/:returnId',
  schema: {
    summary: 'I have sent it: carrier and number. Without them I take it back.',
    params: goodsReturn,
    body: Object({ parcel: Text(60) }),
    response: aftersale
  },
  config: { who: 'member' }
})

/** One bad box on the desk: what she says, what it is about, and its case where there is one. */
export const DeskCompensation = Object({
  compensation: Compensation,
  case: Optional(CaseView),
  buyer: Text(40),
  shopName: Text(30),
  test: Boolean(),
  /** How often this buyer has reported within thirty days, this one too. */
  lately: Count
})
export type DeskCompensation = Static<typeof DeskCompensation>

export const DeskReturn = Object({ goodsReturn: GoodsReturn, buyer: Text(40), shopName: Text(30) })
export type DeskReturn = Static<typeof DeskReturn>
export const DeskRefund = Object({
  refund: Refund,
  shopName: Text(30),
  buyer: Text(40),
  test: Boolean(),
  /** The gateway's no. */
  why: Text(300)
})

export type DeskRefund = Static<typeof DeskRefund>

export const MONEY_ALERTS = [
  'paid_too_late',
  'payment_mismatch',
  'payment_unknown',
  'payment_disputed',
  'refunded_elsewhere',
  'refund_failed',
  'refund_waits',
  'books_differ',
  'reconcile_differs'
] as const
export const MoneyAlert = Object({
  id: Id,
  /** One of MONEY_ALERTS, or what a newer server calls it. */
  action: Text(40),
  subject: Text(200),
  /** What is known, as lines. */
  details: Array(Object({ name: Text(40), value: Text(300) }), { maxItems: 20 }),
  at: Millis,
  settledAt: Millis,
  settledByName: Text(40),
  words: Text(300)
})
export type MoneyAlert = Static<typeof MoneyAlert>

const staff = ['operator', 'officer'] as const

export const aftersaleWaits = contract({
  method: 'GET',
  url: '/api/aftersale/waits',
  schema: {
    summary: 'How much waits at the aftersale desk, and how much too long.',
    response: {
      200: Object({
        bad: Count,
        badLate: Count,
        returns: Count,
        returnsLate: Count,
        failed: Count,
        alerts: Count
      })
    }
  },
  config: { who: staff }
})

export const deskCompensations = contract({
  method: 'GET',
  url: '/api/aftersale/compensations',
  schema: {
    summary: 'Bad goods: those that wait by their deadline, or all others, newest first.',
    querystring: Object({ list: oneOf(['open', 'closed']), after: Optional(Id) }),
    response: { 200: listOf(DeskCompensation, AFTERSALE_PAGE) }
  },
  config: { who: staff }
})

export const decideCompensation = contract({
  method: 'POST',
  url: '/api/aftersale/compensations/:compensationId/decision',
  schema: {
    summary:
      'Grants all of it, a part or nothing, as the case was seen; the money goes back in the same moment.',
    params: Object({ compensationId: Id }),
    body: Object({ version: Count, grantFen: Fen, words: Text(300) }),
    response: { 200: Object({ item: DeskCompensation }) }
  },
  config: { who: staff }
})

export const deskReturns = contract({
  method: 'GET',
  url: '/api/aftersale/returns',
  schema: {
    summary: 'Goods on their way back, the oldest first, or those that are closed.',
    querystring: Object({ list: oneOf(['open', 'closed']), after: Optional(Id) }),
    response: { 200: listOf(DeskReturn, AFTERSALE_PAGE) }
  },
  config: { who: staff }
})

export const settleReturn = contract({
  method: 'POST',
  url: '/api/aftersale/returns/:returnId/settlement',
  schema: {
    summary:
      'It came back as it went out, and the money goes back; or it did not, and why. Its host or staff.',
    params: goodsReturn,
    body: Object({ good: Boolean(), words: Text(300) }),
    response: { 200: Object({ item: DeskReturn }) }
  },
  config: { who: ['host', 'operator', 'officer'] }
})

export const deskRefunds = contract({
  method: 'GET',
  url: '/api/aftersale/refunds',
  schema: {
    summary: 'Refunds that failed and what the gateway said, or all, newest first.',
    querystring: Object({ list: oneOf(['failed', 'all']), after: Optional(Id) }),
    response: { 200: listOf(DeskRefund, AFTERSALE_PAGE) }
  },
  config: { who: staff }
})

export const payBack = contract({
  method: 'POST',
  url: '/api/aftersale/orders/:orderId/refunds',
  schema: {
    summary:
      'Pays back so many of a line, or so much of it, or freight, with words to her. The same `key` is one refund.',
    params: order,
    body: Object({
      key: String({ pattern: '^[0-9a-z-]{8,40}$' }),
      cause: oneOf(['asked', 'goodwill']),
      lines: Array(
        Object({
          specId: Id,
          qty: Integer({ minimum: 0, maximum: MAX_QTY }),
          /** Exactly so much; without it what so many pieces cost her. */
          fen: Optional(Fen)
        }),
        { maxItems: MAX_LINES }
      ),
      freightFen: Fen,
      words: Line(300)
    }),
    response: { 200: Object({ refund: Refund, aftersale: OrderAftersale }) }
  },
  config: { who: staff }
})

const refundOne = Object({ refundId: Id })

export const refundAgain = contract({
  method: 'POST',
  url: '/api/aftersale/refunds/:refundId/again',
  schema: {
    summary: 'Asks the gateway once more for a refund that failed.',
    params: refundOne,
    response: { 200: Object({ refund: Refund }) }
  },
  config: { who: staff }
})

export const refundByHand = contract({
  method: 'POST',
  url: '/api/aftersale/refunds/:refundId/by-hand',
  schema: {
    summary: 'A refund that failed was paid back another way: how, in words.',
    params: refundOne,
    body: Object({ words: Line(200) }),
    response: { 200: Object({ refund: Refund }) }
  },
  config: { who: ['officer'] }
})

export const moneyAlerts = contract({
  method: 'GET',
  url: '/api/aftersale/alerts',
  schema: {
    summary: 'What happened to money that a person has to look at, newest first.',
    querystring: Object({ list: oneOf(['open', 'settled']), after: Optional(Id) }),
    response: { 200: listOf(MoneyAlert, AFTERSALE_PAGE) }
  },
  config: { who: staff }
})

export const settleAlert = contract({
  method: 'POST',
  url: '/api/aftersale/alerts/:alertId/settlement',
  schema: {
    summary: 'Somebody has looked at it: what she found.',
    params: Object({ alertId: Id }),
    body: Object({ words: Line(300) }),
    response: { 200: Object({ alert: MoneyAlert }) }
  },
  config: { who: staff }
})

/** A shop's own: what was reported of her goods, what comes back, what was paid back. */
export const shopAftersale = contract({
  method: 'GET',
  url: '/api/my/shop/aftersale',
  schema: {
    summary: 'What was reported of my goods, what comes back to me and what was paid back, newest first.',
    response: {
      200: Object({
        compensations: Array(DeskCompensation, { maxItems: AFTERSALE_PAGE }),
        returns: Array(DeskReturn, { maxItems: AFTERSALE_PAGE })
      })
    }
  },
  config: { who: ['host'] }
})

/** How long bad goods may be reported, and what is granted with nobody looking first. */
export const AftersaleRules = Object({
  windows: Array(Object({ goodsClass: oneOf(GOODS_CLASSES), hours: Integer({ minimum: 0, maximum: 720 }) }), {
    maxItems: GOODS_CLASSES.length
  }),
  autoOrderFen: Integer({ minimum: 0, maximum: 1_000_000 }),
  autoMonthFen: Integer({ minimum: 0, maximum: 1_000_000 }),
  autoMonthTimes: Integer({ minimum: 0, maximum: 100 }),
  returnTo: Text(200)
})
export type AftersaleRules = Static<typeof AftersaleRules>

const pack = {
  200: Object({ version: Count, rules: AftersaleRules, changedAt: Millis, changedByName: Text(40) })
}

export const getAftersaleRules = contract({
  method: 'GET',
  url: '/api/aftersale/rules',
  schema: { summary: 'The rules of bad goods and returns.', response: pack },
  config: { who: staff }
})

export const setAftersaleRules = contract({
  method: 'PUT',
  url: '/api/aftersale/rules',
  schema: {
    summary: 'Changes the rules of bad goods and returns; what was before stands in the audit.',
    body: Object({ version: Count, rules: AftersaleRules }),
    response: pack
  },
  config: { who: ['officer'] }
})

/** 证据包 (消费者权益保护法实施条例): who sold it, what was agreed, everything that happened, on paper. */
export const orderFile = contract({
  method: 'GET',
  url: '/api/orders/:orderId/file',
  schema: {
    summary:
      'Everything that answers a dispute over an order: seller, order as agreed, changes, money, photos. For its buyer, its host and staff.',
    params: order,
    response: {
      200: Object({
        printedAt: Millis,
        orderId: Id,
        state: oneOf(ORDER_STATES),
        test: Boolean(),
        buyer: Text(40),
        deliverTo: Text(200),
        seller: Object({
          shopName: Text(30),
          hostName: Text(40),
          village: Text(60),
          phone: Text(20),
          documents: Array(HostDocument, { maxItems: 100 })
        }),
        goodsFen: Fen,
        discountFen: Fen,
        freightFen: Fen,
        payFen: Fen,
        lines: Array(
          Object({
            specId: Id,
            title: Text(60),
            specName: Text(30),
            unit: oneOf(UNITS),
            qty: Count,
            priceFen: Fen,
            offFen: Fen,
            refundedQty: Count,
            refundedFen: Fen,
            perishable: Boolean(),
            /** 0: she ticked nothing. */
            agreedAt: Millis
          }),
          { maxItems: MAX_LINES }
        ),
        payment: Optional(
          Object({
            id: Id,
            gateway: Text(20),
            method: Text(20),
            amountFen: Fen,
            paidAt: Millis,
            ref: Text(200)
          })
        ),
        changes: Array(Object({ state: Text(20), at: Millis, byName: Text(40), note: Text(120) }), {
          maxItems: 50
        }),
        parcel: Optional(Object({ carrier: Text(40), trackingNo: Text(60), shippedAt: Millis })),
        aftersale: OrderAftersale,
        cases: Array(CaseView, { maxItems: AFTERSALE_PAGE })
      })
    }
  },
  config: { who: 'member' }
})
