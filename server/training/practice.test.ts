import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { endShow, goLive, scheduleShow } from '../../shared/contracts/live.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import {
  assess,
  myRehearsals,
  rehearse,
  showAssessments,
  teachRehearsals
} from '../../shared/contracts/practice.ts'
import { myPath } from '../../shared/contracts/school.ts'
import { readFilm, replayFilm } from '../seed/film.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { addCourse } from '../testing/schoolhouse.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { attend, give, practicalCourse, rehearsed, RUBRIC } from './testing.ts'

const FILM_MS = readFilm().lengthUs / 1000

describe.each(engines)('practice on $name', (engine) => {
  const clock = settableClock()
  let v: TestVillage
  let chen: SignedIn
  let lin: SignedIn
  let learner: SignedIn
  let courseId: string

  beforeAll(async () => {
    v = await testVillage({ engine, clock })
    chen = await v.signIn('老陈', 'trainer')
    lin = await v.signIn('老林', 'trainer')
    courseId = await practicalCourse(chen, { assessors: 2 })
  })
  afterAll(() => v.close())
  beforeEach(async () => {
    learner = await v.signIn('梅子')
    await attend(clock, chen, courseId, learner)
  })

  const practical = async () =>
    (await learner.call(myPath)).json.path.find(({ course }) => course.id === courseId)!.practical
  const notices = async (who: SignedIn) => (await who.call(myNotices)).json.items
  const ofShow = async (who: SignedIn, showId: string) =>
    (await who.call(showAssessments, { params: { showId } })).json

  it('is marked by the course’s rubric; the learner is told and reads every word', async () => {
    const showId = await rehearsed(v, clock, learner, courseId)
    const { json } = await give(chen, showId, courseId, 85, '镜头拿稳了，价格要先报')
    expect(json.assessment).toMatchObject({
      percent: 85,
      passed: true,
      words: '镜头拿稳了，价格要先报',
      learner: { id: learner.me.id, name: '梅子' },
      byName: '老陈',
      at: clock.now()
    })
    expect((await notices(learner))[0]).toMatchObject({
      kind: 'assessed',
      about: { title: '直播带货', by: '老陈', percent: '85', passed: 'yes' },
      href: `/debrief/${showId}`
    })
    const seen = await ofShow(learner, showId)
    expect(seen.items).toEqual([json.assessment])
    expect(seen.rubrics).toEqual([{ courseId, courseTitle: '直播带货', passPercent: 80, rubric: RUBRIC }])
    expect((await learner.call(myRehearsals)).json.items[0]).toMatchObject({ assessed: 1, courseId })
  })

  it('keeps one word of each trainer for each show: hers again is instead', async () => {
    const showId = await rehearsed(v, clock, learner, courseId)
    const first = await give(chen, showId, courseId, 40)
    clock.pass(1_000)
    const again = await give(chen, showId, courseId, 90)
    await give(lin, showId, courseId, 30)
    expect(again.json.assessment.id).toBe(first.json.assessment.id)
    const { items } = await ofShow(chen, showId)
    expect(new Map(items.map(({ byName, percent }) => [byName, percent]))).toEqual(
      new Map([
        ['老陈', 90],
        ['老林', 30]
      ])
    )
    expect(items).toHaveLength(2)
  })

  it('is passed when as many trainers as the course wants have passed her, and a re-take makes up for a bad day', async () => {
    const first = await rehearsed(v, clock, learner, courseId)
    await give(chen, first, courseId, 80)
    await give(lin, first, courseId, 79)
    expect(await practical()).toBe('open')
    clock.pass(86_400_000)
    const again = await rehearsed(v, clock, learner, courseId)
    await give(lin, again, courseId, 80)
    expect(await practical()).toBe('passed')
    clock.pass(86_400_000)
    const worse = await rehearsed(v, clock, learner, courseId)
    await give(chen, worse, courseId, 20)
    expect(await practical(), 'the latest word of each counts').toBe('open')
  })

  it('is never passed by one trainer twice', async () => {
    for (let n = 0; n < 2; n++) {
      await give(chen, await rehearsed(v, clock, learner, courseId), courseId, 100)
      clock.pass(1_000)
    }
    expect(await practical()).toBe('open')
  })

  it('wants a mark for every line, none too high, and a line of this rubric', async () => {
    const showId = await rehearsed(v, clock, learner, courseId)
    const voice = { criterionId: 'voice', points: 40 }
    const goods = { criterionId: 'goods', points: 60 }
    for (const scores of [
      [voice],
      [voice, { ...goods, points: 61 }],
      [voice, voice],
      [voice, goods, { criterionId: 'smile', points: 1 }]
    ]) {
      const body = { courseId, scores, words: '', evidence: [] }
      const { status, json } = await chen.call(assess, { params: { showId }, body })
      expect([status, json.code]).toEqual([400, 'assess_incomplete'])
    }
    expect((await ofShow(chen, showId)).items).toEqual([])
    expect((await notices(learner)).filter(({ kind }) => kind === 'assessed')).toEqual([])
  })

  it('points into the recording, up to its end and no further', async () => {
    const { json } = await learner.call(rehearse, { body: { courseId, title: '彩排', productIds: [] } })
    const params = { showId: json.show.id }
    const { sessionId } = (await learner.call(goLive, { params })).json
    const publisher = await v.village.films.publisher(sessionId)
    await replayFilm(publisher, { filmedAt: clock.now(), rounds: 1 })
    const about = (fromMs: number, toMs: number, criterionId = 'voice') =>
      chen.call(assess, {
        params,
        body: {
          courseId,
          scores: [
            { criterionId: 'voice', points: 40 },
            { criterionId: 'goods', points: 60 }
          ],
          words: '',
          evidence: [{ criterionId, fromMs, toMs, note: '这里报价格很清楚' }]
        }
      })
    await vi.waitUntil(async () => (await v.village.shows.get(params.showId)).state === 'live')
    clock.pass(5_000)
    expect((await about(0, 5_001)).json.code, 'that has not happened yet').toBe('bad_input')
    expect((await about(0, 5_000)).status, 'while she is on air').toBe(200)
    await learner.call(endShow, { params })
    const recorded = await v.village.films.recordedMs(sessionId)
    expect(recorded).toBeGreaterThan(FILM_MS - 1_000)
    expect((await about(recorded - 1_000, recorded + 1)).json.code).toBe('bad_input')
    expect((await about(2_000, 2_000)).json.code).toBe('bad_input')
    expect((await about(0, 1_000, 'smile')).json.code).toBe('bad_input')
    const good = await about(recorded - 1_000, recorded)
    expect(good.json.assessment.evidence).toEqual([
      { criterionId: 'voice', fromMs: recorded - 1_000, toMs: recorded, note: '这里报价格很清楚' }
    ])
  })

  it('is judged by trainers and officers, who have seen something, and by nobody herself', async () => {
    const { json } = await learner.call(rehearse, { body: { courseId, title: '彩排', productIds: [] } })
    const unseen = await give(chen, json.show.id, courseId, 90)
    expect([unseen.status, unseen.json.code]).toEqual([409, 'nothing_to_assess'])
    const showId = await rehearsed(v, clock, learner, courseId)
    expect((await give(learner, showId, courseId, 100)).json.code).toBe('role_missing')
    const officer = await v.signIn('工会', 'officer')
    expect((await give(officer, showId, courseId, 90)).status).toBe(200)

    const trainee = await v.signIn('也来学的讲师', 'trainer')
    await attend(clock, chen, courseId, trainee)
    const hers = await rehearsed(v, clock, trainee, courseId)
    expect((await give(trainee, hers, courseId, 100)).json.code).toBe('not_herself')
    expect((await give(chen, hers, courseId, 60)).json.assessment.passed).toBe(false)

    expect((await give(chen, 'nowhere', courseId, 60)).json.code).toBe('no_such_show')
    const other = await practicalCourse(chen, { title: '另一门' })
    expect((await give(chen, showId, other, 60)).json.code, 'rehearsed for another course').toBe(
      'no_such_course'
    )
  })

  it('may be a real show too, by any rubric there is', async () => {
    const host = await v.signIn('王秀兰', 'host')
    const draft = { title: '早潮', cover: '', startsAt: clock.now(), productIds: [] }
    const { show } = (await host.call(scheduleShow, { body: draft })).json
    const params = { showId: show.id }
    expect((await give(chen, show.id, courseId, 90)).json.code).toBe('nothing_to_assess')
    const { sessionId } = (await host.call(goLive, { params })).json
    await v.village.shows.pictureArrived(sessionId)
    expect((await give(chen, show.id, courseId, 90)).json.assessment.learner.name).toBe('王秀兰')
    const { rubrics } = await ofShow(chen, show.id)
    expect(rubrics.map((each) => each.courseId)).toContain(courseId)
    const theory = await addCourse(chen, { title: '食品安全', topic: 'food_safety' })
    expect((await give(chen, show.id, theory, 90)).json.code).toBe('no_such_course')
    expect((await host.call(showAssessments, { params })).json.items).toHaveLength(1)
    expect((await learner.call(showAssessments, { params })).json.code).toBe('no_such_show')
    await host.call(endShow, { params })
  })

  it('shows trainers who is on air, then what nobody looked at, then the rest', async () => {
    const assessed = await rehearsed(v, clock, learner, courseId)
    await give(chen, assessed, courseId, 90)
    const waiting = await rehearsed(v, clock, learner, courseId)
    const { json } = await learner.call(rehearse, { body: { courseId, title: '彩排', productIds: [] } })
    const { sessionId } = (await learner.call(goLive, { params: { showId: json.show.id } })).json
    await v.village.shows.pictureArrived(sessionId)
    const list = (await lin.call(teachRehearsals)).json.items
    const places = [json.show.id, waiting, assessed].map((id) => list.findIndex(({ show }) => show.id === id))
    expect(places[0]).toBe(0)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    const rest = (await lin.call(teachRehearsals, { query: { after: json.show.id } })).json.items
    expect(rest.map(({ show }) => show.id)).toEqual(list.slice(1).map(({ show }) => show.id))
    expect((await learner.call(teachRehearsals)).json.code).toBe('role_missing')
    await learner.call(endShow, { params: { showId: json.show.id } })
  })

  it('is a milestone once it was on air and is over', async () => {
    const reached = async () => {
      const people = await v.village.school.outcomes.people('rehearsed', {})
      return people.find(({ memberId }) => memberId === learner.me.id)?.at
    }
    await learner.call(rehearse, { body: { courseId, title: '没播的', productIds: [] } })
    expect(await reached()).toBeUndefined()
    await rehearsed(v, clock, learner, courseId)
    const at = clock.now()
    expect(await reached()).toBe(at)
    clock.pass(1_000)
    await rehearsed(v, clock, learner, courseId)
    expect(await reached(), 'the first time counts').toBe(at)
  })
})
