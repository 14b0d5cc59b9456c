import { sql } from 'drizzle-orm'
import type { Kit } from '../store/kit.ts'

export const reviewTables = (kit: Kit) => ({
  /** 评价: by who bought and got it; nobody deletes it. */
  reviews: kit.table(
    'reviews',
    {
      id: kit.text('id').primaryKey(),
      orderId: kit.text('order_id').notNull(),
      specId: kit.text('spec_id').notNull(),
      productId: kit.text('product_id').notNull(),
      shopId: kit.text('shop_id').notNull(),
      memberId: kit.text('member_id').notNull(),
      /** How she is called in public: the first sign of her name. */
      buyer: kit.text('buyer').notNull(),
      stars: kit.int('stars').notNull(),
      words: kit.text('words').notNull(),
      /** Her own files; what everybody sees of them is made from these (see pictures.ts). */
      photos: kit.json<string[]>('photos').notNull(),
      /** Of the demo cashier's money: says so on screen and counts apart. */
      test: kit.bool('test').notNull(),
      createdAt: kit.big('created_at').notNull(),
      reply: kit.text('reply').notNull(),
      repliedAt: kit.big('replied_at').notNull(),
      /** Why it is hidden, for everybody to read; empty: it is not. */
      hiddenReason: kit.text('hidden_reason').notNull(),
      hiddenWords: kit.text('hidden_words').notNull().default(''),
      hiddenBy: kit.text('hidden_by').notNull(),
      hiddenAt: kit.big('hidden_at').notNull(),
      /** What its host asks of the union, and what she was answered. */
      ask: kit.oneOf('ask', ['none', 'open', 'answered']).notNull().default('none'),
      askReason: kit.text('ask_reason').notNull().default(''),
      askWords: kit.text('ask_words').notNull().default(''),
      askedAt: kit.big('asked_at').notNull().default(0),
      askAnswer: kit.text('ask_answer').notNull().default('')
    },
    (t) => [
      kit.uniqueIndex('reviews_line').on(t.orderId, t.specId),
      kit.index('reviews_product').on(t.productId, t.createdAt, t.id),
      kit.index('reviews_shop').on(t.shopId, t.createdAt, t.id),
      kit.index('reviews_member').on(t.memberId, t.createdAt),
      kit.index('reviews_asked').on(t.ask, t.askedAt, t.id),
      kit.index('reviews_hidden').on(t.hiddenAt, t.id),
      kit.check('reviews_stars', sql`${t.stars} between 1 and 5`)
    ]
  ),
  /** How many gave so many stars: a page asks for ten rows at most, however many reviews there are. */
  reviewTallies: kit.table(
    'review_tallies',
    {
      productId: kit.text('product_id').notNull(),
      test: kit.bool('test').notNull(),
      stars: kit.int('stars').notNull(),
      reviews: kit.int('reviews').notNull()
    },
    (t) => [
      kit.primaryKey({ columns: [t.productId, t.test, t.stars] }),
      kit.check('review_tallies_stars', sql`${t.stars} between 1 and 5 and ${t.reviews} > 0`)
    ]
  )
})
