/** After a failure she goes back to the lessons for a while. */
export const QUIZ_WAIT_MS = 10 * 60_000
/** A quiz is no lottery. */
export const TRIES_A_DAY = 3

const HOUR_MS = 60 * 60_000
const DAY_MS = 24 * HOUR_MS
/** The village is eight hours ahead and knows no summer time. */
const AHEAD_MS = 8 * HOUR_MS

interface Asked {
  id: string
  right: number
  why: string
}

interface Answer {
  questionId: string
  option: number
}

export interface Marks {
  right: number
  total: number
  wrong: { questionId: string; right: number; why: string }[]
}

/** Every question counts: one that was not answered is wrong. Answers to questions that are gone count for nothing. */
export function marked(questions: readonly Asked[], answers: readonly Answer[]): Marks {
  const given = new Map(answers.map(({ questionId, option }) => [questionId, option]))
  const wrong = questions
    .filter(({ id, right }) => given.get(id) !== right)
    .map(({ id, right, why }) => ({ questionId: id, right, why }))
  return { right: questions.length - wrong.length, total: questions.length, wrong }
}

export const answersTwice = (answers: readonly Answer[]) =>
  new Set(answers.map(({ questionId }) => questionId)).size < answers.length

export const passes = ({ right, total }: Pick<Marks, 'right' | 'total'>, passPercent: number) =>
  total > 0 && right * 100 >= passPercent * total

/** When the village's day of this moment began. */
export const dayOf = (at: number) => Math.floor((at + AHEAD_MS) / DAY_MS) * DAY_MS - AHEAD_MS

/** How often she may still try today, and from when on; 0: now. `attempts` are all of today's, and the last one before. */
export function tries(attempts: readonly { at: number; passed: boolean }[], now: number) {
  const today = dayOf(now)
  const left = Math.max(0, TRIES_A_DAY - attempts.filter(({ at }) => at >= today).length)
  const lastFailure = Math.max(0, ...attempts.filter(({ passed }) => !passed).map(({ at }) => at))
  const rested = lastFailure && lastFailure + QUIZ_WAIT_MS
  const next = left === 0 ? Math.max(rested, today + DAY_MS) : rested
  return { triesLeftToday: left, nextTryAt: next > now ? next : 0 }
}
