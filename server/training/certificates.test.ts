import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  answerQuiz,
  changeCourse,
  teachCourse,
  getQuiz,
  myPath,
  type Topic
} from '../../shared/contracts/school.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import {
  issueCertificates,
  listCandidates,
  listCertificates,
  myCertificates,
  revokeCertificate,
  verifyCertificate
} from '../../shared/contracts/practice.ts'
import { scheduleShow } from '../../shared/contracts/live.ts'
import { whoAmI } from '../../shared/contracts/members.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { planOf } from '../testing/plan.ts'
import { addCourse } from '../testing/schoolhouse.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { certificateStore } from './certificate-store.ts'
import { attend, give, practicalCourse, rehearsed } from './testing.ts'

const DAY = 86_400_000

describe.each(engines)('certificates on $name', (engine) => {
  const clock = settableClock()
  let v: TestVillage
  let chen: SignedIn
  let lin: SignedIn
  let mei: SignedIn

  beforeAll(async () => {
    v = await testVillage({ engine, clock })
    chen = await v.signIn('老陈', 'trainer')
    lin = await v.signIn('老林', 'trainer')
  })
  afterAll(() => v.close())
  beforeEach(async () => {
    mei = await v.signIn('王秀梅')
  })

  const issue = async (courseId: string, ...people: SignedIn[]) =>
    (
      await chen.call(issueCertificates, {
        params: { courseId },
        body: { memberIds: people.map(({ me }) => me.id) }
      })
    ).json
  const candidates = async (courseId: string) =>
    (await chen.call(listCandidates, { params: { courseId } })).json.items
  const verify = async (code: string) => (await v.guest.call(verifyCertificate, { params: { code } })).json
  const revoke = (code: string, reason = '教的不是我们的货') =>
    lin.call(revokeCertificate, { params: { code }, body: { reason } })
  const notices = async (who: SignedIn) =>
    (await who.call(myNotices)).json.items.map(({ kind, about }) => ({ kind, about }))

  /** A course whose certificate asks for a class and nothing else, and who came to it. */
  async function simple(...people: SignedIn[]) {
    const courseId = await addCourse(chen, { validMonths: 12 })
    await attend(clock, chen, courseId, ...people)
    return courseId
  }

  it('are given to who came to a class, passed the quiz and convinced enough trainers, and name the others', async () => {
    const question = { ask: '蛤蜊要吐沙多久？', pictureId: '', audioId: '', why: '' }
    const options = ['两小时', '十二小时'].map((text) => ({ text, pictureId: '' }))
    const courseId = await practicalCourse(chen, {
      assessors: 2,
      questions: [{ ...question, options, right: 1 }]
    })
    const quizzed = await v.signIn('没来上课的')
    const attended = await v.signIn('没考试的')
    const answer = async (who: SignedIn) => {
      const { questions } = (await who.call(getQuiz, { params: { courseId } })).json
      const answers = [{ questionId: questions[0]!.id, option: 1 }]
      await who.call(answerQuiz, { params: { courseId }, body: { key: `key-${who.me.id}`, answers } })
    }
    const state = async (who: SignedIn) => {
      const { notReady } = await issue(courseId, who)
      return notReady.length ? 'not ready' : 'issued'
    }
    await answer(quizzed)
    expect(await state(quizzed)).toBe('not ready')
    await attend(clock, chen, courseId, mei, attended)
    expect(await state(attended)).toBe('not ready')
    await answer(mei)
    expect(await state(mei), 'no practical yet').toBe('not ready')
    const showId = await rehearsed(v, clock, mei, courseId)
    await give(chen, showId, courseId, 90)
    expect(await state(mei), 'one trainer is not two').toBe('not ready')
    await give(lin, showId, courseId, 80)
    const list = await candidates(courseId)
    expect(list[0]).toMatchObject({ name: '王秀梅', attended: 1, quiz: true, passes: 2, ready: true })
    const others = new Map(list.slice(1).map(({ name, ...each }) => [name, each]))
    expect(others.get('没来上课的')).toMatchObject({ attended: 0, quiz: true, passes: 0, ready: false })
    expect(others.get('没考试的')).toMatchObject({ attended: 1, quiz: false, passesWanted: 2, ready: false })
    const { issued, notReady } = await issue(courseId, quizzed, mei, attended)
    expect(issued).toMatchObject([
      { memberId: mei.me.id, name: '王秀梅', state: 'valid', issuedByName: '老陈' }
    ])
    expect(notReady).toEqual([quizzed.me.id, attended.me.id])
    expect((await candidates(courseId)).at(-1)).toMatchObject({
      name: '王秀梅',
      certified: true,
      ready: false
    })
  })

  it('stay what they are: a course that gave one keeps its topic', async () => {
    const courseId = await addCourse(chen, { topic: 'short_video', validMonths: 12 })
    const { version, draft } = (await chen.call(teachCourse, { params: { courseId } })).json
    const turn = (version: number, topic: Topic) =>
      chen.call(changeCourse, { params: { courseId }, body: { version, draft: { ...draft, topic } } })
    expect((await turn(version, 'tourism')).status, 'nobody holds one yet').toBe(200)
    await attend(clock, chen, courseId, mei)
    await issue(courseId, mei)
    const turned = await turn(version + 1, 'live_selling')
    expect([turned.status, turned.json.code]).toEqual([409, 'course_certified'])
    expect((await turn(version + 1, 'tourism')).status).toBe(200)
  })

  it('are issued once, tell her, and stand on her path', async () => {
    const courseId = await simple(mei)
    const [first, second] = [await issue(courseId, mei), await issue(courseId, mei)]
    expect(second).toEqual(first)
    expect((await mei.call(myCertificates)).json.items).toEqual(first.issued)
    const { code } = first.issued[0]!
    expect(code).toMatch(/^[A-HJ-NP-Z2-9]{12}$/)
    const about = { title: '直播带货', code }
    const told = (await notices(mei)).filter(({ kind }) => kind === 'certificate_issued')
    expect(told).toEqual([{ kind: 'certificate_issued', about }])
    const { path } = (await mei.call(myPath)).json
    expect(path.find(({ course }) => course.id === courseId)!.certificate).toMatchObject({
      code,
      state: 'valid'
    })
  })

  it('are given by nobody to herself', async () => {
    const courseId = await simple(chen)
    expect(await issue(courseId, chen)).toEqual({ issued: [], notReady: [chen.me.id] })
    const byLin = await lin.call(issueCertificates, {
      params: { courseId },
      body: { memberIds: [chen.me.id] }
    })
    expect(byLin.json.issued).toHaveLength(1)
  })

  it('can be verified by anybody who has the code, however it was copied, and give away no whole name', async () => {
    const courseId = await simple(mei)
    const { code, issuedAt, validUntil } = (await issue(courseId, mei)).issued[0]!
    const copied = `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`.toLowerCase()
    for (const typed of [code, copied]) {
      const { text } = await v.guest.call(verifyCertificate, { params: { code: typed } })
      expect(JSON.parse(text)).toEqual({
        code,
        courseTitle: '直播带货',
        name: '王*梅',
        issuedAt,
        validUntil,
        state: 'valid',
        revokedAt: 0
      })
      for (const secret of [mei.me.id, mei.phone, '王秀梅']) expect(text).not.toContain(secret)
    }
    expect((await verify('AAAAAAAAAAAA')).code).toBe('no_such_certificate')
  })

  it('expire at the end of their last day in the village; the next one stands on a new class', async () => {
    const courseId = await simple(mei)
    const { code, validUntil } = (await issue(courseId, mei)).issued[0]!
    expect(new Date(validUntil + 1).toISOString()).toMatch(/T16:00:00\.000Z$/)
    clock.set(validUntil)
    expect((await verify(code)).state).toBe('valid')
    clock.pass(1)
    expect((await verify(code)).state).toBe('expired')
    expect(await v.village.school.certificates.validOf(v.village.store.read, mei.me.id, clock.now())).toEqual(
      []
    )
    expect((await issue(courseId, mei)).notReady, 'what she did is used up').toEqual([mei.me.id])
    await attend(clock, chen, courseId, mei)
    const renewed = (await issue(courseId, mei)).issued[0]!
    expect(renewed.code).not.toBe(code)
    expect((await mei.call(myCertificates)).json.items.map(({ state }) => state)).toEqual([
      'valid',
      'expired'
    ])
  })

  it('are revoked once, with a reason that she is told; marks and classes before it do not bring them back', async () => {
    const courseId = await practicalCourse(chen, { assessors: 1 })
    await attend(clock, chen, courseId, mei)
    await give(lin, await rehearsed(v, clock, mei, courseId), courseId, 90)
    const { code } = (await issue(courseId, mei)).issued[0]!
    clock.pass(DAY)
    const { json } = await revoke(code, '卖了别家的货')
    expect(json.certificate).toMatchObject({
      state: 'revoked',
      reason: '卖了别家的货',
      revokedAt: clock.now()
    })
    const again = await revoke(code)
    expect([again.status, again.json.code]).toEqual([409, 'certificate_revoked'])
    expect((await revoke('AAAAAAAAAAAA')).json.code).toBe('no_such_certificate')
    expect(await verify(code)).toMatchObject({ state: 'revoked', revokedAt: clock.now() })
    const told = (await notices(mei)).filter(({ kind }) => kind === 'certificate_revoked')
    expect(told).toEqual([
      { kind: 'certificate_revoked', about: { title: '直播带货', reason: '卖了别家的货' } }
    ])
    const { audit } = v.village.store.schema
    const lines = (await v.village.store.read.select().from(audit)).filter(({ subject }) => subject === code)
    expect(lines).toMatchObject([{ actorId: lin.me.id, action: 'certificate_revoked' }])

    expect((await candidates(courseId)).find(({ memberId }) => memberId === mei.me.id)).toMatchObject({
      attended: 0,
      passes: 0,
      ready: false
    })
    clock.pass(DAY)
    await attend(clock, chen, courseId, mei)
    expect((await issue(courseId, mei)).issued, 'a class is not a practical').toEqual([])
    await give(lin, await rehearsed(v, clock, mei, courseId), courseId, 90)
    expect((await issue(courseId, mei)).issued).toHaveLength(1)
  })

  it('tell who listens, in the unit of work in which it happens: what fails there never happened', async () => {
    const courseId = await simple(mei)
    const heard: string[] = []
    let trouble = false
    v.village.school.certificates.on({
      issued: async (_tx, { memberId }, course) => {
        if (memberId !== mei.me.id) return
        heard.push(`issued ${course.id}`)
        if (trouble) throw new Error('the bell broke')
      },
      revoked: async (_tx, _tell, { memberId }) => void (memberId === mei.me.id && heard.push('revoked'))
    })
    trouble = true
    const broken = await chen.call(issueCertificates, {
      params: { courseId },
      body: { memberIds: [mei.me.id] }
    })
    expect(broken.status).toBe(500)
    expect((await mei.call(myCertificates)).json.items).toEqual([])
    trouble = false
    await revoke((await issue(courseId, mei)).issued[0]!.code)
    expect(heard).toContain(`issued ${courseId}`)
    expect(heard.at(-1)).toBe('revoked')
  })

  it('of a course that makes hosts open the studio, at once and with the session she has', async () => {
    const courseId = await addCourse(chen, { makesHost: true })
    await attend(clock, chen, courseId, mei)
    const draft = { title: '头一场', cover: '', startsAt: clock.now() + DAY, productIds: [] }
    expect((await mei.call(scheduleShow, { body: draft })).json.code).toBe('role_missing')
    await issue(courseId, mei)
    expect((await mei.call(whoAmI)).json.me!.roles).toEqual(['buyer', 'host'])
    expect((await mei.call(scheduleShow, { body: draft })).status).toBe(200)
    const { audit } = v.village.store.schema
    const lines = (await v.village.store.read.select().from(audit)).filter(
      ({ subject }) => subject === mei.me.id
    )
    expect(lines).toMatchObject([{ actorId: chen.me.id, action: 'roles_granted' }])
    const people = await v.village.school.outcomes.people('licensed', {})
    expect(people.map(({ memberId }) => memberId)).toContain(mei.me.id)
  })

  it('are listed for a batch to print: by course, by member, by a part of the name, page after page', async () => {
    const people = await Promise.all(['张桂英', '张桂兰', '刘 100%'].map((name) => v.signIn(name)))
    const courseId = await simple(...people)
    clock.pass(1_000)
    await issue(courseId, ...people)
    const list = async (query: { courseId?: string; memberId?: string; q?: string; after?: string }) =>
      (await lin.call(listCertificates, { query })).json.items
    const all = await list({ courseId })
    expect(all).toHaveLength(3)
    const onwards = await list({ courseId, after: all[0]!.code })
    expect(onwards).toEqual(all.slice(1))
    expect((await list({ memberId: people[0]!.me.id })).map(({ name }) => name)).toEqual(['张桂英'])
    expect(new Set((await list({ q: '桂' })).map(({ name }) => name))).toEqual(new Set(['张桂英', '张桂兰']))
    expect((await list({ q: '0%' })).map(({ name }) => name)).toEqual(['刘 100%'])
    expect(await list({ q: all[0]!.code.slice(2, 9).toLowerCase() })).toEqual([all[0]])
    expect((await mei.call(listCertificates)).json.code).toBe('role_missing')
  })

  it('are given to two hundred at once', async () => {
    const { store } = v.village
    const courseId = await simple(mei)
    const { occasions, attendances } = store.schema
    const past = (await store.read.select().from(occasions)).find(({ subjectId }) => subjectId === courseId)!
    const ids = Array.from({ length: 199 }, (_, i) => `crowd-${engine.name}-${i}`)
    await store.tx(async (tx) => {
      await v.village.members.enrolIn(
        tx,
        ids.map((id, i) => ({ id, name: `第${i}位`, phone: `137${String(i).padStart(8, '0')}`, roles: [] }))
      )
      await tx.insert(attendances).values(
        ids.map((memberId) => ({
          occasionId: past.id,
          memberId,
          at: clock.now(),
          how: 'paper' as const,
          byId: chen.me.id,
          undone: false,
          undoneAt: 0,
          undoneBy: '',
          undoneWhy: ''
        }))
      )
    })
    expect(await candidates(courseId)).toHaveLength(200)
    const memberIds = [mei.me.id, ...ids]
    const { json } = await chen.call(issueCertificates, { params: { courseId }, body: { memberIds } })
    expect(json.issued).toHaveLength(200)
    expect(new Set(json.issued.map(({ code }) => code)).size).toBe(200)
  })

  it('of a course nobody knows are refused', async () => {
    const params = { courseId: 'nothing' }
    const { json } = await chen.call(issueCertificates, { params, body: { memberIds: [mei.me.id] } })
    expect(json.code).toBe('no_such_course')
    expect((await chen.call(listCandidates, { params })).json.code).toBe('no_such_course')
  })
})

