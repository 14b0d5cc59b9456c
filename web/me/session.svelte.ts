import { whoAmI, signOut, type Me } from '../../shared/contracts/members.ts'
import type { Role } from '../../shared/contract.ts'
import { call } from '../call.ts'

/** Who holds this phone. Pages ask `session.need()` at the moment something needs a member, not before. */
class Session {
  me = $state<Me>()
  loaded = $state(false)
  /** True while the sign-in sheet is open. */
  asking = $state(false)
  #waiting: ((signedIn: boolean) => void)[] = []

  has = (...roles: Role[]) => roles.some((role) => this.me?.roles.includes(role))

  async load() {
    try {
      this.me = (await call(whoAmI)).me
    } finally {
      this.loaded = true
    }
  }

  /** Resolves to true once somebody is signed in, to false when she closes the sheet. */
  async need(): Promise<boolean> {
    if (!this.loaded) await this.load()
    if (this.me) return true
    this.asking = true
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  signedIn(me: Me) {
    this.me = me
    this.#answer(true)
  }

  dismissed() {
    this.#answer(false)
  }

  async leave() {
    await call(signOut)
    this.me = undefined
  }

  #answer(signedIn: boolean) {
    this.asking = false
    for (const resolve of this.#waiting.splice(0)) resolve(signedIn)
  }
}

export const session = new Session()
