import { and, count, desc, eq, inArray } from 'drizzle-orm'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

export type AssessmentRow = Schema['assessments']['$inferSelect']
type On = Tx | Reader

/** Marks of one show; a school has a handful of trainers. */
export const SHOW_ASSESSMENTS = 50
/** Words of trainers about all learners of one course, or about one woman. */
const WORDS = 20_000

/** The only SQL over marks. */
export function assessmentStore({ schema: { assessments }, read }: Store) {
  const { id, memberId, courseId, byId, passed, at } = assessments
  const word = { id, memberId, courseId, byId, passed, at }

  return {
    /** Puts one trainer's marks for one show and course, in place of what she said before. */
    async put(tx: Tx, row: AssessmentRow): Promise<AssessmentRow> {
      const { scores, percent, words, evidence } = row
      const [kept] = await tx
        .insert(assessments)
        .values(row)
        .onConflictDoUpdate({
          target: [assessments.showId, assessments.courseId, assessments.byId],
          set: { scores, percent, passed: row.passed, words, evidence, at: row.at }
        })
        .returning()
      return kept!
    },
    ofShow: (showId: string): Promise<AssessmentRow[]> =>
      read
        .select()
        .from(assessments)
        .where(eq(assessments.showId, showId))
        .orderBy(desc(at), desc(id))
        .limit(SHOW_ASSESSMENTS),
    async countsOf(showIds: string[]): Promise<Map<string, number>> {
      if (!showIds.length) return new Map()
      const rows = await read
        .select({ showId: assessments.showId, n: count() })
        .from(assessments)
        .where(inArray(assessments.showId, showIds))
        .groupBy(assessments.showId)
      return new Map(rows.map(({ showId, n }) => [showId, n]))
    },
    /** What trainers said of who practises for a course, or of some of them. */
    wordsQuery: (on: On, course: string, memberIds?: string[]) =>
      on
        .select(word)
        .from(assessments)
        .where(and(eq(courseId, course), memberIds && inArray(memberId, memberIds)))
        .limit(WORDS),
    /** What trainers said of one woman, whatever she learns. */
    ofMemberQuery: (on: On, member: string) =>
      on.select(word).from(assessments).where(eq(memberId, member)).limit(WORDS)
  }
}
