import type { Answer } from '../../shared/contract.ts'
import type { AftersaleRules, getAftersaleRules } from '../../shared/contracts/aftersale.ts'
import { Problem } from '../../shared/problems.ts'
import type { Member } from '../members/member.ts'
import type { Reader, Tx } from '../store/store.ts'
import type { Ground } from './alerts.ts'
import { aftersaleStore } from './store.ts'

/** What the village begins with, until an officer changes it. Dead within a day, dried within two, tins within a week. */
export const BEGINNINGS: AftersaleRules = {
  windows: [
    { goodsClass: 'fresh', hours: 24 },
    { goodsClass: 'processed', hours: 48 },
    { goodsClass: 'packed', hours: 168 },
    { goodsClass: 'dining', hours: 0 },
    { goodsClass: 'tourism', hours: 0 }
  ],
  autoOrderFen: 5_000,
  autoMonthFen: 10_000,
  autoMonthTimes: 3,
  returnTo: ''
}

type Pack = Answer<typeof getAftersaleRules>

export type Rules = ReturnType<typeof openRules>

/** How long bad goods may be reported, and what is granted with nobody looking first: the union's to change. */
export function openRules({ store, clock, namesOf, audit }: Ground) {
  const rows = aftersaleStore(store)

  const now = async (on: Tx | Reader): Promise<AftersaleRules> => {
    const row = await rows.pack(on)
    return row ? (row.rules as AftersaleRules) : BEGINNINGS
  }

  async function pack(): Promise<Pack> {
    const row = await rows.pack(store.read)
    if (!row) return { version: 0, rules: BEGINNINGS, changedAt: 0, changedByName: '' }
    const { version, changedAt, changedBy } = row
    const changedByName = (await namesOf([changedBy])).get(changedBy)?.name ?? ''
    return { version, rules: row.rules as AftersaleRules, changedAt, changedByName }
  }

  return {
    now,
    pack,

    /** Problems: rules_changed, bad_input. */
    async change(officer: Member, version: number, rules: AftersaleRules): Promise<Pack> {
      const classes = rules.windows.map(({ goodsClass }) => goodsClass)
      if (new Set(classes).size < classes.length) throw new Problem('bad_input', { field: '/rules/windows' })
      await store.tx(async (tx) => {
        const before = await now(tx)
        const change = { rules, changedBy: officer.id, changedAt: clock.now() }
        if (!(await rows.keepPack(tx, version, change))) throw new Problem('rules_changed')
        const details = { version: version + 1, before, after: rules }
        await audit(tx, { actorId: officer.id, action: 'rules_changed', subject: 'aftersale', details })
      })
      return pack()
    }
  }
}
