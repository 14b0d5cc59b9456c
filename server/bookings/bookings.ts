import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Store, Tx } from '../store/store.ts'
import { attendanceStore } from './attendance-store.ts'
import { openAttendances } from './attendances.ts'
import { openDoorCodes } from './door-codes.ts'
import { openHooks } from './hooks.ts'
import { over, type Occasion } from './occasion.ts'
import { openResources, type Clash, type Neighbours as ResourceNeighbours } from './resources.ts'
import { openSeats } from './seats.ts'
import { occasionStore, type BookingRow, type OccasionRow, type On } from './store.ts'

/** A drag and its undo, a minute later, must not send two texts that frighten people: the last state wins. */
export const QUIET_MS = 60_000
/** How often we look for who has to be told something. */
const NEWS_EVERY_MS = 5_000
const NEWS_AT_ONCE = 50
const TOLD_AT_ONCE = 25
/** Every seat there may be and the longest line; and of those who left, enough to know who. */
const ROSTER = 1_500
const LEFT_SHOWN = 500

export type OccasionDraft = Pick<
  Occasion,
  'id' | 'kind' | 'subjectId' | 'seriesId' | 'title' | 'place' | 'startsAt' | 'endsAt' | 'seats' | 'createdBy'
>
export type OccasionChange = Pick<Occasion, 'subjectId' | 'title' | 'place' | 'startsAt' | 'endsAt' | 'seats'>

export interface Neighbours extends ResourceNeighbours {
  audit: Parameters<typeof openAttendances>[0]['audit']
}

export type Bookings = ReturnType<typeof openBookings>

/**
 * The engine under classes, and later visits, gatherings and rooms: time, place, seats, waitlist, check-in, feedback. It
 * knows nothing of what an occasion is for; who does listens with `on`.
 */
