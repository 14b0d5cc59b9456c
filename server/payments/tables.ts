import { sql } from 'drizzle-orm'
import type { Kit } from '../store/kit.ts'

/** One payment or refund on which two books differ; 0 where one of them does not know it. */
export interface ReconcileLine {
  kind: 'payment' | 'refund'
  ref: string
  paymentId: string
  orderId: string
  oursFen: number
  theirsFen: number
}

export const paymentTables = (kit: Kit) => ({
  /** One attempt to pay one order through one gateway. */
  payments: kit.table(
    'payments',
    {
      id: kit.text('id').primaryKey(),
      orderId: kit.text('order_id').notNull(),
      /** Who pays; nobody else may ask about it. */
      memberId: kit.text('member_id').notNull(),
      attempt: kit.int('attempt').notNull(),
      gateway: kit.oneOf('gateway', ['sandbox', 'stripe', 'wechat', 'alipay']).notNull(),
      method: kit.oneOf('method', ['sandbox', 'card', 'alipay', 'wechat_pay']).notNull(),
      /** Which of the gateway's ways it was opened for, where it has several. */
      scene: kit.text('scene').notNull().default(''),
      amountFen: kit.big('amount_fen').notNull(),
      refundedFen: kit.big('refunded_fen').notNull(),
      state: kit.oneOf('state', ['open', 'paid', 'failed', 'closed']).notNull(),
      /** The gateway's own name for it, and where the buyer pays; empty until its answer is on disk. */
      gatewayRef: kit.text('gateway_ref').notNull(),
      payUrl: kit.text('pay_url').notNull(),
      /** What the gateway calls the money once it has it: refunds and disputes name this. */
      captureRef: kit.text('capture_ref').notNull(),
      createdAt: kit.big('created_at').notNull(),
      /** After this the gateway takes no money for it, whether or not anybody told it so. */
      endsAt: kit.big('ends_at').notNull(),
      /** When we last asked the gateway what became of it. */
      askedAt: kit.big('asked_at').notNull(),
      paidAt: kit.big('paid_at')
    },
    (t) => [
      kit.uniqueIndex('payments_attempt').on(t.orderId, t.attempt),
      kit.index('payments_capture').on(t.gateway, t.captureRef),
      kit.index('payments_paid').on(t.gateway, t.paidAt),
      kit.check('payments_refunded', sql`${t.refundedFen} >= 0 and ${t.refundedFen} <= ${t.amountFen}`)
    ]
  ),
  /** What gateways told us, each event once, whatever is repeated. */
  paymentEvents: kit.table(
    'payment_events',
    {
      gateway: kit.text('gateway').notNull(),
      eventId: kit.text('event_id').notNull(),
      paymentId: kit.text('payment_id').notNull(),
      type: kit.text('type').notNull(),
      receivedAt: kit.big('received_at').notNull()
    },
    (t) => [kit.primaryKey({ columns: [t.gateway, t.eventId] })]
  ),
  refunds: kit.table(
    'refunds',
    {
      id: kit.text('id').primaryKey(),
      paymentId: kit.text('payment_id').notNull(),
      amountFen: kit.big('amount_fen').notNull(),
      reason: kit.text('reason').notNull(),
      /** What of ours it belongs to (an order's refund), told when it is done; empty: the whole payment came too late. */
      forId: kit.text('for_id').notNull().default(''),
      state: kit.oneOf('state', ['asked', 'done', 'failed']).notNull(),
      createdAt: kit.big('created_at').notNull(),
      doneAt: kit.big('done_at')
    },
    (t) => [
      kit.index('refunds_payment').on(t.paymentId),
      kit.index('refunds_done').on(t.doneAt),
      kit.check('refunds_amount', sql`${t.amountFen} > 0`)
    ]
  ),
  /** The demo cashier's own books: what a real gateway would know and we only hear of. */
  sandboxPayments: kit.table(
    'sandbox_payments',
    {
      id: kit.text('id').primaryKey(),
      amountFen: kit.big('amount_fen').notNull(),
      refundedFen: kit.big('refunded_fen').notNull(),
      state: kit.oneOf('state', ['open', 'paid', 'failed', 'closed']).notNull(),
      endsAt: kit.big('ends_at').notNull(),
      paidAt: kit.big('paid_at').notNull().default(0)
    },
    (t) => [
      kit.index('sandbox_payments_paid').on(t.paidAt),
      kit.check('sandbox_refunded', sql`${t.refundedFen} >= 0 and ${t.refundedFen} <= ${t.amountFen}`)
    ]
  ),
  /** Refunds the demo cashier has made, so that the same key asked twice pays back once. */
  sandboxRefunds: kit.table(
    'sandbox_refunds',
    {
      key: kit.text('key').primaryKey(),
      paymentId: kit.text('payment_id').notNull(),
      amountFen: kit.big('amount_fen').notNull(),
      at: kit.big('at').notNull().default(0)
    },
    (t) => [kit.index('sandbox_refunds_at').on(t.at)]
  ),
  /** A gateway's own list of one day, held against ours. */
  reconciliations: kit.table(
    'reconciliations',
    {
      gateway: kit.text('gateway').notNull(),
      /** YYYY-MM-DD in the village's zone. */
      day: kit.text('day').notNull(),
      state: kit.oneOf('state', ['equal', 'differs', 'failed']).notNull(),
      oursFen: kit.big('ours_fen').notNull(),
      theirsFen: kit.big('theirs_fen').notNull(),
      differences: kit.json<ReconcileLine[]>('differences').notNull(),
      doneAt: kit.big('done_at').notNull(),
      /** Who has looked at the differences, and what she found. */
      settledBy: kit.text('settled_by').notNull(),
      words: kit.text('words').notNull()
    },
    (t) => [kit.primaryKey({ columns: [t.gateway, t.day] })]
  )
})
