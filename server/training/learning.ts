import type { ClassCard } from '../../shared/contracts/classes.ts'
import type { CoursePath, Progress } from '../../shared/contracts/school.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { courseStore } from './course-store.ts'
import type { Courses } from './courses.ts'
import { learningStore } from './learning-store.ts'
import { believed, merged } from './progress.ts'
import type { Quizzes } from './quizzes.ts'

/** What a learner's way through the school asks of its other parts, all of one member. */
export interface OnTheWay {
  /** How many classes of each course she attended. */
  attendedOf: (memberId: string) => Promise<ReadonlyMap<string, number>>
  /** How many trainers have passed her in each course. */
  passesOf: (memberId: string) => Promise<ReadonlyMap<string, number>>
  /** The certificate that counts, of each course. */
  certificatesOf: (memberId: string) => Promise<ReadonlyMap<string, CoursePath['certificate']>>
  /** The classes that she booked and that are not over. */
  comingOf: (me: Member) => Promise<ClassCard[]>
  unread: (memberId: string) => Promise<number>
}

export type Learning = ReturnType<typeof openLearning>

/** What a learner has done, and what comes next. */
export function openLearning({
  store,
  clock,
  courses,
  quizzes,
  onTheWay
}: {
  store: Store
  clock: Clock
  courses: Courses
  quizzes: Quizzes
  onTheWay: OnTheWay
}) {
  const { lessonCards, openLessons } = courseStore(store)
  const rows = learningStore(store)

  return {
    /**
     * Adds what happened on a phone, in any order, as often as it likes. Lessons that are gone are passed over: a
     * phone that was out at sea must not be stuck with them. Answers where she is now.
     */
    async save(me: Member, items: Progress[]): Promise<Progress[]> {
      const now = clock.now()
      return store.tx(async (tx) => {
        const ids = [...new Set(items.map(({ lessonId }) => lessonId))]
        const lessons = new Map((await openLessons(tx, ids)).map((lesson) => [lesson.id, lesson]))
        const before = new Map((await rows.progressIn(tx, me.id, ids)).map((row) => [row.lessonId, row]))
        for (const [lessonId, told] of Map.groupBy(items, (item) => item.lessonId)) {
          const lesson = lessons.get(lessonId)
          if (!lesson) continue
          const steps = told.map((step) => believed(step, lesson.seconds, now))
          const had = before.get(lessonId)
          const { seconds, done, at } = [...(had ? [had] : []), ...steps].reduce(merged)
          const row = { memberId: me.id, lessonId, courseId: lesson.courseId, seconds, done, at }
          if (!had || had.seconds !== seconds || had.done !== done || had.at !== at)
            await rows.putProgress(tx, row)
        }
        return (await rows.progressOf(tx, me.id)).map(({ lessonId, seconds, done, at }) => {
          return { lessonId, seconds, done, at }
        })
      })
    },

    /** How many lessons of a course everybody has done. */
    doneIn: async (on: Tx | Reader, courseId: string): Promise<Map<string, number>> =>
      new Map((await rows.doneIn(on, courseId)).map(({ memberId, done }) => [memberId, done])),

    /** Each open course with what she has done and what is next; her coming classes; what she has not read. */
    async pathOf(me: Member): Promise<{ path: CoursePath[]; classes: ClassCard[]; unread: number }> {
      const cards = await courses.open()
      const ids = cards.map(({ id }) => id)
      const [rules, lessons, progress, passed, attended, passes, certificates, classes, unread] =
        await Promise.all([
          courses.byIds(store.read, ids),
          lessonCards(store.read, ids),
          rows.progressOf(store.read, me.id),
          quizzes.passedBy(me.id),
          onTheWay.attendedOf(me.id),
          onTheWay.passesOf(me.id),
          onTheWay.certificatesOf(me.id),
          onTheWay.comingOf(me),
          onTheWay.unread(me.id)
        ])
      const lessonsOf = Map.groupBy(lessons, (lesson) => lesson.courseId)
      const stepIn = new Map(progress.map((step) => [step.lessonId, step]))
      const path = cards.map((course): CoursePath => {
        const certificate = certificates.get(course.id)
        const enough = (passes.get(course.id) ?? 0) >= (rules.get(course.id)?.assessors ?? 1)
        return {
          course,
          lessons: (lessonsOf.get(course.id) ?? []).map(({ id, title, seconds }) => {
            const step = stepIn.get(id)
            return {
              lesson: { id, title, seconds },
              seconds: step?.seconds ?? 0,
              done: step?.done ?? false
            }
          }),
          attended: attended.get(course.id) ?? 0,
          quiz: course.questions === 0 ? 'none' : passed.includes(course.id) ? 'passed' : 'open',
          practical: !course.practical ? 'not_needed' : enough ? 'passed' : 'open',
          ...(certificate && { certificate })
        }
      })
      return { path, classes, unread }
    }
  }
}
