import { MAX_DIFFERENCES, type Reconciliation } from '../../shared/contracts/reconcile.ts'
import { boundsOf, DAY_MS, dayOf } from '../../shared/day.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Member } from '../members/member.ts'
import type { Store, Tx } from '../store/store.ts'
import { MAX_LISTED, type Listed, type PayGateway } from './gateway.ts'
import type { GatewayName } from './payment.ts'
import { compared, isSame, type Ours } from './reconcile.ts'
import { reconcileStore, type DayRow } from './reconcile-store.ts'

const JOB = 'reconcile'
const PLAN_MS = 10 * 60_000
/** A day is compared four hours after it is over, unless the gateway says that its list is there later. */
const AFTER_MS = 4 * 3_600_000
/** A server that was away for longer has missed those days; an officer may ask for each. */
const DAYS_BACK = 7
/** Our clock and theirs need not agree on midnight. */
const SKEW_MS = 10 * 60_000
const PAGE = 60

export type Reconciliations = ReturnType<typeof openReconciliations>

/** 对账: every night each gateway’s own list of the day, held against ours. */
export function openReconciliations({
  store,
  clock,
  jobs,
  gateways,
  namesOf,
  audit,
  alert,
  report
}: {
  store: Store
  clock: Clock
  jobs: Jobs
  gateways: readonly PayGateway[]
  namesOf: (ids: string[]) => Promise<ReadonlyMap<string, { name: string }>>
  audit: (
    tx: Tx,
    line: { actorId: string; action: string; subject: string; details: Record<string, unknown> }
  ) => Promise<void>
  alert: (
    tx: Tx,
    line: { action: string; subject: string; details: Record<string, unknown> }
  ) => Promise<void>
  report: (error: unknown, what: string) => void
}) {
  const rows = reconcileStore(store)
  const gatewayOf = new Map<string, PayGateway>(gateways.map((gateway) => [gateway.name, gateway]))
  const firstDays = new Map<GatewayName, string>()

  jobs.on<{ gateway: GatewayName; day: string }>(JOB, async ({ payload: { gateway: name, day } }) => {
    const gateway = gatewayOf.get(name)
    if (gateway) await compare(gateway, day)
  })
  jobs.every('days to compare with the gateways', PLAN_MS, plan)

  async function plan() {
    for (const { name, listAfterMs = AFTER_MS } of gateways) {
      const yesterday = dayOf(clock.now() - listAfterMs - DAY_MS)
      const since = dayOf(boundsOf(yesterday).from - (DAYS_BACK - 1) * DAY_MS)
      const first = await firstDay(name)
      if (first === undefined) continue
      const done = await rows.daysSince(name, since)
      for (let at = boundsOf(since).from; dayOf(at) <= yesterday; at += DAY_MS) {
        const day = dayOf(at)
        if (day < first || done.has(day)) continue
        await store.tx((tx) => jobs.add(tx, JOB, { gateway: name, day }, { id: `${JOB}-${name}-${day}` }))
      }
    }
  }

  async function firstDay(name: GatewayName): Promise<string | undefined> {
    if (!firstDays.has(name)) {
      const at = await rows.firstAt(name)
      if (at !== undefined) firstDays.set(name, dayOf(at))
    }
    return firstDays.get(name)
  }

  /** Asks the gateway and writes down what came of it, also that it did not answer; then throws. */
  async function compare(gateway: PayGateway, day: string): Promise<void> {
    const { name } = gateway
    let theirs: Listed[]
    let before: Listed[]
    const ofDay = await heardIn(name, day)
    try {
      theirs = await gateway.listDay(day)
      const missing = whatIsNotIn(theirs, ofDay)
      before = missing ? await gateway.listDay(dayOf(boundsOf(day).from - 1)) : []
    } catch (error) {
      await store.tx((tx) => keepFailed(tx, name, day))
      throw error
    }
    const { differences, oursFen, theirsFen } = compared(theirs, await knownOf(name, theirs), ofDay, before)
    const shown = differences.slice(0, MAX_DIFFERENCES)
    await store.tx(async (tx) => {
      const known = await rows.one(tx, name, day)
      const isNews = !isSame(known?.differences ?? [], shown)
      const row: DayRow = {
        gateway: name,
        day,
        state: differences.length ? 'differs' : 'equal',
        oursFen,
        theirsFen,
        differences: shown,
        doneAt: clock.now(),
        // What somebody has looked into stays so while it is the same.
        settledBy: isNews ? '' : (known?.settledBy ?? ''),
        words: isNews ? '' : (known?.words ?? '')
      }
      await rows.keep(tx, row)
      if (!differences.length || !isNews) return
      const details = { day, differences: differences.length, oursFen, theirsFen }
      await alert(tx, { action: 'reconcile_differs', subject: name, details })
    })
  }

  async function keepFailed(tx: Tx, gateway: GatewayName, day: string): Promise<void> {
    const known = await rows.one(tx, gateway, day)
    if (known && known.state !== 'failed') return // what was found stands until there is something newer
    await rows.keep(tx, {
      gateway,
      day,
      state: 'failed',
      oursFen: 0,
      theirsFen: 0,
      differences: [],
      doneAt: clock.now(),
      settledBy: '',
      words: ''
    })
  }

  async function heardIn(name: GatewayName, day: string): Promise<Ours> {
    const { from, to } = boundsOf(day)
    const [payments, refunds] = await Promise.all([
      rows.paymentsPaid(name, from - SKEW_MS, to - SKEW_MS, MAX_LISTED),
      rows.refundsDone(name, from - SKEW_MS, to - SKEW_MS, MAX_LISTED)
    ])
    return { payments, refunds }
  }

  async function knownOf(name: GatewayName, theirs: readonly Listed[]): Promise<Ours> {
    const named = (kind: Listed['kind'], by: 'id' | 'ref') => [
      ...new Set(
        theirs
          .filter((each) => each.kind === kind)
          .map((each) => each[by])
          .filter(Boolean)
      )
    ]
    const [byId, byRef, refunds] = await Promise.all([
      rows.paymentsNamed(named('payment', 'id')),
      rows.paymentsCaptured(name, named('payment', 'ref')),
      rows.refundsNamed(named('refund', 'id'))
    ])
    return { payments: [...byRef, ...byId], refunds }
  }

  async function shown(found: readonly DayRow[]): Promise<Reconciliation[]> {
    const names = await namesOf(found.map(({ settledBy }) => settledBy).filter(Boolean))
    return found.map(({ gateway, settledBy, ...row }) => ({
      ...row,
      gateway: gateway as GatewayName,
      test: gatewayOf.get(gateway)?.test ?? gateway === 'sandbox',
      settledByName: names.get(settledBy)?.name ?? ''
    }))
  }

  async function day(gateway: string, which: string): Promise<Reconciliation> {
    const row = await rows.one(store.read, gateway, which)
    if (!row) throw new Problem('no_such_reconciliation')
    return (await shown([row]))[0]!
  }

  return {
    /** Whole days: several gateways share one, and the next page begins with the day before. */
    async list(before?: string): Promise<{ items: Reconciliation[]; more: boolean }> {
      const found = await rows.list(before, PAGE)
      const more = found.length === PAGE
      return { items: await shown(more ? found.filter(({ day }) => day !== found.at(-1)!.day) : found), more }
    },

    /** Looks at a day once more, now. Problems: method_unavailable, bad_input, payment_unavailable. */
    async again(gateway: string, which: string): Promise<Reconciliation> {
      const asked = gatewayOf.get(gateway)
      if (!asked) throw new Problem('method_unavailable')
      if (!(boundsOf(which).to <= clock.now())) throw new Problem('bad_input', { field: '/day' })
      try {
        await compare(asked, which)
      } catch (error) {
        report(error, `comparing ${which} with ${gateway}`)
        throw new Problem('payment_unavailable')
      }
      return day(gateway, which)
    },

    /** Somebody has looked into what differs, and says what she found. Problems: no_such_reconciliation, reconciled. */
    async settle(officer: Member, gateway: string, which: string, words: string): Promise<Reconciliation> {
      await store.tx(async (tx) => {
        if (!(await rows.settle(tx, gateway, which, officer.id, words.trim())))
          throw new Problem((await rows.one(tx, gateway, which)) ? 'reconciled' : 'no_such_reconciliation')
        const details = { day: which, words: words.trim() }
        await audit(tx, { actorId: officer.id, action: 'reconcile_settled', subject: gateway, details })
      })
      return day(gateway, which)
    }
  }
}

const whatIsNotIn = (theirs: readonly Listed[], { payments, refunds }: Ours) => {
  const has = new Set(theirs.flatMap(({ kind, id, ref }) => [`${kind}:${id}`, `${kind}:${ref}`]))
  return (
    payments.some(({ id, captureRef }) => !has.has(`payment:${id}`) && !has.has(`payment:${captureRef}`)) ||
    refunds.some(({ id }) => !has.has(`refund:${id}`))
  )
}
