import {
  acceptCard,
  getDebrief,
  type CardRule,
  type Debrief,
  type DebriefMark
} from '../../shared/contracts/debriefs.ts'
import type { Answer } from '../../shared/contract.ts'
import { showAssessments } from '../../shared/contracts/practice.ts'
import { call } from '../call.ts'

/** A piece of film that she looks at: where it begins, and where it stops by itself (0: it goes on). */
export interface Scene {
  title: string
  fromMs: number
  toMs: number
}

const MINUTE_MS = 60_000

/** One debrief on the screen: what was read, which minute is looked at, what plays. */
export class Debriefing {
  debrief = $state.raw<Debrief>()
  failed = $state<unknown>()
  /** The minute under her finger. */
  minute = $state(0)
  scene = $state.raw<Scene>()
  /** What trainers said by the rubric, for her and for them: her mentor reads the rest without it. */
  assessed = $state.raw<Answer<typeof showAssessments>>()
  marks = $derived(this.#marksOf(this.minute))
  readonly showId: string

  constructor(showId: string) {
    this.showId = showId
  }

  async load() {
    this.failed = undefined
    try {
      this.debrief = await call(getDebrief, { params: { showId: this.showId } })
      this.minute = busiest(this.debrief)
    } catch (error) {
      this.failed = error
      return
    }
    this.assessed = await call(showAssessments, { params: { showId: this.showId } }).catch(() => undefined)
  }

  /** A trainer makes a card homework; what became of it stands on the card. */
  async accept(rule: CardRule, words: string) {
    const { accepted } = await call(acceptCard, { params: { showId: this.showId, rule }, body: { words } })
    const debrief = this.debrief
    if (!debrief) return
    this.debrief = {
      ...debrief,
      cards: debrief.cards.map((card) => (card.rule === rule ? { ...card, accepted } : card))
    }
  }

  #marksOf(minute: number): DebriefMark[] {
    return (this.debrief?.marks ?? []).filter(
      ({ atMs }) => Math.min(this.#last, Math.max(0, Math.floor(atMs / MINUTE_MS))) === minute
    )
  }

  get #last() {
    return Math.max(0, (this.debrief?.minutes.length ?? 1) - 1)
  }
}

/** Where most was bought, else where most was said: what she wants to see first. */
export function busiest({ minutes }: Pick<Debrief, 'minutes'>): number {
  const weight = ({ orders, lines }: Debrief['minutes'][number]) => orders * 1_000 + lines
  return minutes.reduce((most, minute, i) => (weight(minute) > weight(minutes[most]!) ? i : most), 0)
}
