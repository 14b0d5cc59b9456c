import { describe, expect, it } from 'vitest'
import { planner } from '../testing/plan.ts'
import { dropStore } from './drop-store.ts'
import { filingStore } from './filing-store.ts'
import { useStore } from './use-store.ts'

describe('of all the coupons of all the years', () => {
  const database = planner()

  it('a word, a giver’s list, what is in use and what a bill holds are found along an index', () => {
    const { store, plan } = database
    const drops = dropStore(store)
    expect(plan(drops.byWordQuery(store.read, '赶海'))).toBe(
      'SEARCH coupons USING INDEX coupons_code (code=?)'
    )
    expect(plan(drops.givenQuery(store.read, 's'))).toMatch(
      /^SEARCH coupons USING INDEX coupons_shop \(shop_id=\?\)/
    )
    // A rush of a hundred thousand claims is not walked through for the few that bills use.
    expect(plan(drops.usedOfQuery(store.read, ['a', 'b']))).toMatch(
      /^SEARCH claims USING INDEX claims_used \(coupon_id=\?\)/
    )
    expect(plan(useStore(store).fromPotsQuery(store.read, 'bill'))).toMatch(
      /^SEARCH claims USING INDEX claims_order \(order_id=\?\)/
    )
  })

  it('a pocket is found by its member, and by the coupons that can still be claimed', () => {
    const { store, plan } = database
    const uses = useStore(store)
    expect(plan(uses.filedQuery(store.read, 'm'))).toMatch(
      /^SEARCH claims USING INDEX claims_member \(member_id=\?\)/
    )
    expect(plan(uses.looseQuery(store.read, 'm'))).toMatch(
      /^SCAN coupons USING INDEX coupons_unfiled.*SEARCH claims USING INDEX sqlite_autoindex_claims_1 \(coupon_id=\? AND member_id=\?\)/s
    )
    expect(plan(filingStore(store).dueQuery(1, 20))).toMatch(/^SCAN coupons USING INDEX coupons_unfiled/)
  })
})
