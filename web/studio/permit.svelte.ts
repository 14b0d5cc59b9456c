import { showPermit, type RefusedGoods, type ShowPermit } from '../../shared/contracts/licences.ts'
import { Refusal } from '../../shared/refusal.ts'
import { call } from '../call.ts'
import { once } from './licence.ts'

/** Somebody waits for her mentor at the door: a green tick may not be older than this. */
const ASK_AGAIN_MS = 4_000

/** Whether a show may go on air now, asked again and again while somebody looks. */
export class Permit {
  readonly showId: string
  now = $state.raw<ShowPermit>()
  /** The last question had no answer; what stands in `now` is older. */
  stale = $state(false)
  /** What keeps her from any show; her mentor stands in for certificates. */
  missing = $derived(this.now && !this.now.supervised ? once(this.now.show) : [])
  /** What of her shelf cannot be sold. */
  goods = $derived(this.now?.goods ?? [])
  #timer: ReturnType<typeof setTimeout> | undefined
  #watched = 0

  constructor(showId: string) {
    this.showId = showId
  }

  /** Asks until the answer is called. */
  watch(): () => void {
    const watch = ++this.#watched
    const again = async () => {
      if (!document.hidden) await this.ask()
      if (watch === this.#watched) this.#timer = setTimeout(() => void again(), ASK_AGAIN_MS)
    }
    void again()
    return () => {
      this.#watched++
      clearTimeout(this.#timer)
    }
  }

  async ask() {
    try {
      this.now = await call(showPermit, { params: { showId: this.showId } })
      this.stale = false
    } catch {
      this.stale = true
    }
  }
}

/** The codes that a licence refuses with; what is missing comes along. */
const REFUSALS = ['not_licensed', 'goods_not_licensed', 'mentor_away']
export const isLicenceRefusal = (error: unknown): error is Refusal =>
  error instanceof Refusal && REFUSALS.includes(error.code)

/** The goods that a refusal names, each with what it is missing. */
export function refusedGoods(error: unknown): RefusedGoods[] {
  const refused = isLicenceRefusal(error) && error.code === 'goods_not_licensed' && error.details?.refused
  return Array.isArray(refused) ? (refused as RefusedGoods[]) : []
}
