import type { TRY_OUTCOMES, TRY_REASONS, VoucherState } from '../../shared/contracts/vouchers.ts'
import { endOfDay } from '../../shared/day.ts'
import { DEFAULT_VALID_DAYS, GATE_CLOCK_MS, UNDO_MS } from '../../shared/voucher.ts'

/**
 * Money of a voucher that is over goes back so much later: a gate that stood on the mudflat until the evening has found
 * a signal by then and said whom it let in.
 */
export const EXPIRY_GRACE_MS = 12 * 3_600_000

export type Outcome = (typeof TRY_OUTCOMES)[number]
export type Reason = (typeof TRY_REASONS)[number]

export interface Voucher {
  state: VoucherState
  createdAt: number
  expiresAt: number
}

/** Until the end of a day of the village. */
export const goodUntil = (boughtAt: number, validDays: number) =>
  endOfDay(boughtAt, validDays || DEFAULT_VALID_DAYS)

/** When it happened: with network the server's clock decides, and the gate's is believed for a few minutes. */
export const momentOf = (at: number, offline: boolean, now: number) =>
  offline || Math.abs(now - at) <= GATE_CLOCK_MS ? Math.min(at, now) : now

/** Whether a gate may have seen this voucher then: not before it was bought, not in the time to come. */
export const isPossible = (at: number, { createdAt }: Voucher, now: number) =>
  at >= createdAt - GATE_CLOCK_MS && at <= now + GATE_CLOCK_MS

/** Why nobody is let in with it. Who was let in without network, though it was used or paid back, is a conflict. */
export function whyNotRedeemed(
  { state, expiresAt }: Voucher,
  { at, offline }: { at: number; offline: boolean }
): { outcome: Outcome; reason: Reason } | undefined {
  if (state === 'redeemed') return { outcome: 'conflict', reason: state }
  if (state !== 'open') return { outcome: offline ? 'conflict' : 'refused', reason: state }
  return at > expiresAt ? { outcome: 'refused', reason: 'expired' } : undefined
}

/** Until when it may be taken back: five minutes from when it happened, or was heard of at once. */
export const undoableUntil = (tried: { outcome: Outcome; at: number; heardAt: number; offline: boolean }) =>
  tried.outcome === 'redeemed' ? (tried.offline ? tried.at : tried.heardAt) + UNDO_MS : 0

/** Taken back at the gate itself, in time, before anybody heard of it. */
export const isTakenBack = (at: number, undoneAt: number | undefined) =>
  undoneAt !== undefined && undoneAt >= at && undoneAt <= at + UNDO_MS

/** From when an order's vouchers need nobody any more: none is open, and no redemption can be taken back. */
export const restUntil = (vouchers: readonly { state: VoucherState; redeemedAt: number }[]) =>
  Math.max(
    0,
    ...vouchers.map(({ state, redeemedAt }) =>
      state === 'open' ? Infinity : state === 'redeemed' ? redeemedAt + UNDO_MS : 0
    )
  )

const REFUSED: Record<Reason, string> = {
  '': '',
  redeemed: '这张用过了',
  refunded: '这张已经退了，钱还给买家了',
  expired: '这张过期了',
  unknown: '没有这个码，请再看一遍',
  forged: '这个码是假的，不是本村发的',
  other_shop: '这是别家店的券',
  clock: '手机的时间不对，校准以后再交一次'
}

/** For whoever stands at the gate. `first`: who was there before. */
export function wordsOf(
  { outcome, reason, words }: { outcome: Outcome; reason: Reason; words: string },
  first?: { at: number; byName: string; gateName: string }
): string {
  if (outcome === 'redeemed') return '核销成功'
  if (outcome === 'undone') return `撤销了：${words}`
  if (!first) return REFUSED[reason]
  const { at, byName, gateName } = first
  return `${spoken(at)} 已经在${gateName || '别的手机'}核销过了${byName && `，经手人 ${byName}`}`
}

const AHEAD_MS = 8 * 3_600_000

/** 11月23日 09:05, by the village's clock. */
export function spoken(at: number): string {
  const local = new Date(at + AHEAD_MS)
  return `${local.getUTCMonth() + 1}月${local.getUTCDate()}日 ${local.toISOString().slice(11, 16)}`
}
