import type { BookedHow } from '../../shared/contracts/classes.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Tx } from '../store/store.ts'
import type { Hooks } from './hooks.ts'
import { closed, queues } from './occasion.ts'
import { knows, type BookingRow, type occasionStore, type OccasionRow, type On } from './store.ts'

/** Nobody queues longer than this: a thousand women before her will not all stay at home. */
const MAX_LINE = 1_000

export interface Seat {
  occasionId: string
  memberId: string
  how: BookedHow
  /** Who wrote her in: herself, or who did it for her. */
  byId: string
  at?: number
}

export type Seats = ReturnType<typeof openSeats>

/** 报名, 候补: who has a seat and who waits, in order. Everything here is part of the caller's unit of work. */
export function openSeats({
  clock,
  rows,
  hooks
}: {
  clock: Clock
  rows: ReturnType<typeof occasionStore>
  hooks: Hooks
}) {
  async function open(tx: Tx, occasionId: string, now: number): Promise<OccasionRow> {
    const occasion = await rows.one(tx, occasionId)
    if (!occasion) throw new Problem('no_such_class')
    const why = closed(occasion, now)
    if (why) throw new Problem(why)
    return occasion
  }

  async function put(tx: Tx, occasion: OccasionRow, seat: Seat, state: 'booked' | 'waiting', inLine: number) {
    const { occasionId, memberId, how, byId } = seat
    const now = seat.at ?? clock.now()
    const { startsAt, endsAt, place } = knows(occasion)
    const told = { toldStartsAt: startsAt, toldEndsAt: endsAt, toldPlace: place }
    const booking: BookingRow = {
      occasionId,
      memberId,
      state,
      inLine,
      how,
      byId,
      at: now,
      changedAt: now,
      ...told
    }
    await rows.put(tx, booking)
    await hooks.booked(tx, { occasion, booking })
    return booking
  }

  /** Seats that are free go to who waits, in order, in the unit that made them free. */
  async function fillIn(tx: Tx, occasion: OccasionRow, now = clock.now()): Promise<void> {
    const free = occasion.seats - occasion.taken
    if (free <= 0 || !queues(occasion, now)) return
    const seated = await rows.seatFirst(tx, occasion.id, free, now)
    if (!seated.length) return
    await rows.addTaken(tx, occasion.id, seated.length)
    for (const memberId of seated) await hooks.seated(tx, { occasion, memberId })
  }

  return {
    /**
     * A seat, or the end of the waitlist; whoever has either keeps it. Throws `no_such_class`, `class_cancelled`,
     * `class_over`, and `class_full` when nobody may queue any more.
     */
    async bookIn(tx: Tx, seat: Seat): Promise<BookingRow> {
      const { occasionId, memberId, at: now = clock.now() } = seat
      const occasion = await open(tx, occasionId, now)
      const before = await rows.booking(tx, occasionId, memberId)
      if (before && before.state !== 'cancelled') return before
      if (await rows.take(tx, occasionId)) return put(tx, occasion, seat, 'booked', 0)
      if (!queues(occasion, now) || (await rows.waiting(tx, occasionId)) >= MAX_LINE)
        throw new Problem('class_full')
      return put(tx, occasion, seat, 'waiting', await rows.queue(tx, occasionId))
    },

    /** For who stands at the door: a seat at once, or `class_full`. */
    async seatIn(tx: Tx, occasion: OccasionRow, seat: Seat): Promise<BookingRow> {
      if (!(await rows.take(tx, occasion.id))) throw new Problem('class_full')
      return put(tx, occasion, seat, 'booked', 0)
    },

    /** Gives up a seat or a place in the line. Twice is once; throws `not_booked` for who never had either. */
    async leaveIn(tx: Tx, occasionId: string, memberId: string, now = clock.now()): Promise<void> {
      await open(tx, occasionId, now)
      const before = await rows.booking(tx, occasionId, memberId)
      if (!before) throw new Problem('not_booked')
      if (before.state === 'cancelled') return
      await rows.cancel(tx, occasionId, memberId, now)
      if (before.state === 'waiting') return
      await fillIn(tx, await rows.addTaken(tx, occasionId, -1), now)
    },

    fillIn,

    /** Where she stands in the line; 0 for who does not wait. */
    async lineOf(on: On, booking: Pick<BookingRow, 'occasionId' | 'state' | 'inLine'>) {
      return booking.state === 'waiting' ? (await rows.before(on, booking.occasionId, booking.inLine)) + 1 : 0
    }
  }
}
