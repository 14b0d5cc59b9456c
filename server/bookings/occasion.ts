import {
  DOORS_CLOSE_MS,
  DOORS_OPEN_MS,
  MAX_CLASS_MS,
  PAPER_LATE_MS,
  QUARTER_MS,
  type AttendedHow
} from '../../shared/contracts/classes.ts'

const DAY_MS = 86_400_000

export const MAX_LEAVE_MS = 31 * DAY_MS

export interface Times {
  startsAt: number
  endsAt: number
}

/** 场次: a time and a place with seats, whatever it is for. */
export interface Occasion extends Times {
  id: string
  kind: 'class'
  /** What it is for: a course, say. */
  subjectId: string
  seriesId: string
  title: string
  place: string
  seats: number
  taken: number
  state: 'open' | 'cancelled'
  reason: string
  version: number
  createdBy: string
  createdAt: number
}

/** What is wrong with a time, if anything. `longest`: twelve hours for a class, a month for a leave. */
export function wrongTimes(
  { startsAt, endsAt }: Times,
  longestMs = MAX_CLASS_MS
): '' | 'not_a_quarter' | 'bad_input' | 'class_too_long' {
  if (startsAt % QUARTER_MS || endsAt % QUARTER_MS) return 'not_a_quarter'
  if (endsAt <= startsAt) return 'bad_input'
  return endsAt - startsAt > longestMs ? 'class_too_long' : ''
}

/** The quarters of an hour that a time fills. Its end is the next one's beginning. */
export function quartersOf({ startsAt, endsAt }: Times): number[] {
  const first = Math.floor(startsAt / QUARTER_MS)
  return Array.from({ length: Math.ceil(endsAt / QUARTER_MS) - first }, (_, i) => first + i)
}

export const over = ({ endsAt }: Times, now: number) => endsAt <= now
export const begun = ({ startsAt }: Times, now: number) => startsAt <= now

/** Why nobody may take or give back a seat. */
export const closed = (occasion: Times & Pick<Occasion, 'state'>, now: number) =>
  occasion.state === 'cancelled' ? 'class_cancelled' : over(occasion, now) ? 'class_over' : ''

/**
 * The waitlist moves until the class begins. From then on a seat that comes free is for who stands at the door: the
 * first who waits may be an hour away.
 */
export const queues = (occasion: Times, now: number) => !begun(occasion, now)

/** When one may be checked in. Nobody signs into the future; only paper comes late. */
export const doorsOf = ({ startsAt, endsAt }: Times, how: AttendedHow) => ({
  opensAt: startsAt - DOORS_OPEN_MS,
  closesAt: endsAt + (how === 'paper' ? PAPER_LATE_MS : DOORS_CLOSE_MS)
})

export function doorsOpen(times: Times, how: AttendedHow, now: number): boolean {
  const { opensAt, closesAt } = doorsOf(times, how)
  return opensAt <= now && now < closesAt
}
