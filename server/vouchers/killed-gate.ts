// A server of its own for the suite that kills it: hands in what a gate did without network.
import type { Body } from '../../shared/contract.ts'
import type { syncRedemptions } from '../../shared/contracts/vouchers.ts'
import type { Member } from '../members/member.ts'
import { settableClock } from '../testing/clock.ts'
import { villageAt, type Place } from '../testing/market.ts'
import { errandOf } from '../testing/mortal.ts'

export interface Errand {
  place: Place
  now: number
  me: Member
  evening: Body<typeof syncRedemptions>
}

const { place, now, me, evening } = await errandOf<Errand>()
const village = await villageAt(place, settableClock(now))
process.send!('ready')
await village.shop.vouchers.gates.sync(me, evening)
