import { leaveWait, myWaits, waitForSpec, type Wait } from '../../shared/contracts/lots.ts'
import { call } from '../call.ts'
import { clock } from '../clock.svelte.ts'
import { session } from './session.svelte.ts'

/** What she waits for, as her pages share it: a button that waits and a list that counts down say the same. */
class Waits {
  #all = $state.raw<Wait[]>([])
  /** Whose they are: another member may look at this phone next. */
  #of = $state('')

  loaded = $derived(session.me !== undefined && this.#of === session.me.id)
  items = $derived(this.loaded ? this.#all : [])

  of = (specId: string) => this.items.find((wait) => wait.specId === specId)

  /** How many of a spec are kept for her now, though the shelf says it is gone. */
  kept(specId: string): number {
    const wait = this.of(specId)
    return wait?.state === 'offered' && wait.offerUntil > clock.now ? wait.qty : 0
  }

  async load() {
    const me = session.me?.id
    if (!me) return
    const { items } = await call(myWaits)
    if (me !== session.me?.id) return
    this.#all = items
    this.#of = me
  }

  async join(specId: string, qty: number) {
    await call(waitForSpec, { params: { specId }, body: { qty } })
    await this.load()
  }

  async leave(waitId: string) {
    await call(leaveWait, { params: { waitId } })
    await this.load()
  }
}

export const waits = new Waits()
