import { CODE_EVERY_MS } from '../../shared/contracts/classes.ts'

interface DoorCode {
  code: string
  nextAt: number
  endsAt: number
}

/** After a failure; the code on the screen may still have some seconds. */
const AGAIN_MS = 1_500
/** Asked for just after it changed, never so often that a wrong clock becomes a flood. */
const LEAST_MS = 1_000

/** The code at the door: always the present one, and none rather than a dead one. */
export class Door {
  shown = $state.raw<DoorCode>()
  failed = $state<unknown>()
  readonly #ask: () => Promise<DoorCode>
  readonly #now: () => number

  constructor(ask: () => Promise<DoorCode>, now: () => number) {
    this.#ask = ask
    this.#now = now
  }

  /** Keeps the code fresh. Answers what ends it. */
  open(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined
    let open = true
    const turn = async () => {
      let wait = AGAIN_MS
      try {
        const code = await this.#ask()
        if (!open) return
        this.shown = code
        this.failed = undefined
        wait = Math.min(CODE_EVERY_MS, Math.max(LEAST_MS, code.nextAt - this.#now()))
      } catch (error) {
        if (!open) return
        this.failed = error
        // A dead code would only make a queue of refused women.
        if (this.shown && this.#now() >= this.shown.endsAt) this.shown = undefined
      }
      timer = setTimeout(() => void turn(), wait)
    }
    void turn()
    return () => {
      open = false
      clearTimeout(timer)
    }
  }
}
