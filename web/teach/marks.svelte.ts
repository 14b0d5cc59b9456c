import type { Body } from '../../shared/contract.ts'
import type { assess, Assessment, Evidence } from '../../shared/contracts/practice.ts'
import type { Criterion } from '../../shared/contracts/school.ts'
import type { Static } from 'typebox'
import { keptAs } from '../me/kept.ts'

type EvidenceRow = Static<typeof Evidence>
export type AssessmentRow = Static<typeof Assessment>

export interface Rubric {
  courseId: string
  courseTitle: string
  passPercent: number
  rubric: Criterion[]
}

export const MAX_EVIDENCE = 20

/** A trainer’s marks for one show while she watches; they stay on this device until the server has them. */
export class Marks {
  readonly rubric: Rubric
  /** By criterion; missing: not looked at yet. */
  points = $state<Record<string, number>>({})
  words = $state('')
  evidence = $state<EvidenceRow[]>([])
  /** A stretch that has begun: 从这里. */
  begun = $state<{ criterionId: string; fromMs: number }>()
  readonly #key: string

  most = $derived.by(() => this.rubric.rubric.reduce((sum, { max }) => sum + max, 0))
  sum = $derived.by(() => this.rubric.rubric.reduce((sum, { id }) => sum + (this.points[id] ?? 0), 0))
  complete = $derived.by(() => this.rubric.rubric.every(({ id }) => this.points[id] !== undefined))
  /** Rounded down, as the server does: 79.9 % is not 80 %. */
  percent = $derived(this.most ? Math.floor((100 * this.sum) / this.most) : 0)
  passed = $derived.by(() => this.complete && this.percent >= this.rubric.passPercent)

  /** `mine`: what I said of this show before. */
  constructor(showId: string, rubric: Rubric, mine?: AssessmentRow) {
    this.rubric = rubric
    this.#key = keptAs(`marks:${showId}:${rubric.courseId}`)
    const kept = read(this.#key)
    if (kept) Object.assign(this, kept)
    else if (mine) {
      this.points = Object.fromEntries(mine.scores.map(({ criterionId, points }) => [criterionId, points]))
      this.words = mine.words
      this.evidence = mine.evidence.map((each) => ({ ...each }))
    }
  }

  /** One step up or down; the first press of either begins at the middle. */
  step({ id, max }: Criterion, by: number) {
    const now = this.points[id]
    this.points[id] = now === undefined ? Math.ceil(max / 2) : Math.max(0, Math.min(max, now + by))
  }

  from(criterionId: string, atMs: number) {
    this.begun = { criterionId, fromMs: Math.max(0, Math.round(atMs)) }
  }

  /** Ends the stretch; one of no length is forgotten. */
  to(atMs: number) {
    const { begun } = this
    this.begun = undefined
    const toMs = Math.round(atMs)
    if (!begun || toMs <= begun.fromMs || this.evidence.length >= MAX_EVIDENCE) return false
    this.evidence.push({ ...begun, toMs, note: '' })
    return true
  }

  drop(row: EvidenceRow) {
    this.evidence = this.evidence.filter((each) => each !== row)
  }

  body(): Body<typeof assess> {
    return {
      courseId: this.rubric.courseId,
      scores: this.rubric.rubric.map(({ id }) => ({ criterionId: id, points: this.points[id] ?? 0 })),
      words: this.words.trim(),
      evidence: this.evidence.map((each) => ({ ...each, note: each.note.trim() }))
    }
  }

  keep() {
    const { points, words, evidence } = this
    try {
      localStorage.setItem(this.#key, JSON.stringify({ points, words, evidence }))
    } catch {
      // A full device keeps nothing; the marks can still be sent.
    }
  }

  forget() {
    localStorage.removeItem(this.#key)
  }
}

function read(key: string): Pick<Marks, 'points' | 'words' | 'evidence'> | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Partial<Marks> | null
    return kept?.points && Array.isArray(kept.evidence)
      ? { points: kept.points, words: String(kept.words ?? ''), evidence: kept.evidence }
      : undefined
  } catch {
    return undefined
  }
}
