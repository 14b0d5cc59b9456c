import type { GateKey, GateVoucher } from '../../shared/contracts/vouchers.ts'
import type { Static } from 'typebox'
import { UNDO_MS } from '../../shared/voucher.ts'
import { LIST_SLACK_MS, liveOf, type Act, type Book, type Shown, type Try } from './book.ts'
import type { Seen } from './tickets.ts'

/** What a phone takes along to where there is no network: the open vouchers of a shop and the village’s key. */
export interface Bundle {
  shop: { id: string; name: string }
  key: Static<typeof GateKey>
  items: readonly GateVoucher[]
  /** Nothing was left out for want of room. */
  whole: boolean
  /** How many were redeemed that day, by all gates of the shop. */
  today: number
  /** When the village was asked for it, by the village’s clock, and how far that was ahead of the phone’s. */
  at: number
  aheadMs: number
}

export const WORDS = [
  'good',
  'used',
  'refunded',
  'expired',
  'other_shop',
  'unknown',
  'forged',
  'unsure',
  'full'
] as const
/** The one word of a result. `unsure`: only the village can tell. `full`: no more fits on this phone. */
export type Word = (typeof WORDS)[number]

export interface Verdict {
  word: Word
  /** Which it is; left out where nobody knows. */
  voucher?: Shown | undefined
  /** Who was before, where somebody was. */
  first?: Try['first']
  /** Decided on the phone alone: the village hears of it later. */
  offline: boolean
  /** What more there is to say: it was bought after the list came, or is on it no more. */
  because?: 'newer_than_list' | 'not_on_list' | 'list_too_long' | 'no_key' | undefined
  /** The redemption, and until when it may be taken back; 0: it may not. */
  actId: string
  undoUntil: number
}

/** What a phone says on its own. The village may know better; it hears of every yes. */
export function decide(seen: Seen, bundle: Bundle, book: Book, now: number): Verdict {
  const no = (word: Word, more: Partial<Verdict> = {}): Verdict => ({
    word,
    offline: true,
    actId: '',
    undoUntil: 0,
    ...more
  })
  if (seen.kind === 'nothing') return no('unknown')
  if (seen.kind === 'ticket') {
    if (seen.real === undefined) return no('unsure', { because: 'no_key' })
    if (!seen.real) return no('forged')
    if (seen.ticket.shopId !== bundle.shop.id) return no('other_shop')
  }
  const done = liveOf(book, seen)
  if (done) return { ...no('used'), voucher: done.voucher, ...firstHere(done, now) }

  const listed = bundle.items.find(({ id, code }) =>
    seen.kind === 'ticket' ? id === seen.ticket.voucherId : code === seen.code
  )
  const voucher = listed
    ? shownOf(listed)
    : seen.kind === 'ticket'
      ? unlisted(seen.ticket, bundle)
      : undefined
  if (!voucher) return no('unknown', bundle.whole ? {} : { because: 'list_too_long' })
  if (now > voucher.expiresAt) return no('expired', { voucher })
  if (listed) return no('good', { voucher })
  const { issuedAt } = (seen as Extract<Seen, { kind: 'ticket' }>).ticket
  if (issuedAt > bundle.at - LIST_SLACK_MS) return no('good', { voucher, because: 'newer_than_list' })
  if (!bundle.whole) return no('unsure', { voucher, because: 'list_too_long' })
  return no('used', { voucher, because: 'not_on_list' })
}

/** The village’s answer as a result. */
export function verdictOf({ id, outcome, reason, voucher, first, undoUntil, offline }: Try): Verdict {
  return {
    word: outcome === 'redeemed' ? 'good' : wordOf(reason),
    voucher,
    first,
    offline,
    actId: outcome === 'redeemed' ? id : '',
    undoUntil
  }
}

const wordOf = (reason: Try['reason']): Word =>
  reason === 'redeemed' || reason === '' ? 'used' : reason === 'clock' ? 'unsure' : reason

const firstHere = (act: Act, now: number): Partial<Verdict> => ({
  first: { at: act.at, byName: '', gateName: '', sameGate: true },
  actId: act.id,
  undoUntil: undoUntilOf(act, now)
})

/** Until when an act of this phone may be taken back; 0: no more. */
export const undoUntilOf = ({ at, state, undone }: Act, now: number) =>
  state !== 'conflict' && !undone && now <= at + UNDO_MS ? at + UNDO_MS : 0

/** How many were redeemed today at all gates, as far as this phone knows. */
export function todayOf({ at, today }: Bundle, book: Book, now: number, dayOf: (at: number) => string) {
  const here = book.filter(
    (act) =>
      act.state !== 'conflict' &&
      !act.undone &&
      // The list counts those that the village had heard of.
      (act.heardAt ?? Infinity) >= at &&
      dayOf(act.at) === dayOf(now)
  ).length
  return here + (dayOf(at) === dayOf(now) ? today : 0)
}

const shownOf = ({ id, code, title, specName, n, expiresAt, test }: GateVoucher): Shown => ({
  id,
  code,
  title,
  specName,
  n,
  expiresAt,
  test
})

/** Signed by the village and not on the list: its name is that of the others of its kind. */
function unlisted(
  { voucherId, specId, expiresAt }: Extract<Seen, { kind: 'ticket' }>['ticket'],
  bundle: Bundle
): Shown {
  const kin = bundle.items.find((each) => each.specId === specId)
  const { title = '', specName = '' } = kin ?? {}
  return { id: voucherId, code: '', title, specName, n: 0, expiresAt, test: kin?.test ?? false }
}
