import { Array, Boolean, Integer, Object, Optional, String, Unsafe, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Fen, Id, Line, Millis, Nothing, oneOf, Text } from '../schemas.ts'
import { UNITS } from './catalogue.ts'
import { MAX_LINES, ORDER_STATES } from './orders.ts'

/** 分录, 对账单, 打款: where money went, what a host gets of it and when, and what goes to her bank. */

/** Up to ten billion yuan to either side: what all shops together may come to. */
export const SumFen = Integer({ minimum: -1_000_000_000_000, maximum: 1_000_000_000_000 })
const HOST = ['host'] as const
const OFFICER = ['officer'] as const

export const POSTING_KINDS = ['sale', 'refund', 'fee', 'payout', 'correction'] as const
export const BATCH_STATES = ['drawn_up', 'half_paid', 'paid', 'dropped'] as const
/** Real money, and that of the demo cashier: two books that never meet. */
export const BOOKS = ['real', 'demo'] as const
export const STATEMENT_PAGE = 50

/** How what a host gets came about; the parts add up to `fen`. */
export const Share = Object({
  /** What the buyer paid for the goods. */
  buyerFen: SumFen,
  /** What a coupon of the union adds. */
  couponFen: SumFen,
  freightFen: SumFen,
  /** What the union keeps: below 0. */
  feeFen: SumFen,
  /** What went to her bank: below 0. */
  paidOutFen: SumFen,
  fen: SumFen
})
export type Share = Static<typeof Share>

export const StatementLine = Object({
  id: Id,
  at: Millis,
  kind: oneOf(POSTING_KINDS),
  /** The order that it opens; empty: none. */
  orderId: Text(40),
  title: Text(60),
  words: Text(120),
  share: Share,
  /** waiting: its order is not done. due: it goes to her bank with the next batch. batch: it is in one. */
  where: oneOf(['waiting', 'due', 'batch']),
  batchId: Text(40)
})
export type StatementLine = Static<typeof StatementLine>

export const BankShown = Object({
  /** 王秀兰 · 农业银行 · 尾号 1234. */
  shown: Text(120),
  updatedAt: Millis
})
export type BankShown = Static<typeof BankShown>

const Amount = Object({ fen: SumFen, lines: Count })

const statementQuery = Object({
  book: Optional(oneOf(BOOKS)),
  part: Optional(oneOf(['all', 'waiting', 'due'])),
  /** The lines of one payout: they add up to it. */
  batchId: Optional(Id)
})

export const getStatement = contract({
  method: 'GET',
  url: '/api/my/shop/money',
  schema: {
    summary: 'What my shop brought: what waits, what is due, what was paid out, and every line behind it.',
    querystring: Object({ ...statementQuery.properties, after: Optional(Id) }),
    response: {
      200: Object({
        book: oneOf(BOOKS),
        /** The other book has lines too. */
        both: Boolean(),
        waiting: Amount,
        due: Amount,
        payouts: Array(
          Object({
            batchId: Id,
            fen: SumFen,
            payee: Text(120),
            state: oneOf(BATCH_STATES),
            at: Millis
          }),
          { maxItems: 24 }
        ),
        bank: Optional(BankShown),
        feePermyriad: Count,
        items: Array(StatementLine, { maxItems: STATEMENT_PAGE })
      })
    }
  },
  config: { who: HOST }
})

/** What a line of the statement opens. */
export const getMoneyOfOrder = contract({
  method: 'GET',
  url: '/api/my/shop/money/orders/:orderId',
  schema: {
    summary:
      'One order of my shop as money: what was bought, who paid which part, what came back, what is mine.',
    params: Object({ orderId: Id }),
    response: {
      200: Object({
        orderId: Id,
        state: oneOf(ORDER_STATES),
        /** 王**: enough to know which one it is. */
        buyer: Text(40),
        test: Boolean(),
        paidAt: Millis,
        goods: Array(
          Object({
            specId: Id,
            title: Text(60),
            specName: Text(30),
            unit: oneOf(UNITS),
            qty: Count,
            priceFen: Fen,
            offFen: Fen,
            refundedFen: Fen
          }),
          { maxItems: MAX_LINES }
        ),
        hostCouponFen: Fen,
        unionCouponFen: Fen,
        freightFen: Fen,
        payFen: Fen,
        refundedFen: Fen,
        fen: SumFen,
        items: Array(StatementLine, { maxItems: 100 })
      })
    }
  },
  config: { who: HOST }
})

