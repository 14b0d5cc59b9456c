import { whoAmI, signOut, type Me } from '../../shared/contracts/members.ts'
import type { Role } from '../../shared/contract.ts'
import { call, Unreachable } from '../call.ts'

/** Where this phone remembers who holds it, for where there is no network; her number is not written down. */
const KEPT = 'me'

/** Who holds this phone. Pages ask `session.need()` at the moment something needs a member, not before. */
class Session {
  me = $state<Me>()
  loaded = $state(false)
  /** Without a network she is who she was; true until the server has said so again. */
  remembered = $state(false)
  /** True while the sign-in sheet is open. */
  asking = $state(false)
  #waiting: ((signedIn: boolean) => void)[] = []

  has = (...roles: Role[]) => roles.some((role) => this.me?.roles.includes(role))

  async load() {
    try {
      this.#is((await call(whoAmI)).me)
    } catch (error) {
      const kept = error instanceof Unreachable ? recalled() : undefined
      if (!kept) throw error
      this.me ??= kept
      this.remembered = true
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
    this.#is(me)
    this.#answer(true)
  }

  dismissed() {
    this.#answer(false)
  }

  async leave() {
    const { forgetMine, handInGates } = await import('../offline/phone.ts')
    // Nobody else can tell the village afterwards.
    await handInGates().catch(() => {})
    await call(signOut)
    this.#is(undefined)
    await forgetMine()
  }

  #is(me: Me | undefined) {
    this.me = me
    this.remembered = false
    if (me) localStorage.setItem(KEPT, JSON.stringify({ ...me, phone: '' }))
    else localStorage.removeItem(KEPT)
  }

  #answer(signedIn: boolean) {
    this.asking = false
    for (const resolve of this.#waiting.splice(0)) resolve(signedIn)
  }
}

function recalled(): Me | undefined {
  const kept = localStorage.getItem(KEPT)
  return kept ? (JSON.parse(kept) as Me) : undefined
}

export const session = new Session()
