import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bookClass, cancelClass, leaveClass, moveClass, myCalendar } from '../../shared/contracts/classes.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { addClass, addCourse, AFTERNOON } from '../testing/schoolhouse.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'

const DAY = 86_400_000
const HOUR = 3_600_000

describe.each(engines)('the calendar of a member on $name', (engine) => {
  const clock = settableClock()
  let v: TestVillage
  let trainer: SignedIn
  let ahua: SignedIn
  let classId: string

  beforeAll(async () => {
    v = await testVillage({ engine, clock })
    trainer = await v.signIn('周老师', 'trainer')
    ahua = await v.signIn('阿华')
    const courseId = await addCourse(trainer)
    classId = (await addClass(trainer, courseId, { seats: 1, title: '剪辑，入门;一' })).id
    await ahua.call(bookClass, { params: { classId } })
  })
  afterAll(() => v.close())

  const addressOf = async (who: SignedIn, anew = false) =>
    (await who.call(myCalendar, { body: { anew } })).json.url.replace(v.village.settings.publicUrl, '')
  const at = (address: string) => v.village.http.inject({ method: 'GET', url: address })
  /** Long lines are folded; whoever reads a calendar unfolds them. */
  const read = async (who: SignedIn) => (await at(await addressOf(who))).body.replace(/\r\n[ \t]/g, '')
  const line = (feed: string, name: string) => feed.match(new RegExp(`^${name}[:;].*$`, 'm'))?.[0]

  it('holds what she booked, in UTC, under an id that stays', async () => {
    const answer = await at(await addressOf(ahua))
    expect(answer.headers['content-type']).toBe('text/calendar; charset=utf-8')
    const feed = await read(ahua)
    expect(line(feed, 'UID')).toBe(`UID:${classId}@yujia-live`)
    expect(line(feed, 'DTSTART')).toBe('DTSTART:20261122T060000Z')
    expect(line(feed, 'DTEND')).toBe('DTEND:20261122T080000Z')
    expect(line(feed, 'SEQUENCE')).toBe('SEQUENCE:1')
    expect(line(feed, 'STATUS')).toBe('STATUS:CONFIRMED')
    expect(line(feed, 'SUMMARY')).toBe('SUMMARY:剪辑，入门\\;一')
    expect(line(feed, 'LOCATION')).toBe('LOCATION:村委会二楼')
    expect(feed).toContain(`/school/class/${classId}`)
    for (const word of [ahua.phone, ahua.me.name, trainer.phone]) expect(feed).not.toContain(word)
  })

  it('says whether she waits or teaches', async () => {
    const waiting = await v.signIn('阿芳')
    await waiting.call(bookClass, { params: { classId } })
    const feed = await read(waiting)
    expect([line(feed, 'STATUS'), line(feed, 'SUMMARY')]).toEqual([
      'STATUS:TENTATIVE',
      'SUMMARY:（候补）剪辑，入门\\;一'
    ])
    expect(line(await read(trainer), 'SUMMARY')).toBe('SUMMARY:（讲课）剪辑，入门\\;一')
    await waiting.call(leaveClass, { params: { classId } })
    expect(await read(waiting)).not.toContain('BEGIN:VEVENT')
  })

  it('follows a class that moves, and crosses it out when it is called off', async () => {
    const times = { startsAt: AFTERNOON + DAY, endsAt: AFTERNOON + DAY + HOUR }
    await trainer.call(moveClass, { params: { classId }, body: { version: 1, ...times } })
    const moved = await read(ahua)
    expect([line(moved, 'DTSTART'), line(moved, 'SEQUENCE')]).toEqual([
      'DTSTART:20261123T060000Z',
      'SEQUENCE:2'
    ])
    await trainer.call(cancelClass, { params: { classId }, body: { reason: '台风' } })
    const off = await read(ahua)
    expect([line(off, 'UID'), line(off, 'STATUS'), line(off, 'SEQUENCE')]).toEqual([
      `UID:${classId}@yujia-live`,
      'STATUS:CANCELLED',
      'SEQUENCE:3'
    ])
  })

  it('has an address that is hers until she asks for another one', async () => {
    const before = await addressOf(ahua)
    expect(await addressOf(ahua)).toBe(before)
    expect(await addressOf(trainer)).not.toBe(before)
    const after = await addressOf(ahua, true)
    expect((await at(before)).statusCode).toBe(404)
    expect((await at(after.replace('.ics', ''))).statusCode).toBe(200)
    expect((await at('/api/calendar/00000000000000000000000000000000.ics')).statusCode).toBe(404)
  })
})
