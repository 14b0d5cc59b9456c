import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  addMaterial,
  bookClass,
  cancelClass,
  changeClass,
  dropMaterial,
  endLeave,
  getClass,
  listClasses,
  listResources,
  moveClass,
  openOnlineRoom,
  saveResource,
  scheduleClass,
  takeLeave,
  teachClass,
  type ClassDraft
} from '../../shared/contracts/classes.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import { QUIET_MS } from '../bookings/bookings.ts'
import { brought } from '../testing/bring.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { addClass, addCourse, AFTERNOON, classDraft } from '../testing/schoolhouse.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'

const DAY = 86_400_000
const WEEK = 7 * DAY
const HOUR = 3_600_000
const MINUTE = 60_000
const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n')

describe.each(engines)('the timetable on $name', (engine) => {
  const clock = settableClock()
  const morning = clock.now()
  let v: TestVillage
  let trainer: SignedIn
  let other: SignedIn
  let officer: SignedIn
  let ahua: SignedIn
  let courseId: string
  let roomId: string
  let kitId: string
  let day = 0
  /** Each test has a day of its own. */
  let at: number

  beforeAll(async () => {
    v = await testVillage({ engine, clock })
    trainer = await v.signIn('周老师', 'trainer')
    other = await v.signIn('吴老师', 'trainer')
    officer = await v.signIn('干部', 'officer')
    ahua = await v.signIn('阿华')
    courseId = await addCourse(trainer)
    roomId = await addResource('room', '大教室')
    kitId = await addResource('kit', '补光灯')
  })
  afterAll(() => v.close())
  beforeEach(() => {
    clock.set(morning + ++day * 10 * MINUTE) // onward: what is done every so often must come round again
    at = AFTERNOON + day * DAY
  })

  async function addResource(kind: 'room' | 'kit', name: string) {
    const body = { kind, name, seats: 40, open: true }
    return (await officer.call(saveResource, { body })).json.resource.id
  }
  const draft = (more: Partial<ClassDraft> = {}) =>
    classDraft(trainer, courseId, { startsAt: at, endsAt: at + 2 * HOUR, ...more })
  const schedule = (more: Partial<ClassDraft> = {}, weeks = 1) =>
    officer.call(scheduleClass, { body: { draft: draft(more), weeks } })
  const move = (classId: string, version: number, startsAt: number) =>
    trainer.call(moveClass, { params: { classId }, body: { version, startsAt, endsAt: startsAt + 2 * HOUR } })
  const clashesOf = ({ json }: { json: { details?: Record<string, unknown> } }) =>
    json.details!['clashes'] as { name: string; what: string; title: string; startsAt: number }[]
  const cardOf = async (classId: string) => (await v.guest.call(getClass, { params: { classId } })).json.class
  const toldOf = async (who: SignedIn, kind: string) =>
    (await who.call(myNotices)).json.items.filter((each) => each.kind === kind)

  it('holds a class in a room of the union, which is its place', async () => {
    const { json } = await schedule({ roomId, place: '', kitIds: [kitId] })
    expect(json.classes).toHaveLength(1)
    expect(json.classes[0]).toMatchObject({ place: '大教室', seats: 2, left: 2, seriesId: '', version: 1 })
    const edited = await trainer.call(teachClass, { params: { classId: json.classes[0]!.id } })
    expect(edited.json.draft).toMatchObject({ roomId, kitIds: [kitId], about: '带上手机' })
  })

  it('says what is in the way of a trainer, a room and a kit, and who it is', async () => {
    await schedule({ roomId, kitIds: [kitId], title: '先来的课' })
    const late = await schedule({ roomId, kitIds: [kitId], startsAt: at + HOUR, endsAt: at + 3 * HOUR })
    expect([late.status, late.json.code]).toEqual([409, 'double_booked'])
    const found = clashesOf(late)
    expect(found.map(({ name }) => name).toSorted()).toEqual(['周老师', '大教室', '补光灯'].toSorted())
    expect(found[0]).toMatchObject({ what: 'class', title: '先来的课', startsAt: at })
    const elsewhere = { trainerId: other.me.id, startsAt: at + HOUR, endsAt: at + 3 * HOUR }
    expect((await schedule(elsewhere)).status).toBe(200)
  })

  it('lets the next class begin as one ends, and not a quarter of an hour earlier', async () => {
    await schedule()
    const quarter = HOUR / 4
    const early = { startsAt: at + 2 * HOUR - quarter, endsAt: at + 3 * HOUR }
    expect((await schedule(early)).json.code).toBe('double_booked')
    expect((await schedule({ startsAt: at + 2 * HOUR, endsAt: at + 3 * HOUR })).status).toBe(200)
  })

  it('repeats a class every week, all of them or none', async () => {
    at += 100 * WEEK // its weeks touch nobody else's days
    await schedule({ startsAt: at + 3 * WEEK, endsAt: at + 3 * WEEK + HOUR, title: '别的课' })
    const refused = await schedule({}, 5)
    expect(clashesOf(refused).map(({ title }) => title)).toEqual(['别的课'])
    const query = { from: at, to: at + 5 * WEEK }
    expect((await v.guest.call(listClasses, { query })).json.items).toHaveLength(1)

    const { json } = await schedule({}, 3)
    expect(json.classes.map(({ startsAt }) => startsAt)).toEqual([at, at + WEEK, at + 2 * WEEK])
    expect(new Set(json.classes.map(({ seriesId }) => seriesId))).toEqual(new Set([json.classes[0]!.id]))
  })

  it('refuses what makes no class', async () => {
    const code = async (more: Partial<ClassDraft>) => (await schedule(more)).json.code
    expect(await code({ startsAt: at + 1 })).toBe('not_a_quarter')
    expect(await code({ endsAt: at })).toBe('bad_input')
    expect(await code({ endsAt: at + 13 * HOUR })).toBe('class_too_long')
    expect(await code({ startsAt: morning, endsAt: morning + HOUR })).toBe('class_in_the_past')
    expect(await code({ courseId: 'nobody' })).toBe('no_such_course')
    expect(await code({ trainerId: ahua.me.id })).toBe('not_a_trainer')
    expect(await code({ roomId: kitId })).toBe('no_such_resource')
    expect(await code({ kitIds: ['nobody'] })).toBe('no_such_resource')
    const closed = {
      id: await addResource('room', '漏雨的'),
      kind: 'room',
      name: '漏雨的',
      seats: 1,
      open: false
    } as const
    await officer.call(saveResource, { body: closed })
    expect(await code({ roomId: closed.id })).toBe('no_such_resource')
  })

  it('knows who is a trainer today', async () => {
    const { json } = await officer.call(listResources)
    const kinds = json.resources.map(({ kind, name }) => `${kind} ${name}`)
    expect(kinds).toEqual(
      expect.arrayContaining(['trainer 周老师', 'trainer 吴老师', 'room 大教室', 'kit 补光灯'])
    )
    expect(kinds).not.toContain('trainer 阿华')
  })

  it('keeps a trainer on leave free of classes, and takes no leave where a class stands', async () => {
    const body = { resourceId: trainer.me.id, startsAt: at, endsAt: at + 4 * HOUR, reason: '回娘家' }
    const { json } = await trainer.call(takeLeave, { body })
    const refused = await schedule()
    expect(clashesOf(refused)).toMatchObject([{ name: '周老师', what: 'leave', title: '回娘家' }])
    expect((await officer.call(listResources)).json.leaves).toContainEqual(json.leave)
    expect((await trainer.call(takeLeave, { body })).json.code).toBe('double_booked')

    await trainer.call(endLeave, { params: { leaveId: json.leave.id } })
    expect((await schedule()).status).toBe(200)
    expect(clashesOf(await trainer.call(takeLeave, { body }))).toMatchObject([{ what: 'class' }])
    const again = await trainer.call(endLeave, { params: { leaveId: json.leave.id } })
    expect(again.json.code).toBe('no_such_leave')
    const long = { ...body, endsAt: at + 32 * DAY }
    expect((await trainer.call(takeLeave, { body: long })).json.code).toBe('bad_input')
  })

  it('moves a class by a drag, and not for who holds an old calendar', async () => {
    const { id, version } = await addClass(trainer, courseId, draft({ roomId }))
    await schedule({ trainerId: other.me.id, roomId, startsAt: at + 4 * HOUR, endsAt: at + 6 * HOUR })
    const clash = await move(id, version, at + 3 * HOUR)
    expect(clashesOf(clash)).toMatchObject([{ name: '大教室' }])
    expect(await cardOf(id)).toMatchObject({ startsAt: at, version })

    const moved = await move(id, version, at + HOUR)
    expect(moved.json.class).toMatchObject({ startsAt: at + HOUR, version: version + 1 })
    expect((await move(id, version, at + 2 * HOUR)).json.code).toBe('class_changed')
    const inTheOldPlace = { trainerId: other.me.id, roomId, startsAt: at, endsAt: at + HOUR }
    expect((await schedule(inTheOldPlace)).status).toBe(200)
  })

  it('tells who booked of a move a quiet minute later, with the last state, once', async () => {
    const { id } = await addClass(trainer, courseId, draft())
    await ahua.call(bookClass, { params: { classId: id } })
    const before = (await toldOf(ahua, 'class_moved')).length
    const news = async () => (await toldOf(ahua, 'class_moved')).slice(0, -before || undefined)
    await move(id, 1, at + HOUR)
    clock.pass(QUIET_MS - 1)
    await v.village.jobs.runDue()
    expect(await news()).toEqual([])
    await move(id, 2, at + 2 * HOUR)
    clock.pass(QUIET_MS - 1)
    await v.village.jobs.runDue()
    expect(await news()).toEqual([])
    for (let i = 0; i < 3; i++) {
      clock.pass(QUIET_MS)
      await v.village.jobs.runDue()
    }
    const told = await news()
    expect(told.map(({ about }) => [about['startsAt'], about['wasStartsAt']])).toEqual([
      [String(at + 2 * HOUR), String(at)]
    ])
    expect((await v.village.members.inbox(ahua.phone))[0]?.text).toContain('改时间了')
  })

  it('says nothing of a drag that was undone, except to who booked in between', async () => {
    const { id } = await addClass(trainer, courseId, draft())
    const between = await v.signIn('阿间')
    await ahua.call(bookClass, { params: { classId: id } })
    const before = (await toldOf(ahua, 'class_moved')).length
    await move(id, 1, at + HOUR)
    await between.call(bookClass, { params: { classId: id } })
    await move(id, 2, at)
    clock.pass(QUIET_MS)
    await v.village.jobs.runDue()
    expect(await toldOf(ahua, 'class_moved')).toHaveLength(before)
    expect((await toldOf(between, 'class_moved')).map(({ about }) => about['startsAt'])).toEqual([String(at)])
  })

  it('tells a trainer what somebody else did to her class, and nothing of what she did', async () => {
    const { id } = await addClass(trainer, courseId, draft())
    const mine = async () =>
      (await trainer.call(myNotices)).json.items.filter(({ href }) => href.endsWith(id))
    const settle = async () => {
      clock.pass(QUIET_MS)
      await v.village.jobs.runDue()
    }
    await move(id, 1, at + HOUR)
    await settle()
    expect(await mine()).toEqual([])
    const params = { classId: id }
    await officer.call(moveClass, { params, body: { version: 2, startsAt: at, endsAt: at + HOUR } })
    await settle()
    expect((await mine()).map(({ kind, about }) => [kind, about['startsAt'], about['wasStartsAt']])).toEqual([
      ['class_moved', String(at), String(at + HOUR)]
    ])
    await officer.call(cancelClass, { params, body: { reason: '台风' } })
    await settle()
    await settle()
    expect((await mine()).map(({ kind }) => kind)).toEqual(['class_cancelled', 'class_moved'])
  })

  it('tells a trainer that a class was given to her or to somebody else, unless she did so herself', async () => {
    const given = async (who: SignedIn, classId: string) =>
      (await who.call(myNotices)).json.items
        .filter(({ href }) => href === `/teach/class/${classId}`)
        .map(({ kind, about }) => [kind, about['weeks'], about['by']])
    const own = await addClass(trainer, courseId, draft())
    expect(await given(trainer, own.id)).toEqual([])
    at += 200 * WEEK // its weeks touch nobody else's days
    const { id, version } = (await schedule({}, 3)).json.classes[0]!
    expect(await given(trainer, id)).toEqual([['class_to_teach', '3', officer.me.name]])
    const body = { version, draft: draft({ trainerId: other.me.id }) }
    expect((await trainer.call(changeClass, { params: { classId: id }, body })).status).toBe(200)
    expect(await given(other, id)).toEqual([['class_to_teach', '1', trainer.me.name]])
    const back = { version: version + 1, draft: draft({ trainerId: trainer.me.id }) }
    expect((await trainer.call(changeClass, { params: { classId: id }, body: back })).status).toBe(200)
    expect(await given(other, id)).toContainEqual(['class_handed_over', '1', trainer.me.name])
  })

  it('leaves the time of a class alone that has begun, but not its words', async () => {
    const { id, version } = await addClass(trainer, courseId, draft())
    clock.set(at)
    expect((await move(id, version, at + DAY)).json.code).toBe('class_over')
    const params = { classId: id }
    const body = { version, draft: draft({ title: '第一堂（改）' }) }
    expect((await trainer.call(changeClass, { params, body })).json.class.title).toBe('第一堂（改）')
  })

  it('leaves the course of a class alone that has begun: who came learned nothing else', async () => {
    const { id, version } = await addClass(trainer, courseId, draft())
    const other = await addCourse(trainer, { title: '食品安全' })
    const change = (version: number, course: string) =>
      trainer.call(changeClass, {
        params: { classId: id },
        body: { version, draft: draft({ courseId: course }) }
      })
    clock.set(at - 1)
    expect((await change(version, other)).json.class.courseTitle).toBe('食品安全')
    clock.set(at)
    expect((await change(version + 1, courseId)).json.code).toBe('class_over')
  })

  it('sets trainer, room and kit free when a class is called off', async () => {
    const { id, version } = await addClass(trainer, courseId, draft({ roomId, kitIds: [kitId] }))
    const cancel = () => trainer.call(cancelClass, { params: { classId: id }, body: { reason: '台风' } })
    expect((await cancel()).json.class.state).toBe('cancelled')
    expect((await cancel()).json.code).toBe('class_cancelled')
    expect((await move(id, version + 1, at + HOUR)).json.code).toBe('class_cancelled')
    expect((await schedule({ roomId, kitIds: [kitId] })).status).toBe(200)
  })

  it('shows materials to who has a seat and to trainers, and to nobody else', async () => {
    const { id } = await addClass(trainer, courseId, draft({ seats: 1 }))
    const params = { classId: id }
    const file = await brought(v.village, trainer, 'material', PDF)
    const body = { fileId: file.id, title: '讲义' }
    const { json } = await trainer.call(addMaterial, { params, body })
    expect(json.materials).toEqual([{ fileId: file.id, title: '讲义', type: 'application/pdf' }])
    await ahua.call(bookClass, { params })
    const waiting = await v.signIn('阿候')
    await waiting.call(bookClass, { params })
    const seenBy = async (who: { call: SignedIn['call'] }) =>
      (await who.call(getClass, { params })).json.materials.length
    expect(await Promise.all([ahua, officer, waiting, v.guest].map(seenBy))).toEqual([1, 1, 0, 0])
    const foreign = await other.call(addMaterial, { params, body: { fileId: 'nobody', title: '偷' } })
    expect(foreign.json.code).toBe('no_such_file')
    const gone = await trainer.call(dropMaterial, { params: { classId: id, fileId: file.id } })
    expect(gone.json.materials).toEqual([])
  })

  it('opens one room for an online class, for the camera of its own trainer', async () => {
    const online = await addClass(trainer, courseId, draft({ online: true, place: '' }))
    const params = { classId: online.id }
    expect((await other.call(openOnlineRoom, { params })).json.code).toBe('not_yours')
    const { json } = await trainer.call(openOnlineRoom, { params })
    expect((await trainer.call(openOnlineRoom, { params })).json.showId).toBe(json.showId)
    expect(await cardOf(online.id)).toMatchObject({ online: true, showId: json.showId })

    const { mayAttend } = v.village.school.classes
    expect(await mayAttend(online.id, ahua.me.id)).toBe(false)
    await ahua.call(bookClass, { params })
    expect(await mayAttend(online.id, ahua.me.id)).toBe(true)
    expect(await mayAttend(online.id, trainer.me.id)).toBe(true)
    await trainer.call(cancelClass, { params, body: { reason: '停电' } })
    expect(await mayAttend(online.id, ahua.me.id)).toBe(false)

    const inPerson = await addClass(other, courseId, draft({ trainerId: other.me.id }))
    expect((await other.call(openOnlineRoom, { params: { classId: inPerson.id } })).json.code).toBe(
      'not_online'
    )
  })
})
