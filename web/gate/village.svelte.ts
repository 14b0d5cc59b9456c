import {
  gateBundle,
  redeemVoucher,
  syncRedemptions,
  undoRedemption,
  type GateVoucher
} from '../../shared/contracts/vouchers.ts'
import type { Body } from '../../shared/contract.ts'
import { call } from '../call.ts'
import { clock } from '../clock.svelte.ts'
import { newToken } from '../token.ts'
import type { Try } from './book.ts'
import type { Bundle } from './decide.ts'

type Scan = Omit<Body<typeof redeemVoucher>, 'shopId' | 'gateId' | 'gateName'>
export type HandIn = Body<typeof syncRedemptions>['items'][number]

/** What a gate asks of the village. */
export interface Village {
  bundle(): Promise<Bundle>
  redeem(scan: Scan, signal: AbortSignal): Promise<Try>
  /** Answers also the village’s time. */
  sync(items: HandIn[]): Promise<{ now: number; items: Try[] }>
  undo(id: string, words: string): Promise<unknown>
}

/** Open vouchers that a phone takes along; a shop has some dozens. */
export const MAX_BUNDLE = 10_000

export const villageOf = (shopId: string): Village => ({
  async bundle() {
    const items: GateVoucher[] = []
    let page = await call(gateBundle, { query: { shopId } })
    const { shop, key, now, today } = page
    const aheadMs = clock.aheadMs
    items.push(...page.items)
    while (page.more && page.items.length && items.length < MAX_BUNDLE) {
      page = await call(gateBundle, { query: { shopId, after: items.at(-1)!.id } })
      items.push(...page.items)
    }
    return { shop, key, items, whole: !page.more, today, at: now, aheadMs }
  },
  redeem: async (scan, signal) =>
    (await call(redeemVoucher, { body: { shopId, ...thisGate.here(), ...scan } }, signal)).tried,
  sync: (items) => call(syncRedemptions, { body: { shopId, ...thisGate.here(), items } }),
  undo: (redemptionId, words) => call(undoRedemption, { params: { redemptionId }, body: { shopId, words } })
})

const ID = 'gate-id'
const NAME = 'gate-name'

/** This phone as a gate: the village knows it by an id, people by the place where it stands. */
class ThisGate {
  name = $state(localStorage.getItem(NAME) ?? '')

  call(name: string) {
    this.name = name.trim()
    localStorage.setItem(NAME, this.name)
  }

  here() {
    const gateId = localStorage.getItem(ID) ?? newToken()
    localStorage.setItem(ID, gateId)
    return { gateId, gateName: this.name }
  }
}
export const thisGate = new ThisGate()
