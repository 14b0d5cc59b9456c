import { and, asc, desc, eq, gt, gte, lt, or, sql } from 'drizzle-orm'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

type On = Tx | Reader

export type ReviewRow = Schema['reviews']['$inferSelect']
type Change = Partial<
  Pick<
    ReviewRow,
    | 'reply'
    | 'repliedAt'
    | 'hiddenReason'
    | 'hiddenWords'
    | 'hiddenBy'
    | 'hiddenAt'
    | 'ask'
    | 'askReason'
    | 'askWords'
    | 'askedAt'
    | 'askAnswer'
  >
>

export type ReviewStore = ReturnType<typeof reviewStore>

/** The only SQL over reviews and their tallies. */
export const reviewStore = ({ schema: { reviews, reviewTallies } }: Store) => {
  /** Newest first, after `from`. */
  const newest = (
    on: On,
    where: ReturnType<typeof and>,
    from: ReviewRow | undefined,
    limit: number
  ): Promise<ReviewRow[]> =>
    on
      .select()
      .from(reviews)
      .where(
        and(
          where,
          from &&
            or(
              lt(reviews.createdAt, from.createdAt),
              and(eq(reviews.createdAt, from.createdAt), lt(reviews.id, from.id))
            )
        )
      )
      .orderBy(desc(reviews.createdAt), desc(reviews.id))
      .limit(limit)

  /** Changes it if it still stands as `where` says; undefined otherwise. */
  async function changed(
    tx: Tx,
    id: string,
    where: ReturnType<typeof and>,
    change: Change
  ): Promise<ReviewRow | undefined> {
    const rows = await tx
      .update(reviews)
      .set(change)
      .where(and(eq(reviews.id, id), where))
      .returning()
    return rows[0]
  }

  const ofProductIf = (productId: string | undefined) =>
    productId === undefined ? undefined : eq(reviews.productId, productId)

  return {
    one: async (on: On, id: string): Promise<ReviewRow | undefined> =>
      (await on.select().from(reviews).where(eq(reviews.id, id)))[0],
    ofOrder: (on: On, orderId: string, limit: number): Promise<ReviewRow[]> =>
      on.select().from(reviews).where(eq(reviews.orderId, orderId)).limit(limit),
    ofLine: async (on: On, orderId: string, specId: string): Promise<ReviewRow | undefined> =>
      (
        await on
          .select()
          .from(reviews)
          .where(and(eq(reviews.orderId, orderId), eq(reviews.specId, specId)))
      )[0],
    writtenSince: (on: On, memberId: string, since: number) =>
      on.$count(reviews, and(eq(reviews.memberId, memberId), gte(reviews.createdAt, since))),

    /** False where this line of this order has one. */
    async add(tx: Tx, row: ReviewRow): Promise<boolean> {
      const rows = await tx.insert(reviews).values(row).onConflictDoNothing().returning({ id: reviews.id })
      return rows.length > 0
    },
    async count(tx: Tx, { productId, test, stars }: ReviewRow): Promise<void> {
      await tx
        .insert(reviewTallies)
        .values({ productId, test, stars, reviews: 1 })
        .onConflictDoUpdate({
          target: [reviewTallies.productId, reviewTallies.test, reviewTallies.stars],
          set: { reviews: sql`${reviewTallies.reviews} + 1` }
        })
    },
    talliesOf: (on: On, productId: string) =>
      on.select().from(reviewTallies).where(eq(reviewTallies.productId, productId)),

    ofProduct: (on: On, productId: string, from: ReviewRow | undefined, limit: number) =>
      newest(on, eq(reviews.productId, productId), from, limit),
    ofShop: (on: On, shopId: string, from: ReviewRow | undefined, limit: number) =>
      newest(on, eq(reviews.shopId, shopId), from, limit),
    unanswered: (on: On, shopId: string, from: ReviewRow | undefined, limit: number) =>
      newest(
        on,
        and(eq(reviews.shopId, shopId), eq(reviews.reply, ''), eq(reviews.hiddenAt, 0)),
        from,
        limit
      ),

    /** Who asked first comes first. */
    asked: (
      on: On,
      productId: string | undefined,
      from: ReviewRow | undefined,
      limit: number
    ): Promise<ReviewRow[]> =>
      on
        .select()
        .from(reviews)
        .where(
          and(
            eq(reviews.ask, 'open'),
            ofProductIf(productId),
            from &&
              or(
                gt(reviews.askedAt, from.askedAt),
                and(eq(reviews.askedAt, from.askedAt), gt(reviews.id, from.id))
              )
          )
        )
        .orderBy(asc(reviews.askedAt), asc(reviews.id))
        .limit(limit),
    hidden: (
      on: On,
      productId: string | undefined,
      from: ReviewRow | undefined,
      limit: number
    ): Promise<ReviewRow[]> =>
      on
        .select()
        .from(reviews)
        .where(
          and(
            gt(reviews.hiddenAt, 0),
            ofProductIf(productId),
            from &&
              or(
                lt(reviews.hiddenAt, from.hiddenAt),
                and(eq(reviews.hiddenAt, from.hiddenAt), lt(reviews.id, from.id))
              )
          )
        )
        .orderBy(desc(reviews.hiddenAt), desc(reviews.id))
        .limit(limit),
    /** Ids sort by age. */
    all: (on: On, from: ReviewRow | undefined, limit: number): Promise<ReviewRow[]> =>
      on
        .select()
        .from(reviews)
        .where(from && lt(reviews.id, from.id))
        .orderBy(desc(reviews.id))
        .limit(limit),
    openAsks: (on: On, shopId: string) =>
      on.$count(reviews, and(eq(reviews.ask, 'open'), eq(reviews.shopId, shopId))),

    reply: (tx: Tx, id: string, reply: string, repliedAt: number) =>
      changed(tx, id, and(eq(reviews.reply, ''), eq(reviews.hiddenAt, 0)), { reply, repliedAt }),
    ask: (tx: Tx, id: string, ask: { askReason: string; askWords: string; askedAt: number }) =>
      changed(tx, id, and(eq(reviews.ask, 'none'), eq(reviews.hiddenAt, 0)), { ...ask, ask: 'open' }),
    answer: (tx: Tx, id: string, askAnswer: string) =>
      changed(tx, id, eq(reviews.ask, 'open'), { ask: 'answered', askAnswer }),
    hide: (
      tx: Tx,
      id: string,
      hidden: { hiddenReason: string; hiddenWords: string; hiddenBy: string; hiddenAt: number }
    ) => changed(tx, id, eq(reviews.hiddenAt, 0), hidden),
    show: (tx: Tx, id: string) =>
      changed(tx, id, gt(reviews.hiddenAt, 0), {
        hiddenReason: '',
        hiddenWords: '',
        hiddenBy: '',
        hiddenAt: 0
      })
  }
}
