import { and, asc, count, eq, inArray, sum } from 'drizzle-orm'
import type { Topic } from '../../shared/contracts/school.ts'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

/** Courses of one union; the contract's lists are as long. */
export const MAX_COURSES = 100

export type CourseRow = Schema['courses']['$inferSelect']
export type LessonRow = Schema['lessons']['$inferSelect']
export type QuestionRow = Schema['questions']['$inferSelect']

/** The only SQL over courses, lessons and questions. */
export const courseStore = ({ schema: { courses, lessons, questions, lessonProgress } }: Store) => {
  const inOrder = [asc(courses.createdAt), asc(courses.id)]
  const lessonCard = {
    id: lessons.id,
    courseId: lessons.courseId,
    title: lessons.title,
    seconds: lessons.seconds
  }

  return {
    course: async (on: Tx | Reader, id: string): Promise<CourseRow | undefined> =>
      (await on.select().from(courses).where(eq(courses.id, id)))[0],
    byIds: async (on: Tx | Reader, ids: string[]): Promise<CourseRow[]> =>
      ids.length ? on.select().from(courses).where(inArray(courses.id, ids)) : [],
    open: async (on: Tx | Reader): Promise<CourseRow[]> =>
      on
        .select()
        .from(courses)
        .where(eq(courses.state, 'open'))
        .orderBy(...inOrder)
        .limit(MAX_COURSES),
    all: async (on: Tx | Reader): Promise<CourseRow[]> =>
      on
        .select()
        .from(courses)
        .orderBy(...inOrder)
        .limit(MAX_COURSES),
    ofTopics: async (on: Tx | Reader, topics: Topic[]): Promise<CourseRow[]> =>
      topics.length
        ? on
            .select()
            .from(courses)
            .where(and(inArray(courses.topic, topics), eq(courses.state, 'open')))
            .orderBy(...inOrder)
        : [],
    countAll: async (tx: Tx) => tx.$count(courses),
    /** How many lessons and questions each has, and how long they take. */
    tallies: async (on: Tx | Reader, ids: string[]) => {
      if (!ids.length) return new Map<string, { lessons: number; seconds: number; questions: number }>()
      const taught = await on
        .select({
          courseId: lessons.courseId,
          lessons: count(),
          seconds: sum(lessons.seconds).mapWith(Number)
        })
        .from(lessons)
        .where(inArray(lessons.courseId, ids))
        .groupBy(lessons.courseId)
      const asked = await on
        .select({ courseId: questions.courseId, questions: count() })
        .from(questions)
        .where(inArray(questions.courseId, ids))
        .groupBy(questions.courseId)
      const askedOf = new Map(asked.map((each) => [each.courseId, each.questions]))
      const taughtOf = new Map(taught.map((each) => [each.courseId, each]))
      return new Map(
        ids.map((id) => {
          const { lessons = 0, seconds = 0 } = taughtOf.get(id) ?? {}
          return [id, { lessons, seconds, questions: askedOf.get(id) ?? 0 }]
        })
      )
    },

    add: async (tx: Tx, row: CourseRow) => {
      await tx.insert(courses).values(row)
    },
    /** Undefined: somebody changed it since `version`. */
    change: async (tx: Tx, id: string, version: number, row: Partial<CourseRow>) =>
      (
        await tx
          .update(courses)
          .set({ ...row, version: version + 1 })
          .where(and(eq(courses.id, id), eq(courses.version, version)))
          .returning()
      )[0],

    lesson: async (on: Tx | Reader, id: string): Promise<LessonRow | undefined> =>
      (await on.select().from(lessons).where(eq(lessons.id, id)))[0],
    lessonsOf: async (on: Tx | Reader, courseId: string): Promise<LessonRow[]> =>
      on.select().from(lessons).where(eq(lessons.courseId, courseId)).orderBy(asc(lessons.position)),
    /** The same without what is in them. */
    lessonCards: async (on: Tx | Reader, courseIds: string[]) =>
      courseIds.length
        ? on
            .select(lessonCard)
            .from(lessons)
            .where(inArray(lessons.courseId, courseIds))
            .orderBy(asc(lessons.courseId), asc(lessons.position))
        : [],
    /** Those of these lessons that learners can open. */
    openLessons: async (on: Tx | Reader, lessonIds: string[]) =>
      on
        .select(lessonCard)
        .from(lessons)
        .innerJoin(courses, eq(courses.id, lessons.courseId))
        .where(and(inArray(lessons.id, lessonIds), eq(courses.state, 'open'))),
    putLesson: async (tx: Tx, { id, ...row }: LessonRow) => {
      await tx
        .insert(lessons)
        .values({ id, ...row })
        .onConflictDoUpdate({ target: lessons.id, set: row })
    },
    /** With what learners did in them. */
    dropLessons: async (tx: Tx, courseId: string, ids: string[]) => {
      if (!ids.length) return
      await tx.delete(lessons).where(inArray(lessons.id, ids))
      await tx
        .delete(lessonProgress)
        .where(and(eq(lessonProgress.courseId, courseId), inArray(lessonProgress.lessonId, ids)))
    },

    questionsOf: async (on: Tx | Reader, courseId: string): Promise<QuestionRow[]> =>
      on.select().from(questions).where(eq(questions.courseId, courseId)).orderBy(asc(questions.position)),
    putQuestion: async (tx: Tx, { id, ...row }: QuestionRow) => {
      await tx
        .insert(questions)
        .values({ id, ...row })
        .onConflictDoUpdate({ target: questions.id, set: row })
    },
    dropQuestions: async (tx: Tx, ids: string[]) => {
      if (ids.length) await tx.delete(questions).where(inArray(questions.id, ids))
    }
  }
}
