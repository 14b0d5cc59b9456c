import type { Hooks } from '../bookings/hooks.ts'
import type { OccasionRow } from '../bookings/bookings.ts'
import type { News } from '../notices/notice.ts'
import type { Tx } from '../store/store.ts'
import type { ClassRow } from './class.ts'

/** What becomes of a class is told to whom it concerns, in the unit of work in which it happens. */
export function classNews(
  tellIn: (tx: Tx, news: News) => Promise<void>,
  rows: {
    one: (tx: Tx, classId: string) => Promise<ClassRow | undefined>
    change: (tx: Tx, classId: string, change: Partial<ClassRow>) => Promise<void>
  }
): Partial<Hooks> {
  const tell = (
    tx: Tx,
    kind: News['kind'],
    memberId: string,
    { id, title, place, startsAt, endsAt }: OccasionRow,
    more: Record<string, string> = {}
  ) =>
    tellIn(tx, {
      memberId,
      kind,
      about: { title, place, startsAt: String(startsAt), endsAt: String(endsAt), ...more },
      href: `/school/class/${id}`
    })

  return {
    // Whoever booked herself has read it on her screen, and a walk-in stands there.
    async booked(tx, { occasion, booking: { memberId, how, state } }) {
      if (how === 'officer' || how === 'roster')
        await tell(tx, 'class_booked_for_you', memberId, occasion, { state })
    },
    seated: (tx, { occasion, memberId }) => tell(tx, 'seat_offered', memberId, occasion),
    moved: (tx, { occasion, memberId, was }) =>
      tell(tx, 'class_moved', memberId, occasion, { wasStartsAt: String(was.startsAt), wasPlace: was.place }),
    cancelled: (tx, { occasion, memberId, was }) =>
      tell(tx, 'class_cancelled', memberId, occasion, {
        startsAt: String(was.startsAt),
        reason: occasion.reason
      }),

    // Its trainer hears of what somebody else did to her class; what she did herself she knows.
    async settled(tx, { occasion }) {
      const { id, state, startsAt, place, reason } = occasion
      const row = await rows.one(tx, id)
      const told = state === 'open' ? { toldStartsAt: startsAt, toldPlace: place } : CANCELLED
      if (!row || (row.toldStartsAt === told.toldStartsAt && row.toldPlace === told.toldPlace)) return
      await rows.change(tx, id, told)
      const { trainerId, toldStartsAt: was, toldPlace: wasPlace } = row
      if (state === 'cancelled')
        await tell(tx, 'class_cancelled', trainerId, occasion, { startsAt: String(was), reason })
      else await tell(tx, 'class_moved', trainerId, occasion, { wasStartsAt: String(was), wasPlace })
    }
  }
}

/** What somebody knows who was told that there will be no class. */
export const CANCELLED = { toldStartsAt: 0, toldPlace: '' }
