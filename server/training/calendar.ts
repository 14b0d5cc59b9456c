/** China keeps no summer time: the village is always this far ahead. */
const AHEAD_MS = 8 * 3_600_000

/** The month of a moment, as the village counts it: 2026-07. */
export const monthOf = (at: number) => new Date(at + AHEAD_MS).toISOString().slice(0, 7)

/** How many months lie between two of them; 0 for the same. */
export function monthsBetween(from: string, to: string) {
  const [fromYear, fromMonth] = from.split('-').map(Number) as [number, number]
  const [toYear, toMonth] = to.split('-').map(Number) as [number, number]
  return (toYear - fromYear) * 12 + toMonth - fromMonth
}

export function monthAfter(month: string, months: number) {
  const [year, nth] = month.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, nth - 1 + months)).toISOString().slice(0, 7)
}

/** The last moment of the day so many months later; the 31st becomes the last of a shorter month. */
export function lastDayIn(months: number, at: number) {
  const day = new Date(at + AHEAD_MS)
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth() + months]
  const daysOfMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return Date.UTC(year, month, Math.min(day.getUTCDate(), daysOfMonth) + 1) - AHEAD_MS - 1
}
