import type { Answer, Body, QueryOf } from '../../shared/contract.ts'
import type {
  ClassCard,
  getClass,
  giveFeedback,
  listClasses,
  MyBooking
} from '../../shared/contracts/classes.ts'
import { Problem } from '../../shared/problems.ts'
import type { Bookings, OccasionRow } from '../bookings/bookings.ts'
import type { Clock } from '../clock.ts'
import { has, type Member } from '../members/member.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { insider, rangeOf } from './class.ts'
import { classStore } from './class-store.ts'

const LISTED = 500
const MINE = 50

export interface Neighbours {
  bookings: Bookings
  namesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, { name: string }>>
}

export type Classes = ReturnType<typeof openClasses>

/** 一堂课 as learners meet it: the list, a seat or the waitlist, materials, what she says afterwards. */
export function openClasses({
  store,
  clock,
  bookings,
  namesOf
}: { store: Store; clock: Clock } & Neighbours) {
  const rows = classStore(store)

  /** As everybody sees them, and with what one member is to them. An occasion that is no class is left out. */
  async function cardsOf(occasions: readonly OccasionRow[], memberId?: string): Promise<ClassCard[]> {
    if (!occasions.length) return []
    const ids = occasions.map((each) => each.id)
    const [classes, waiting, mine] = await Promise.all([
      rows.byIdsQuery(store.read, ids),
      bookings.waitingIn(ids),
      memberId ? bookings.mineIn(memberId, ids) : new Map<string, MyBooking>()
    ])
    const names = await namesOf([...new Set(classes.map((each) => each.class.trainerId))])
    const byId = new Map(classes.map((each) => [each.class.id, each]))
    return occasions.flatMap((occasion): ClassCard[] => {
      const found = byId.get(occasion.id)
      if (!found) return []
      const { id, title, place, startsAt, endsAt, seats, taken, state, version, seriesId } = occasion
      const { courseId, trainerId, online, showId } = found.class
      const my = mine.get(id)
      return [
        {
          id,
          courseId,
          courseTitle: found.courseTitle ?? '',
          title,
          trainer: { id: trainerId, name: names.get(trainerId)?.name ?? '' },
          place,
          startsAt,
          endsAt,
          seats,
          left: seats - taken,
          waiting: waiting.get(id) ?? 0,
          online,
          showId,
          state,
          version,
          seriesId,
          ...(my && { mine: my })
        }
      ]
    })
  }

  async function card(classId: string, memberId?: string): Promise<ClassCard> {
    const occasion = await bookings.one(store.read, classId)
    const [found] = occasion ? await cardsOf([occasion], memberId) : []
    if (!found) throw new Problem('no_such_class')
    return found
  }

  async function mine(memberId: string, classId: string): Promise<MyBooking> {
    const booking = (await bookings.mineIn(memberId, [classId])).get(classId)
    if (!booking) throw new Problem('not_booked')
    return booking
  }

  return {
    card,
    cardsOf,

    async list(
      me: Member | undefined,
      { courseId, ...asked }: QueryOf<typeof listClasses>
    ): Promise<ClassCard[]> {
      const range = rangeOf(asked, clock.now())
      if (range === 'too_long') throw new Problem('bad_input', { field: '/to' })
      return cardsOf(await bookings.between(range, LISTED, courseId), me?.id)
    },

    async get(me: Member | undefined, classId: string): Promise<Answer<typeof getClass>> {
      const [found, row] = await Promise.all([card(classId, me?.id), rows.one(store.read, classId)])
      const inside = me && (has(me, 'trainer', 'officer') || insider(found.mine))
      const said = me && (await bookings.attendances.feedbackOf(store.read, classId, me.id))
      return {
        class: found,
        about: row!.about,
        materials: inside ? await rows.materials(store.read, classId) : [],
        ...(said && { feedback: { stars: said.stars, words: said.words } })
      }
    },

    /** A seat, or the end of the waitlist. */
    async book(me: Member, classId: string): Promise<MyBooking> {
      await store.tx(
        (tx) => bookings.bookIn(tx, { occasionId: classId, memberId: me.id, how: 'herself', byId: me.id }),
        {
          hot: hot(classId)
        }
      )
      return mine(me.id, classId)
    },

    async leave(me: Member, classId: string): Promise<MyBooking> {
      await store.tx((tx) => bookings.leaveIn(tx, classId, me.id), { hot: hot(classId) })
      return mine(me.id, classId)
    },

    async say(me: Member, classId: string, { stars, words }: Body<typeof giveFeedback>): Promise<void> {
      await store.tx((tx) =>
        bookings.attendances.sayIn(tx, { occasionId: classId, memberId: me.id, stars, words })
      )
    },

    // for the rest of the school and the village

    /** Classes of a course that one may still book, the soonest first. */
    async toBook(courseId: string, limit: number, me?: Member): Promise<ClassCard[]> {
      return cardsOf(await bookings.coming(courseId, limit), me?.id)
    },

    /** The same for several courses at once: what somebody without a licence is offered. */
    async classesToBook(courseIds: readonly string[], each: number): Promise<ClassCard[]> {
      const lists = await Promise.all(courseIds.map((courseId) => bookings.coming(courseId, each)))
      return cardsOf(lists.flat())
    },

    /** My classes that are not over: with a seat, or in the line. */
    async comingOf(me: Member): Promise<ClassCard[]> {
      const mine = await bookings.ofMember(me.id, clock.now(), MINE)
      return cardsOf(
        mine.map((each) => each.occasion),
        me.id
      )
    },

    /** Classes that a member attended, the latest first. */
    async attendedBy(
      memberId: string,
      limit: number
    ): Promise<{ title: string; startsAt: number; at: number }[]> {
      const came = await bookings.attendances.history(memberId, limit)
      return came.map(({ occasion, at }) => ({ title: occasion.title, startsAt: occasion.startsAt, at }))
    },

    /** How often a member came, by course. */
    attendedByCourse: (memberId: string): Promise<Map<string, number>> =>
      bookings.attendances.perSubject(store.read, memberId),

    /** Whether she ever had a seat in a class of this course. */
    enrolledIn: (on: Tx | Reader, memberId: string, courseId: string): Promise<boolean> =>
      bookings.everBooked(on, memberId, courseId),

    /** Whether this member may sit in this online class, or watch it afterwards: she has a seat, or she teaches it. */
    async mayAttend(classId: string, memberId: string): Promise<boolean> {
      if ((await bookings.one(store.read, classId))?.state !== 'open') return false
      if ((await rows.one(store.read, classId))?.trainerId === memberId) return true
      return (await bookings.bookingOf(store.read, classId, memberId))?.state === 'booked'
    }
  }
}

/** A class that many want at the same moment. */
export const hot = (classId: string) => `class:${classId}`
