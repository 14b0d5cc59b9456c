import { and, asc, count, eq, gt, gte, inArray, lt, lte, ne, or, sql } from 'drizzle-orm'
import { MAX_CLASS_MS } from '../../shared/contracts/classes.ts'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import type { Occasion } from './occasion.ts'

/** Rows of one statement: both engines have a bound on values. */
const ROWS_AT_ONCE = 500

export type OccasionRow = Schema['occasions']['$inferSelect']
export type BookingRow = Schema['bookings']['$inferSelect']
export type On = Tx | Reader

export const inParts = <T>(all: readonly T[], size = ROWS_AT_ONCE): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))

/** The only SQL over occasions and who has a seat in them. */
export function occasionStore({ schema, read }: Store) {
  const { occasions, bookings } = schema
  const hers = (occasionId: string, memberId: string) =>
    and(eq(bookings.occasionId, occasionId), eq(bookings.memberId, memberId))
  const waits = (occasionId: string) =>
    and(eq(bookings.occasionId, occasionId), eq(bookings.state, 'waiting'))

  return {
    async add(tx: Tx, rows: OccasionRow[]): Promise<void> {
      await tx.insert(occasions).values(rows)
    },
    async one(on: On, id: string): Promise<OccasionRow | undefined> {
      return (await on.select().from(occasions).where(eq(occasions.id, id)))[0]
    },
    async byIds(on: On, ids: readonly string[]): Promise<OccasionRow[]> {
      const found: OccasionRow[] = []
      for (const some of inParts(ids))
        found.push(...(await on.select().from(occasions).where(inArray(occasions.id, some))))
      return found
    },
    /** Those that overlap a time, the soonest first; of one subject, if it is named. */
    betweenQuery: (
      kind: Occasion['kind'],
      { from, to }: { from: number; to: number },
      limit: number,
      subjectId?: string
    ) =>
      read
        .select()
        .from(occasions)
        .where(
          and(
            subjectId ? eq(occasions.subjectId, subjectId) : undefined,
            eq(occasions.kind, kind),
            gt(occasions.startsAt, from - MAX_CLASS_MS),
            lt(occasions.startsAt, to),
            gt(occasions.endsAt, from)
          )
        )
        .orderBy(asc(occasions.startsAt), asc(occasions.id))
        .limit(limit),
    /** Open ones of a subject that have not begun. */
    comingQuery: (subjectId: string, now: number, limit: number, on: On = read) =>
      on
        .select()
        .from(occasions)
        .where(
          and(eq(occasions.subjectId, subjectId), gt(occasions.startsAt, now), eq(occasions.state, 'open'))
        )
        .orderBy(asc(occasions.startsAt), asc(occasions.id))
        .limit(limit),
    /** Takes a seat if there is one. */
    async take(tx: Tx, id: string): Promise<boolean> {
      const rows = await tx
        .update(occasions)
        .set({ taken: sql`${occasions.taken} + 1` })
        .where(and(eq(occasions.id, id), eq(occasions.state, 'open'), lt(occasions.taken, occasions.seats)))
        .returning({ id: occasions.id })
      return rows.length > 0
    },
    /** The next number of the waitlist. */
    async queue(tx: Tx, id: string): Promise<number> {
      const [row] = await tx
        .update(occasions)
        .set({ lastInLine: sql`${occasions.lastInLine} + 1` })
        .where(eq(occasions.id, id))
        .returning({ last: occasions.lastInLine })
      return row!.last
    },
    /** `many` more seats are taken, or fewer. */
    async addTaken(tx: Tx, id: string, many: number): Promise<OccasionRow> {
      const [row] = await tx
        .update(occasions)
        .set({ taken: sql`${occasions.taken} + ${many}` })
        .where(eq(occasions.id, id))
        .returning()
      return row!
    },
    /** Changes an open occasion if nobody did since `version`, and never to fewer seats than are taken. */
    async change(tx: Tx, id: string, version: number, change: Partial<OccasionRow>) {
      const [row] = await tx
        .update(occasions)
        .set({ ...change, version: sql`${occasions.version} + 1` })
        .where(
          and(
            eq(occasions.id, id),
            eq(occasions.version, version),
            eq(occasions.state, 'open'),
            change.seats === undefined ? undefined : lte(occasions.taken, change.seats)
          )
        )
        .returning()
      return row
    },
    /** Those of which somebody has to be told something by now. */
    newsQuery: (now: number, limit: number) =>
      read
        .select({ id: occasions.id })
        .from(occasions)
        .where(and(gt(occasions.newsAt, 0), lte(occasions.newsAt, now)))
        .orderBy(asc(occasions.newsAt))
        .limit(limit),
    async newsTold(tx: Tx, id: string): Promise<void> {
      await tx.update(occasions).set({ newsAt: 0 }).where(eq(occasions.id, id))
    },
    /** Begun within a time and not cancelled. */
    heldQuery: ({ from, to }: { from: number; to: number }) =>
      read
        .select({ n: count() })
        .from(occasions)
        .where(
          and(
            eq(occasions.kind, 'class'),
            gte(occasions.startsAt, from),
            lt(occasions.startsAt, to),
            eq(occasions.state, 'open')
          )
        ),

    // bookings

    async booking(on: On, occasionId: string, memberId: string): Promise<BookingRow | undefined> {
      return (await on.select().from(bookings).where(hers(occasionId, memberId)))[0]
    },
    async put(tx: Tx, booking: BookingRow): Promise<void> {
      await tx
        .insert(bookings)
        .values(booking)
        .onConflictDoUpdate({ target: [bookings.occasionId, bookings.memberId], set: booking })
    },
    async cancel(tx: Tx, occasionId: string, memberId: string, now: number): Promise<void> {
      await tx.update(bookings).set({ state: 'cancelled', changedAt: now }).where(hers(occasionId, memberId))
    },
    async waiting(on: On, occasionId: string): Promise<number> {
      return (await on.select({ n: count() }).from(bookings).where(waits(occasionId)))[0]!.n
    },
    async before(on: On, occasionId: string, inLine: number): Promise<number> {
      const earlier = and(waits(occasionId), lt(bookings.inLine, inLine))
      return (await on.select({ n: count() }).from(bookings).where(earlier))[0]!.n
    },
    /** The first `many` who wait get a seat; answers who they are, in their order. */
    async seatFirst(tx: Tx, occasionId: string, many: number, now: number): Promise<string[]> {
      const first = await tx
        .select({ memberId: bookings.memberId })
        .from(bookings)
        .where(waits(occasionId))
        .orderBy(asc(bookings.inLine))
        .limit(many)
      const ids = first.map((each) => each.memberId)
      if (ids.length)
        await tx
          .update(bookings)
          .set({ state: 'booked', changedAt: now })
          .where(and(eq(bookings.occasionId, occasionId), inArray(bookings.memberId, ids)))
      return ids
    },
    waitingQuery: (occasionIds: readonly string[]) =>
      read
        .select({ id: bookings.occasionId, n: count() })
        .from(bookings)
        .where(and(inArray(bookings.occasionId, [...occasionIds]), eq(bookings.state, 'waiting')))
        .groupBy(bookings.occasionId),
    ofMemberInQuery: (memberId: string, occasionIds: readonly string[]) =>
      read
        .select()
        .from(bookings)
        .where(and(inArray(bookings.occasionId, [...occasionIds]), eq(bookings.memberId, memberId))),
    /** What a member has a seat in, or waits for, and is not over by `from`; the soonest first. */
    ofMemberQuery: (memberId: string, from: number, limit: number, on: On = read) =>
      on
        .select({ occasion: occasions, booking: bookings })
        .from(bookings)
        .innerJoin(occasions, eq(occasions.id, bookings.occasionId))
        .where(
          and(eq(bookings.memberId, memberId), ne(bookings.state, 'cancelled'), gt(occasions.endsAt, from))
        )
        .orderBy(asc(occasions.startsAt), asc(occasions.id))
        .limit(limit),
    /** Whether she has or had a seat in one of a subject. */
    async everBooked(on: On, memberId: string, subjectId: string): Promise<boolean> {
      const rows = await on
        .select({ id: occasions.id })
        .from(bookings)
        .innerJoin(occasions, eq(occasions.id, bookings.occasionId))
        .where(
          and(
            eq(bookings.memberId, memberId),
            eq(bookings.state, 'booked'),
            eq(occasions.subjectId, subjectId)
          )
        )
        .limit(1)
      return rows.length > 0
    },
    rosterQuery: (on: On, occasionId: string, state: BookingRow['state'], limit: number) =>
      on
        .select()
        .from(bookings)
        .where(and(eq(bookings.occasionId, occasionId), eq(bookings.state, state)))
        .orderBy(asc(bookings.inLine), asc(bookings.at), asc(bookings.memberId))
        .limit(limit),
    /** Who was told something else than what is now so. */
    async uninformed(tx: Tx, occasion: OccasionRow, limit: number): Promise<BookingRow[]> {
      const { startsAt, endsAt, place } = knows(occasion)
      return tx
        .select()
        .from(bookings)
        .where(
          and(
            eq(bookings.occasionId, occasion.id),
            inArray(bookings.state, ['booked', 'waiting']),
            or(
              ne(bookings.toldStartsAt, startsAt),
              ne(bookings.toldEndsAt, endsAt),
              ne(bookings.toldPlace, place)
            )
          )
        )
        .limit(limit)
    },
    async inform(tx: Tx, occasion: OccasionRow, memberIds: string[]): Promise<void> {
      const { startsAt, endsAt, place } = knows(occasion)
      await tx
        .update(bookings)
        .set({ toldStartsAt: startsAt, toldEndsAt: endsAt, toldPlace: place })
        .where(and(eq(bookings.occasionId, occasion.id), inArray(bookings.memberId, memberIds)))
    }
  }
}

/** What somebody knows who was told everything. A cancelled occasion has no time. */
export const knows = ({ state, startsAt, endsAt, place }: OccasionRow) =>
  state === 'open' ? { startsAt, endsAt, place } : { startsAt: 0, endsAt: 0, place }
