import type { GateTry } from '../../shared/contracts/vouchers.ts'
import type { Static } from 'typebox'
import { UNDO_MS } from '../../shared/voucher.ts'
import type { Seen } from './tickets.ts'

export type Try = Static<typeof GateTry>
/** What a gate shows of a voucher. */
export type Shown = NonNullable<Try['voucher']>

/** Why a phone asks no more: it was undone too late, it was her own voucher, or the village would not hear of it. */
type GivenUp = 'undo_late' | 'case_own' | 'not_taken'

/** 核销, as this phone wrote it down before its screen said 可用. */
export interface Act {
  /** Made here; however often the village hears of it, it is one. */
  id: string
  /** What was scanned or typed. */
  text: string
  voucher: Shown
  /** By the village’s clock as far as this phone knew it, and how far that was ahead of the phone’s own. */
  at: number
  aheadMs: number
  /** waiting: the village has not heard of it. told: it said yes. conflict: it said no, and somebody was let in. */
  state: 'waiting' | 'told' | 'conflict'
  /** Taken back here, and the village has not heard of that. */
  undone?: { at: number; words: string }
  /** Why there is a conflict. */
  reason?: Try['reason'] | GivenUp
  first?: Try['first']
  /** When the village heard of it. */
  heardAt?: number
  /** How often it said that the time is not possible. */
  retimed?: number
}

/** What was done at one gate by one woman on this phone, oldest first. */
export type Book = readonly Act[]

/** Redemptions that a phone keeps until it has a network again. */
export const MAX_WAITING = 500
/** Those that the village knows: enough to say “that was a minute ago, here” without asking. */
const MAX_TOLD = 100

/**
 * So close to the hour of a list nobody can say which came first: what is redeemed or paid for is written down a moment
 * before the village knows it.
 */
export const LIST_SLACK_MS = 60_000

const isWaiting = ({ state, undone }: Act) => state === 'waiting' || (state === 'told' && !!undone)

/** What the village has yet to hear of, oldest first. */
export const waitingIn = (book: Book) => book.filter(isWaiting)
/** What it said no to later: shown until somebody has taken note. */
export const conflictsIn = (book: Book) => book.filter(({ state }) => state === 'conflict')

const isOf = ({ voucher }: Act, seen: Seen) =>
  seen.kind === 'ticket'
    ? voucher.id === seen.ticket.voucherId
    : seen.kind === 'digits' && voucher.code === seen.code

/** Whether this phone has redeemed it, and not taken it back. */
export const liveOf = (book: Book, seen: Seen) => book.find((act) => !act.undone && isOf(act, seen))

/** This phone knows more of it than the village: nobody else needs to be asked. */
export const isAhead = (book: Book, seen: Seen) =>
  book.some((act) => (isWaiting(act) || act.state === 'conflict') && isOf(act, seen))

export const isFull = (book: Book) => waitingIn(book).length >= MAX_WAITING

/** It is open again; undefined where this phone does not know it, or the village has to be asked. */
export function undo(book: Book, id: string, undone: { at: number; words: string }): Book | undefined {
  const act = book.find((each) => each.id === id)
  if (act?.state !== 'waiting' || act.undone || undone.at > act.at + UNDO_MS) return undefined
  return book.map((each) => (each === act ? { ...act, undone } : each))
}

export const without = (book: Book, id: string): Book => book.filter((act) => act.id !== id)

/** The village’s answers to what it was told. Answers to anything else change nothing. */
export function merge(book: Book, answers: readonly Try[], clock: { now: number; aheadMs: number }): Book {
  const byId = new Map(answers.map((answer) => [answer.id, answer]))
  return book.flatMap((act) => {
    const answer = byId.get(act.id)
    if (!answer || act.state !== 'waiting') return [act]
    if (answer.reason === 'clock') return [retimed(act, clock)]
    if (answer.outcome === 'undone') return []
    // Taken back here while it was on its way: that is still to be told.
    if (answer.outcome === 'redeemed') return [{ ...act, ...known(answer), state: 'told' as const }]
    if (act.undone) return []
    return [conflict(act, answer.reason, answer)]
  })
}

/** The village would not hear of it, or not of its undoing: somebody has to look. */
export const givenUp = (book: Book, id: string, reason: GivenUp): Book =>
  book.map((act) => (act.id === id ? conflict(act, reason) : act))

/**
 * A newer list has come. It lacks what was redeemed before, so less must be remembered here; and what it has was taken
 * back at another gate.
 */
export function trimmed(book: Book, list: { at: number; items: readonly { id: string }[] }): Book {
  const before = list.at - LIST_SLACK_MS
  const known = book.filter((act) => act.state === 'told' && !isWaiting(act) && (act.heardAt ?? 0) < before)
  const open = new Set(list.items.map(({ id }) => id))
  const old = new Set([...known.slice(0, -MAX_TOLD), ...known.filter(({ voucher }) => open.has(voucher.id))])
  return book.filter((act) => !old.has(act))
}

const known = ({ voucher, heardAt, first }: Try) => ({
  ...(voucher && { voucher }),
  ...(first && { first }),
  heardAt
})

function conflict(act: Act, reason: NonNullable<Act['reason']>, answer?: Try): Act {
  const made: Act = { ...act, ...(answer && known(answer)), state: 'conflict', reason }
  delete made.undone
  return made
}

/**
 * The phone’s clock was wrong: by now the village has put it right, and the hour with it. Where that hour is not
 * possible either, the clock was changed in between, and now is the nearest that is.
 */
function retimed(act: Act, { now, aheadMs }: { now: number; aheadMs: number }): Act {
  const at = act.retimed ? now : act.at - act.aheadMs + aheadMs
  const shift = at - act.at
  return {
    ...act,
    at,
    aheadMs,
    retimed: (act.retimed ?? 0) + 1,
    ...(act.undone && { undone: { ...act.undone, at: act.retimed ? now : act.undone.at + shift } })
  }
}
