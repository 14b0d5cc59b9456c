import type { Body, QueryOf } from '../../shared/contract.ts'
import {
  REVIEWS_PAGE,
  type deskReviews,
  type DeskReview,
  type hideReview
} from '../../shared/contracts/reviews.ts'
import { Problem } from '../../shared/problems.ts'
import type { Member } from '../members/member.ts'
import type { Tx } from '../store/store.ts'
import type { Neighbours } from './neighbours.ts'
import type { Pictures } from './pictures.ts'
import { fitForAll } from './review.ts'
import { reviewStore, type ReviewRow } from './store.ts'
import type { Views } from './views.ts'

export type Judgements = ReturnType<typeof openJudgements>

/** What officers do: hide with a reason that everybody reads, show again, or tell a host that it stays. Nobody deletes. */
export function openJudgements({
  store,
  clock,
  orders,
  hostIn,
  tellIn,
  audit,
  pictures,
  views
}: Neighbours & { pictures: Pictures; views: Views }) {
  const rows = reviewStore(store)

  return {
    /** Problem no_such_review (of `after`). */
    async list(me: Member, { list, productId, after }: QueryOf<typeof deskReviews>): Promise<DeskReview[]> {
      const from = after === undefined ? undefined : await rows.one(store.read, after)
      if (after !== undefined && !from) throw new Problem('no_such_review')
      const page =
        list === 'all'
          ? productId === undefined
            ? rows.all(store.read, from, REVIEWS_PAGE)
            : rows.ofProduct(store.read, productId, from, REVIEWS_PAGE)
          : rows[list](store.read, productId, from, REVIEWS_PAGE)
      return views.deskViews(await page, me)
    },

    /** Problems: no_such_review, case_own, case_changed (it is hidden already), bad_input. */
    async hide(
      me: Member,
      reviewId: string,
      { reason, words: typed }: Body<typeof hideReview>
    ): Promise<DeskReview> {
      const words = said(typed)
      const row = await store.tx(async (tx) => {
        const { hostId } = await othersIn(tx, me, reviewId)
        const after = await rows.hide(tx, reviewId, {
          hiddenReason: reason,
          hiddenWords: words,
          hiddenBy: me.id,
          hiddenAt: clock.now()
        })
        if (!after) throw new Problem('case_changed')
        await pictures.followIn(tx, reviewId)
        await audit(tx, auditLine(me, after, 'review_hidden', { reason, words }))
        const title = await titleIn(tx, after)
        await tellIn(tx, {
          memberId: after.memberId,
          kind: 'review_hidden',
          about: { title, reason, words },
          href: `/me/orders/${after.orderId}`
        })
        return (await answeredIn(tx, hostId, after, title, 'hidden', words)) ?? after
      })
      return one(row, me)
    },

    /** Problems: no_such_review, case_own, case_changed (it is shown already), bad_input. */
    async show(me: Member, reviewId: string, typed: string): Promise<DeskReview> {
      const words = said(typed)
      const row = await store.tx(async (tx) => {
        await othersIn(tx, me, reviewId)
        const after = await rows.show(tx, reviewId)
        if (!after) throw new Problem('case_changed')
        await pictures.followIn(tx, reviewId)
        await audit(tx, auditLine(me, after, 'review_shown', { words }))
        await tellIn(tx, {
          memberId: after.memberId,
          kind: 'review_shown',
          about: { title: await titleIn(tx, after), words },
          href: `/me/orders/${after.orderId}`
        })
        return after
      })
      return one(row, me)
    },

    /** Problems: no_such_review, case_own, case_closed (nobody asks), bad_input. */
    async keep(me: Member, reviewId: string, typed: string): Promise<DeskReview> {
      const words = said(typed)
      const row = await store.tx(async (tx) => {
        const { hostId, row: before } = await othersIn(tx, me, reviewId)
        const after = await answeredIn(tx, hostId, before, await titleIn(tx, before), 'kept', words)
        if (!after) throw new Problem('case_closed')
        await audit(tx, auditLine(me, after, 'review_kept', { words }))
        return after
      })
      return one(row, me)
    }
  }

  /** Nobody decides about what she wrote or sells. */
  async function othersIn(tx: Tx, me: Member, reviewId: string) {
    const row = await rows.one(tx, reviewId)
    if (!row) throw new Problem('no_such_review')
    const hostId = await hostIn(tx, row.shopId)
    if (hostId === me.id || row.memberId === me.id) throw new Problem('case_own')
    return { row, hostId }
  }

  /** Her answer, if its host has asked; undefined otherwise. */
  async function answeredIn(
    tx: Tx,
    hostId: string,
    { id }: ReviewRow,
    title: string,
    decision: 'hidden' | 'kept',
    words: string
  ): Promise<ReviewRow | undefined> {
    const after = await rows.answer(tx, id, words)
    if (!after) return undefined
    const about = { title, decision, words }
    await tellIn(tx, { memberId: hostId, kind: 'review_judged', about, href: '/studio/reviews' })
    return after
  }

  async function titleIn(tx: Tx, { orderId, specId }: ReviewRow): Promise<string> {
    const lines = await orders.linesIn(tx, [orderId])
    return lines.find((line) => line.specId === specId)?.title ?? ''
  }

  async function one(row: ReviewRow, me: Member): Promise<DeskReview> {
    return (await views.deskViews([row], me))[0]!
  }
}

function said(typed: string): string {
  const words = fitForAll(typed)
  if (!words) throw new Problem('bad_input', { field: '/words' })
  return words
}

const auditLine = (
  me: Member,
  { id, orderId, specId }: ReviewRow,
  action: string,
  more: Record<string, unknown>
) => ({ actorId: me.id, action, subject: id, details: { ...more, orderId, specId } })
