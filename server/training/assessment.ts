import type { Criterion } from '../../shared/contracts/school.ts'

export interface Score {
  criterionId: string
  points: number
}

/** One trainer's word on one show, as far as it decides about the course. */
export interface Word {
  id: string
  byId: string
  passed: boolean
  at: number
}

export type Marks = { percent: number; passed: boolean } | { refused: 'assess_incomplete' }

/** What the points come to: every line of the rubric once, none above its maximum. 79.9 % is not 80 %. */
export function marks(
  rubric: readonly Criterion[],
  scores: readonly Score[],
  { passPercent }: { passPercent: number }
): Marks {
  const points = new Map(scores.map((score) => [score.criterionId, score.points]))
  const whole =
    rubric.length > 0 &&
    scores.length === rubric.length &&
    rubric.every(({ id, max }) => {
      const given = points.get(id)
      return given !== undefined && given >= 0 && given <= max
    })
  if (!whole) return { refused: 'assess_incomplete' }
  const sum = scores.reduce((total, score) => total + score.points, 0)
  const most = rubric.reduce((total, { max }) => total + max, 0)
  const percent = Math.floor((100 * sum) / most)
  return { percent, passed: percent >= passPercent }
}

/** Whether a piece of evidence shows something: a line of the rubric, and a stretch that lies in the recording. */
export const shows = (
  { criterionId, fromMs, toMs }: { criterionId: string; fromMs: number; toMs: number },
  rubric: readonly Criterion[],
  recordedMs: number
) => rubric.some(({ id }) => id === criterionId) && fromMs < toMs && toMs <= recordedMs

/**
 * How many trainers passed her. Of each only the latest word counts, whichever show it was about: a re-take makes up
 * for a bad day, and a later bad day is taken seriously too. `since`: what came before is spent.
 */
export function passes(words: readonly Word[], since = 0): number {
  const latest = new Map<string, Word>()
  for (const word of words) {
    const before = latest.get(word.byId)
    if (word.at > since && (!before || later(word, before))) latest.set(word.byId, word)
  }
  return [...latest.values()].filter(({ passed }) => passed).length
}

const later = (word: Word, before: Word) =>
  word.at > before.at || (word.at === before.at && word.id > before.id)