export const exportStatement = contract({
  method: 'GET',
  url: '/api/my/shop/money.xlsx',
  schema: {
    summary: 'The statement as a sheet.',
    querystring: statementQuery,
    response: { 200: Unsafe<unknown>({}) }
  },
  config: { who: HOST }
})

export const exportStatementText = contract({
  method: 'GET',
  url: '/api/my/shop/money.csv',
  schema: {
    summary: 'The statement as CSV.',
    querystring: statementQuery,
    response: { 200: Unsafe<unknown>({}) }
  },
  config: { who: HOST }
})

/** Digits only: cards have 16 to 19, accounts of companies from 8 on. */
export const BankNumber = String({ pattern: '^[0-9]{8,30}$' })

export const saveBankAccount = contract({
  method: 'PUT',
  url: '/api/my/shop/bank',
  schema: {
    summary: 'Where my money goes. It is sealed at once; afterwards only its last four digits are shown.',
    body: Object({ holder: Line(20), bank: Line(30), number: BankNumber }),
    response: { 200: Object({ bank: BankShown }) }
  },
  config: { who: HOST }
})

// what officers do

export const lookAtBankAccount = contract({
  method: 'POST',
  url: '/api/bank-accounts/:shopId/look',
  schema: {
    summary: 'Shows a whole bank account once; who looked, when and why is written down.',
    params: Object({ shopId: Id }),
    body: Object({ reason: Line(120) }),
    response: { 200: Object({ holder: Text(40), bank: Text(40), number: Text(30) }) }
  },
  config: { who: OFFICER }
})

const Due = Object({
  shopId: Id,
  shopName: Text(30),
  hostName: Text(40),
  fen: SumFen,
  payee: Text(120),
  /** Why it is in no batch: she has told nobody her account, or what she owes is more than what she gets. */
  problem: oneOf(['', 'no_account', 'nothing_left']),
  /** It goes elsewhere than the last time. */
  newPayee: Boolean()
})
export type Due = Static<typeof Due>
/** A batch pays no more shops at once. */
export const MAX_PAYOUTS = 200

export const getDue = contract({
  method: 'GET',
  url: '/api/payouts/due',
  schema: {
    summary:
      'What a batch drawn up now would pay to whom: orders that are done and that nobody complains about.',
    response: {
      200: Object({
        items: Array(Due, { maxItems: 2 * MAX_PAYOUTS }),
        totalFen: SumFen,
        /** Orders that are left out because something of them is open. */
        heldOrders: Count,
        /** Money of the demo cashier; it is never paid out. */
        demoFen: SumFen,
        /** What the last check of the books found: first look into that, then pay. */
        troubles: Count
      })
    }
  },
  config: { who: OFFICER }
})

export const Batch = Object({
  id: Id,
  state: oneOf(BATCH_STATES),
  totalFen: SumFen,
  shops: Count,
  upTo: Millis,
  createdAt: Millis,
  createdByName: Text(40),
  firstByName: Text(40),
  firstAt: Millis,
  secondByName: Text(40),
  secondAt: Millis
})
export type Batch = Static<typeof Batch>

const WholeBatch = Object({
  batch: Batch,
  /** The first of the two was I: somebody else has to be the second. */
  mine: Boolean(),
  payouts: Array(
    Object({
      shopId: Id,
      shopName: Text(30),
      hostName: Text(40),
      fen: SumFen,
      payee: Text(120),
      lines: Count,
      /** She has another account by now than the one this batch was drawn up for. */
      payeeChanged: Boolean()
    }),
    { maxItems: MAX_PAYOUTS }
  ),
  /** What was done with it, the newest first: looks at whole account numbers among it. */
  deeds: Array(Object({ what: Text(40), byName: Text(40), at: Millis, words: Text(120) }), { maxItems: 50 })
})
export type WholeBatch = Static<typeof WholeBatch>

export const drawUpBatch = contract({
  method: 'POST',
  url: '/api/payouts',
  schema: {
    summary: 'Draws up a batch of what is due. Refused when it is not the total that the officer saw.',
    body: Object({ totalFen: SumFen }),
    response: { 200: WholeBatch }
  },
  config: { who: OFFICER }
})

