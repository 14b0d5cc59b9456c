import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as contracts from '../../shared/contracts/school.ts'
import { settableClock } from '../testing/clock.ts'
import { courseDraft } from '../testing/course.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { QUIZ_WAIT_MS, TRIES_A_DAY } from './quiz.ts'

describe.each(engines)('quizzes on $name', (engine) => {
  const clock = settableClock()
  let here: TestVillage
  let zhou: SignedIn
  let courseId: string
  let draft: contracts.CourseDraft
  let version: number
  let learners = 0
  let keys = 0

  beforeAll(async () => {
    here = await testVillage({ engine, clock })
    zhou = await here.signIn('周老师', 'trainer')
    const { json } = await zhou.call(contracts.createCourse, { body: courseDraft() })
    courseId = json.id
    draft = json.draft
    version = json.version
  })
  afterAll(() => here.close())

  const learner = () => here.signIn(`学员${++learners}`)
  const asked = (who: SignedIn, of = courseId) => who.call(contracts.getQuiz, { params: { courseId: of } })
  /** The right answer to the first so many questions, a wrong one to the others. */
  const answers = (right: number) =>
    draft.questions.map((question, i) => ({
      questionId: question.id!,
      option: i < right ? question.right : (question.right + 1) % 3
    }))
  const hand = (who: SignedIn, right: number, { key = `key-${++keys}-000`, of = courseId } = {}) =>
    who.call(contracts.answerQuiz, { params: { courseId: of }, body: { key, answers: answers(right) } })

  it('is asked without its answers', async () => {
    const li = await learner()
    const { json, text } = await asked(li)
    expect(json).toMatchObject({ passPercent: 60, passed: false, triesLeftToday: TRIES_A_DAY, nextTryAt: 0 })
    expect(json.questions.map(({ ask }) => ask)).toEqual(draft.questions.map(({ ask }) => ask))
    for (const word of ['right', 'why', '因为']) expect(text).not.toContain(word)
    for (const question of json.questions) {
      expect(Object.keys(question).toSorted()).toEqual(['ask', 'audioId', 'id', 'options', 'pictureId'])
    }
  })

  it('says which were wrong and why, and is passed from the per cent on that it wants', async () => {
    const li = await learner()
    const failed = (await hand(li, 1)).json
    expect(failed).toMatchObject({ right: 1, total: 3, passed: false, triesLeftToday: 2 })
    expect(failed.nextTryAt).toBe(clock.now() + QUIZ_WAIT_MS)
    expect(failed.wrong).toEqual(
      draft.questions.slice(1).map(({ id, right, why }) => ({ questionId: id, right, why }))
    )
    expect((await asked(li)).json).toMatchObject({ passed: false, nextTryAt: failed.nextTryAt })
    clock.pass(QUIZ_WAIT_MS)
    expect((await hand(li, 2)).json).toMatchObject({ right: 2, total: 3, passed: true })
    expect((await asked(li)).json.passed).toBe(true)
    const again = await hand(li, 3)
    expect([again.status, again.json.code]).toEqual([409, 'quiz_passed'])
  })

  it('counts what was not answered as wrong', async () => {
    const li = await learner()
    const body = { key: 'key-some', answers: answers(3).slice(0, 1) }
    const { json } = await li.call(contracts.answerQuiz, { params: { courseId }, body })
    expect(json).toMatchObject({ right: 1, total: 3, passed: false })
  })

  it('waits ten minutes after a failure and tells until when', async () => {
    const li = await learner()
    await hand(li, 0)
    const nextTryAt = clock.now() + QUIZ_WAIT_MS
    clock.pass(QUIZ_WAIT_MS - 1)
    const { status, json, headers } = await hand(li, 3)
    expect([status, json.code, json.details]).toEqual([429, 'quiz_wait', { nextTryAt, waitMs: 1 }])
    expect(headers['retry-after']).toBe('1')
    clock.pass(1)
    expect((await hand(li, 3)).json.passed).toBe(true)
  })

  it('is tried three times a day and again tomorrow', async () => {
    const li = await learner()
    for (const left of [2, 1, 0]) {
      expect((await hand(li, 0)).json.triesLeftToday).toBe(left)
      clock.pass(QUIZ_WAIT_MS)
    }
    const { json } = await hand(li, 3)
    expect(json.code).toBe('quiz_wait')
    const midnight = json.details!.nextTryAt as number
    expect(midnight % 86_400_000).toBe(16 * 3_600_000)
    clock.set(midnight - 1)
    expect((await hand(li, 3)).json.code).toBe('quiz_wait')
    clock.set(midnight)
    expect((await asked(li)).json).toMatchObject({ triesLeftToday: 3, nextTryAt: 0 })
    expect((await hand(li, 3)).json.passed).toBe(true)
  })

  it('a phone that hands in twice has tried once, however late it asks again', async () => {
    const li = await learner()
    const first = (await hand(li, 1, { key: 'same-key-1' })).json
    clock.pass(60_000)
    const { status, json } = await hand(li, 3, { key: 'same-key-1' })
    expect([status, json]).toEqual([200, first])
    clock.pass(QUIZ_WAIT_MS)
    await hand(li, 3)
    expect((await hand(li, 0, { key: 'same-key-1' })).json).toMatchObject({ right: 1, passed: false })
  })

  it('a key is hers alone, and good for one course', async () => {
    const [li, sun] = [await learner(), await learner()]
    await hand(li, 0, { key: 'common-key' })
    expect((await hand(sun, 3, { key: 'common-key' })).json.passed).toBe(true)
    const other = (await zhou.call(contracts.createCourse, { body: courseDraft() })).json.id
    const { json } = await hand(li, 0, { key: 'common-key', of: other })
    expect([json.code, json.details]).toEqual(['bad_input', { field: '/key' }])
  })

  it('many attempts at the same moment are one attempt', async () => {
    const li = await learner()
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => hand(li, 0)))
    const codes = outcomes.map(({ json }) => json.code ?? 'marked')
    expect(codes.toSorted()).toEqual(['marked', ...Array<string>(4).fill('quiz_wait')])
    const sun = await learner()
    const same = await Promise.all(Array.from({ length: 5 }, () => hand(sun, 0, { key: 'at-once-1' })))
    expect(same.map(({ status, json }) => [status, json.triesLeftToday])).toEqual(Array(5).fill([200, 2]))
  })

  it('takes one answer to a question', async () => {
    const li = await learner()
    const [first] = answers(3)
    const body = { key: 'key-twice', answers: [first!, first!] }
    const { json } = await li.call(contracts.answerQuiz, { params: { courseId }, body })
    expect([json.code, json.details]).toEqual(['bad_input', { field: '/answers' }])
  })

  it('is passed for good, even when the course asks something else by now', async () => {
    const [li, sun] = [await learner(), await learner()]
    await hand(li, 3, { key: 'passed-key' })
    await hand(sun, 0, { key: 'failed-key' })
    const questions = draft.questions.slice(1)
    const changed = await zhou.call(contracts.changeCourse, {
      params: { courseId },
      body: { version, draft: { ...draft, questions, passPercent: 100 } }
    })
    version = changed.json.version
    expect((await asked(li)).json.passed).toBe(true)
    expect((await hand(li, 0)).json.code).toBe('quiz_passed')
    const replayed = (await hand(sun, 0, { key: 'failed-key' })).json
    expect([replayed.right, replayed.total, replayed.wrong.length]).toEqual([0, 3, 2])
    const { quizzes } = here.village.school
    const { read } = here.village.store
    expect(await quizzes.passed(read, li.me.id, courseId)).toBe(true)
    expect(await quizzes.passed(read, sun.me.id, courseId)).toBe(false)
    const passers = await quizzes.passersOf(read, courseId)
    expect([passers.has(li.me.id), passers.has(sun.me.id)]).toEqual([true, false])
  })

  it('a course without questions has nothing to pass', async () => {
    const li = await learner()
    const { id } = (await zhou.call(contracts.createCourse, { body: courseDraft({ questions: [] }) })).json
    expect((await asked(li, id)).json).toMatchObject({ questions: [], passed: false })
    expect((await hand(li, 0, { of: id })).json.code).toBe('quiz_empty')
    expect((await asked(li, 'nobody')).json.code).toBe('no_such_course')
  })
})
