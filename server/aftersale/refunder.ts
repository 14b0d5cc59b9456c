// A server in a process of its own that pays back, for the suites in which two of them do so at once.
import { settableClock } from '../testing/clock.ts'
import { villageAt, type Place } from '../testing/market.ts'
import { onErrand } from '../testing/together.ts'
import type { Member } from '../members/member.ts'

export interface Errand {
  place: Place
  now: number
  me: Member
  orderId: string
  /** Each is one act; the same key is the same act. */
  acts: { key: string; specId: string; qty: number; fen?: number }[]
}

/** What became of each act: the sum that went back, or why not. */
onErrand<Errand, string[]>(async ({ place, now, me, orderId, acts }) => {
  const village = await villageAt(place, settableClock(now))
  return async () => {
    const outcomes = await Promise.allSettled(
      acts.map(({ key, ...line }) =>
        village.shop.aftersale.refunds.payBack(me, orderId, {
          key,
          cause: 'asked',
          lines: [line],
          freightFen: 0,
          words: '退给您'
        })
      )
    )
    await village.close()
    return outcomes.map((each) =>
      each.status === 'fulfilled'
        ? `${each.value.id} ${each.value.goodsFen}`
        : ((each.reason as { code?: string }).code ?? String(each.reason))
    )
  }
})
