import { sql } from 'drizzle-orm'
import type { Kit } from '../store/kit.ts'

export const paymentTables = (kit: Kit) => ({
  /** One attempt to pay one order through one gateway. */
  payments: kit.table(
    'payments',
    {
      id: kit.text('id').primaryKey(),
      orderId: kit.text('order_id').notNull(),
      attempt: kit.int('attempt').notNull(),
      gateway: kit.oneOf('gateway', ['sandbox', 'stripe']).notNull(),
      method: kit.oneOf('method', ['sandbox', 'card', 'alipay', 'wechat_pay']).notNull(),
      amountFen: kit.big('amount_fen').notNull(),
      refundedFen: kit.big('refunded_fen').notNull(),
      state: kit.oneOf('state', ['open', 'paid', 'failed', 'closed']).notNull(),
      /** The gateway's own name for it, and where the buyer pays. */
      gatewayRef: kit.text('gateway_ref').notNull(),
      payUrl: kit.text('pay_url').notNull(),
      createdAt: kit.big('created_at').notNull(),
      paidAt: kit.big('paid_at')
    },
    (t) => [
      kit.uniqueIndex('payments_attempt').on(t.orderId, t.attempt),
      kit.index('payments_ref').on(t.gateway, t.gatewayRef),
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
      state: kit.oneOf('state', ['asked', 'done', 'failed']).notNull(),
      createdAt: kit.big('created_at').notNull(),
      doneAt: kit.big('done_at')
    },
    (t) => [kit.index('refunds_payment').on(t.paymentId)]
  )
})
