import { sql } from 'drizzle-orm'
import type { Kit } from '../store/kit.ts'

export const couponTables = (kit: Kit) => ({
  coupons: kit.table(
    'coupons',
    {
      id: kit.text('id').primaryKey(),
      /** Whose it is: of a shop, or empty for the union. */
      shopId: kit.text('shop_id').notNull(),
      /** The one to follow: the host of the room it was dropped into; empty where there is none. */
      hostId: kit.text('host_id').notNull(),
      /** The room it was dropped into; empty for one of the union that hangs at its counter. */
      showId: kit.text('show_id').notNull(),
      /** How one gets it. `watch`: after so long in the room; `code`: whoever knows the word. */
      kind: kit.oneOf('kind', ['plain', 'follow', 'watch', 'code']).notNull(),
      /** What it takes off; of a percent coupon the most that it takes off. */
      offFen: kit.big('off_fen').notNull(),
      /** 折扣: 1500 takes off 15 %; 0: a fixed amount. */
      offPermyriad: kit.int('off_permyriad').notNull().default(0),
      /** Where it counts: at its shop, for some of its shop's products, or at every shop of the union. */
      scope: kit.oneOf('scope', ['shop', 'products', 'union']).notNull().default('shop'),
      productIds: kit.json<string[]>('product_ids').notNull().default([]),
      /** Who pays for what it takes off. */
      payer: kit.oneOf('payer', ['host', 'union']).notNull().default('host'),
      /** The pot it is paid from, never passed; empty: only its total bounds it. */
      budgetId: kit.text('budget_id').notNull().default(''),
      /** For who has never paid an order here. */
      newBuyer: kit.bool('new_buyer').notNull().default(false),
      /** Not claimed before; 0: from the moment it is dropped. */
      startsAt: kit.big('starts_at').notNull().default(0),
      watchMs: kit.big('watch_ms').notNull().default(0),
      /** 口令, as it is compared; empty for other kinds. */
      code: kit.text('code').notNull().default(''),
      /** 满减: the goods of one order must come to at least this. 0: no threshold. */
      thresholdFen: kit.big('threshold_fen').notNull(),
      total: kit.int('total').notNull(),
      left: kit.int('left').notNull(),
      perMember: kit.int('per_member').notNull(),
      /** Neither claimed nor used after this moment. */
      endsAt: kit.big('ends_at').notNull(),
      /** Since when its clock stands still, because the picture is away; 0: it runs. */
      stoppedAt: kit.big('stopped_at').notNull().default(0),
      /** Its claims are filed up to this member; `ALL_FILED`: all of them. */
      filedTo: kit.text('filed_to').notNull().default(''),
      createdBy: kit.text('created_by').notNull(),
      createdAt: kit.big('created_at').notNull()
    },
    (t) => [
      kit
        .index('coupons_unfiled')
        .on(t.endsAt)
        .where(sql`${t.filedTo} <> '~'`),
      kit.index('coupons_show').on(t.showId, t.createdAt),
      kit.index('coupons_shop').on(t.shopId, t.createdAt),
      kit
        .uniqueIndex('coupons_code')
        .on(t.code)
        .where(sql`${t.code} <> ''`),
      kit.check('coupons_permyriad', sql`${t.offPermyriad} >= 0 and ${t.offPermyriad} < 10000`),
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
      /** The bill that uses it; empty while it is unused. */
      orderId: kit.text('order_id').notNull(),
      /** What it takes off that bill, for its pot to have it back when the bill closes unpaid. */
      offFen: kit.big('off_fen').notNull().default(0),
      /** Found by its member; what is not filed yet is found by its coupon. */
      filed: kit.bool('filed').notNull().default(true)
    },
    (t) => [
      kit.primaryKey({ columns: [t.couponId, t.memberId, t.nth] }),
      // A page for each member: written when the rush is over (filing.ts).
      kit
        .index('claims_member')
        .on(t.memberId, t.claimedAt)
        .where(sql`${t.filed}`),
      kit
        .index('claims_buyer')
        .on(t.memberId)
        .where(sql`${t.orderId} <> ''`),
      // Only what is in use: an order that closes finds its coupon, and the rush does not pay for it.
      kit
        .index('claims_used')
        .on(t.couponId)
        .where(sql`${t.orderId} <> ''`),
      kit
        .index('claims_order')
        .on(t.orderId)
        .where(sql`${t.orderId} <> ''`)
    ]
  ),
  /** A pot that coupons are paid from: reserved as they are used, put back when an order closes unpaid. */
  budgets: kit.table(
    'budgets',
    {
      id: kit.text('id').primaryKey(),
      payer: kit.oneOf('payer', ['host', 'union']).notNull(),
      /** Whose; empty for the union's. */
      shopId: kit.text('shop_id').notNull(),
      name: kit.text('name').notNull(),
      totalFen: kit.big('total_fen').notNull(),
      leftFen: kit.big('left_fen').notNull(),
      createdBy: kit.text('created_by').notNull(),
      createdAt: kit.big('created_at').notNull()
    },
    (t) => [
      kit.index('budgets_shop').on(t.payer, t.shopId, t.createdAt),
      kit.check('budgets_left', sql`${t.leftFen} >= 0 and ${t.leftFen} <= ${t.totalFen}`)
    ]
  ),
  /** How long a member has been in a room, counted while a coupon hangs there that asks for it. */
  watched: kit.table(
    'watched',
    {
      showId: kit.text('show_id').notNull(),
      memberId: kit.text('member_id').notNull(),
      ms: kit.big('ms').notNull(),
      seenAt: kit.big('seen_at').notNull()
    },
    (t) => [kit.primaryKey({ columns: [t.showId, t.memberId] })]
  )
})
