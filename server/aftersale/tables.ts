import { sql } from 'drizzle-orm'
import type { Kit } from '../store/kit.ts'

/** So many of one line, and what of their price is paid back. */
export interface RefundLine {
  specId: string
  qty: number
  fen: number
}

export const aftersaleTables = (kit: Kit) => ({
  /** 退款: one act of paying back part of an order. The gateway's own refund names it. */
  orderRefunds: kit.table(
    'order_refunds',
    {
      id: kit.text('id').primaryKey(),
      orderId: kit.text('order_id').notNull(),
      /** The act that asked for it: the same act twice is one refund. */
      key: kit.text('key').notNull(),
      cause: kit
        .oneOf('cause', [
          'cancelled',
          'asked',
          'seven_days',
          'compensation',
          'voucher',
          'lot_lost',
          'goodwill'
        ])
        .notNull(),
      lines: kit.json<RefundLine[]>('lines').notNull(),
      goodsFen: kit.big('goods_fen').notNull(),
      freightFen: kit.big('freight_fen').notNull(),
      /** `nothing`: a 0-yuan order, where no gateway has anything to pay back. */
      state: kit.oneOf('state', ['asked', 'done', 'failed', 'nothing']).notNull(),
      words: kit.text('words').notNull(),
      actorId: kit.text('actor_id').notNull(),
      createdAt: kit.big('created_at').notNull(),
      doneAt: kit.big('done_at').notNull()
    },
    (t) => [
      kit.uniqueIndex('order_refunds_key').on(t.orderId, t.key),
      kit.index('order_refunds_state').on(t.state, t.createdAt, t.id),
      kit.check('order_refunds_fen', sql`${t.goodsFen} >= 0 and ${t.freightFen} >= 0`)
    ]
  ),
  /** The four digits that a page showed, so that a photo can be told from yesterday's. */
  photoCodes: kit.table(
    'photo_codes',
    {
      orderId: kit.text('order_id').notNull(),
      code: kit.text('code').notNull(),
      madeAt: kit.big('made_at').notNull()
    },
    (t) => [kit.primaryKey({ columns: [t.orderId, t.code] })]
  ),
  /** 坏单包赔: what was dead, short or broken, with photos. */
  compensations: kit.table(
    'compensations',
    {
      id: kit.text('id').primaryKey(),
      orderId: kit.text('order_id').notNull(),
      specId: kit.text('spec_id').notNull(),
      shopId: kit.text('shop_id').notNull(),
      memberId: kit.text('member_id').notNull(),
      what: kit.oneOf('what', ['dead', 'short', 'broken', 'wrong']).notNull(),
      qty: kit.int('qty').notNull(),
      /** How much of so many is bad: of a portion of clams, half. */
      percent: kit.int('percent').notNull().default(100),
      askedFen: kit.big('asked_fen').notNull(),
      grantedFen: kit.big('granted_fen').notNull(),
      state: kit.oneOf('state', ['open', 'granted', 'refused', 'withdrawn']).notNull(),
      /** One open at a time for a line: `order:spec`, afterwards its own id. */
      openKey: kit.text('open_key').notNull().unique(),
      /** Empty: granted at once, by rule. */
      caseId: kit.text('case_id').notNull(),
      code: kit.text('code').notNull(),
      fileIds: kit.json<string[]>('file_ids').notNull(),
      words: kit.text('words').notNull(),
      createdAt: kit.big('created_at').notNull(),
      closedAt: kit.big('closed_at').notNull()
    },
    (t) => [
      kit.index('compensations_order').on(t.orderId),
      kit.index('compensations_member').on(t.memberId, t.createdAt),
      kit.index('compensations_shop').on(t.shopId, t.createdAt),
      kit.index('compensations_case').on(t.caseId),
      kit.check('compensations_granted', sql`${t.grantedFen} >= 0 and ${t.grantedFen} <= ${t.askedFen}`)
    ]
  ),
  /** 退货: what is on its way back to its shop. The money goes back when the goods have come. */
  goodsReturns: kit.table(
    'goods_returns',
    {
      id: kit.text('id').primaryKey(),
      orderId: kit.text('order_id').notNull(),
      shopId: kit.text('shop_id').notNull(),
      memberId: kit.text('member_id').notNull(),
      lines: kit.json<{ specId: string; qty: number }[]>('lines').notNull(),
      state: kit.oneOf('state', ['asked', 'sent', 'back', 'refused', 'dropped']).notNull(),
      /** One open at a time for an order: its id, afterwards its own. */
      openKey: kit.text('open_key').notNull().unique(),
      /** Carrier and number, as she typed them. */
      parcel: kit.text('parcel').notNull(),
      words: kit.text('words').notNull(),
      createdAt: kit.big('created_at').notNull(),
      /** Until then somebody says whether it came back; 0 while she has not sent it. */
      dueAt: kit.big('due_at').notNull(),
      closedAt: kit.big('closed_at').notNull(),
      closedBy: kit.text('closed_by').notNull()
    },
    (t) => [
      kit.index('goods_returns_order').on(t.orderId),
      kit.index('goods_returns_shop').on(t.shopId, t.createdAt),
      kit.index('goods_returns_open').on(t.state, t.createdAt, t.id)
    ]
  ),
  /** What happened to money that a person has to look at; here until somebody has said what she found. */
  moneyAlerts: kit.table(
    'money_alerts',
    {
      id: kit.text('id').primaryKey(),
      action: kit.text('action').notNull(),
      /** The payment, refund or event it is about. */
      subject: kit.text('subject').notNull(),
      details: kit.json<Record<string, unknown>>('details').notNull(),
      at: kit.big('at').notNull(),
      /** 0: nobody has looked. */
      settledAt: kit.big('settled_at').notNull(),
      settledBy: kit.text('settled_by').notNull(),
      words: kit.text('words').notNull()
    },
    (t) => [kit.index('money_alerts_open').on(t.settledAt, t.at, t.id)]
  )
})
