import { and, count, desc, eq, gte, inArray } from 'drizzle-orm'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

/** Lessons of which one member's progress is answered, last touched first. */
export const PROGRESS_SHOWN = 2_000
/** Today's tries and the one before; a day takes no more than three. */
const ATTEMPTS = 10

export type ProgressRow = Schema['lessonProgress']['$inferSelect']
export type AttemptRow = Schema['quizAttempts']['$inferSelect']

/** The only SQL over what learners did: their progress and their attempts. */
export const learningStore = ({ schema: { lessonProgress: progress, quizAttempts: attempts } }: Store) => ({
  progressIn: async (on: Tx | Reader, memberId: string, lessonIds: string[]): Promise<ProgressRow[]> =>
    on
      .select()
      .from(progress)
      .where(and(eq(progress.memberId, memberId), inArray(progress.lessonId, lessonIds))),
  progressOf: async (on: Tx | Reader, memberId: string): Promise<ProgressRow[]> =>
    on
      .select()
      .from(progress)
      .where(eq(progress.memberId, memberId))
      .orderBy(desc(progress.at), desc(progress.lessonId))
      .limit(PROGRESS_SHOWN),
  putProgress: async (tx: Tx, row: ProgressRow) => {
    const { seconds, done, at } = row
    await tx
      .insert(progress)
      .values(row)
      .onConflictDoUpdate({
        target: [progress.memberId, progress.lessonId],
        set: { seconds, done, at }
      })
  },
  /** How many lessons of a course everybody has done. */
  doneIn: async (on: Tx | Reader, courseId: string) =>
    on
      .select({ memberId: progress.memberId, done: count() })
      .from(progress)
      .where(and(eq(progress.courseId, courseId), eq(progress.done, true)))
      .groupBy(progress.memberId),

  attempt: async (on: Tx | Reader, memberId: string, key: string): Promise<AttemptRow | undefined> =>
    (
      await on
        .select()
        .from(attempts)
        .where(and(eq(attempts.memberId, memberId), eq(attempts.key, key)))
    )[0],
  /** Newest first. */
  lastAttempts: async (on: Tx | Reader, memberId: string, courseId: string, since: number) =>
    on
      .select({ at: attempts.at, passed: attempts.passed })
      .from(attempts)
      .where(and(eq(attempts.memberId, memberId), eq(attempts.courseId, courseId), gte(attempts.at, since)))
      .orderBy(desc(attempts.at))
      .limit(ATTEMPTS),
  passed: async (on: Tx | Reader, memberId: string, courseId: string) =>
    (
      await on
        .select({ id: attempts.id })
        .from(attempts)
        .where(
          and(eq(attempts.memberId, memberId), eq(attempts.courseId, courseId), eq(attempts.passed, true))
        )
        .limit(1)
    ).length > 0,
  /** The courses whose quiz a member has passed. */
  passedBy: async (on: Tx | Reader, memberId: string) =>
    (
      await on
        .selectDistinct({ courseId: attempts.courseId })
        .from(attempts)
        .where(and(eq(attempts.memberId, memberId), eq(attempts.passed, true)))
    ).map(({ courseId }) => courseId),
  /** Everybody who has passed the quiz of a course. */
  passersOf: async (on: Tx | Reader, courseId: string) =>
    (
      await on
        .selectDistinct({ memberId: attempts.memberId })
        .from(attempts)
        .where(and(eq(attempts.courseId, courseId), eq(attempts.passed, true)))
    ).map(({ memberId }) => memberId),
  /** False: this attempt has been handed in already. */
  addAttempt: async (tx: Tx, row: AttemptRow) =>
    (await tx.insert(attempts).values(row).onConflictDoNothing().returning({ id: attempts.id })).length > 0
})
