import { QUARTER_MS } from '../../shared/contracts/classes.ts'
import { dateOf } from '../words/when.ts'

/** Classes stand in the village’s time whatever the phone thinks, and the village has no summer time. */
export const VILLAGE_OFFSET = '+08:00'
const OFFSET_MS = 8 * 3_600_000
export const DAY_MS = 86_400_000

/** What date and time fields say, as a moment; NaN while one of them is empty. */
export const atOf = (day: string, time: string) => Date.parse(`${day}T${time}:00${VILLAGE_OFFSET}`)

/** `19:30`, as a time field wants it. */
export const clockOf = (at: number) => new Date(at + OFFSET_MS).toISOString().slice(11, 16)

/** Midnight in the village before this moment. */
export const dayStart = (at: number) => atOf(dateOf(at), '00:00')

export const nextQuarter = (at: number) => Math.ceil(at / QUARTER_MS) * QUARTER_MS
export const isQuarter = (at: number) => at % QUARTER_MS === 0
