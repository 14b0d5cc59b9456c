import type { Kit } from '../store/kit.ts'

export const voucherTables = (kit: Kit) => ({
  /** 券码: one meal, one place on the mudflat, one ticket. Redeemed once. */
  vouchers: kit.table(
    'vouchers',
    {
      id: kit.text('id').primaryKey(),
      orderId: kit.text('order_id').notNull(),
      specId: kit.text('spec_id').notNull(),
      productId: kit.text('product_id').notNull(),
      shopId: kit.text('shop_id').notNull(),
      memberId: kit.text('member_id').notNull(),
      /** As it was sold: later edits change no voucher. */
      title: kit.text('title').notNull().default(''),
      specName: kit.text('spec_name').notNull().default(''),
      /** Bought with test money: nobody paid for it. */
      test: kit.bool('test').notNull().default(false),
      /** The nth of its line. */
      n: kit.int('n').notNull(),
      /** What one says at the gate: six digits, of its shop. */
      code: kit.text('code').notNull(),
      state: kit.oneOf('state', ['open', 'redeemed', 'expired', 'refunded']).notNull(),
      expiresAt: kit.big('expires_at').notNull(),
      redeemedAt: kit.big('redeemed_at').notNull(),
      /** The redemption that did it. */
      redeemedBy: kit.text('redeemed_by').notNull(),
      createdAt: kit.big('created_at').notNull()
    },
    (t) => [
      kit.uniqueIndex('vouchers_line').on(t.orderId, t.specId, t.n),
      kit.uniqueIndex('vouchers_code').on(t.shopId, t.code),
      kit.index('vouchers_member').on(t.memberId, t.createdAt),
      kit.index('vouchers_open').on(t.shopId, t.state, t.id),
      kit.index('vouchers_expiry').on(t.state, t.expiresAt, t.id)
    ]
  ),
  /** 核销: every try at a gate, also one that came to light later. Its id is made by the gate, so it syncs once. */
  redemptions: kit.table(
    'redemptions',
    {
      id: kit.text('id').primaryKey(),
      voucherId: kit.text('voucher_id').notNull(),
      shopId: kit.text('shop_id').notNull(),
      /** The phone that stood at the gate. */
      gateId: kit.text('gate_id').notNull(),
      /** What people call the place. */
      gateName: kit.text('gate_name').notNull().default(''),
      byId: kit.text('by_id').notNull(),
      /** By the gate's own clock, and when we heard of it. */
      at: kit.big('at').notNull(),
      heardAt: kit.big('heard_at').notNull(),
      offline: kit.bool('offline').notNull(),
      outcome: kit.oneOf('outcome', ['redeemed', 'conflict', 'refused', 'undone']).notNull(),
      /** Why it was not redeemed; empty: it was. */
      reason: kit.text('reason').notNull().default(''),
      /** The redemption that was there before, where one was. */
      firstId: kit.text('first_id').notNull().default(''),
      /** Why it was taken back. */
      words: kit.text('words').notNull()
    },
    (t) => [
      kit.index('redemptions_voucher').on(t.voucherId, t.heardAt),
      kit.index('redemptions_shop').on(t.shopId, t.heardAt, t.id)
    ]
  )
})
