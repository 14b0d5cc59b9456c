import { WATCH_BEAT_MS, watchOn } from '../../shared/contracts/coupons.ts'
import { call } from '../call.ts'
import { clock } from '../clock.svelte.ts'

/** How long I have watched, for coupons that ask for it. The server counts; between its answers the clock goes on here. */
export class Watching {
  readonly #showId: string
  /** By the server’s word, and when it said so; 0: it counts nothing now. */
  #ms = $state(0)
  #at = $state(0)
  ms = $derived(this.#ms + (this.#at ? Math.min(Math.max(0, clock.now - this.#at), WATCH_BEAT_MS) : 0))

  constructor(showId: string) {
    this.#showId = showId
  }

  /** From now on, while the page is looked at. Answers how to stop. */
  begin() {
    const beat = () => void this.beat().catch(() => {}) // the next one makes up for one that is lost
    beat()
    const beats = setInterval(beat, WATCH_BEAT_MS)
    return () => {
      clearInterval(beats)
      this.#ms = this.ms
      this.#at = 0
    }
  }

  async beat() {
    if (document.hidden) {
      this.#at = 0
      return
    }
    this.#ms = (await call(watchOn, { params: { showId: this.#showId } })).ms
    this.#at = clock.exact()
  }
}
