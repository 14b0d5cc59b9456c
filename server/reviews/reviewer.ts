// A server in a process of its own that reviews, for the suite in which two of them do so at once.
import { Problem } from '../../shared/problems.ts'
import type { Member } from '../members/member.ts'
import { settableClock } from '../testing/clock.ts'
import { villageAt, type Place } from '../testing/market.ts'
import { onErrand } from '../testing/together.ts'

export interface Errand {
  place: Place
  now: number
  me: Member
  orderIds: string[]
  specId: string
  stars: number
}

/** What became of each: the id of the review, or why not. */
onErrand<Errand, string[]>(async ({ place, now, me, orderIds, specId, stars }) => {
  const village = await villageAt(place, settableClock(now))
  const { reviews } = village.shop.reviewing
  return async () => {
    const got = await Promise.all(
      orderIds.map((orderId) =>
        reviews.write(me, orderId, { specId, stars, words: '鲜', fileIds: [] }).then(
          ({ id }) => id,
          (error: unknown) => (error instanceof Problem ? error.code : String(error))
        )
      )
    )
    await village.close()
    return got
  }
})
