import type { HostDocument, Missing } from '../../shared/contracts/licences.ts'
import { daysUntil } from '../words/when.ts'

/** What somebody types of a document's end: a day, or that none is printed on it. */
export interface TypedEnd {
  day: string
  none: boolean
}

export const typedEnd = (validUntil: number | undefined): TypedEnd => ({
  day: validUntil ? villageDay(validUntil) : '',
  none: validUntil === 0
})

/** The last moment of that day in the village; 0 where nothing is printed; undefined while it can't be sent. */
export function endOf({ day, none }: TypedEnd): number | undefined {
  if (none) return 0
  const at = Date.parse(`${day}T23:59:59.999+08:00`)
  return Number.isNaN(at) ? undefined : at
}

const villageDay = (at: number) => new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(at)

/** How close the end of a document is: within the days of which its owner is warned, or far. */
export type Nearness = 'over' | 'today' | 'soon' | 'far'
/** A month before its end she is told for the first time. */
const SOON_DAYS = 30

export function nearnessOf(dueAt: number, now: number): Nearness {
  if (now >= dueAt) return 'over'
  const days = daysUntil(dueAt, now)
  return days === 0 ? 'today' : days <= SOON_DAYS ? 'soon' : 'far'
}

/** Of each kind the one that counts: what waits, then the newest of the rest; those that were replaced are history. */
export function currentOf(documents: readonly HostDocument[]): HostDocument[] {
  const alive = documents.filter(({ state }) => state !== 'replaced')
  return alive
    .filter(({ kind, handedInAt, state }) =>
      // A refused one that was handed in again is past.
      alive.every((other) => other.kind !== kind || state !== 'refused' || other.handedInAt <= handedInAt)
    )
    .toSorted((one, other) => other.handedInAt - one.handedInAt)
}

/** What she can do about it herself right now; nothing while others have to look. */
export type Remedy = 'identity' | 'document' | 'class' | 'course' | 'ask' | 'wait'

export function remedyOf({ what, why, courseId, classes }: Missing): Remedy {
  if (what === 'age') return 'ask'
  if (why === 'waiting') return 'wait'
  if (what === 'identity') return 'identity'
  if (what === 'document') return 'document'
  if (classes.length) return 'class'
  return courseId ? 'course' : 'ask'
}

/** Two lists may miss the same paper: it is asked for once. */
export function once(missing: readonly Missing[]): Missing[] {
  const seen = new Set<string>()
  return missing.filter(({ what, topic, document }) => {
    const key = `${what}:${topic}:${document}`
    return !seen.has(key) && seen.add(key)
  })
}
