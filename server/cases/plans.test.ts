import { describe, expect, it } from 'vitest'
import { planner } from '../testing/plan.ts'
import { caseStore, type CaseRow } from './store.ts'

describe('the lists of cases', () => {
  const database = planner()
  const last = { id: 'x', dueAt: 1, closedAt: 1 } as CaseRow

  it('are each one walk along an index, whatever has been decided in all the years before', () => {
    const { store, plan } = database
    const cases = caseStore(store)
    expect(plan(cases.openQuery(undefined, undefined, 50))).toBe(
      'SEARCH cases USING INDEX cases_due (waiting=?)'
    )
    expect(plan(cases.openQuery('join', last, 50))).toMatch(
      /^SEARCH cases USING INDEX cases_due \(waiting=\?/
    )
    expect(plan(cases.openQuery('join', last, 50))).not.toContain('TEMP B-TREE')
    expect(plan(cases.closedQuery('join', last, 50))).toMatch(
      /^SEARCH cases USING INDEX cases_closed \(waiting=\?/
    )
    expect(plan(cases.countQuery())).toMatch(/^SEARCH cases USING COVERING INDEX cases_\w+ \(waiting=\?\)$/)
    expect(plan(cases.countQuery(undefined, 1))).toBe(
      'SEARCH cases USING COVERING INDEX cases_due (waiting=? AND due_at<?)'
    )
    expect(plan(cases.linesQuery(store.read, ['a', 'b']))).toMatch(
      /^SEARCH case_lines USING INDEX .* \(case_id=\?\)$/
    )
  })
})
