import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as contracts from '../../shared/contracts/school.ts'
import type { Progress } from '../../shared/contracts/school.ts'
import { settableClock } from '../testing/clock.ts'
import { courseDraft } from '../testing/course.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { openLearning } from './learning.ts'

describe.each(engines)('progress on $name', (engine) => {
  const clock = settableClock()
  let here: TestVillage
  let zhou: SignedIn
  let courseId: string
  let lessons: string[]
  let learners = 0

  beforeAll(async () => {
    here = await testVillage({ engine, clock })
    zhou = await here.signIn('周老师', 'trainer')
    const { json } = await zhou.call(contracts.createCourse, { body: courseDraft() })
    courseId = json.id
    lessons = json.draft.lessons.map(({ id }) => id!)
  })
  afterAll(() => here.close())

  const learner = () => here.signIn(`学员${++learners}`)
  const say = async (who: SignedIn, ...items: Progress[]) => {
    const { status, json } = await who.call(contracts.saveProgress, { body: { items } })
    expect(status, JSON.stringify(json)).toBe(200)
    return json.items
  }
  const step = (i: number, seconds: number, ago: number, done = false): Progress => {
    return { lessonId: lessons[i]!, seconds, done, at: clock.now() - ago }
  }

  it('is what her phone said last, and what is done stays done', async () => {
    const li = await learner()
    await say(li, step(0, 5, 90), step(0, 20, 60, true), step(0, 3, 30))
    expect(await say(li, step(0, 12, 70))).toEqual([{ ...step(0, 3, 30), done: true }])
    expect(await say(li, step(1, 4, 10))).toEqual([step(1, 4, 10), { ...step(0, 3, 30), done: true }])
  })

  it('ends the same whatever order its messages come in, from two phones at once too', async () => {
    const message = fc.record({
      lesson: fc.integer({ min: 0, max: 1 }),
      seconds: fc.integer({ min: 0, max: 30 }),
      done: fc.boolean(),
      ago: fc.integer({ min: -2, max: 5 })
    })
    const stories = fc.sample(
      fc
        .array(message, { minLength: 2, maxLength: 6 })
        .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      8
    )
    for (const [told, retold] of stories) {
      const [one, other] = [await learner(), await learner()]
      const as = ({ lesson, seconds, done, ago }: (typeof told)[number]) => step(lesson, seconds, ago, done)
      await say(one, ...told.map(as))
      await Promise.all(retold.map((each) => say(other, as(each), as(retold[0]!))))
      const end = async (who: SignedIn) => new Set(await say(who, step(0, 0, 1_000)))
      expect(await end(other)).toEqual(await end(one))
    }
  })

  it('is not ahead of our clock, nor farther than the lesson is long', async () => {
    const li = await learner()
    const [mine] = await say(li, step(0, 300, -86_400_000))
    expect(mine).toEqual(step(0, 20, 0))
  })

  it('passes over lessons that are gone or not open, so that a phone is never stuck', async () => {
    const li = await learner()
    const { json } = await zhou.call(contracts.createCourse, { body: courseDraft({ state: 'draft' }) })
    const hidden = { ...step(0, 5, 1), lessonId: json.draft.lessons[0]!.id! }
    const gone = { ...step(0, 5, 1), lessonId: 'nobody' }
    expect(await say(li, gone, step(1, 5, 1), hidden)).toEqual([step(1, 5, 1)])
  })

  it('is hers alone', async () => {
    const [li, sun] = [await learner(), await learner()]
    await say(li, step(0, 9, 1, true))
    expect(await say(sun, step(1, 2, 1))).toEqual([step(1, 2, 1)])
  })

  it('shows her the way: what is done in each open course and what is next', async () => {
    const li = await learner()
    await say(li, step(0, 20, 5, true), step(1, 7, 1))
    const { course } = (await li.call(contracts.getCourse, { params: { courseId } })).json
    const stone = async () => {
      const { json } = await li.call(contracts.myPath)
      expect(json.path.every((each) => each.course.state === 'open')).toBe(true)
      expect([json.classes, json.unread]).toEqual([[], 0])
      return json.path.find((each) => each.course.id === courseId)
    }
    expect(await stone()).toEqual({
      course,
      lessons: [
        { lesson: { id: lessons[0], title: '开播前', seconds: 20 }, seconds: 20, done: true },
        { lesson: { id: lessons[1], title: '留住人', seconds: 20 }, seconds: 7, done: false }
      ],
      attended: 0,
      quiz: 'open',
      practical: 'open'
    })
    const questions = (await zhou.call(contracts.teachCourse, { params: { courseId } })).json.draft.questions
    const answers = questions.map(({ id, right }) => ({ questionId: id!, option: right }))
    await li.call(contracts.answerQuiz, { params: { courseId }, body: { key: 'path-key-1', answers } })
    expect(await stone()).toMatchObject({ quiz: 'passed' })
  })

  it('asks for nothing that a course does not want', async () => {
    const li = await learner()
    const draft = courseDraft({ practical: false, questions: [], rubric: [] })
    const { id } = (await zhou.call(contracts.createCourse, { body: draft })).json
    const { path } = (await li.call(contracts.myPath)).json
    expect(path.find((each) => each.course.id === id)).toMatchObject({
      quiz: 'none',
      practical: 'not_needed'
    })
  })

  it('puts on her way what the other parts of the school know of her', async () => {
    const li = await learner()
    const { courses, quizzes } = here.village.school
    const { store } = here.village
    const twice = (await zhou.call(contracts.createCourse, { body: courseDraft({ assessors: 2 }) })).json.id
    const certificate = { code: 'ABCD23', validUntil: 0, state: 'valid' as const }
    const passes = new Map([[courseId, 1]])
    const pathOf = async () => {
      const learning = openLearning({
        store,
        clock,
        courses,
        quizzes,
        onTheWay: {
          attendedOf: async (memberId) => new Map(memberId === li.me.id ? [[courseId, 3]] : []),
          passesOf: async () => passes.set(twice, (passes.get(twice) ?? 0) + 1),
          certificatesOf: async () => new Map([[courseId, certificate]]),
          comingOf: async () => [],
          unread: async () => 7
        }
      })
      const { path, unread } = await learning.pathOf({ id: li.me.id, name: '', roles: ['buyer'] })
      expect(unread).toBe(7)
      return [courseId, twice].map((id) => {
        const { attended, practical, certificate } = path.find(({ course }) => course.id === id)!
        return { attended, practical, certificate }
      })
    }
    const first = { attended: 3, practical: 'passed', certificate }
    expect(await pathOf()).toEqual([first, { attended: 0, practical: 'open', certificate: undefined }])
    expect(await pathOf()).toEqual([first, { attended: 0, practical: 'passed', certificate: undefined }])
  })
})
