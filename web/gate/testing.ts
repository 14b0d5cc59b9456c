import type { GateVoucher } from '../../shared/contracts/vouchers.ts'
import { TICKET_KEY, TICKET_SIGNING, ticketText, UNDO_MS } from '../../shared/voucher.ts'
import { Problem } from '../../shared/problems.ts'
import { Unreachable } from '../call.ts'
import type { Try } from './book.ts'
import type { Bundle } from './decide.ts'
import type { Village } from './village.svelte.ts'

export const NOW = Date.parse('2026-11-23T10:00:00+08:00')
export const HOUR_MS = 3_600_000
export const SHOP = { id: 'xiumei', name: '秀梅渔家宴' }

export const aVoucher = (n: number, more: Partial<GateVoucher> = {}): GateVoucher => ({
  id: `feast-${n}`,
  code: String(482_900 + n),
  specId: 'four',
  title: '四人渔家宴',
  specName: '四人桌',
  n,
  issuedAt: NOW - 24 * HOUR_MS,
  expiresAt: NOW + 24 * HOUR_MS,
  test: false,
  ...more
})

/** A village that signs codes. */
export async function signer() {
  const pair = await crypto.subtle.generateKey(TICKET_KEY, true, ['sign', 'verify'])
  const { x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  return {
    key: { kty: 'EC' as const, crv: 'P-256' as const, x: x!, y: y! },
    async qr({ id, specId, issuedAt, expiresAt }: GateVoucher, shopId = SHOP.id) {
      const signed = ticketText({ voucherId: id, shopId, specId, issuedAt, expiresAt })
      const bytes = await crypto.subtle.sign(
        TICKET_SIGNING,
        pair.privateKey,
        new TextEncoder().encode(signed)
      )
      const base64 = btoa(String.fromCharCode(...new Uint8Array(bytes)))
      return `${signed}.${base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`
    }
  }
}

export const aBundle = (key: Bundle['key'], items: GateVoucher[], more: Partial<Bundle> = {}): Bundle => ({
  shop: SHOP,
  key,
  items,
  whole: true,
  today: 0,
  at: NOW,
  aheadMs: 0,
  ...more
})

/** What the village answers about an act that it accepts. */
export const aTry = (id: string, more: Partial<Try> = {}): Try => ({
  id,
  outcome: 'redeemed',
  reason: '',
  words: '',
  gateId: 'pier-phone',
  gateName: '码头',
  byName: '秀梅',
  at: NOW,
  heardAt: NOW,
  offline: true,
  undoUntil: NOW + UNDO_MS,
  ...more
})

/** The village as a gate meets it: each voucher once, each act once. It can be away, or its answers can get lost. */
export class FakeVillage implements Village {
  network: 'here' | 'away' | 'deaf' = 'here'
  now = NOW
  /** Acts that it has heard of. */
  acts = new Map<string, Try>()
  /** Vouchers that are redeemed, and by which act. */
  redeemed = new Map<string, string>()
  /** A text that it will not hear of. */
  poison = ''
  readonly key: Bundle['key']
  readonly vouchers: GateVoucher[]

  constructor(key: Bundle['key'], vouchers: GateVoucher[]) {
    this.key = key
    this.vouchers = vouchers
  }

  bundle = () =>
    this.#over(() =>
      aBundle(
        this.key,
        this.vouchers.filter(({ id }) => !this.redeemed.has(id)),
        { at: this.now, today: this.redeemed.size }
      )
    )

  redeem = (scan: { id: string; text: string; at: number }) => this.#over(() => this.#hear(scan, false))

  sync = (items: Parameters<Village['sync']>[0]) =>
    this.#over(() => {
      if (items.some(({ text }) => text === this.poison)) throw new Problem('bad_input')
      return { now: this.now, items: items.map((item) => this.#hear(item, true)) }
    })

  undo = (id: string) =>
    this.#over(() => {
      const act = this.acts.get(id)
      if (!act) throw new Problem('not_found')
      if (this.now > act.undoUntil) throw new Problem('order_closed')
      if (act.outcome === 'redeemed') this.redeemed.delete(act.voucher!.id)
      this.acts.set(id, { ...act, outcome: 'undone' })
      return {}
    })

  async #over<T>(answer: () => T): Promise<T> {
    if (this.network === 'away') throw new Unreachable('no signal')
    const said = answer()
    if (this.network === 'deaf') throw new Unreachable('the answer got lost')
    return said
  }

  #hear(item: Parameters<Village['sync']>[0][number], offline: boolean): Try {
    const { id, text, at, undone } = item
    const known = this.acts.get(id)
    if (known) return known
    const voucher = this.vouchers.find((each) => text === each.code || text.includes(`.${each.id}.`))
    const base = { at, heardAt: this.now, offline }
    if (Math.abs(at - this.now) > HOUR_MS * 12)
      return aTry(id, { ...base, outcome: 'refused', reason: 'clock' })
    let made: Try
    if (!voucher) made = aTry(id, { ...base, outcome: 'refused', reason: 'unknown', undoUntil: 0 })
    else if (undone) made = aTry(id, { ...base, voucher, outcome: 'undone', undoUntil: 0 })
    else if (this.redeemed.has(voucher.id)) {
      const first = { at: NOW - 60_000, byName: '海燕', gateName: '餐厅', sameGate: false }
      made = aTry(id, { ...base, voucher, outcome: 'conflict', reason: 'redeemed', first, undoUntil: 0 })
    } else {
      this.redeemed.set(voucher.id, id)
      made = aTry(id, { ...base, voucher, undoUntil: (offline ? at : this.now) + UNDO_MS })
    }
    this.acts.set(id, made)
    return made
  }
}
