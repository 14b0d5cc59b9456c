import { session } from './session.svelte.ts'

/** A page after another need not ask each time. */
const FRESH_MS = 30_000

/** How many notices she has not seen: the number on the dock. */
class Unread {
  count = $state(0)
  #askedAt = -Infinity
  #of = ''

  async look() {
    const me = session.me?.id ?? ''
    if (!me) return void (this.count = 0)
    const now = performance.now()
    if (me === this.#of && now - this.#askedAt < FRESH_MS) return
    this.#askedAt = now
    this.#of = me
    // No first page waits for these words.
    const [{ myNotices }, { call }] = await Promise.all([
      import('../../shared/contracts/notices.ts'),
      import('../call.ts')
    ])
    this.count = (await call(myNotices)).unread
  }

  set(count: number) {
    this.count = count
  }
}

export const unread = new Unread()
