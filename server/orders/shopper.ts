// A server of its own for suites that let several of them want the same goods; answers what became of each try.
import { Problem } from '../../shared/problems.ts'
import type { Body } from '../../shared/contract.ts'
import type { placeOrder } from '../../shared/contracts/orders.ts'
import type { Member } from '../members/member.ts'
import { settableClock } from '../testing/clock.ts'
import { villageAt, type Place } from '../testing/market.ts'
import { onErrand } from '../testing/together.ts'

export interface Errand {
  place: Place
  now: number
  me: Member
  /** Orders to place, all at the same moment; none: sweep what is over. */
  drafts: Body<typeof placeOrder>[]
}

onErrand<Errand, string[]>(async ({ place, now, me, drafts }) => {
  const village = await villageAt(place, settableClock(now))
  return async () => {
    const tries = drafts.map((draft) =>
      village.orders.place(me, draft).then(
        (order) => order.id,
        (error: unknown) => (error instanceof Problem ? error.code : String(error))
      )
    )
    const got = await Promise.all(tries)
    if (!drafts.length) await village.orders.expireOverdue()
    await village.close()
    return got
  }
})
