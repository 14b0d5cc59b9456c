import { aftersaleWaits } from '../../shared/contracts/aftersale.ts'
import { listCases } from '../../shared/contracts/cases.ts'
import { listDocuments } from '../../shared/contracts/licences.ts'
import { deskReviews, REVIEWS_PAGE } from '../../shared/contracts/reviews.ts'
import { call } from '../call.ts'
import { clock } from '../clock.svelte.ts'
import { nearnessOf } from '../studio/licence.ts'

/** As many documents as the server answers at once. */
export const DOCUMENTS_PAGE = 100

/** A full page says no more than “so many at least”. */
export const atMost = (n: number) => (n >= DOCUMENTS_PAGE ? `${DOCUMENTS_PAGE}+` : String(n))

export const reviewsAtMost = (n: number) => (n >= REVIEWS_PAGE ? `${REVIEWS_PAGE}+` : String(n))

/** What waits for an officer. What cannot be asked just now stays unknown and keeps nothing else from her. */
export class Waits {
  loading = $state(true)
  cases = $state.raw<{ open: number; overdue: number }>()
  toCheck = $state<number>()
  dueSoon = $state<number>()
  /** Alerts about money that nobody has looked at, and refunds that are stuck. */
  money = $state<number>()
  returnsLate = $state<number>()
  /** Reviews that hosts ask about. */
  reviews = $state<number>()
  nothing = $derived(
    this.cases?.open === 0 &&
      this.toCheck === 0 &&
      this.dueSoon === 0 &&
      this.money === 0 &&
      this.returnsLate === 0 &&
      this.reviews === 0
  )

  async load() {
    const [cases, toCheck, dueSoon, aftersale, reviews] = await Promise.allSettled([
      call(listCases, { query: { list: 'open' } }),
      call(listDocuments, { query: { list: 'waiting' } }),
      call(listDocuments, { query: { list: 'due' } }),
      call(aftersaleWaits),
      call(deskReviews, { query: { list: 'asked' } })
    ])
    this.cases = cases.status === 'fulfilled' ? cases.value : undefined
    this.toCheck = toCheck.status === 'fulfilled' ? toCheck.value.items.length : undefined
    this.dueSoon =
      dueSoon.status === 'fulfilled'
        ? dueSoon.value.items.filter(({ document }) => nearnessOf(document.dueAt, clock.exact()) !== 'far')
            .length
        : undefined
    if (aftersale.status === 'fulfilled') {
      const { alerts, failed, returnsLate } = aftersale.value
      this.money = Math.max(alerts, failed) // a refund that is stuck has rung a bell too
      this.returnsLate = returnsLate
    }
    this.reviews = reviews.status === 'fulfilled' ? reviews.value.items.length : undefined
    this.loading = false
  }
}
