import { QUARTER_MS } from '../../shared/contracts/classes.ts'
import { dateOf } from '../words/when.ts'

/** Classes stand in the village’s time whatever the phone thinks, and the village has no summer time. */
export const VILLAGE_OFFSET = '+08:00'
const OFFSET_MS = 8 * 3_600_000
export const DAY_MS = 86_400_000

/** What date and time fields say, as a moment; NaN while one of them is empty. */
export const atOf = (day: string, time: string) => Date.parse(`${day}T${time}:00${VILLAGE_OFFSET}`)

/** When a class of this day is over: midnight is the end of the day, not its beginning. */
export const overAt = (day: string, time: string) => atOf(day, time) + (time === '00:00' ? DAY_MS : 0)

/** `19:30`, as a time field wants it. */
export const clockOf = (at: number) => new Date(at + OFFSET_MS).toISOString().slice(11, 16)

/** Midnight in the village before this moment. */
export const dayStart = (at: number) => atOf(dateOf(at), '00:00')

export const nextQuarter = (at: number) => Math.ceil(at / QUARTER_MS) * QUARTER_MS
export const isQuarter = (at: number) => at % QUARTER_MS === 0

/** The Monday of its week. */
export function weekStart(at: number) {
  const start = dayStart(at)
  const weekday = new Date(start + OFFSET_MS).getUTCDay()
  return start - ((weekday + 6) % 7) * DAY_MS
}

export const monthStart = (at: number) => atOf(`${dateOf(at).slice(0, 7)}-01`, '00:00')

/** The first of another month: its 31st may not exist. */
export function addMonths(at: number, by: number) {
  const [year = 0, month = 0] = dateOf(at).split('-').map(Number)
  const index = year * 12 + month - 1 + by
  const two = String((index % 12) + 1).padStart(2, '0')
  return atOf(`${Math.floor(index / 12)}-${two}-01`, '00:00')
}

/**
 * The calendar hands out dates whose local fields show the village’s clock, wherever the device is: 9:00 in the village is
 * 9:00 of the device. This is the moment that is meant.
 */
export const meant = (date: Date) =>
  Date.UTC(date.getFullYear(), date.getMonth(), date.getDate(), date.getHours(), date.getMinutes()) -
  OFFSET_MS
