import type { DocumentKind } from '../../shared/contracts/licences.ts'

/** As people in the village call them, for text messages and cases. */
export const DOCUMENT_NAMES: Record<DocumentKind, string> = {
  health: '健康证',
  food_licence: '食品经营许可证',
  food_filing: '预包装食品备案',
  authorisation: '授权书',
  guardian_consent: '监护人同意书'
}

const DAY_MS = 86_400_000
const VILLAGE_AHEAD_MS = 8 * 3_600_000

/** `warnedDays` of a document of whose end nobody has been told. */
export const UNWARNED = 1_000

/** The earlier of what is printed on it and so many months after it was checked. */
export function dueAtOf(
  { validUntil, checkedAt }: { validUntil: number; checkedAt: number },
  refreshMonths: number
) {
  const refreshAt = monthsAfter(checkedAt, refreshMonths)
  return validUntil === 0 ? refreshAt : Math.min(validUntil, refreshAt)
}

/** The same day and hour so many months later in the village; the last of the month where it has no such day. */
export function monthsAfter(at: number, months: number) {
  const then = new Date(at + VILLAGE_AHEAD_MS)
  const day = then.getUTCDate()
  then.setUTCDate(1)
  then.setUTCMonth(then.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(then.getUTCFullYear(), then.getUTCMonth() + 1, 0)).getUTCDate()
  then.setUTCDate(Math.min(day, lastDay))
  return then.getTime() - VILLAGE_AHEAD_MS
}

/**
 * The warning that is due of a document, if she has not had it: the smallest of `warnDays` that its end is within, or 0
 * once it has come. A server that was off for a week says the nearest one, not all that it missed.
 */
export function warningOf(
  { dueAt, warnedDays }: { dueAt: number; warnedDays: number },
  warnDays: readonly number[],
  now: number
): { stage: number; daysLeft: number } | undefined {
  const leftMs = dueAt - now
  const stage = [0, ...warnDays].sort((a, b) => a - b).find((days) => leftMs <= days * DAY_MS)
  if (stage === undefined || stage >= warnedDays) return undefined
  return { stage, daysLeft: Math.max(0, Math.ceil(leftMs / DAY_MS)) }
}
