import { myMemberCode } from '../../shared/contracts/classes.ts'
import { call } from '../call.ts'
import { clock } from '../clock.svelte.ts'

/** A server that does not answer is asked again after this. */
const AGAIN_MS = 3_000

/** 我的码: always one that an officer can still scan. */
export class MemberCode {
  code = $state('')
  nextAt = $state(0)
  error = $state.raw<unknown>()
  #endsAt = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #stopped = false

  /** Answers the way to stop. */
  show() {
    const look = () => {
      if (document.hidden) return
      clearTimeout(this.#timer)
      void this.#ask()
    }
    document.addEventListener('visibilitychange', look)
    look()
    return () => {
      this.#stopped = true
      clearTimeout(this.#timer)
      document.removeEventListener('visibilitychange', look)
    }
  }

  async #ask() {
    let waitMs = AGAIN_MS
    try {
      const { code, nextAt, endsAt } = await call(myMemberCode)
      this.code = code
      this.nextAt = nextAt
      this.#endsAt = endsAt
      this.error = undefined
      waitMs = Math.max(1_000, nextAt - clock.exact())
    } catch (error) {
      this.error = error
      // An old code at the door is worse than none.
      if (clock.exact() >= this.#endsAt) this.code = ''
    }
    clearTimeout(this.#timer)
    if (!this.#stopped) this.#timer = setTimeout(() => !document.hidden && void this.#ask(), waitMs)
  }
}