describe('a search among certificates', () => {
  it('asks an index, whoever and whatever it is for', async () => {
    const v = await testVillage({ engine: engines[0]! })
    const rows = certificateStore(v.village.store)
    const { read } = v.village.store
    const plan = (query: { toSQL(): { sql: string; params: unknown[] } }) =>
      planOf(v.village.settings.dataDir, query.toSQL())
    expect(plan(rows.ofMemberQuery(read, 'mei'))).toMatch(/certificates_member/)
    expect(plan(rows.ofCourseQuery(read, 'selling', ['mei']))).toMatch(/certificates_(course|member)/)
    expect(plan(rows.pageQuery({}, undefined, 200))).toMatch(/certificates_issued/)
    expect(plan(rows.pageQuery({ courseId: 'selling' }, undefined, 200))).toMatch(/certificates_course/)
    expect(plan(rows.pageQuery({ memberId: 'mei' }, undefined, 200))).toMatch(/certificates_member/)
    expect(plan(rows.countQuery({ from: 0, to: 1 }))).toMatch(/certificates_issued/)
    const each = [
      rows.ofMemberQuery(read, 'm'),
      rows.ofCourseQuery(read, 'c'),
      rows.pageQuery({}, undefined, 9)
    ]
    for (const query of each) expect(plan(query)).not.toMatch(/SCAN certificates$/m)
    await v.close()
  })
})
