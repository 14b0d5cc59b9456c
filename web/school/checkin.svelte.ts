import type { Answer } from '../../shared/contract.ts'
import { checkIn } from '../../shared/contracts/classes.ts'
import { call } from '../call.ts'
import { codeIn } from '../ui/scanned.ts'

/** At the door: what was scanned is sent once, and what came of it stays on the screen until she goes on. */
export class CheckIn {
  sending = $state(false)
  done = $state.raw<Answer<typeof checkIn>>()
  refused = $state.raw<unknown>()

  async scanned(text: string) {
    const code = codeIn(text)
    // The camera goes on looking; one answer is enough.
    if (!code || this.sending || this.done || this.refused) return
    this.sending = true
    try {
      this.done = await call(checkIn, { body: { code } })
      globalThis.navigator?.vibrate?.(200)
    } catch (error) {
      this.refused = error
    } finally {
      this.sending = false
    }
  }

  again() {
    this.done = undefined
    this.refused = undefined
  }
}
