import { sql } from 'drizzle-orm'
import type { Kit } from '../store/kit.ts'

export const flashTables = (kit: Kit) => ({
  /** 闪购: one spec at another price, for a while, so many, so many each. */
  flashSales: kit.table(
    'flash_sales',
    {
      id: kit.text('id').primaryKey(),
      /** The show whose clock it goes by. */
      showId: kit.text('show_id').notNull(),
      productId: kit.text('product_id').notNull(),
      specId: kit.text('spec_id').notNull(),
      priceFen: kit.big('price_fen').notNull(),
      total: kit.int('total').notNull(),
      left: kit.int('left').notNull(),
      perMember: kit.int('per_member').notNull(),
      startsAt: kit.big('starts_at').notNull(),
      endsAt: kit.big('ends_at').notNull(),
      /** Since when its clock stands still, because the picture is away; 0: it runs. */
      stoppedAt: kit.big('stopped_at').notNull().default(0),
      createdBy: kit.text('created_by').notNull(),
      createdAt: kit.big('created_at').notNull()
    },
    (t) => [
      kit.index('flash_sales_show').on(t.showId, t.endsAt),
      kit.index('flash_sales_spec').on(t.specId, t.endsAt),
      kit.index('flash_sales_product').on(t.productId, t.endsAt),
      kit.check('flash_sales_left', sql`${t.left} >= 0 and ${t.left} <= ${t.total}`),
      kit.check('flash_sales_price', sql`${t.priceFen} > 0`),
      kit.check('flash_sales_each', sql`${t.perMember} > 0`)
    ]
  ),
  /** How many of it one buyer holds or has bought. */
  flashTakes: kit.table(
    'flash_takes',
    {
      flashId: kit.text('flash_id').notNull(),
      memberId: kit.text('member_id').notNull(),
      qty: kit.int('qty').notNull()
    },
    (t) => [
      kit.primaryKey({ columns: [t.flashId, t.memberId] }),
      kit.check('flash_takes_qty', sql`${t.qty} >= 0`)
    ]
  )
})
