import { call } from '../call.ts'
import { session } from '../me/session.svelte.ts'

/** A page after another need not ask each time. */
const FRESH_MS = 30_000

/** How many things are in her basket: the number on its icon. */
class InBasket {
  count = $state(0)
  #askedAt = -Infinity
  #asked = 0
  #of = ''

  async look() {
    const me = session.me?.id ?? ''
    if (!me) return void (this.count = 0)
    const now = performance.now()
    if (me === this.#of && now - this.#askedAt < FRESH_MS) return
    this.#askedAt = now
    this.#of = me
    const asked = ++this.#asked
    // No first page waits for these words.
    const { basketCount } = await import('../../shared/contracts/baskets.ts')
    const { count } = await call(basketCount)
    if (asked === this.#asked) this.count = count
  }

  /** An answer that is still on its way is older than this. */
  set(count: number) {
    this.#asked++
    this.count = count
  }
}

export const inBasket = new InBasket()
