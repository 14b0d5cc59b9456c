// A server in a process of its own, for the suites in which two gates scan in the same second.
import type { syncRedemptions } from '../../shared/contracts/vouchers.ts'
import type { Body } from '../../shared/contract.ts'
import type { Member } from '../members/member.ts'
import { settableClock } from '../testing/clock.ts'
import { villageAt, type Place } from '../testing/market.ts'
import { onErrand } from '../testing/together.ts'

export interface Errand {
  place: Place
  now: number
  keeper: Member
  buyer: Member
  gateId: string
  /** All at the same moment. */
  scans: { id: string; text: string }[]
  givesBack: string[]
  syncs: Body<typeof syncRedemptions>['items'][]
  sweeps?: boolean
}

/** What became of each, in that order. */
onErrand<Errand, string[]>(async ({ place, now, keeper, buyer, gateId, scans, givesBack, syncs, sweeps }) => {
  const village = await villageAt(place, settableClock(now))
  const { gates, giveBack, sweep } = village.shop.vouchers
  const gate = { gateId, gateName: '' }
  return async () => {
    const got = await Promise.allSettled([
      ...scans.map(async (scan) => (await gates.redeem(keeper, { ...gate, ...scan, at: now })).outcome),
      ...givesBack.map(async (id) => (await giveBack(buyer, id)).state),
      ...syncs.map(async (items) =>
        (await gates.sync(keeper, { ...gate, items })).items.map(({ outcome }) => outcome).join(' ')
      ),
      ...(sweeps ? [sweep().then(() => 'swept')] : [])
    ])
    await village.close()
    return got.map((each) =>
      each.status === 'fulfilled'
        ? each.value
        : ((each.reason as { code?: string }).code ?? String(each.reason))
    )
  }
})
