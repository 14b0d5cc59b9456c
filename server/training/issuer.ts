// What two trainers do at the same moment, in a server of its own; answers what became of each.
import type { Body } from '../../shared/contract.ts'
import type { assess, offerMentorship } from '../../shared/contracts/practice.ts'
import { Problem } from '../../shared/problems.ts'
import type { Member } from '../members/member.ts'
import { settableClock } from '../testing/clock.ts'
import { villageAt, type Place } from '../testing/market.ts'
import { onErrand } from '../testing/together.ts'

export type Wish =
  | { issue: string; memberIds: string[] }
  | { revoke: string }
  | { offer: Body<typeof offerMentorship> }
  | { assess: string; marks: Body<typeof assess> }
  | { room: string }

export interface Errand {
  place: Place
  now: number
  me: Member
  wishes: Wish[]
}

onErrand<Errand, string[]>(async ({ place, now, me, wishes }) => {
  const village = await villageAt(place, settableClock(now))
  const { practice, certificates, mentorships } = village.school

  async function grant(wish: Wish): Promise<string> {
    if ('issue' in wish) {
      const { issued } = await certificates.issue(me, wish.issue, wish.memberIds)
      return issued.map(({ code }) => code).join()
    }
    if ('revoke' in wish) return (await certificates.revoke(me, wish.revoke, '一次就够')).state
    if ('offer' in wish) return (await mentorships.offer(me, wish.offer)).id
    if ('assess' in wish) return (await practice.assess(me, wish.assess, wish.marks)).id
    return village.shows.openClassRoom(me, { classId: wish.room, title: '网课', startsAt: now })
  }

  return async () => {
    const got = await Promise.all(
      wishes.map((wish) =>
        grant(wish).catch((error: unknown) => (error instanceof Problem ? error.code : String(error)))
      )
    )
    await village.close()
    return got
  }
})
