import type { Body, QueryOf } from '../../shared/contract.ts'
import {
  REVIEWS_PAGE,
  type askToHide,
  type shopReviews,
  type ShopReview
} from '../../shared/contracts/reviews.ts'
import { Problem } from '../../shared/problems.ts'
import type { Member } from '../members/member.ts'
import type { Reader, Tx } from '../store/store.ts'
import type { Neighbours } from './neighbours.ts'
import { fitForAll } from './review.ts'
import { reviewStore, type ReviewRow } from './store.ts'
import type { Views } from './views.ts'

/** Of one shop: the union looks at each of them. */
export const OPEN_ASKS = 20

export type Answers = ReturnType<typeof openAnswers>

/** What a host does about what is said of her goods: she answers, or asks the union to look at it. */
export function openAnswers({
  store,
  clock,
  orders,
  hostIn,
  shopIdOf,
  tellIn,
  views
}: Neighbours & { views: Views }) {
  const rows = reviewStore(store)

  return {
    /** Problem no_such_review (of `after`). */
    async ofMyShop(me: Member, { list, after }: QueryOf<typeof shopReviews>): Promise<ShopReview[]> {
      const shopId = await shopIdOf(me.id)
      if (shopId === undefined) return []
      const from = after === undefined ? undefined : await rows.one(store.read, after)
      if (after !== undefined && from?.shopId !== shopId) throw new Problem('no_such_review')
      const page = list === 'waiting' ? rows.unanswered : rows.ofShop
      return views.shopViews(await page(store.read, shopId, from, REVIEWS_PAGE))
    },

    /** Once. Problems: no_such_review, review_replied, review_hidden, bad_input. */
    async reply(me: Member, reviewId: string, typed: string): Promise<ShopReview> {
      const words = fitForAll(typed)
      if (!words) throw new Problem('bad_input', { field: '/words' })
      const row = await store.tx(async (tx) => {
        const before = await ofHerGoods(tx, me, reviewId)
        if (before.hiddenAt) throw new Problem('review_hidden')
        const after = await rows.reply(tx, reviewId, words, clock.now())
        if (!after) throw new Problem('review_replied')
        const about = { title: await titleIn(tx, after), words }
        const href = `/me/orders/${after.orderId}`
        await tellIn(tx, { memberId: after.memberId, kind: 'review_replied', about, href })
        return after
      })
      return one(row)
    },

    /** Once. Problems: no_such_review, review_hidden, review_asked, asks_full, bad_input. */
    async ask(
      me: Member,
      reviewId: string,
      { reason, words: typed }: Body<typeof askToHide>
    ): Promise<ShopReview> {
      const words = fitForAll(typed)
      if (!words) throw new Problem('bad_input', { field: '/words' })
      const row = await store.tx(async (tx) => {
        const before = await ofHerGoods(tx, me, reviewId)
        if (before.hiddenAt) throw new Problem('review_hidden')
        if ((await rows.openAsks(tx, before.shopId)) >= OPEN_ASKS) throw new Problem('asks_full')
        const asked = { askReason: reason, askWords: words, askedAt: clock.now() }
        const after = await rows.ask(tx, reviewId, asked)
        if (!after) throw new Problem('review_asked')
        return after
      })
      return one(row)
    }
  }

  async function ofHerGoods(tx: Tx, me: Member, reviewId: string): Promise<ReviewRow> {
    const row = await rows.one(tx, reviewId)
    if (!row || (await hostIn(tx, row.shopId)) !== me.id) throw new Problem('no_such_review')
    return row
  }

  async function titleIn(on: Tx | Reader, { orderId, specId }: ReviewRow): Promise<string> {
    const lines = await orders.linesIn(on, [orderId])
    return lines.find((line) => line.specId === specId)?.title ?? ''
  }

  async function one(row: ReviewRow): Promise<ShopReview> {
    return (await views.shopViews([row]))[0]!
  }
}
