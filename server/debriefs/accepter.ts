// A trainer at a server of its own, for the suite that lets two of them accept the same card; answers what became of it.
import { Problem } from '../../shared/problems.ts'
import type { Member } from '../members/member.ts'
import { settableClock } from '../testing/clock.ts'
import { villageAt, type Place } from '../testing/market.ts'
import { onErrand } from '../testing/together.ts'

export interface Errand {
  place: Place
  now: number
  me: Member
  showId: string
  /** As often at the same moment. */
  times: number
}

onErrand<Errand, string[]>(async ({ place, now, me, showId, times }) => {
  const village = await villageAt(place, settableClock(now))
  return async () => {
    const got = await Promise.all(
      Array.from({ length: times }, () =>
        village.school.debriefs.accept(me, showId, 'unanswered', `${me.name}的话`).then(
          ({ taskId, seat, words }) => `${taskId} ${seat} ${words}`,
          (error: unknown) => (error instanceof Problem ? error.code : String(error))
        )
      )
    )
    await village.close()
    return got
  }
})
