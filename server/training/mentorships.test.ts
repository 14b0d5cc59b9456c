import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { getFile } from '../../shared/contracts/files.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import {
  addMentorTask,
  checkMentorship,
  closeMentorship,
  declineMentorship,
  judgeMentorTask,
  listMentorships,
  myMentorships,
  offerMentorship,
  revokeCertificate,
  myCertificates,
  showMentorTask,
  signMentorship
} from '../../shared/contracts/practice.ts'
import { brought } from '../testing/bring.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { planOf } from '../testing/plan.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { mentorshipStore } from './mentorship-store.ts'

const DAY = 86_400_000
const YEAR = 365 * DAY
/** The smallest picture that any program draws. */
const DOT = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64'
)

describe.each(engines)('master and apprentice on $name', (engine) => {
  const clock = settableClock()
  let v: TestVillage
  let chen: SignedIn
  let mentor: SignedIn
  let apprentice: SignedIn

  beforeAll(async () => {
    v = await testVillage({ engine, clock })
    chen = await v.signIn('老陈', 'trainer')
  })
  afterAll(() => v.close())
  beforeEach(async () => {
    mentor = await v.signIn('王秀兰', 'host')
    apprentice = await v.signIn('梅子')
  })

  const draft = (more = {}) => ({
    mentorId: mentor.me.id,
    apprenticeId: apprentice.me.id,
    agreement: '师傅带三场，徒弟自己播一场',
    endsAt: clock.now() + YEAR,
    tasks: ['跟播三场'],
    ...more
  })
  const offer = async (more = {}) => chen.call(offerMentorship, { body: draft(more) })
  const sign = (who: SignedIn, mentorshipId: string) => who.call(signMentorship, { params: { mentorshipId } })
  const kinds = async (who: SignedIn) => (await who.call(myNotices)).json.items.map(({ kind }) => kind)
  const mentorOf = () => v.village.school.mentorships.mentorOf(v.village.store.read, apprentice.me.id)

  async function pair(more = {}) {
    const { id, tasks } = (await offer(more)).json.mentorship
    await sign(mentor, id)
    await sign(apprentice, id)
    return { id, taskId: tasks[0]!.id }
  }

  it('are good once both have signed, and are told of it', async () => {
    const { json } = await offer()
    expect(json.mentorship).toMatchObject({
      state: 'offered',
      mentor: { name: '王秀兰' },
      apprentice: { name: '梅子' },
      tasks: [{ title: '跟播三场', state: 'open' }]
    })
    const { id } = json.mentorship
    expect(await kinds(mentor)).toEqual(['mentorship_offered'])
    expect(await kinds(apprentice)).toEqual(['mentorship_offered'])
    expect((await sign(mentor, id)).json.mentorship.state).toBe('offered')
    expect(await mentorOf()).toBeUndefined()
    clock.pass(DAY)
    expect((await sign(apprentice, id)).json.mentorship).toMatchObject({
      state: 'active',
      startsAt: clock.now(),
      apprenticeSignedAt: clock.now(),
      mentorSignedAt: clock.now() - DAY
    })
    expect(await mentorOf()).toEqual({ id: mentor.me.id, name: '王秀兰' })
    expect(await v.village.school.mentorships.apprenticesOf(mentor.me.id)).toEqual([apprentice.me.id])
    for (const who of [mentor, apprentice])
      expect((await who.call(myMentorships)).json.items.map((each) => each.id)).toEqual([id])
  })

  it('are nobody else’s business', async () => {
    const { id, taskId } = await pair()
    const stranger = await v.signIn('别人', 'host')
    const params = { mentorshipId: id, taskId }
    const refused = [
      await sign(stranger, id),
      await stranger.call(addMentorTask, { params, body: { title: '抢着布置' } }),
      await stranger.call(showMentorTask, { params, body: { fileIds: [], words: '我做的' } }),
      await stranger.call(judgeMentorTask, { params, body: { done: true } }),
      await stranger.call(checkMentorship, { params, body: { words: '好' } })
    ]
    expect(new Set(refused.map(({ json }) => json.code))).toEqual(new Set(['no_such_mentorship']))
    expect((await stranger.call(myMentorships)).json.items).toEqual([])
    expect(
      (await stranger.call(closeMentorship, { params, body: { graduated: true, reason: '' } })).status
    ).toBe(403)
  })

  it('begin with a master who is certified to sell live, when offered and when signed', async () => {
    const layman = await v.signIn('没证的')
    const refused = await offer({ mentorId: layman.me.id })
    expect([refused.status, refused.json.code]).toEqual([409, 'mentor_needs_certificate'])
    const { id } = (await offer()).json.mentorship
    await sign(mentor, id)
    const certificates = (await mentor.call(myCertificates)).json.items
    const selling = certificates.find(({ courseTitle }) => courseTitle === '直播带货')!
    await chen.call(revokeCertificate, { params: { code: selling.code }, body: { reason: '违规' } })
    expect((await sign(apprentice, id)).json.code).toBe('mentor_needs_certificate')
    expect((await apprentice.call(myMentorships)).json.items[0]!.state).toBe('offered')
  })

  it('are two women who exist, for a time to come and at most three years', async () => {
    expect((await offer({ apprenticeId: mentor.me.id })).json.code).toBe('bad_input')
    expect((await offer({ apprenticeId: 'nobody' })).json.code).toBe('no_such_member')
    expect((await offer({ endsAt: clock.now() })).json.code).toBe('bad_input')
    expect((await offer({ endsAt: clock.now() + 3 * YEAR + 30 * DAY })).json.code).toBe('mentorship_too_long')
    expect((await offer({ endsAt: clock.now() + 3 * YEAR })).status).toBe(200)
  })

  it('are one pair at a time for the apprentice, and as many as she likes for the master', async () => {
    const { id } = await pair()
    const taken = await offer({ mentorId: (await v.signIn('桂兰', 'host')).me.id })
    expect([taken.status, taken.json.code]).toEqual([409, 'apprentice_taken'])
    expect((await offer({ apprenticeId: (await v.signIn('小燕')).me.id })).status).toBe(200)
    const body = { graduated: false, reason: '搬去青岛了' }
    await chen.call(closeMentorship, { params: { mentorshipId: id }, body })
    expect((await offer()).status).toBe(200)
  })

  it('work through tasks: shown with evidence, once more, done', async () => {
    const { id, taskId } = await pair()
    const params = { mentorshipId: id, taskId }
    clock.pass(1)
    const given = await mentor.call(addMentorTask, { params, body: { title: '自己播一场' } })
    expect(given.json.mentorship.tasks.map(({ title }) => title)).toEqual(['跟播三场', '自己播一场'])
    expect((await kinds(apprentice))[0]).toBe('mentor_task')
    const photo = await brought(v.village, apprentice, 'evidence', DOT, { forId: mentor.me.id })
    const show = (fileIds: string[], words = '三场都跟了') =>
      apprentice.call(showMentorTask, { params, body: { fileIds, words } })
    expect((await show([], ' ')).json.code).toBe('bad_input')
    expect((await show(['nothing'])).json.code).toBe('no_such_file')
    const foreign = await brought(v.village, mentor, 'evidence', DOT)
    expect((await show([foreign.id])).json.code).toBe('no_such_file')
    clock.pass(DAY)
    expect((await show([photo.id])).json.mentorship.tasks[0]).toEqual({
      id: taskId,
      title: '跟播三场',
      state: 'shown',
      fileIds: [photo.id],
      words: '三场都跟了',
      shownAt: clock.now(),
      doneAt: 0
    })
    expect((await kinds(mentor))[0]).toBe('mentor_task_shown')
    expect((await mentor.call(getFile, { params: { fileId: photo.id } })).status).toBe(200)
    expect((await (await v.signIn('别人')).call(getFile, { params: { fileId: photo.id } })).status).toBe(403)

    const judge = (done: boolean, who = mentor) => who.call(judgeMentorTask, { params, body: { done } })
    expect((await judge(true, apprentice)).json.code).toBe('not_yours')
    expect(
      (await mentor.call(showMentorTask, { params, body: { fileIds: [], words: '我替她' } })).json.code
    ).toBe('not_yours')
    expect((await judge(false)).json.mentorship.tasks[0]!.state).toBe('open')
    expect((await kinds(apprentice))[0]).toBe('mentor_task')
    await show([photo.id])
    expect((await judge(true)).json.mentorship.tasks[0]).toMatchObject({ state: 'done', doneAt: clock.now() })
    expect((await show([photo.id])).json.code).toBe('task_done')
    const nothing = await mentor.call(judgeMentorTask, {
      params: { ...params, taskId: 'x' },
      body: { done: true }
    })
    expect(nothing.json.code).toBe('not_found')
  })

  it('have a word of the master every month, in the village’s months', async () => {
    clock.set(Date.parse('2027-01-20T08:00+08:00'))
    const { id } = await pair()
    const check = (words: string) =>
      mentor.call(checkMentorship, { params: { mentorshipId: id }, body: { words } })
    const missing = async () => (await mentor.call(myMentorships)).json.items[0]!.checksMissing
    clock.set(Date.parse('2027-03-01T00:00+08:00'))
    expect(await missing()).toBe(1)
    await check('开口了')
    await check('开口了，还要练价格')
    const { json } = await apprentice.call(myMentorships)
    expect(json.items[0]!.checks).toEqual([
      { month: '2027-03', words: '开口了，还要练价格', at: clock.now() }
    ])
    clock.set(Date.parse('2027-04-30T23:59+08:00'))
    expect(await missing()).toBe(1)
    clock.pass(60_000)
    expect(await missing()).toBe(2)
    const hers = await apprentice.call(checkMentorship, {
      params: { mentorshipId: id },
      body: { words: '我很好' }
    })
    expect(hers.json.code).toBe('not_yours')
  })

  it('end with 出师 when nothing is left to do, or early with a reason; then nothing goes on', async () => {
    const { id, taskId } = await pair()
    const params = { mentorshipId: id, taskId }
    const close = (graduated: boolean, reason = '') =>
      chen.call(closeMentorship, { params, body: { graduated, reason } })
    expect((await close(true)).json.code).toBe('tasks_open')
    expect((await close(false, ' ')).json.code).toBe('bad_input')
    await mentor.call(judgeMentorTask, { params, body: { done: true } })
    expect((await close(true)).json.mentorship).toMatchObject({ state: 'graduated', closedAt: clock.now() })
    for (const who of [mentor, apprentice])
      expect(
        (await who.call(myNotices)).json.items.filter(({ kind }) => kind === 'mentorship_closed')
      ).toMatchObject([{ about: { graduated: 'yes', mentor: '王秀兰', apprentice: '梅子' } }])
    expect(await mentorOf()).toBeUndefined()
    const after = [
      await close(true),
      await sign(mentor, id),
      await mentor.call(addMentorTask, { params, body: { title: '再来' } }),
      await mentor.call(checkMentorship, { params, body: { words: '好' } }),
      await apprentice.call(showMentorTask, { params, body: { fileIds: [], words: '晚了' } })
    ]
    expect(new Set(after.map(({ json }) => json.code))).toEqual(new Set(['mentorship_closed']))
  })

  it('are declined by either of the two before it begins; the other is told, and she is free for another master', async () => {
    const decline = (who: SignedIn, mentorshipId: string) =>
      who.call(declineMentorship, { params: { mentorshipId }, body: { reason: ' 家里忙 ' } })
    const { id } = (await offer()).json.mentorship
    await sign(mentor, id)
    expect((await decline(await v.signIn('别人'), id)).json.code).toBe('no_such_mentorship')
    expect((await decline(apprentice, id)).json.mentorship).toMatchObject({
      state: 'ended',
      reason: '家里忙'
    })
    expect(await kinds(mentor)).toContain('mentorship_closed')
    expect(await kinds(apprentice)).toEqual(['mentorship_offered'])
    expect((await decline(mentor, id)).json.code).toBe('mentorship_closed')
    expect((await sign(apprentice, id)).json.code).toBe('mentorship_closed')
    const { id: begun } = await pair()
    expect((await decline(apprentice, begun)).json.code).toBe('trainer_decides')
  })

  it('do nothing together before both have signed, and graduate least of all', async () => {
    const { id } = (await offer({ tasks: [] })).json.mentorship
    await sign(mentor, id)
    const params = { mentorshipId: id }
    const task = await mentor.call(addMentorTask, { params, body: { title: '先练起来' } })
    expect(task.json.code).toBe('mentorship_unsigned')
    const graduated = await chen.call(closeMentorship, { params, body: { graduated: true, reason: '' } })
    expect(graduated.json.code).toBe('mentorship_unsigned')
  })

  it('stand for each other until their last day', async () => {
    const endsAt = clock.now() + 10 * DAY
    await pair({ endsAt })
    clock.set(endsAt)
    expect((await mentorOf())?.id).toBe(mentor.me.id)
    clock.pass(1)
    expect(await mentorOf()).toBeUndefined()
    expect(await v.village.school.mentorships.apprenticesOf(mentor.me.id)).toEqual([])
  })

  it('have sixty tasks at most', async () => {
    const { id } = await pair({ tasks: Array.from({ length: 20 }, (_, i) => `第${i}件`) })
    const add = (n: number) =>
      mentor.call(addMentorTask, { params: { mentorshipId: id }, body: { title: `第${n}件` } })
    for (let n = 20; n < 60; n++) expect((await add(n)).status).toBe(200)
    expect((await add(60)).json.code).toBe('tasks_full')
  })

  it('are listed for trainers, those with something to do first, page after page', async () => {
    const quiet = await pair()
    const other = await v.signIn('小燕')
    clock.pass(DAY)
    const unsigned = (await offer({ apprenticeId: other.me.id })).json.mentorship.id
    const done = await v.signIn('小满')
    clock.pass(DAY)
    const ended = (await offer({ apprenticeId: done.me.id })).json.mentorship.id
    await chen.call(closeMentorship, {
      params: { mentorshipId: ended },
      body: { graduated: false, reason: '不学了' }
    })
    const list = (await chen.call(listMentorships)).json.items.map(({ id }) => id)
    const places = [unsigned, quiet.id, ended].map((id) => list.indexOf(id))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(places).not.toContain(-1)
    const rest = (await chen.call(listMentorships, { query: { after: unsigned } })).json.items
    expect(rest.map(({ id }) => id)).toEqual(list.slice(places[0]! + 1))
    expect((await mentor.call(listMentorships)).json.code).toBe('role_missing')
  })
})

describe('a search among pairs', () => {
  it('asks an index', async () => {
    const v = await testVillage({ engine: engines[0]! })
    const rows = mentorshipStore(v.village.store)
    const plan = planOf(v.village.settings.dataDir, rows.newestQuery(['offered', 'active'], 9).toSQL())
    expect(plan).toMatch(/mentorships_state/)
    await v.close()
  })
})
