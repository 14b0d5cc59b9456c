import { sql } from 'drizzle-orm'
import type { Kit } from '../store/kit.ts'

export const catalogueTables = (kit: Kit) => ({
  shops: kit.table('shops', {
    id: kit.text('id').primaryKey(),
    /** The member who sells. One woman, one shop. */
    ownerId: kit.text('owner_id').notNull().unique(),
    name: kit.text('name').notNull(),
    village: kit.text('village').notNull(),
    story: kit.text('story').notNull(),
    /** An address of a picture: an object's or one of the demo's own drawings. */
    portrait: kit.text('portrait').notNull(),
    createdAt: kit.big('created_at').notNull()
  }),
  products: kit.table(
    'products',
    {
      id: kit.text('id').primaryKey(),
      shopId: kit.text('shop_id').notNull(),
      title: kit.text('title').notNull(),
      about: kit.text('about').notNull(),
      kind: kit.oneOf('kind', ['goods', 'voucher']).notNull(),
      /** Decides which papers a host needs to sell it on air. */
      goodsClass: kit
        .oneOf('goods_class', ['fresh', 'processed', 'packed', 'dining', 'tourism'])
        .notNull()
        .default('fresh'),
      origin: kit.text('origin').notNull(),
      /** The day of the catch, YYYY-MM-DD in the village's zone; empty for a voucher. */
      caughtOn: kit.text('caught_on').notNull(),
      /** 生鲜易腐: no seven-day return once the buyer has ticked it. */
      perishable: kit.bool('perishable').notNull(),
      /** How it travels. */
      tempClass: kit.oneOf('temp_class', ['ambient', 'chilled', 'frozen']).notNull().default('chilled'),
      /** What it costs to send; empty: its shop sends it free. */
      freightId: kit.text('freight_id').notNull().default(''),
      /** Not sent to where it would be on the road for longer; 0: anywhere. */
      maxHours: kit.int('max_hours').notNull().default(0),
      /** Not sent while it is this hot there (°C); 0: whatever the weather. */
      maxCelsius: kit.int('max_celsius').notNull().default(0),
      /** A voucher: good for so many days after it was bought; 0: no voucher. */
      validDays: kit.int('valid_days').notNull().default(0),
      photos: kit.json<string[]>('photos').notNull(),
      state: kit.oneOf('state', ['draft', 'on_sale', 'off_sale']).notNull(),
      /** What search looks through, together with the shop's own name and village: folded words of the product. */
      searchText: kit.text('search_text').notNull(),
      version: kit.int('version').notNull(),
      createdAt: kit.big('created_at').notNull(),
      updatedAt: kit.big('updated_at').notNull()
    },
    (t) => [
      kit.index('products_shop').on(t.shopId),
      kit.index('products_catch').on(t.state, t.caughtOn, t.id)
    ]
  ),
  specs: kit.table(
    'specs',
    {
      id: kit.text('id').primaryKey(),
      productId: kit.text('product_id').notNull(),
      name: kit.text('name').notNull(),
      unit: kit.oneOf('unit', ['jin', 'piece', 'portion']).notNull(),
      priceFen: kit.big('price_fen').notNull(),
      stock: kit.int('stock').notNull(),
      /** What one of it weighs; 1 斤 is 500 g. 0: not known, so freight goes by the piece. */
      grams: kit.int('grams').notNull().default(0),
      position: kit.int('position').notNull()
    },
    (t) => [
      kit.index('specs_product').on(t.productId, t.position),
      kit.check('specs_stock', sql`${t.stock} >= 0`),
      kit.check('specs_price', sql`${t.priceFen} >= 0`)
    ]
  )
})
