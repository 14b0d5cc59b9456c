import { sql } from 'drizzle-orm'
import type { Kit } from '../store/kit.ts'

export const couponTables = (kit: Kit) => ({
  coupons: kit.table(
    'coupons',
    {
      id: kit.text('id').primaryKey(),
      /** Valid in this shop; its owner pays for it and is the one to follow. */
      shopId: kit.text('shop_id').notNull(),
      hostId: kit.text('host_id').notNull(),
      /** The room it was dropped into. */
      showId: kit.text('show_id').notNull(),
      kind: kit.oneOf('kind', ['plain', 'follow']).notNull(),
      offFen: kit.big('off_fen').notNull(),
      /** 满减: the goods of one order must come to at least this. 0: no threshold. */
      thresholdFen: kit.big('threshold_fen').notNull(),
      total: kit.int('total').notNull(),
      left: kit.int('left').notNull(),
      perMember: kit.int('per_member').notNull(),
      /** Neither claimed nor used after this moment. */
      endsAt: kit.big('ends_at').notNull(),
      createdBy: kit.text('created_by').notNull(),
      createdAt: kit.big('created_at').notNull()
    },
    (t) => [
      kit.index('coupons_show').on(t.showId, t.createdAt),
      kit.check('coupons_left', sql`${t.left} >= 0 and ${t.left} <= ${t.total}`),
      kit.check('coupons_off', sql`${t.offFen} > 0`)
    ]
  ),
  /** A claimed coupon in a member's pocket: the nth of that coupon she holds. */
  claims: kit.table(
    'claims',
    {
      couponId: kit.text('coupon_id').notNull(),
      memberId: kit.text('member_id').notNull(),
      nth: kit.int('nth').notNull(),
      claimedAt: kit.big('claimed_at').notNull(),
      /** The order that uses it; empty while it is unused. */
      orderId: kit.text('order_id').notNull()
    },
    (t) => [
      kit.primaryKey({ columns: [t.couponId, t.memberId, t.nth] }),
      kit.index('claims_member').on(t.memberId, t.claimedAt),
      // Only what is in use: an order that closes finds its coupon, and the rush does not pay for it.
      kit
        .index('claims_order')
        .on(t.orderId)
        .where(sql`${t.orderId} <> ''`)
    ]
  )
})
