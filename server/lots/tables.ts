import { sql } from 'drizzle-orm'
import type { Kit } from '../store/kit.ts'

export const lotTables = (kit: Kit) => ({
  /** 批次: one landing of one product: from which boat or plot, when, how much. */
  lots: kit.table(
    'lots',
    {
      id: kit.text('id').primaryKey(),
      shopId: kit.text('shop_id').notNull(),
      productId: kit.text('product_id').notNull(),
      source: kit.oneOf('source', ['boat', 'plot']).notNull(),
      sourceName: kit.text('source_name').notNull(),
      /** When it came ashore, or, while it is `planned`, when it should. */
      landsAt: kit.big('lands_at').notNull(),
      grams: kit.big('grams').notNull(),
      /** Planned ones are sold ahead (预售); a lost one has given its buyers their money back. */
      state: kit.oneOf('state', ['planned', 'landed', 'closed', 'lost']).notNull(),
      version: kit.int('version').notNull(),
      createdBy: kit.text('created_by').notNull(),
      createdAt: kit.big('created_at').notNull()
    },
    (t) => [
      kit.index('lots_shop').on(t.shopId, t.landsAt, t.id),
      kit.index('lots_product').on(t.productId, t.landsAt, t.id),
      kit.check('lots_grams', sql`${t.grams} > 0`)
    ]
  ),
  /** What of a landing is sold as which spec. A spec's stock is the sum of what is left here and of what came without a lot. */
  lotSpecs: kit.table(
    'lot_specs',
    {
      lotId: kit.text('lot_id').notNull(),
      specId: kit.text('spec_id').notNull(),
      qty: kit.int('qty').notNull(),
      left: kit.int('left').notNull()
    },
    (t) => [
      kit.primaryKey({ columns: [t.lotId, t.specId] }),
      // Of years of landings only those that have something left are looked at.
      kit.index('lot_specs_open').on(t.specId, t.left),
      kit.check('lot_specs_left', sql`${t.left} >= 0 and ${t.left} <= ${t.qty}`)
    ]
  ),
  /** From which landing an order's line came; an offer to who waits has its own id here while it keeps something. */
  lotUses: kit.table(
    'lot_uses',
    {
      orderId: kit.text('order_id').notNull(),
      specId: kit.text('spec_id').notNull(),
      lotId: kit.text('lot_id').notNull(),
      qty: kit.int('qty').notNull()
    },
    (t) => [
      kit.primaryKey({ columns: [t.orderId, t.specId, t.lotId] }),
      kit.index('lot_uses_lot').on(t.lotId, t.orderId),
      kit.check('lot_uses_qty', sql`${t.qty} > 0`)
    ]
  ),
  /** 候补: who wants what is sold out, in the order in which they asked. An offer holds stock until it lapses. */
  stockWaits: kit.table(
    'stock_waits',
    {
      id: kit.text('id').primaryKey(),
      specId: kit.text('spec_id').notNull(),
      memberId: kit.text('member_id').notNull(),
      qty: kit.int('qty').notNull(),
      state: kit.oneOf('state', ['waiting', 'offered', 'bought', 'lapsed', 'left']).notNull(),
      /** One wait of hers for a spec: `spec:member` while it is open, afterwards its own id. */
      openKey: kit.text('open_key').notNull().unique(),
      askedAt: kit.big('asked_at').notNull(),
      offerUntil: kit.big('offer_until').notNull(),
      orderId: kit.text('order_id').notNull()
    },
    (t) => [
      kit.index('stock_waits_line').on(t.specId, t.state, t.askedAt, t.id),
      kit.index('stock_waits_offers').on(t.state, t.offerUntil, t.id),
      kit.index('stock_waits_member').on(t.memberId, t.askedAt),
      kit.check('stock_waits_qty', sql`${t.qty} > 0`)
    ]
  )
})
