import type { DeliverTo } from '../orders/tables.ts'
import type { Kit } from '../store/kit.ts'

export const packingTables = (kit: Kit) => ({
  /** 包裹: orders of one shop to one buyer at one address, packed into one box. */
  parcels: kit.table(
    'parcels',
    {
      id: kit.text('id').primaryKey(),
      /** What its label says and a scanner reads. */
      code: kit.text('code').notNull().unique(),
      shopId: kit.text('shop_id').notNull(),
      memberId: kit.text('member_id').notNull(),
      deliverTo: kit.json<DeliverTo>('deliver_to').notNull(),
      tempClass: kit.oneOf('temp_class', ['ambient', 'chilled', 'frozen']).notNull(),
      state: kit.oneOf('state', ['packed', 'shipped', 'undone']).notNull(),
      /** Weighed; 0: not. */
      grams: kit.int('grams').notNull(),
      carrier: kit.text('carrier').notNull(),
      trackingNo: kit.text('tracking_no').notNull(),
      packedBy: kit.text('packed_by').notNull(),
      packedAt: kit.big('packed_at').notNull(),
      shippedBy: kit.text('shipped_by').notNull(),
      shippedAt: kit.big('shipped_at').notNull(),
      /** When it should be there, as it was estimated when it left. */
      arrivesAt: kit.big('arrives_at').notNull().default(0),
      /** When its buyer was told that it should be there; 0: not yet. */
      remindedAt: kit.big('reminded_at').notNull().default(0),
      /** Why the box was opened again. */
      undoneWords: kit.text('undone_words').notNull().default('')
    },
    (t) => [
      kit.index('parcels_shop').on(t.shopId, t.state, t.packedAt, t.id),
      kit.uniqueIndex('parcels_tracking').on(t.carrier, t.trackingNo, t.id)
    ]
  )
})
