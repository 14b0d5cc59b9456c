import type { Answer } from '../../shared/contract.ts'
import { getOutcomes, outcomePeople, type OutcomePerson, type Step } from '../../shared/contracts/outcomes.ts'
import { call } from '../call.ts'
import { dateOf } from '../words/when.ts'

export const PERIODS = ['ever', 'year', 'month'] as const
export type PeriodName = (typeof PERIODS)[number]

/** As many people as the server answers at once; fewer means that there are no more. */
const PAGE = 200
const DAY_MS = 86_400_000

/** From when a period counts, as the village's calendar says; undefined for ever. */
export function periodOf(name: PeriodName, now: number): { from?: number } {
  if (name === 'year') return { from: Date.parse(`${dateOf(now).slice(0, 4)}-01-01T00:00:00+08:00`) }
  if (name === 'month') return { from: Date.parse(`${dateOf(now - 29 * DAY_MS)}T00:00:00+08:00`) }
  return {}
}

/** Of those whose sex the register knows, how many of a hundred are women; undefined where it knows none. */
export const shareOfWomen = ({ women, men }: { women: number; men: number }) =>
  women + men ? Math.round((women / (women + men)) * 100) : undefined

/** The outcome board: one number a step, and the people behind the one that is opened. */
export class Board {
  data = $state.raw<Answer<typeof getOutcomes>>()
  failed = $state<unknown>()
  period = $state<PeriodName>('ever')
  opened = $state<Step>()
  people = $state.raw<OutcomePerson[]>()
  peopleFailed = $state<unknown>()
  more = $state(false)
  most = $derived(Math.max(1, ...(this.data?.steps.map(({ people }) => people) ?? [])))
  empty = $derived(this.data?.steps.every(({ people }) => people === 0) ?? false)

  async load(now: number) {
    const { period } = this
    this.failed = undefined
    try {
      const data = await call(getOutcomes, { query: periodOf(period, now) })
      // She has chosen another period meanwhile, whose numbers may be here already.
      if (period === this.period) this.data = data
    } catch (error) {
      if (period === this.period) this.failed = error
    }
  }

  async open(step: Step, now: number, after?: string) {
    this.opened = step
    this.peopleFailed = undefined
    if (!after) this.people = undefined
    try {
      const query = { ...periodOf(this.period, now), ...(after && { after }) }
      const { items } = await call(outcomePeople, { params: { step }, query })
      if (this.opened !== step) return
      this.people = after ? [...(this.people ?? []), ...items] : items
      this.more = items.length === PAGE
    } catch (error) {
      this.peopleFailed = error
    }
  }

  close() {
    this.opened = undefined
    this.people = undefined
  }
}
