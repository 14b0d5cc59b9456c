import { Parse } from 'typebox/value'
import type { Answer } from '../../shared/contract.ts'
import { LicenceRules, type getLicenceRules } from '../../shared/contracts/licences.ts'
import { TOPICS } from '../../shared/contracts/school.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import beginnings from './rules.json' with { type: 'json' }
import { licenceStore } from './store.ts'

const PACK = 'licence'
/** What the village begins with, until an officer changes it. */
const BEGINNINGS = Parse(LicenceRules, beginnings)

type Pack = Answer<typeof getLicenceRules>

export type Rules = ReturnType<typeof openRules>

/** The rule pack: what the law and the union ask of whoever goes live, as data. */
export function openRules({
  store,
  clock,
  namesOf,
  audit
}: {
  store: Store
  clock: Clock
  namesOf: (ids: string[]) => Promise<ReadonlyMap<string, { name: string }>>
  audit: Audit
}) {
  const rows = licenceStore(store)

  async function now(on: Tx | Reader): Promise<LicenceRules> {
    const row = await rows.rules(on, PACK)
    return row ? (row.rules as LicenceRules) : BEGINNINGS
  }

  async function pack(): Promise<Pack> {
    const row = await rows.rules(store.read, PACK)
    if (!row) return { version: 0, rules: BEGINNINGS, changedAt: 0, changedByName: '' }
    const { version, changedBy, changedAt } = row
    const changedByName = (await namesOf([changedBy])).get(changedBy)?.name ?? ''
    return { version, rules: row.rules as LicenceRules, changedAt, changedByName }
  }

  return {
    now,
    pack,

    /** Changes the pack; what was before stands in the audit. Problems: rules_changed, bad_input. */
    async change(officer: Member, version: number, rules: LicenceRules): Promise<Pack> {
      const field = fault(rules)
      if (field) throw new Problem('bad_input', { field })
      await store.tx(async (tx) => {
        const before = await now(tx)
        const row = {
          name: PACK,
          version: version + 1,
          rules,
          changedBy: officer.id,
          changedAt: clock.now()
        }
        if (!(await rows.keepRules(tx, version, row))) throw new Problem('rules_changed')
        const details = { version: version + 1, before, after: rules }
        await audit(tx, { actorId: officer.id, action: 'rules_changed', subject: PACK, details })
      })
      return pack()
    }
  }
}

export type Audit = (
  tx: Tx,
  line: { actorId: string; action: string; subject: string; details: Record<string, unknown> }
) => Promise<void>

/** What a schema can't say of a rule pack: the field that is wrong. */
function fault(rules: LicenceRules): string | undefined {
  const isTopic = (topic: string) => (TOPICS as readonly string[]).includes(topic)
  const classes = rules.goods.map(({ goodsClass }) => goodsClass)
  if (rules.adultAge < rules.minAge) return '/rules/adultAge'
  if (![rules.show, ...rules.goods].every(({ topics }) => topics.every(isTopic))) return '/rules/goods'
  if (new Set(classes).size < classes.length) return '/rules/goods'
  if (new Set(rules.warnDays).size < rules.warnDays.length) return '/rules/warnDays'
  return undefined
}
