import type { Answer } from '../../shared/contract.ts'
import {
  bookClass,
  getClass,
  giveFeedback,
  leaveClass,
  type MyBooking
} from '../../shared/contracts/classes.ts'
import { call } from '../call.ts'

type Known = Answer<typeof getClass>

/** Seats come and go; who waits wants to see it. */
const LOOK_MS = 15_000

/** One class as a learner sees it, and what she may do there. */
export class OneClass {
  known = $state.raw<Known>()
  error = $state.raw<unknown>()
  busy = $state(false)
  card = $derived(this.known?.class)
  readonly id: string

  constructor(id: string) {
    this.id = id
  }

  async load() {
    this.error = undefined
    try {
      await this.look()
    } catch (error) {
      this.error = error
    }
  }

  async look() {
    this.known = await call(getClass, { params: { classId: this.id } })
  }

  /** Looks again while somebody looks at the page. Answers the way to stop. */
  watch() {
    const seen = () => {
      if (!document.hidden && !this.busy && this.known) void this.look().catch(() => {})
    }
    const timer = setInterval(seen, LOOK_MS)
    document.addEventListener('visibilitychange', seen)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', seen)
    }
  }

  /** What she is in this class now; throws what the server says. */
  book = () => this.#change(() => call(bookClass, { params: { classId: this.id } }))
  leave = () => this.#change(() => call(leaveClass, { params: { classId: this.id } }))

  async say(stars: number, words: string) {
    await this.#do(() => call(giveFeedback, { params: { classId: this.id }, body: { stars, words } }))
  }

  async #change(work: () => Promise<{ mine: MyBooking }>): Promise<MyBooking> {
    const { mine } = await this.#do(work)
    return mine
  }

  async #do<T>(work: () => Promise<T>): Promise<T> {
    this.busy = true
    try {
      return await work()
    } finally {
      // Seats and the waitlist have moved, with her or without.
      await this.look().catch(() => {})
      this.busy = false
    }
  }
}
