import { and, asc, count, desc, eq, gte, inArray, lt, max } from 'drizzle-orm'
import type { Schema } from '../store/schema.ts'
import type { Store, Tx } from '../store/store.ts'
import type { On } from './store.ts'

export type AttendanceRow = Schema['attendances']['$inferSelect']

export const MAX_SHEETS = 30
/** More than ever had a seat in one occasion. */
const ARRIVALS = 2_000
/** People of one subject who are looked at together. */
const CAME = 20_000

/** The only SQL over who came and what she said of it. */
export function attendanceStore({ schema, read }: Store) {
  const { attendances, attendanceSheets, feedback, occasions } = schema
  const hers = (occasionId: string, memberId: string) =>
    and(eq(attendances.occasionId, occasionId), eq(attendances.memberId, memberId))

  return {
    async one(on: On, occasionId: string, memberId: string): Promise<AttendanceRow | undefined> {
      return (await on.select().from(attendances).where(hers(occasionId, memberId)))[0]
    },
    async put(tx: Tx, row: AttendanceRow): Promise<void> {
      await tx
        .insert(attendances)
        .values(row)
        .onConflictDoUpdate({ target: [attendances.occasionId, attendances.memberId], set: row })
    },
    async undo(
      tx: Tx,
      {
        occasionId,
        memberId,
        ...undone
      }: { occasionId: string; memberId: string; undoneAt: number; undoneBy: string; undoneWhy: string }
    ) {
      const [row] = await tx
        .update(attendances)
        .set({ undone: true, ...undone })
        .where(and(hers(occasionId, memberId), eq(attendances.undone, false)))
        .returning()
      return row
    },
    /** Her earliest attendance that stands. */
    async firstOf(on: On, memberId: string) {
      const [row] = await on
        .select({ occasionId: attendances.occasionId, at: attendances.at })
        .from(attendances)
        .where(and(eq(attendances.memberId, memberId), eq(attendances.undone, false)))
        .orderBy(asc(attendances.at))
        .limit(1)
      return row
    },
    async of(on: On, occasionId: string): Promise<AttendanceRow[]> {
      return on.select().from(attendances).where(eq(attendances.occasionId, occasionId)).limit(ARRIVALS)
    },
    ofMemberInQuery: (memberId: string, occasionIds: readonly string[]) =>
      read
        .select({ occasionId: attendances.occasionId, at: attendances.at })
        .from(attendances)
        .where(
          and(
            inArray(attendances.occasionId, [...occasionIds]),
            eq(attendances.memberId, memberId),
            eq(attendances.undone, false)
          )
        ),
    /** How often a member came, by subject. */
    async perSubject(on: On, memberId: string): Promise<Map<string, number>> {
      const rows = await on
        .select({ subjectId: occasions.subjectId, n: count() })
        .from(attendances)
        .innerJoin(occasions, eq(occasions.id, attendances.occasionId))
        .where(and(eq(attendances.memberId, memberId), eq(attendances.undone, false)))
        .groupBy(occasions.subjectId)
      return new Map(rows.map(({ subjectId, n }) => [subjectId, n]))
    },
    /** Who came to a subject's occasions, how often and when last. */
    cameToQuery: (on: On, subjectId: string) =>
      on
        .select({
          memberId: attendances.memberId,
          times: count(),
          last: max(attendances.at).mapWith(Number)
        })
        .from(occasions)
        .innerJoin(attendances, eq(attendances.occasionId, occasions.id))
        .where(and(eq(occasions.subjectId, subjectId), eq(attendances.undone, false)))
        .groupBy(attendances.memberId)
        .limit(CAME),
    /** What a member attended, the latest first. */
    historyQuery: (memberId: string, limit: number) =>
      read
        .select({ occasion: occasions, at: attendances.at, how: attendances.how })
        .from(attendances)
        .innerJoin(occasions, eq(occasions.id, attendances.occasionId))
        .where(and(eq(attendances.memberId, memberId), eq(attendances.undone, false)))
        .orderBy(desc(attendances.at))
        .limit(limit),
    /** Attendances that stand, by when she came. */
    countQuery: ({ from, to }: { from: number; to: number }) =>
      read
        .select({ n: count() })
        .from(attendances)
        .where(and(eq(attendances.undone, false), gte(attendances.at, from), lt(attendances.at, to))),

    async addSheet(tx: Tx, sheet: Schema['attendanceSheets']['$inferInsert']): Promise<void> {
      await tx.insert(attendanceSheets).values(sheet).onConflictDoNothing()
    },
    async sheets(on: On, occasionId: string) {
      return on
        .select()
        .from(attendanceSheets)
        .where(eq(attendanceSheets.occasionId, occasionId))
        .orderBy(asc(attendanceSheets.at))
        .limit(MAX_SHEETS)
    },

    async feedback(on: On, occasionId: string, memberId: string) {
      const where = and(eq(feedback.occasionId, occasionId), eq(feedback.memberId, memberId))
      return (await on.select().from(feedback).where(where))[0]
    },
    async say(tx: Tx, said: Schema['feedback']['$inferInsert']): Promise<void> {
      const { stars, words, at } = said
      await tx
        .insert(feedback)
        .values(said)
        .onConflictDoUpdate({ target: [feedback.occasionId, feedback.memberId], set: { stars, words, at } })
    },
    async said(on: On, occasionId: string): Promise<Map<string, { stars: number; words: string }>> {
      const rows = await on
        .select({ memberId: feedback.memberId, stars: feedback.stars, words: feedback.words })
        .from(feedback)
        .where(eq(feedback.occasionId, occasionId))
        .limit(ARRIVALS)
      return new Map(rows.map(({ memberId, ...said }) => [memberId, said]))
    }
  }
}
