import { DAY_MS, dayOf, endOfDay } from '../../shared/day.ts'

/** Nobody sells then, and the gateways have closed their day. */
const NIGHT_MS = 3 * 3_600_000

/** When the night after this moment is looked at: three in the morning by the village’s clock. */
export function nextNight(now: number): { day: string; at: number } {
  const midnight = endOfDay(now, -1) + 1
  const tonight = midnight + NIGHT_MS
  const at = tonight > now ? tonight : tonight + DAY_MS
  return { day: dayOf(at), at }
}
