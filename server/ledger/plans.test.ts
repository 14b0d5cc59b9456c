import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planOf } from '../testing/plan.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type TestVillage } from '../testing/village.ts'
import { payoutStore } from './payout-store.ts'
import { paidOrder } from './testing.ts'
import { ledgerStore } from './store.ts'

describe('the ledger of a village that has sold for years', () => {
  let v: TestVillage
  beforeAll(async () => {
    v = await testVillage({ engine: engines[0]! })
  })
  afterAll(() => v.close())

  it('finds a page of a statement, what is due and the lines of a batch by an index, never by the whole table', async () => {
    const { store, settings } = v.village
    const rows = ledgerStore(store)
    const payouts = payoutStore(store)
    const id = await paidOrder(v.village, 'lan')
    await store.tx((tx) => v.village.shop.ledger.saleIn(tx, id))
    const [last] = await store.read.select().from(store.schema.postings)
    const hers = { shopId: 'lan', test: false }
    const plans = [
      rows.ofShopQuery({ ...hers, part: { is: 'all' } }, last, 50),
      rows.ofShopQuery({ ...hers, part: { is: 'due' } }, last, 50),
      rows.ofShopQuery({ ...hers, part: { is: 'batch', batchId: 'b' } }, last, 50),
      rows.shareQuery({ ...hers, part: { is: 'due' } }),
      rows.shareQuery({ ...hers, part: { is: 'waiting' } }),
      payouts.due(store.read, 5, ['order']),
      payouts.inBatch(store.read, 'b')
    ].map((query) => planOf(settings.dataDir, query.toSQL()))
    for (const plan of plans) {
      expect(plan).toMatch(/SEARCH postings USING INDEX postings_(shop|due) \(/)
      expect(plan).not.toMatch(/SCAN (postings|entries)/)
    }
    expect(plans[0]).not.toContain('TEMP B-TREE')
    for (const plan of plans.slice(3)) expect(plan).toContain('postings_due')
  })
})
