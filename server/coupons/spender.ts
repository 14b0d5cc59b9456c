// Bills that use coupons, in a process of its own; answers what became of each.
import type { PickedCoupon } from '../../shared/contracts/coupons.ts'
import { Problem } from '../../shared/problems.ts'
import { systemClock } from '../clock.ts'
import { openEngine } from '../store/open.ts'
import { onErrand } from '../testing/together.ts'
import { openUses } from './uses.ts'

export interface Errand {
  databaseUrl: string
  dataDir: string
  bills: { billId: string; memberId: string; picks: PickedCoupon[]; fen: number; returns: boolean }[]
}

onErrand<Errand, string[]>(async ({ bills, ...place }) => {
  const store = await openEngine(place)
  const uses = openUses({
    store,
    clock: systemClock,
    shopsByIds: async () => new Map(),
    boughtIn: async () => false
  })
  return async () => {
    const outcomes = await Promise.allSettled(
      bills.map(async ({ returns, fen, ...bill }) => {
        const orders = [{ shopId: 'shop', lines: [{ specId: 'spec', productId: 'product', fen }] }]
        await store.tx((tx) => uses.useIn(tx, { ...bill, orders }))
        if (returns) await store.tx((tx) => uses.returnIn(tx, bill.billId))
        return returns ? 'returned' : 'used'
      })
    )
    await store.close()
    return outcomes.map((outcome) => {
      if (outcome.status === 'fulfilled') return outcome.value
      return outcome.reason instanceof Problem ? outcome.reason.code : String(outcome.reason)
    })
  }
})