export const listBatches = contract({
  method: 'GET',
  url: '/api/payouts',
  schema: {
    summary: 'Batches, newest first.',
    querystring: Object({ after: Optional(Id) }),
    response: { 200: Object({ items: Array(Batch, { maxItems: 50 }) }) }
  },
  config: { who: OFFICER }
})

const params = Object({ batchId: Id })

export const getBatch = contract({
  method: 'GET',
  url: '/api/payouts/:batchId',
  schema: {
    summary: 'One batch: to whom, how much, and who said what.',
    params,
    response: { 200: WholeBatch }
  },
  config: { who: OFFICER }
})

export const bankSheet = contract({
  method: 'POST',
  url: '/api/payouts/:batchId/sheet',
  schema: {
    summary: 'The batch as xlsx for the bank, with whole account numbers; that it was made is written down.',
    params,
    body: Nothing,
    response: { 200: Unsafe<unknown>({}) }
  },
  config: { who: OFFICER }
})

export const markPaid = contract({
  method: 'POST',
  url: '/api/payouts/:batchId/paid',
  schema: {
    summary: 'Says that the bank has paid it. It counts as paid when two different officers have said so.',
    params,
    body: Nothing,
    response: { 200: WholeBatch }
  },
  config: { who: OFFICER }
})

export const markNotPaid = contract({
  method: 'POST',
  url: '/api/payouts/:batchId/not-paid',
  schema: {
    summary: 'Takes back that it was paid, while only one has said so.',
    params,
    body: Object({ words: Line(120) }),
    response: { 200: WholeBatch }
  },
  config: { who: OFFICER }
})

export const dropBatch = contract({
  method: 'POST',
  url: '/api/payouts/:batchId/drop',
  schema: {
    summary: 'Drops a batch that nobody has paid: what was in it is due again.',
    params,
    body: Object({ words: Line(120) }),
    response: { 200: WholeBatch }
  },
  config: { who: OFFICER }
})

/** What does not agree. */
export const BOOK_TROUBLES = [
  /** Entries of one posting, or of the whole book, that do not sum to 0. */
  'posting_off',
  'book_off',
  /** An order that was paid and is not in the book, or the reverse. */
  'no_sale',
  'no_order',
  /** An account says something else of an order than the order itself. */
  'order_differs',
  /** The order’s refunds, or the payments behind it, come to something else. */
  'refunds_differ',
  'payment_differs',
  /** A batch is something else than its lines. */
  'batch_differs'
] as const

export const BookTrouble = Object({
  what: oneOf(BOOK_TROUBLES),
  /** The order, posting, payment or batch. */
  subject: Text(120),
  account: Text(80),
  expectedFen: SumFen,
  foundFen: SumFen
})
export type BookTrouble = Static<typeof BookTrouble>
export const MAX_TROUBLES = 100

/** A whole book by what its accounts are for. The sum of all is 0. */
export const Accounts = Object({
  /** 收款: what lies with the gateways. */
  cashFen: SumFen,
  /** What the union’s coupons have cost. */
  couponFen: SumFen,
  feeFen: SumFen,
  /** What is owed to the hosts, below 0: earned and not paid out. */
  hostsFen: SumFen,
  paidOutFen: SumFen,
  otherFen: SumFen
})
export type Accounts = Static<typeof Accounts>

export const BookCheck = Object({
  at: Millis,
  orders: Count,
  postings: Count,
  real: Accounts,
  demo: Accounts,
  troubles: Array(BookTrouble, { maxItems: MAX_TROUBLES })
})
export type BookCheck = Static<typeof BookCheck>

export const getBooks = contract({
  method: 'GET',
  url: '/api/books',
  schema: {
    summary: 'What the nightly checks of the books found, newest first, each with the books by account.',
    response: { 200: Object({ checks: Array(BookCheck, { maxItems: 30 }) }) }
  },
  config: { who: OFFICER }
})

export const checkBooks = contract({
  method: 'POST',
  url: '/api/books/check',
  schema: {
    summary: 'Checks the books now: every posting sums to 0, and orders, refunds and payments say the same.',
    body: Nothing,
    response: { 200: Object({ check: BookCheck }) }
  },
  config: { who: OFFICER }
})
