import type { MoneyAlert } from '../../shared/contracts/aftersale.ts'
import { Problem } from '../../shared/problems.ts'
import { yuan } from '../../shared/money.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import { newId } from '../store/id.ts'
import type { Store, Tx } from '../store/store.ts'
import { aftersaleStore, type AlertRow } from './store.ts'

const PAGE = 50
const MAX_DETAILS = 20
const VALUE_CHARS = 300

export interface MoneyLine {
  action: string
  subject: string
  details: Record<string, unknown>
}

/** What every part of this folder is made from. */
export interface Ground {
  store: Store
  clock: Clock
  namesOf: (ids: string[]) => Promise<ReadonlyMap<string, { name: string }>>
  audit: (tx: Tx, line: MoneyLine & { actorId: string }) => Promise<void>
}

export type Alerts = ReturnType<typeof openAlerts>

/** What happened to money that a person has to look at; it stays on the desk until she says what she found. */
export function openAlerts({ store, clock, namesOf, audit }: Ground) {
  const rows = aftersaleStore(store)

  return {
    raiseIn,

    /** What lasts rings once, until somebody has settled it. */
    async raiseOnceIn(tx: Tx, line: MoneyLine): Promise<void> {
      if (!(await rows.isAlertOpen(tx, line))) await raiseIn(tx, line)
    },

    async list(list: 'open' | 'settled', after?: string): Promise<MoneyAlert[]> {
      const last = after === undefined ? undefined : await rows.alert(store.read, after)
      if (after !== undefined && !last) throw new Problem('no_such_alert')
      return views(await rows.alerts(store.read, list === 'settled', last, PAGE))
    },

    /** Part of the unit in which its matter, or only this of it, was settled: nobody need look any more. */
    settleIn: (tx: Tx, subject: string, settledBy: string, words: string, action?: string) =>
      rows.settleAbout(tx, subject, { settledAt: clock.now(), settledBy, words }, action),

    openCount: () => rows.openAlerts(store.read),

    /** Problem no_such_alert, also where another has settled it. */
    async settle(me: Member, alertId: string, words: string): Promise<MoneyAlert> {
      const row = await store.tx(async (tx) => {
        const settled = { settledAt: clock.now(), settledBy: me.id, words }
        const after = await rows.settleAlert(tx, alertId, settled)
        if (!after) throw new Problem('no_such_alert')
        const details = { action: after.action, words }
        await audit(tx, { actorId: me.id, action: 'alert_settled', subject: after.subject, details })
        return after
      })
      return (await views([row]))[0]!
    }
  }

  /** Part of the caller's unit: on the desk, and in the audit for good. */
  async function raiseIn(tx: Tx, line: MoneyLine): Promise<void> {
    const at = clock.now()
    await audit(tx, { actorId: 'payments', ...line })
    await rows.addAlert(tx, { ...line, id: newId(at), at, settledAt: 0, settledBy: '', words: '' })
  }

  async function views(found: AlertRow[]): Promise<MoneyAlert[]> {
    const names = await namesOf(found.map(({ settledBy }) => settledBy).filter(Boolean))
    return found.map(({ details, settledBy, ...row }) => ({
      ...row,
      details: linesOf(details),
      settledByName: names.get(settledBy)?.name ?? ''
    }))
  }
}

/** What is known, as lines: sums in yuan, whatever is nested as it is written. */
function linesOf(details: Record<string, unknown>): MoneyAlert['details'] {
  return Object.entries(details)
    .slice(0, MAX_DETAILS)
    .map(([name, value]) => ({ name, value: wordOf(name, value).slice(0, VALUE_CHARS) }))
}

function wordOf(name: string, value: unknown): string {
  if (name.endsWith('Fen') && typeof value === 'number') return `¥${yuan(value)}`
  return typeof value === 'string' ? value : JSON.stringify(value)
}
