import type { Answer, QueryOf } from '../../shared/contract.ts'
import { STEPS, type getOutcomes, type OutcomePerson, type Step } from '../../shared/contracts/outcomes.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Store, Tx } from '../store/store.ts'
import { EVER, reachedBy, type HostNumbers, type Period } from './outcome.ts'
import { outcomeStore, type Sex } from './store.ts'

const PAGE = 200
/** A sheet holds no more people of one step than this. */
const SHEET_PEOPLE = 5_000
/** What a host sells is counted once in so long, however many buy. */
const COUNT_EVERY_MS = 60_000
const COUNT_JOB = 'outcome_sales'

/** What the board asks of the rest of the village. */
export interface Neighbours {
  sexOf: (tx: Tx, memberId: string) => Promise<Sex>
  namesOf: (ids: string[]) => Promise<ReadonlyMap<string, { name: string }>>
  branchNamesOf: (ids: string[]) => Promise<ReadonlyMap<string, string>>
  /** Classes that have begun, attendances that stand, certificates issued, within a time. */
  counts: (period: Period) => Promise<{ classes: number; attendances: number; certificates: number }>
  numbersOf: (hostId: string) => Promise<HostNumbers>
  /** Whose shop it is. */
  hostOf: (shopId: string) => Promise<string | undefined>
  success: () => Promise<{ successShows: number; successFen: number }>
  /** Money of the demo cashier counts: there is no other. */
  countsTest: boolean
}

type Seller = { hostId: string } | { shopId: string }

export type Outcomes = ReturnType<typeof openOutcomes>

/** 成效板: from a name on a list to a woman who lives from it. */
export function openOutcomes({
  store,
  clock,
  jobs,
  sexOf,
  namesOf,
  branchNamesOf,
  counts,
  numbersOf,
  hostOf,
  success,
  countsTest
}: { store: Store; clock: Clock; jobs: Jobs } & Neighbours) {
  const milestones = outcomeStore(store)

  jobs.on<Seller>(COUNT_JOB, async ({ payload }) => {
    const hostId = 'hostId' in payload ? payload.hostId : await hostOf(payload.shopId)
    if (!hostId) return
    const steps = reachedBy(await numbersOf(hostId), await success())
    await store.tx(async (tx) => {
      for (const step of steps) await reachedIn(tx, hostId, step, clock.now(), hostId)
    })
  })

  /** She has reached a step, part of the unit of work that took her there. Only the first time is kept. */
  async function reachedIn(
    tx: Tx,
    memberId: string,
    step: Step,
    at: number,
    evidence: string
  ): Promise<void> {
    await milestones.reach(tx, { memberId, step, at, evidence, sex: await sexOf(tx, memberId) })
  }

  async function people(step: Step, period: Period, after: string | undefined, limit: number) {
    const last = after === undefined ? undefined : await milestones.atOf(step, after)
    if (after !== undefined && !last) throw new Problem('bad_input', { field: '/after' })
    const rows = await milestones.peopleQuery(step, period, last, limit)
    const ids = rows.map(({ memberId }) => memberId)
    const [names, branches] = await Promise.all([namesOf(ids), branchNamesOf(ids)])
    return rows.map(({ memberId, at }): OutcomePerson => ({
      memberId,
      at,
      name: names.get(memberId)?.name ?? '',
      branchName: branches.get(memberId) ?? ''
    }))
  }

  async function board(asked: QueryOf<typeof getOutcomes>): Promise<Answer<typeof getOutcomes>> {
    const period = periodOf(asked)
    const [steps, rest, goal] = await Promise.all([
      Promise.all(
        STEPS.map(async (step) => {
          const [row] = await milestones.countQuery(step, period)
          return { step, people: row!.people, women: Number(row!.women), men: Number(row!.men) }
        })
      ),
      counts(period),
      success()
    ])
    return { steps, ...rest, ...goal, countsTest }
  }

  return {
    reachedIn,

    /** What took her there was taken back, and nothing else did. */
    lostIn: (tx: Tx, memberId: string, step: Step): Promise<void> => milestones.lose(tx, memberId, step),

    /** The register has learned who is a woman. */
    async sexIn(tx: Tx, people: { memberId: string; sex: Sex }[]): Promise<void> {
      for (const sex of ['', 'f', 'm'] as const) {
        const ids = people.filter((person) => person.sex === sex).map(({ memberId }) => memberId)
        if (ids.length) await milestones.setSex(tx, ids, sex)
      }
    },

    /** Something was sold at her shop, or a show of hers ended: her numbers are looked at within a minute, once. */
    async countLaterIn(tx: Tx, seller: Seller): Promise<void> {
      const minute = Math.ceil((clock.now() + 1) / COUNT_EVERY_MS)
      const id = `sales-${Object.values(seller).join()}-${minute}`
      await jobs.add(tx, COUNT_JOB, seller, { id, runAt: minute * COUNT_EVERY_MS })
    },

    board,
    people: (step: Step, asked: QueryOf<typeof getOutcomes>, after?: string): Promise<OutcomePerson[]> =>
      people(step, periodOf(asked), after, PAGE),

    /** For the sheet: each step with everybody behind it. */
    async everybody(asked: QueryOf<typeof getOutcomes>) {
      const period = periodOf(asked)
      const lists = STEPS.map(async (step) => ({
        step,
        people: await people(step, period, undefined, SHEET_PEOPLE)
      }))
      return { board: await board(asked), lists: await Promise.all(lists) }
    }
  }
}

function periodOf({ from = EVER.from, to = EVER.to }: { from?: number; to?: number }): Period {
  if (to <= from) throw new Problem('bad_input', { field: '/to' })
  return { from, to }
}
