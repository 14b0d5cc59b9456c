import { say } from '../words/vouchers.ts'
import { dateWords, daysUntil } from '../words/when.ts'

/** From when on days are counted: a date far away says more than a number. */
const SOON_DAYS = 14

/** Until when a voucher is good, in words. */
export function endOf(expiresAt: number, now: number): string {
  if (now > expiresAt) return say.over
  const days = daysUntil(expiresAt, now)
  if (days === 0) return say.lastDay
  if (days === 1) return say.tomorrow
  return days <= SOON_DAYS ? say.daysLeft(days) : say.until(dateWords(expiresAt))
}
