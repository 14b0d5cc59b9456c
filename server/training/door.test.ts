import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  addSheet,
  bookClass,
  bookFor,
  cancelClass,
  checkIn,
  CODE_LIVES_MS,
  doorCode,
  getClass,
  getRoster,
  getSlip,
  giveFeedback,
  leaveClass,
  myMemberCode,
  scanMember,
  tick,
  untick
} from '../../shared/contracts/classes.ts'
import { getOutcomes } from '../../shared/contracts/outcomes.ts'
import { brought } from '../testing/bring.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { addClass, addCourse, AFTERNOON } from '../testing/schoolhouse.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'

const DAY = 86_400_000
const HOUR = 3_600_000
const MINUTE = 60_000

describe.each(engines)('the door of a class on $name', (engine) => {
  const clock = settableClock()
  let v: TestVillage
  let trainer: SignedIn
  let ahua: SignedIn
  let afang: SignedIn
  let courseId: string
  let classId: string
  let startsAt = AFTERNOON

  beforeAll(async () => {
    v = await testVillage({ engine, clock })
    trainer = await v.signIn('周老师', 'trainer')
    ;[ahua, afang] = [await v.signIn('阿华'), await v.signIn('阿芳')]
    courseId = await addCourse(trainer)
  })
  afterAll(() => v.close())
  beforeEach(async () => {
    startsAt += DAY
    clock.set(startsAt - 4 * HOUR)
    classId = (await addClass(trainer, courseId, { startsAt, endsAt: startsAt + 2 * HOUR })).id
    await ahua.call(bookClass, { params: { classId } })
    clock.set(startsAt)
  })

  const params = () => ({ classId })
  const shown = async () => (await trainer.call(doorCode, { params: params() })).json
  const scan = (who: SignedIn, code: string) => who.call(checkIn, { body: { code } })
  const roster = async () => (await trainer.call(getRoster, { params: params() })).json.rows
  const rowOf = async (who: SignedIn) => (await roster()).find(({ memberId }) => memberId === who.me.id)
  const tickFor = (who: SignedIn, how: 'manual' | 'paper' = 'manual') =>
    trainer.call(tick, { params: { classId, memberId: who.me.id }, body: { how } })
  const undoFor = (who: SignedIn, reason = '点错人了') =>
    trainer.call(untick, { params: { classId, memberId: who.me.id }, body: { reason } })

  it('checks in whoever scans the code on the screen, once, from however many phones', async () => {
    const { code } = await shown()
    const first = await scan(ahua, code)
    expect(first.json).toMatchObject({ at: startsAt, class: { id: classId, mine: { attendedAt: startsAt } } })
    clock.pass(3_000)
    const both = await Promise.all([scan(ahua, code), scan(ahua, (await shown()).code)])
    expect(both.map(({ json }) => json.at)).toEqual([startsAt, startsAt])
    expect(await rowOf(ahua)).toMatchObject({ attended: { how: 'qr', at: startsAt, byName: '阿华' } })
  })

  it('takes a photo of the screen for fifteen seconds and not a moment longer', async () => {
    const { code, endsAt } = await shown()
    clock.set(endsAt - 1)
    expect((await scan(ahua, code)).status).toBe(200)
    clock.set(endsAt)
    expect((await scan(afang, code)).json.code).toBe('code_old')
    clock.set(startsAt + CODE_LIVES_MS + DAY)
    expect((await scan(afang, code)).json.code).toBe('code_old')
  })

  it('knows a code that somebody made up', async () => {
    const { code } = await shown()
    expect((await scan(ahua, code.replace(classId, 'another'))).json.code).toBe('code_wrong')
    expect((await scan(ahua, 'https://example.com')).json.code).toBe('code_wrong')
    expect((await roster())[0]!.attended).toBeUndefined()
  })

  it('opens half an hour before and closes three hours after, for every way in', async () => {
    const memberCode = async () => (await ahua.call(myMemberCode)).json.code
    const slip = (await trainer.call(getSlip, { params: { classId, memberId: ahua.me.id } })).json.code
    const codes = async () => [
      (await trainer.call(doorCode, { params: params() })).json.code,
      (await scan(ahua, v.village.school.bookings.codes.door(classId, clock.now()).code)).json.code,
      (await trainer.call(scanMember, { params: params(), body: { code: await memberCode() } })).json.code,
      (await trainer.call(scanMember, { params: params(), body: { code: slip } })).json.code,
      (await tickFor(ahua)).json.code
    ]
    clock.set(startsAt - 30 * MINUTE - 1)
    expect(await codes()).toEqual(Array(5).fill('doors_closed'))
    expect((await tickFor(ahua, 'paper')).json.code).toBe('doors_closed')
    clock.set(startsAt + 5 * HOUR)
    expect(await codes()).toEqual(Array(5).fill('doors_closed'))
    clock.set(startsAt + 5 * HOUR - 1)
    expect((await tickFor(ahua)).status).toBe(200)
  })

  it('lets staff scan a phone for a minute, and a slip only at its own class', async () => {
    const member = (await ahua.call(myMemberCode)).json
    const scanned = (code: string) => trainer.call(scanMember, { params: params(), body: { code } })
    clock.set(member.endsAt)
    expect((await scanned(member.code)).json.code).toBe('code_old')
    clock.set(member.endsAt - 1)
    expect((await scanned(member.code)).json.row).toMatchObject({ name: '阿华', attended: { how: 'scan' } })

    const next = (
      await addClass(trainer, courseId, { startsAt: startsAt + 6 * HOUR, endsAt: startsAt + 7 * HOUR })
    ).id
    const slip = v.village.school.bookings.codes.slip(next, ahua.me.id)
    expect((await scanned(slip)).json.code).toBe('code_wrong')
    expect((await scanned((await shown()).code)).json.code).toBe('code_wrong')
    expect((await scan(ahua, v.village.school.bookings.codes.slip(classId, ahua.me.id))).json.code).toBe(
      'code_wrong'
    )
  })

  it('gives who did not book a free seat as a walk-in, and says so when there is none', async () => {
    expect((await scan(afang, (await shown()).code)).status).toBe(200)
    expect(await rowOf(afang)).toMatchObject({ state: 'booked', how: 'walk_in', attended: { how: 'qr' } })
    const late = await v.signIn('阿晚')
    expect((await scan(late, (await shown()).code)).json.code).toBe('class_full')
    expect(await rowOf(late)).toBeUndefined()
    const newcomer = { newcomer: { name: '陈阿婆' }, how: 'walk_in' as const }
    expect((await trainer.call(bookFor, { params: params(), body: newcomer })).json.code).toBe('class_full')
    expect((await trainer.call(getClass, { params: params() })).json.class.left).toBe(0)
  })

  it('ticks by hand only who is on the list', async () => {
    expect((await tickFor(afang)).json.code).toBe('not_booked')
    expect((await tickFor(ahua)).json.row).toMatchObject({ attended: { how: 'manual', byName: '周老师' } })
  })

  it('takes names from the paper sheet days later, walk-ins too', async () => {
    clock.set(startsAt + 3 * DAY)
    expect((await tickFor(ahua)).json.code).toBe('doors_closed')
    expect((await tickFor(ahua, 'paper')).json.row.attended).toMatchObject({ how: 'paper' })
    const body = { newcomer: { name: '陈阿婆' }, how: 'walk_in' as const }
    const { json } = await trainer.call(bookFor, { params: params(), body })
    expect(json.row).toMatchObject({ how: 'walk_in', attended: { how: 'paper' } })
  })

  it('keeps photos of the sheet, which only who brought them may add', async () => {
    const picture = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64'
    )
    const { id } = await brought(v.village, trainer, 'sheet', picture)
    const officer = await v.signIn('干部', 'officer')
    const foreign = await officer.call(addSheet, { params: params(), body: { fileId: id } })
    expect(foreign.json.code).toBe('no_such_file')
    await trainer.call(addSheet, { params: params(), body: { fileId: id } })
    const { json } = await officer.call(getRoster, { params: params() })
    expect(json.sheets).toEqual([{ fileId: id, at: startsAt, byName: '周老师' }])
  })

  it('takes an attendance back with a reason that stays in the log, and lets only staff put it back', async () => {
    expect((await undoFor(ahua)).json.code).toBe('not_attended')
    await scan(ahua, (await shown()).code)
    expect((await undoFor(ahua, '替人签到')).json.row.attended).toBeUndefined()
    expect((await undoFor(ahua)).json.code).toBe('not_attended')
    expect((await scan(ahua, (await shown()).code)).json.code).toBe('attendance_undone')
    expect((await tickFor(ahua)).json.row.attended).toMatchObject({ how: 'manual' })

    const { audit } = v.village.store.schema
    const lines = (await v.village.store.read.select().from(audit)).filter(
      ({ details }) => details['occasionId'] === classId
    )
    expect(lines.map(({ action }) => action)).toEqual(['attendance_undone', 'attendance_ticked_again'])
    expect(lines[0]).toMatchObject({
      actorId: trainer.me.id,
      subject: ahua.me.id,
      details: { reason: '替人签到', how: 'qr', byId: ahua.me.id }
    })
  })

  it('takes an attendance back also after the class was called off', async () => {
    await scan(ahua, (await shown()).code)
    await trainer.call(cancelClass, { params: params(), body: { reason: '台风' } })
    expect((await undoFor(ahua, '没来')).json.row.attended).toBeUndefined()
    expect((await tickFor(ahua)).json.code).toBe('class_cancelled')
  })

  it('lets nobody give back a seat in which she sits', async () => {
    await scan(ahua, (await shown()).code)
    expect((await ahua.call(leaveClass, { params: params() })).json.code).toBe('checked_in')
  })

  it('hears what she says of it from who was there, and only from her', async () => {
    const say = (who: SignedIn) =>
      who.call(giveFeedback, { params: params(), body: { stars: 5, words: '听得懂' } })
    expect((await say(ahua)).json.code).toBe('not_attended')
    await scan(ahua, (await shown()).code)
    expect((await say(ahua)).status).toBe(200)
    expect((await ahua.call(getClass, { params: params() })).json.feedback).toEqual({
      stars: 5,
      words: '听得懂'
    })
    expect((await afang.call(getClass, { params: params() })).json.feedback).toBeUndefined()
    expect(await rowOf(ahua)).toMatchObject({ stars: 5, words: '听得懂' })
    await undoFor(ahua)
    expect((await say(ahua)).json.code).toBe('not_attended')
  })

  it('counts on the outcome board who came, and no longer when it was taken back', async () => {
    const fresh = await v.signIn('阿新')
    const attended = async () =>
      (await trainer.call(getOutcomes)).json.steps.find(({ step }) => step === 'attended')!.people
    const before = await attended()
    await scan(fresh, (await shown()).code)
    expect(await attended()).toBe(before + 1)
    await undoFor(fresh)
    expect(await attended()).toBe(before)
  })
})
