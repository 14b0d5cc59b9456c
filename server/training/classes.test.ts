import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  bookClass,
  bookFor,
  cancelClass,
  changeClass,
  getClass,
  getRoster,
  getSlip,
  leaveClass,
  listClasses,
  unbook
} from '../../shared/contracts/classes.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { addClass, addCourse, AFTERNOON, classDraft } from '../testing/schoolhouse.ts'
import { planOf } from '../testing/plan.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { classStore } from './class-store.ts'

const DAY = 86_400_000
const HOUR = 3_600_000
const MINUTE = 60_000

describe.each(engines)('a class on $name', (engine) => {
  const clock = settableClock()
  const morning = clock.now()
  let v: TestVillage
  let trainer: SignedIn
  let ahua: SignedIn
  let afang: SignedIn
  let ayu: SignedIn
  let courseId: string
  let classId: string

  beforeAll(async () => {
    v = await testVillage({ engine, clock })
    trainer = await v.signIn('周老师', 'trainer')
    ;[ahua, afang, ayu] = [await v.signIn('阿华'), await v.signIn('阿芳'), await v.signIn('阿玉')]
    courseId = await addCourse(trainer)
  })
  afterAll(() => v.close())

  let hours = 0
  beforeEach(async () => {
    clock.set(morning)
    // Each suite's class has a day of its own, so that the trainer is free.
    const startsAt = AFTERNOON + ++hours * DAY
    classId = (await addClass(trainer, courseId, { startsAt, endsAt: startsAt + 2 * HOUR })).id
  })

  const call = { params: () => ({ classId }) }
  const book = (who: SignedIn) => who.call(bookClass, { params: call.params() })
  const leave = (who: SignedIn) => who.call(leaveClass, { params: call.params() })
  const seen = async (who?: SignedIn) =>
    (await (who ?? v.guest).call(getClass, { params: call.params() })).json
  const toldOf = async (who: SignedIn, kind: string) =>
    (await who.call(myNotices)).json.items.filter((each) => each.kind === kind && each.href.endsWith(classId))

  it('gives each a seat while there is one, then a place in the line', async () => {
    expect((await book(ahua)).json.mine).toEqual({ state: 'booked', line: 0, attendedAt: 0 })
    await book(afang)
    expect((await book(ayu)).json.mine).toEqual({ state: 'waiting', line: 1, attendedAt: 0 })
    expect((await seen()).class).toMatchObject({ seats: 2, left: 0, waiting: 1 })
    expect((await seen()).class.mine).toBeUndefined()
  })

  it('books a woman once, however often she taps', async () => {
    await Promise.all([book(ahua), book(ahua)])
    await book(ahua)
    expect((await seen(ahua)).class).toMatchObject({ left: 1, mine: { state: 'booked' } })
  })

  it('moves up who waits first when a seat is given back, and tells only her', async () => {
    const last = await v.signIn('阿美')
    for (const who of [ahua, afang, ayu, last]) await book(who)
    expect((await leave(ahua)).json.mine.state).toBe('cancelled')
    expect((await seen(ayu)).class.mine).toMatchObject({ state: 'booked', line: 0 })
    expect((await seen(last)).class.mine).toMatchObject({ state: 'waiting', line: 1 })
    expect(await toldOf(ayu, 'seat_offered')).toHaveLength(1)
    expect(await toldOf(last, 'seat_offered')).toHaveLength(0)
    expect(await toldOf(afang, 'seat_offered')).toHaveLength(0)
  })

  it('moves nobody up when only a place in the line is given back', async () => {
    for (const who of [ahua, afang, ayu]) await book(who)
    await leave(ayu)
    await leave(ayu)
    expect((await seen()).class).toMatchObject({ left: 0, waiting: 0 })
  })

  it('sends who comes back to the end of the line', async () => {
    const last = await v.signIn('阿兰')
    for (const who of [ahua, afang, ayu, last]) await book(who)
    await leave(ayu)
    expect((await book(ayu)).json.mine).toMatchObject({ state: 'waiting', line: 2 })
  })

  it('seats who waits when more chairs come in, and never takes a taken one away', async () => {
    for (const who of [ahua, afang, ayu]) await book(who)
    const { class: card } = await seen()
    const draft = classDraft(trainer, courseId, { startsAt: card.startsAt, endsAt: card.endsAt })
    const body = (seats: number, version: number) => ({ version, draft: { ...draft, seats } })
    const params = call.params()
    const fewer = await trainer.call(changeClass, { params, body: body(1, card.version) })
    expect(fewer.json.code).toBe('too_few_seats')
    const more = await trainer.call(changeClass, { params, body: body(5, card.version) })
    expect(more.json.class).toMatchObject({ left: 2, waiting: 0 })
    expect(await toldOf(ayu, 'seat_offered')).toHaveLength(1)
    const late = await trainer.call(changeClass, { params, body: body(6, card.version) })
    expect(late.json.code).toBe('class_changed')
  })

  it('keeps a seat that comes free after the beginning for who stands at the door', async () => {
    for (const who of [ahua, afang, ayu]) await book(who)
    clock.set((await seen()).class.startsAt)
    const off = () => trainer.call(unbook, { params: { classId, memberId: ahua.me.id } })
    expect([(await off()).status, (await off()).status]).toEqual([200, 200])
    const { audit } = v.village.store.schema
    const lines = (await v.village.store.read.select().from(audit)).filter(
      ({ details }) => details['occasionId'] === classId
    )
    expect(lines).toMatchObject([
      { actorId: trainer.me.id, action: 'booking_taken_off', subject: ahua.me.id, details: { was: 'booked' } }
    ])
    expect(await toldOf(ahua, 'class_taken_off')).toMatchObject([
      { about: { was: 'booked', by: trainer.me.name } }
    ])
    expect((await seen(ayu)).class).toMatchObject({ left: 1, mine: { state: 'waiting' } })
    const row = await trainer.call(bookFor, {
      params: call.params(),
      body: { memberId: ayu.me.id, how: 'walk_in' }
    })
    expect(row.json.row).toMatchObject({ state: 'booked', how: 'walk_in', attended: { how: 'manual' } })
    const late = await v.signIn('阿迟')
    expect((await book(late)).json.code).toBe('class_full')
  })

  it('takes no booking once it is over or called off', async () => {
    await trainer.call(cancelClass, { params: call.params(), body: { reason: '台风' } })
    expect((await book(ahua)).json.code).toBe('class_cancelled')
    const startsAt = AFTERNOON + 400 * DAY
    classId = (await addClass(trainer, courseId, { startsAt, endsAt: startsAt + HOUR })).id
    clock.set(startsAt + HOUR - 1)
    expect((await book(ahua)).status).toBe(200)
    clock.set(startsAt + HOUR)
    expect((await book(afang)).json.code).toBe('class_over')
    expect((await leave(ahua)).json.code).toBe('class_over')
  })

  it('tells everybody why it was called off, once, and by text', async () => {
    for (const who of [ahua, afang, ayu]) await book(who)
    await trainer.call(cancelClass, { params: call.params(), body: { reason: '台风要来' } })
    clock.pass(MINUTE)
    await v.village.jobs.runDue()
    clock.pass(MINUTE)
    await v.village.jobs.runDue()
    for (const who of [ahua, afang, ayu]) {
      const told = await toldOf(who, 'class_cancelled')
      expect(told.map(({ about }) => about['reason'])).toEqual(['台风要来'])
    }
    expect((await v.village.members.inbox(ahua.phone))[0]?.text).toContain('取消了：台风要来')
  })

  it('lets an officer enrol a woman who has no phone, and prints her slip', async () => {
    const officer = await v.signIn('干部', 'officer')
    const { json } = await officer.call(bookFor, {
      params: call.params(),
      body: { newcomer: { name: '陈阿婆' }, how: 'officer' }
    })
    expect(json.row).toMatchObject({
      name: '陈阿婆',
      phone: '',
      state: 'booked',
      how: 'officer',
      byName: '干部'
    })
    const slip = await officer.call(getSlip, { params: { classId, memberId: json.row.memberId } })
    expect(slip.json).toMatchObject({ name: '陈阿婆', state: 'booked' })
    const nobody = await officer.call(bookFor, {
      params: call.params(),
      body: { memberId: 'nobody', how: 'officer' }
    })
    expect(nobody.json.code).toBe('no_such_member')
  })

  it('writes a woman without a phone in once when the officer’s tap is made again', async () => {
    const officer = await v.signIn('干部', 'officer')
    const write = async (who: SignedIn) => {
      const body = { newcomer: { name: '林阿婆' }, how: 'officer' as const }
      return (await who.call(bookFor, { params: call.params(), body })).json.row.memberId
    }
    const [first, atOnce] = await Promise.all([write(officer), write(officer)])
    clock.pass(29_999)
    expect([atOnce, await write(officer)]).toEqual([first, first])
    expect(await write(trainer)).not.toBe(first) // another officer means another woman
    clock.pass(1)
    expect(await write(officer)).not.toBe(first)
  })

  it('finds the woman who has that phone already instead of making a second one', async () => {
    const newcomer = { name: '阿华她妈', phone: ahua.phone }
    const body = { newcomer, how: 'officer' as const }
    const { json } = await trainer.call(bookFor, { params: call.params(), body })
    expect(json.row).toMatchObject({ memberId: ahua.me.id, name: '阿华' })
    expect(await toldOf(ahua, 'class_booked_for_you')).toHaveLength(1)
  })

  it('shows its roster to trainers only, with masked phones', async () => {
    await book(ahua)
    const refused = await ahua.call(getRoster, { params: call.params() })
    expect(refused.json.code).toBe('role_missing')
    const roster = await trainer.call(getRoster, { params: call.params() })
    expect(roster.json.rows).toHaveLength(1)
    expect(roster.json.rows[0]).toMatchObject({ name: '阿华', state: 'booked', how: 'herself' })
    expect(roster.text).not.toContain(ahua.phone)
    expect(roster.json.rows[0]!.phone).toBe(`139****${ahua.phone.slice(-4)}`)
  })

  it('is listed where it overlaps the time that was asked for, and nowhere else', async () => {
    const { startsAt, endsAt } = (await seen()).class
    const ids = async (from: number, to: number) =>
      (await ahua.call(listClasses, { query: { from, to } })).json.items.map(({ id }) => id)
    expect(await ids(startsAt - HOUR, startsAt + 1)).toContain(classId)
    expect(await ids(startsAt - HOUR, startsAt)).not.toContain(classId)
    expect(await ids(endsAt - 1, endsAt + HOUR)).toContain(classId)
    expect(await ids(endsAt, endsAt + HOUR)).not.toContain(classId)
    const tooLong = await ahua.call(listClasses, { query: { from: 0, to: 101 * DAY } })
    expect(tooLong.json.code).toBe('bad_input')
  })

  it('stands among those of its course, with what it is to me', async () => {
    await book(ahua)
    const of = async (query: { courseId: string }) => (await ahua.call(listClasses, { query })).json.items
    expect((await of({ courseId })).find(({ id }) => id === classId)).toMatchObject({
      courseTitle: '直播带货',
      trainer: { name: '周老师' },
      mine: { state: 'booked' }
    })
    expect(await of({ courseId: 'another' })).toEqual([])
  })
})

describe('the calendar of a school with thousands of classes', () => {
  it('asks an index for its classes and for those that a trainer gives', async () => {
    const v = await testVillage({ engine: engines[0]! })
    const { store, settings } = v.village
    const rows = classStore(store)
    for (const query of [rows.byIdsQuery(store.read, ['a', 'b']), rows.taughtQuery('trainer')]) {
      const plan = planOf(settings.dataDir, query.toSQL())
      expect(plan).toContain('SEARCH classes USING')
      expect(plan).not.toContain('SCAN')
    }
    await v.close()
  })
})