export function openBookings({
  store,
  clock,
  secret,
  audit,
  trainers,
  peopleIn
}: { store: Store; clock: Clock; secret: string } & Neighbours) {
  const rows = occasionStore(store)
  const arrivals = attendanceStore(store)
  const hooks = openHooks()
  const resources = openResources({ store, clock, trainers, peopleIn })
  const seats = openSeats({ clock, rows, hooks })
  const attendances = openAttendances({ clock, rows: arrivals, occasions: rows, seats, hooks, audit })

  /** The occasion as it is, if nobody changed it since `version`. */
  async function unchanged(tx: Tx, id: string, version: number): Promise<OccasionRow> {
    const occasion = await rows.one(tx, id)
    if (!occasion) throw new Problem('no_such_class')
    if (occasion.state === 'cancelled') throw new Problem('class_cancelled')
    if (occasion.version !== version) throw new Problem('class_changed')
    return occasion
  }

  return {
    on: hooks.on,
    resources,
    attendances,
    codes: openDoorCodes(secret),

    // occasions

    /** Part of the caller's unit. Answers what is in the way; nothing may be left standing when anything is. */
    async openIn(tx: Tx, drafts: readonly OccasionDraft[], resourceIds: readonly string[]): Promise<Clash[]> {
      const clashes: Clash[] = []
      for (const draft of drafts)
        clashes.push(...(await resources.occupyIn(tx, draft.id, resourceIds, draft)))
      const made = { taken: 0, lastInLine: 0, state: 'open', reason: '', version: 1, newsAt: 0 } as const
      if (!clashes.length)
        await rows.add(
          tx,
          drafts.map((draft) => ({ ...draft, ...made, createdAt: clock.now() }))
        )
      return clashes
    },

    /**
     * Changes an occasion; who booked is told once the dust has settled. Throws `class_changed`, `class_cancelled`,
     * `too_few_seats`; answers what is in the way.
     */
    async moveIn(
      tx: Tx,
      id: string,
      version: number,
      change: OccasionChange,
      resourceIds: readonly string[]
    ): Promise<Clash[]> {
      const before = await unchanged(tx, id, version)
      await resources.freeIn(tx, id)
      const clashes = await resources.occupyIn(tx, id, resourceIds, change)
      if (clashes.length) return clashes
      const { startsAt, endsAt, place } = change
      const same = before.startsAt === startsAt && before.endsAt === endsAt && before.place === place
      const newsAt = same ? before.newsAt : clock.now() + QUIET_MS
      const after = await rows.change(tx, id, version, { ...change, newsAt })
      if (!after) throw new Problem('too_few_seats', { taken: before.taken })
      await seats.fillIn(tx, after)
      return []
    },

    /** Calls it off: what it took is free again, and everybody is told why. */
    async cancelIn(tx: Tx, id: string, reason: string): Promise<OccasionRow> {
      const before = await rows.one(tx, id)
      if (!before) throw new Problem('no_such_class')
      if (before.state === 'cancelled') throw new Problem('class_cancelled')
      if (over(before, clock.now())) throw new Problem('class_over')
      await resources.freeIn(tx, id)
      const called = { state: 'cancelled', reason, newsAt: clock.now() } as const
      const after = await rows.change(tx, id, before.version, called)
      return after!
    },

    one: rows.one,
    byIds: rows.byIds,
    /** Those that overlap a time; of one subject, if it is named. */
    between: (period: { from: number; to: number }, limit: number, subjectId?: string) =>
      rows.betweenQuery('class', period, limit, subjectId),
    /** Those of a subject that have not begun. */
    coming: (subjectId: string, limit: number, on?: On) =>
      rows.comingQuery(subjectId, clock.now(), limit, on),

    // seats

    ...seats,

    /** Gives up a seat. Throws `checked_in` for who is there already. */
    async leaveIn(tx: Tx, occasionId: string, memberId: string): Promise<void> {
      if (await attendances.wasThere(tx, occasionId, memberId)) throw new Problem('checked_in')
      await seats.leaveIn(tx, occasionId, memberId)
    },

    bookingOf: rows.booking,
    /** Who has a seat and who waits, in order, then who left. */
    async rosterOf(on: On, occasionId: string): Promise<BookingRow[]> {
      const booked = await rows.rosterQuery(on, occasionId, 'booked', ROSTER)
      const waiting = await rows.rosterQuery(on, occasionId, 'waiting', ROSTER - booked.length)
      return [...booked, ...waiting, ...(await rows.rosterQuery(on, occasionId, 'cancelled', LEFT_SHOWN))]
    },
    /** How many wait for each. */
    async waitingIn(occasionIds: readonly string[]): Promise<Map<string, number>> {
      const counted = occasionIds.length ? await rows.waitingQuery(occasionIds) : []
      return new Map(counted.map(({ id, n }) => [id, n]))
    },
    /** What one member is to some occasions. */
    async mineIn(memberId: string, occasionIds: readonly string[]) {
      if (!occasionIds.length) return new Map<string, never>()
      const [booked, attended] = await Promise.all([
        rows.ofMemberInQuery(memberId, occasionIds),
        attendances.ofMemberIn(memberId, occasionIds)
      ])
      const came = new Map(attended.map(({ occasionId, at }) => [occasionId, at]))
      const mine = booked.map(async (booking) => ({
        occasionId: booking.occasionId,
        state: booking.state,
        line: await seats.lineOf(store.read, booking),
        attendedAt: came.get(booking.occasionId) ?? 0
      }))
      return new Map((await Promise.all(mine)).map(({ occasionId, ...each }) => [occasionId, each]))
    },
    /** What a member has a seat in, or waits for, and is not over by `from`; the soonest first. */
    ofMember: (memberId: string, from: number, limit: number, on?: On) =>
      rows.ofMemberQuery(memberId, from, limit, on),
    everBooked: rows.everBooked,

    /** Occasions held and attendances that stand, within a time. */
    async counts({
      from,
      to
    }: {
      from: number
      to: number
    }): Promise<{ classes: number; attendances: number }> {
      const period = { from, to: Math.min(to, clock.now() + 1) }
      const [[held], [came]] = await Promise.all([rows.heldQuery(period), arrivals.countQuery(period)])
      return { classes: held!.n, attendances: came!.n }
    },

    // news

    NEWS_EVERY_MS,

    /**
     * Tells everybody what she does not know yet, some at a time; who was told is written in the same unit, so that a
     * server that dies in the middle tells nobody twice.
     */
    async tellNews(): Promise<void> {
      for (const { id } of await rows.newsQuery(clock.now(), NEWS_AT_ONCE)) {
        while (await store.tx((tx) => tellSomeIn(tx, id)));
      }
    }
  }

  async function tellSomeIn(tx: Tx, id: string): Promise<boolean> {
    const occasion = await rows.one(tx, id)
    // Moved once more since we looked: she hears of that when its time has come.
    if (!occasion?.newsAt || occasion.newsAt > clock.now()) return false
    const some = await rows.uninformed(tx, occasion, TOLD_AT_ONCE)
    if (!some.length) {
      await rows.newsTold(tx, id)
      await hooks.settled(tx, { occasion })
      return false
    }
    const memberIds = some.map((booking) => booking.memberId)
    await rows.inform(tx, occasion, memberIds)
    const tell = occasion.state === 'cancelled' ? hooks.cancelled : hooks.moved
    for (const { memberId, toldStartsAt, toldEndsAt, toldPlace } of some)
      await tell(tx, {
        occasion,
        memberId,
        was: { startsAt: toldStartsAt, endsAt: toldEndsAt, place: toldPlace }
      })
    return true
  }
}

export { doubleBooked, type Clash } from './resources.ts'
export type { OccasionRow } from './store.ts'
