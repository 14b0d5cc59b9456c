import type { Answer, Body } from '../../shared/contract.ts'
import type { answerQuiz, getQuiz } from '../../shared/contracts/school.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { courseStore } from './course-store.ts'
import type { Courses } from './courses.ts'
import { learningStore } from './learning-store.ts'
import { answersTwice, dayOf, marked, passes, QUIZ_WAIT_MS, tries } from './quiz.ts'

export type Quizzes = ReturnType<typeof openQuizzes>

/** 小测: the questions of a course; the right answers stay here until she has answered. */
export function openQuizzes({ store, clock, courses }: { store: Store; clock: Clock; courses: Courses }) {
  const { questionsOf } = courseStore(store)
  const rows = learningStore(store)

  return {
    /** Problem no_such_course. */
    async get(me: Member, courseId: string): Promise<Answer<typeof getQuiz>> {
      const { passPercent } = await courses.seen(store.read, me, courseId)
      const questions = await questionsOf(store.read, courseId)
      return {
        questions: questions.map(({ id, ask, pictureId, audioId, options }) => ({
          id,
          ask,
          pictureId,
          audioId,
          options
        })),
        passPercent,
        passed: await rows.passed(store.read, me.id, courseId),
        ...(await triesOf(store.read, me, courseId))
      }
    },

    /**
     * Marks an attempt; the same key again is the same attempt. Problems: no_such_course, bad_input, quiz_empty,
     * quiz_passed, quiz_wait {nextTryAt, waitMs}.
     */
    async answer(
      me: Member,
      courseId: string,
      { key, answers }: Body<typeof answerQuiz>
    ): Promise<Answer<typeof answerQuiz>> {
      if (answersTwice(answers)) throw new Problem('bad_input', { field: '/answers' })
      return store.tx(async (tx) => {
        const { passPercent } = await courses.seen(tx, me, courseId)
        const questions = await questionsOf(tx, courseId)
        const before = await rows.attempt(tx, me.id, key)
        if (before && before.courseId !== courseId) throw new Problem('bad_input', { field: '/key' })
        if (before) {
          const { right, total, passed } = before
          const { wrong } = marked(questions, before.answers)
          return { right, total, passed, wrong, ...(await triesOf(tx, me, courseId)) }
        }

        if (questions.length === 0) throw new Problem('quiz_empty')
        if (await rows.passed(tx, me.id, courseId)) throw new Problem('quiz_passed')
        const now = clock.now()
        const { nextTryAt } = await triesOf(tx, me, courseId)
        if (nextTryAt) throw new Problem('quiz_wait', { nextTryAt, waitMs: nextTryAt - now })

        const { right, total, wrong } = marked(questions, answers)
        const passed = passes({ right, total }, passPercent)
        const row = { id: newId(now), memberId: me.id, key, courseId, answers, right, total, passed, at: now }
        await rows.addAttempt(tx, row)
        return { right, total, passed, wrong, ...(await triesOf(tx, me, courseId)) }
      })
    },

    /** The courses whose quiz a member has passed. */
    passedBy: (memberId: string) => rows.passedBy(store.read, memberId),

    /** Whether a member has passed the quiz of a course. */
    passed: (on: Tx | Reader, memberId: string, courseId: string) => rows.passed(on, memberId, courseId),

    /** Everybody who has passed the quiz of a course. */
    passersOf: async (on: Tx | Reader, courseId: string): Promise<Set<string>> =>
      new Set(await rows.passersOf(on, courseId))
  }

  async function triesOf(on: Tx | Reader, me: Member, courseId: string) {
    const now = clock.now()
    const attempts = await rows.lastAttempts(on, me.id, courseId, dayOf(now) - QUIZ_WAIT_MS)
    return tries(attempts, now)
  }
}
