import { describe, expect, it } from 'vitest'
import { planner } from '../testing/plan.ts'
import { registerStore } from './store.ts'

describe('the register of a large union', () => {
  const database = planner()

  it('is never read from end to end to find one woman or one page', () => {
    const { store, plan } = database
    const register = registerStore(store)
    expect(plan(register.findQuery({ digest: 'd' }, undefined, 100))).toMatch(
      /^SEARCH register USING INDEX .*\(id_digest=\?\)/
    )
    expect(plan(register.findQuery({ phone: '13800000001' }, undefined, 100))).toMatch(
      /^SEARCH user USING .*\(phone_number=\?\)/
    )
    const page = plan(register.findQuery({}, 'x', 100))
    expect(page).toMatch(/^SEARCH register USING INDEX sqlite_autoindex_register_\d \(member_id<\?\)/)
    expect(page).not.toContain('TEMP B-TREE')
    const branch = plan(register.findQuery({ branchIds: ['a', 'b'] }, undefined, 100))
    expect(branch).toMatch(/register USING INDEX (register_branch|sqlite_autoindex_register_\d)/)
    expect(plan(register.looksQuery(undefined, 200))).toBe('SCAN id_looks USING INDEX id_looks_at')
    expect(plan(register.looksQuery('wang', 200))).toBe(
      'SEARCH id_looks USING INDEX id_looks_member (member_id=?)'
    )
  })
})
