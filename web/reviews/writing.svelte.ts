import { writeReview, type Review, type ReviewLine } from '../../shared/contracts/reviews.ts'
import { call } from '../call.ts'

/** One review while she writes it; it stays when the sheet is closed, and is sent once. */
export class Writing {
  readonly orderId: string
  readonly line: Pick<ReviewLine, 'specId' | 'title'>
  stars = $state(0)
  words = $state('')
  fileIds = $state<string[]>([])
  sending = $state(false)
  ready = $derived(this.stars > 0 && !this.sending)

  constructor(orderId: string, line: Pick<ReviewLine, 'specId' | 'title'>) {
    this.orderId = orderId
    this.line = line
  }

  /** Undefined while it is on its way already. Throws what `call` throws; what she wrote stays. */
  async send(): Promise<Review | undefined> {
    if (!this.ready) return undefined
    this.sending = true
    try {
      const { stars, words, fileIds } = this
      const { review } = await call(writeReview, {
        params: { orderId: this.orderId },
        body: { specId: this.line.specId, stars, words: words.trim(), fileIds: [...fileIds] }
      })
      return review
    } finally {
      this.sending = false
    }
  }
}

/** 4.7 of 47: tenths are whole, so nothing is rounded twice. */
export const averageWords = (tenths: number) => `${Math.floor(tenths / 10)}.${tenths % 10}`

/** How wide a bar is, in percent of the longest: one review is never no bar at all. */
export function barsOf(counts: readonly number[]): number[] {
  const most = Math.max(1, ...counts)
  return counts.map((count) => (count === 0 ? 0 : Math.max(2, Math.round((count / most) * 100))))
}
