import { monthAfter, monthOf, monthsBetween } from './calendar.ts'

export const LONGEST_MONTHS = 36
export const MAX_TASKS = 60

/** 师带徒: one pair, as far as the rules ask. */
export interface Pair {
  mentorId: string
  apprenticeId: string
  state: 'offered' | 'active' | 'graduated' | 'ended'
  startsAt: number
  endsAt: number
  mentorSignedAt: number
  apprenticeSignedAt: number
  closedAt: number
}

export interface Task {
  state: 'open' | 'shown' | 'done'
}

type Signatures = Pick<Pair, 'mentorSignedAt' | 'apprenticeSignedAt'>
export type Signed =
  | (Signatures & Pick<Pair, 'state' | 'startsAt'>)
  | { refused: 'not_yours' | 'mentorship_closed' }

/** After somebody has signed: it begins when both have. Signing twice is signing once. */
export function sign(pair: Pair, memberId: string, now: number): Signed {
  if (memberId !== pair.mentorId && memberId !== pair.apprenticeId) return { refused: 'not_yours' }
  if (isClosed(pair) || now > pair.endsAt) return { refused: 'mentorship_closed' }
  const signatures = {
    mentorSignedAt: pair.mentorSignedAt || (memberId === pair.mentorId ? now : 0),
    apprenticeSignedAt: pair.apprenticeSignedAt || (memberId === pair.apprenticeId ? now : 0)
  }
  const begins =
    pair.state === 'offered' && signatures.mentorSignedAt > 0 && signatures.apprenticeSignedAt > 0
  return { ...signatures, state: begins ? 'active' : pair.state, startsAt: begins ? now : pair.startsAt }
}

export const isClosed = ({ state }: Pick<Pair, 'state'>) => state === 'graduated' || state === 'ended'

/** Whether the mentor stands for her apprentice now. */
export const holds = ({ state, endsAt }: Pick<Pair, 'state' | 'endsAt'>, now: number) =>
  state === 'active' && now <= endsAt

/** Whether she may graduate: nothing of what she was given is left. */
export const isThrough = (tasks: readonly Task[]) => tasks.every(({ state }) => state === 'done')

/**
 * Months that have passed without the mentor's word. The month in which the pair began asks for none, nor does the one
 * that is not over; what came after the end is nobody's.
 */
export function checksMissing(pair: Pair, checked: readonly string[], now: number): number {
  if (pair.state === 'offered' || pair.mentorSignedAt === 0 || pair.apprenticeSignedAt === 0) return 0
  const first = monthOf(pair.startsAt)
  const until = monthOf(Math.min(now, pair.endsAt, pair.closedAt || now))
  const written = new Set(checked)
  let missing = 0
  for (let n = 1; n < monthsBetween(first, until); n++) if (!written.has(monthAfter(first, n))) missing++
  return missing
}

/** Whether somebody has to do something: sign, look at a task, write the month's word, close what has run out. */
export const waits = (pair: Pair, tasks: readonly Task[], missing: number, now: number) =>
  !isClosed(pair) &&
  (pair.state === 'offered' ||
    now > pair.endsAt ||
    missing > 0 ||
    tasks.some(({ state }) => state === 'shown'))
