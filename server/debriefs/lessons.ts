import type { Accepted } from '../../shared/contracts/debriefs.ts'
import { Problem } from '../../shared/problems.ts'
import type { Bookings, OccasionRow } from '../bookings/bookings.ts'
import type { Clock } from '../clock.ts'
import type { Shows } from '../live/shows.ts'
import type { Notices } from '../notices/notices.ts'
import type { Reader, Tx } from '../store/store.ts'
import type { Homeworks } from '../training/homeworks.ts'

/** Classes to come that are looked at for one that fits her. */
const CLASSES_SEEN = 20
/** What else she has booked. */
const BOOKED_SEEN = 50
const HOMEWORK_HREF = '/school/homework'

export interface Homework {
  key: string
  courseId: string
  memberId: string
  words: string
  showId: string
  fromMs: number
  toMs: number
  byId: string
  byName: string
}

/** What became of a card: her homework, and a class or why none. */
export interface Placing {
  taskId: string
  seat: Accepted['seat']
  classId: string
}

export interface Neighbours {
  homeworks: Pick<Homeworks, 'setIn'>
  bookings: Pick<Bookings, 'bookIn' | 'coming' | 'ofMember'>
  shows: Pick<Shows, 'comingOf'>
  /** What she holds that is good now. */
  validOf: (on: Tx | Reader, memberId: string, now: number) => Promise<{ courseId: string }[]>
  tellIn: Notices['tellIn']
}

/** From a card to her next lesson: homework, a seat, and word of it, all in one unit or nothing. */
export function openLessons({
  clock,
  homeworks,
  bookings,
  shows,
  validOf,
  tellIn
}: { clock: Clock } & Neighbours) {
  return {
    async setIn(tx: Tx, { byName, ...task }: Homework): Promise<Placing> {
      const { memberId, courseId, byId, words } = task
      const taskId = await homeworks.setIn(tx, task)
      const place = await seatIn(tx, memberId, courseId, byId)
      await tellIn(tx, {
        memberId,
        kind: 'homework_set',
        about: { by: byName, words },
        href: HOMEWORK_HREF
      })
      return { taskId, ...place }
    }
  }

  /** The first class of the course that is in the way of nothing of hers: one with a seat, else the line. */
  async function seatIn(
    tx: Tx,
    memberId: string,
    courseId: string,
    byId: string
  ): Promise<Omit<Placing, 'taskId'>> {
    const now = clock.now()
    const held = await validOf(tx, memberId, now)
    if (held.some((certificate) => certificate.courseId === courseId)) return { seat: 'passed', classId: '' }
    const classes = await bookings.coming(courseId, CLASSES_SEEN, tx)
    if (!classes.length) return { seat: 'none', classId: '' }

    const booked = await bookings.ofMember(memberId, now, BOOKED_SEEN, tx)
    const hers = booked.find(({ occasion }) => classes.some(({ id }) => id === occasion.id))
    if (hers) {
      const { state } = hers.booking
      return { seat: state === 'waiting' ? 'waiting' : 'booked', classId: hers.occasion.id }
    }
    const shown = await shows.comingOf(tx, memberId)
    const fitting = classes.filter(
      (one) =>
        !booked.some(({ occasion }) => overlap(one, occasion)) &&
        !shown.some(({ startsAt }) => startsAt >= one.startsAt && startsAt < one.endsAt)
    )
    const inOrder = [
      ...fitting.filter(({ taken, seats }) => taken < seats),
      ...fitting.filter(({ taken, seats }) => taken >= seats)
    ]
    for (const { id } of inOrder) {
      const state = await bookedIn(tx, id, memberId, byId)
      if (state) return { seat: state, classId: id }
    }
    return { seat: fitting.length ? 'none' : 'clash', classId: '' }
  }

  /** Undefined: even its line is full. */
  async function bookedIn(tx: Tx, occasionId: string, memberId: string, byId: string) {
    try {
      const { state } = await bookings.bookIn(tx, { occasionId, memberId, how: 'officer', byId })
      return state === 'waiting' ? 'waiting' : 'booked'
    } catch (error) {
      if (error instanceof Problem && error.code === 'class_full') return undefined
      throw error
    }
  }
}

const overlap = (
  one: Pick<OccasionRow, 'startsAt' | 'endsAt'>,
  other: Pick<OccasionRow, 'startsAt' | 'endsAt'>
) => one.startsAt < other.endsAt && other.startsAt < one.endsAt
