import { sql } from 'drizzle-orm'
import type { Kit } from '../store/kit.ts'

export const basketTables = (kit: Kit) => ({
  /** 购物车: what a member means to buy. Holds nothing. */
  basketItems: kit.table(
    'basket_items',
    {
      memberId: kit.text('member_id').notNull(),
      specId: kit.text('spec_id').notNull(),
      qty: kit.int('qty').notNull(),
      /** The room it was put in from; empty for the storefront. */
      showId: kit.text('show_id').notNull(),
      /** What it cost when she put it in, so that she is told when that has changed. */
      seenFen: kit.big('seen_fen').notNull(),
      addedAt: kit.big('added_at').notNull()
    },
    (t) => [
      kit.primaryKey({ columns: [t.memberId, t.specId] }),
      kit.check('basket_items_qty', sql`${t.qty} > 0`)
    ]
  )
})
