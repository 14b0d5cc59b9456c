import type { Answer, Body } from '../../shared/contract.ts'
import {
  REVIEWS_PAGE,
  type productReviews,
  type Review,
  type ReviewLine,
  type writeReview
} from '../../shared/contracts/reviews.ts'
import { DAY_MS } from '../../shared/day.ts'
import { Problem } from '../../shared/problems.ts'
import type { Member } from '../members/member.ts'
import type { LineRow, OrderRow } from '../orders/orders.ts'
import { newId } from '../store/id.ts'
import type { Reader, Tx } from '../store/store.ts'
import type { Neighbours } from './neighbours.ts'
import type { Pictures } from './pictures.ts'
import { fitForAll, isSame, reviewUntil, tallyOf, unsentQtyOf, whyNotReviewed } from './review.ts'
import { reviewStore, type ReviewRow } from './store.ts'
import type { Views } from './views.ts'

/** Of one member: more than the largest bill has lines. */
export const REVIEWS_A_DAY = 60
/** Lines of one order, and one review of each. */
const OF_ORDER = 50

export type Reviews = ReturnType<typeof openReviews>

/** 评价: what she says of goods that she bought and got, a line of an order at a time, once. */
export function openReviews({
  store,
  clock,
  orders,
  refundsIn,
  files,
  hostIn,
  tellIn,
  pictures,
  views
}: Neighbours & { pictures: Pictures; views: Views }) {
  const rows = reviewStore(store)

  return {
    /** Each line with her review, or until when she may write one. Problem no_such_order. */
    async ofOrder(me: Member, orderId: string): Promise<ReviewLine[]> {
      const order = await own(store.read, me, orderId)
      const [lines, written, hostId] = await Promise.all([
        linesIn(store.read, order),
        rows.ofOrder(store.read, orderId, OF_ORDER),
        hostIn(store.read, order.shopId)
      ])
      return lines.map((line) => {
        const { specId, title, specName, photo } = line
        const row = written.find((each) => each.specId === specId)
        const review = row && views.seen(row, specName, 'knowing')
        const notReviewed = whyNotReviewed(order, line, hostId === me.id, clock.now())
        const until = reviewUntil(order, line)
        return { specId, title, specName, photo, notReviewed, until, ...(review && { review }) }
      })
    },

    /**
     * Writes it; the same one sent twice is one. Problems: no_such_order, not_reviewable {why}, reviewed, reviews_full,
     * no_such_file, not_a_picture, busy, bad_input.
     */
    async write(me: Member, orderId: string, draft: Body<typeof writeReview>): Promise<Review> {
      const { specId, stars, fileIds } = draft
      const said = { stars, words: fitForAll(draft.words), fileIds }
      const before = await refused(store.read, me, orderId, specId, said)
      if (before.written) return views.seen(before.written, before.line.specName, 'knowing')
      await files.ownedBy(store.read, fileIds, me.id, 'review')

      // Pictures first, then the book: a review that is there has its pictures.
      const id = newId(clock.now())
      await pictures.publish({ id, memberId: me.id, photos: fileIds })
      try {
        const row = await store.tx((tx) => writtenIn(tx, id, me, orderId, specId, said))
        if (row.id !== id) await pictures.withdraw({ id, photos: fileIds })
        return views.seen(row, before.line.specName, 'knowing')
      } catch (error) {
        // Where only the answer got lost it is written, and needs its pictures.
        if (!(await rows.one(store.read, id))) await pictures.withdraw({ id, photos: fileIds })
        throw error
      }
    },

    /** For everybody, newest first. Problem no_such_review (of `after`). */
    async ofProduct(productId: string, after?: string): Promise<Answer<typeof productReviews>> {
      const from = after === undefined ? undefined : await rows.one(store.read, after)
      if (after !== undefined && from?.productId !== productId) throw new Problem('no_such_review')
      const [tallies, page] = await Promise.all([
        rows.talliesOf(store.read, productId),
        rows.ofProduct(store.read, productId, from, REVIEWS_PAGE)
      ])
      const of = (test: boolean) => tallyOf(tallies.filter((tally) => tally.test === test))
      return { real: of(false), test: of(true), items: await views.of(page) }
    }
  }

  async function own(on: Tx | Reader, me: Member, orderId: string): Promise<OrderRow> {
    const order = await orders.rowIn(on, orderId)
    if (order?.memberId !== me.id) throw new Problem('no_such_order')
    return order
  }

  /** With what of them never left. */
  async function linesIn(on: Tx | Reader, { id, shippedAt }: OrderRow) {
    const lines = await orders.linesIn(on, [id])
    const refunds = await refundsIn(on, [id])
    return lines.map((line) => ({ ...line, unsentQty: unsentQtyOf(line.specId, shippedAt, refunds) }))
  }

  /** Everything that speaks against it, asked before pictures are made and again in the unit. */
  async function refused(
    on: Tx | Reader,
    me: Member,
    orderId: string,
    specId: string,
    said: { stars: number; words: string; fileIds: string[] }
  ): Promise<{ order: OrderRow; line: LineRow; hostId: string; written?: ReviewRow }> {
    const order = await own(on, me, orderId)
    const line = (await linesIn(on, order)).find((each) => each.specId === specId)
    if (!line) throw new Problem('bad_input', { field: '/specId' })
    const hostId = await hostIn(on, order.shopId)
    const written = await rows.ofLine(on, orderId, specId)
    if (written) {
      if (!isSame({ ...written, fileIds: written.photos }, said)) throw new Problem('reviewed')
      return { order, line, hostId, written }
    }
    const now = clock.now()
    const why = whyNotReviewed(order, line, hostId === me.id, now)
    if (why) throw new Problem('not_reviewable', { why })
    if ((await rows.writtenSince(on, me.id, now - DAY_MS)) >= REVIEWS_A_DAY) throw new Problem('reviews_full')
    return { order, line, hostId }
  }

  async function writtenIn(
    tx: Tx,
    id: string,
    me: Member,
    orderId: string,
    specId: string,
    said: { stars: number; words: string; fileIds: string[] }
  ): Promise<ReviewRow> {
    const { order, line, hostId, written } = await refused(tx, me, orderId, specId, said)
    if (written) return written
    const { stars, words, fileIds } = said
    const row: ReviewRow = {
      id,
      orderId,
      specId,
      productId: line.productId,
      shopId: order.shopId,
      memberId: me.id,
      buyer: order.buyer,
      stars,
      words,
      photos: fileIds,
      test: order.test,
      createdAt: clock.now(),
      reply: '',
      repliedAt: 0,
      hiddenReason: '',
      hiddenWords: '',
      hiddenBy: '',
      hiddenAt: 0,
      ask: 'none',
      askReason: '',
      askWords: '',
      askedAt: 0,
      askAnswer: ''
    }
    // Another server has just written one: its unit is over, and this line has a review.
    if (!(await rows.add(tx, row))) throw new Problem('reviewed')
    await rows.count(tx, row)
    await tellIn(tx, {
      memberId: hostId,
      kind: 'reviewed',
      about: { title: line.title, stars: String(stars), words },
      href: '/studio/reviews'
    })
    return row
  }
}
