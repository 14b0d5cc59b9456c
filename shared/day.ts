/** China keeps no summer time: the village is always this far ahead. */
const AHEAD_MS = 8 * 3_600_000
export const DAY_MS = 86_400_000

/** The day in the village, `YYYY-MM-DD`. */
export const dayOf = (at: number) => new Date(at + AHEAD_MS).toISOString().slice(0, 10)

/** The last moment of the village’s day so many days after this one. */
export const endOfDay = (at: number, daysLater: number) =>
  (Math.floor((at + AHEAD_MS) / DAY_MS) + 1 + daysLater) * DAY_MS - AHEAD_MS - 1

/** From the first moment of a day of the village to the first of the next, which is not in it. */
export function boundsOf(day: string): { from: number; to: number } {
  const from = Date.parse(`${day}T00:00:00Z`) - AHEAD_MS
  return { from, to: from + DAY_MS }
}
