import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { bookClass, unbook } from '../../shared/contracts/classes.ts'
import { dropCoupon } from '../../shared/contracts/coupons.ts'
import {
  changeShow,
  endShow,
  getDesk,
  getRoom,
  goLive,
  listShows,
  myRoom,
  myShows,
  pinProduct,
  scheduleShow,
  setShelf
} from '../../shared/contracts/live.ts'
import { banMember, grantRoles } from '../../shared/contracts/members.ts'
import { placeOrder, quoteOrder } from '../../shared/contracts/orders.ts'
import { myRehearsals, rehearse, showAssessments } from '../../shared/contracts/practice.ts'
import { readFilm, replayFilm } from '../seed/film.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { addClass, addCourse } from '../testing/schoolhouse.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { addressOf, watch } from '../testing/viewer.ts'
import { newProduct, newShop } from './testing.ts'

/** Nobody says this by chance: where it stands, somebody has seen the rehearsal. */
const TITLE = '梅子头一回对着镜头'
const SECONDS = readFilm().lengthUs / 1e6
const RUBRIC = [{ id: 'voice', name: '开口', how: '', max: 10 }]

describe.each(engines)('a rehearsal on $name', (engine) => {
  const clock = settableClock()
  let v: TestVillage
  let learner: SignedIn
  let trainer: SignedIn
  let officer: SignedIn
  let strangers: Record<string, SignedIn | undefined>
  let host: SignedIn
  let clams: Awaited<ReturnType<typeof newProduct>>
  let courseId: string
  let showId: string
  let sessionId: string

  beforeAll(async () => {
    v = await testVillage({ engine, clock })
    learner = await v.signIn('梅子')
    trainer = await v.signIn('老陈', 'trainer')
    officer = await v.signIn('工会', 'officer')
    host = await v.signIn('王秀兰', 'host')
    strangers = {
      guest: undefined,
      buyer: await v.signIn('小李'),
      'another host': host,
      operator: await v.signIn('小林', 'operator'),
      'another learner': await v.signIn('桂英')
    }
    await newShop(host)
    clams = await newProduct(host, '红岛蛤蜊')
    courseId = await addCourse(trainer, { practical: true, rubric: RUBRIC })
    const { id: classId } = await addClass(trainer, courseId)
    for (const each of [learner, strangers['another learner']!])
      await each.call(bookClass, { params: { classId } })

    const { json } = await learner.call(rehearse, {
      body: { courseId, title: TITLE, productIds: [clams.id] }
    })
    showId = json.show.id
    sessionId = (await learner.call(goLive, { params: { showId } })).json.sessionId
    const publisher = await v.village.films.publisher(sessionId)
    await replayFilm(publisher, { filmedAt: clock.now(), rounds: 1 })
    publisher.thumbnail(Buffer.from([0xff, 0xd8, 0xff, 0xd9]))
    await vi.waitUntil(async () => (await stateOf(trainer)) === 'live')
  })
  afterAll(() => v.close())

  const room = (who: SignedIn | TestVillage['guest']) => who.call(getRoom, { params: { showId } })
  const stateOf = async (who: SignedIn) => (await room(who)).json.show?.state
  const ask = (url: string, who?: SignedIn, headers: Record<string, string> = {}) =>
    v.village.http.inject({ url, headers: { ...(who && { cookie: who.cookie }), ...headers } })
  const files = () => [
    `/live/${sessionId}/master.m3u8`,
    `/live/${sessionId}/main/index.m3u8`,
    `/live/${sessionId}/main/init-0.mp4`,
    `/live/${sessionId}/main/seg-0.m4s`,
    `/live/${sessionId}/replay.m3u8`,
    `/live/${sessionId}/thumb.jpg`
  ]

  /** Every address of the village that can be read, with this show, its film and its host in all the right places. */
  const everyAddress = () =>
    v.village.routes
      .filter(({ method, url }) => method === 'GET' && !url.startsWith('/ws/'))
      .map(({ url }) =>
        url
          .replace(/:sessionId/g, sessionId)
          .replace(/:name/g, 'seg-0.m4s')
          .replace(/:courseId|:course/g, courseId)
          .replace(/:memberId|:hostId/g, learner.me.id)
          .replace(/:\w+/g, showId)
          .replace(/\*/g, `private/live/${sessionId}/main/seg-0.m4s`)
      )

  async function nobodyElseSees() {
    expect(everyAddress().length).toBeGreaterThan(50)
    for (const [name, who] of Object.entries(strangers)) {
      for (const url of everyAddress()) {
        const { body } = await ask(url, who)
        expect(body, `${name} ${url}`).not.toContain(TITLE)
        expect(body.replaceAll(url, ''), `${name} ${url}`).not.toContain(sessionId)
      }
      for (const url of files()) {
        const { statusCode, body } = await ask(url, who)
        expect([statusCode, JSON.parse(body).code], `${name} ${url}`).toEqual(
          who ? [404, 'no_such_session'] : [401, 'sign_in_first']
        )
      }
      for (const state of ['live', 'coming', 'replay'] as const) {
        const list = await (who ?? v.guest).call(listShows, { query: { state } })
        expect(
          list.json.items.map(({ id }) => id),
          `${name} ${state}`
        ).not.toContain(showId)
      }
    }
  }

  it('is opened by a learner of a course with a practical, who is no host, with the goods of any shop', async () => {
    const { json } = await room(learner)
    expect(json.show).toMatchObject({
      kind: 'rehearsal',
      state: 'live',
      title: TITLE,
      host: { name: '梅子' }
    })
    expect(json.shelf.map(({ title }) => title)).toEqual(['红岛蛤蜊'])
    const mine = await learner.call(myRehearsals)
    expect(mine.json.items).toMatchObject([
      { courseId, courseTitle: '直播带货', assessed: 0, show: { id: showId } }
    ])
  })

  it('is not opened by who booked nothing, nor for a course without a practical', async () => {
    const draft = { courseId, title: '试试', productIds: [] }
    const stranger = await v.signIn('路过的')
    expect((await stranger.call(rehearse, { body: draft })).json.code).toBe('enrol_first')
    const theory = await addCourse(trainer, { title: '食品安全', topic: 'food_safety' })
    const other = await learner.call(rehearse, { body: { ...draft, courseId: theory } })
    expect(other.json.code).toBe('no_such_course')
    const unknown = await learner.call(rehearse, { body: { ...draft, productIds: ['nothing'] } })
    expect(unknown.json.code).toBe('no_such_product')
    expect((await v.guest.call(rehearse, { body: draft })).status).toBe(401)
  })

  it('is seen by its host, by trainers and by officers: room, picture and all', async () => {
    for (const who of [learner, trainer, officer]) {
      const { status, headers, text } = await room(who)
      expect([status, headers['cache-control'], headers.vary]).toEqual([
        200,
        'private, no-cache',
        'accept-encoding, cookie'
      ])
      expect(text).toContain(TITLE)
      expect((await who.call(myRoom, { params: { showId } })).json).toMatchObject({ runs: true })
      expect((await who.call(getDesk, { params: { showId } })).status).toBe(200)
      for (const url of files()) {
        const answer = await ask(url, who)
        expect([answer.statusCode, answer.headers['cache-control']], url).toEqual([200, 'private, no-store'])
        expect(answer.headers, 'no other page may read it').not.toHaveProperty('access-control-allow-origin')
      }
    }
  })

  it('is seen by nobody else, in no list, on no page and at no address of its picture', async () => {
    await nobodyElseSees()
    for (const who of Object.values(strangers)) {
      const { status, json } = await room(who ?? v.guest)
      expect([status, json.code]).toEqual(who ? [404, 'no_such_show'] : [401, 'sign_in_first'])
    }
  })

  it('has a page that says nothing of it, to previews least of all', async () => {
    const page = await ask(`/show/${showId}`, undefined, { accept: 'text/html' })
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('og:title')
    for (const word of [TITLE, '梅子', '红岛蛤蜊', sessionId, 'id="first"'])
      expect(page.body).not.toContain(word)
  })

  it('is heard by nobody else over its sockets', async () => {
    for (const who of Object.values(strangers)) {
      const refused = who ? /^404/ : /^401/
      await expect(watch(v.village, `/ws/rooms/${showId}`, who)).rejects.toThrow(refused)
      await expect(watch(v.village, `/ws/desks/${showId}`, who)).rejects.toThrow(who ? /^403/ : /^401/)
    }
    const desk = await watch(v.village, `/ws/desks/${showId}`, trainer)
    await vi.waitFor(() => expect(desk.all('welcome')).toHaveLength(1))
    await desk.leave()
  })

  it('is talked in and loved like any show, by those who are in it', async () => {
    const there = await watch(v.village, `/ws/rooms/${showId}`, learner)
    const coach = await watch(v.village, `/ws/rooms/${showId}`, trainer)
    await vi.waitFor(() => expect(coach.all('welcome')).toHaveLength(1))
    coach.say('m1', '慢一点，先报价格')
    coach.send({ t: 'hearts', n: 3 })
    await vi.waitFor(() =>
      expect(there.all('message_said')).toMatchObject([{ text: '慢一点，先报价格', role: 'trainer' }])
    )
    // Hearts are gathered for a second before they are told.
    await vi.waitFor(() => expect(there.all('hearts').at(-1)).toEqual({ total: 3 }), { timeout: 5_000 })
    await there.leave()
    await coach.leave()
  })

  it('is run by the learner and by trainers, and by no operator', async () => {
    const pin = { params: { showId }, body: { productId: clams.id } }
    expect((await trainer.call(pinProduct, pin)).status).toBe(200)
    expect((await room(learner)).json.pinnedProductId).toBe(clams.id)
    const shelf = { params: { showId }, body: { productIds: [clams.id] } }
    expect((await learner.call(setShelf, shelf)).status).toBe(200)
    for (const who of [strangers.operator!, strangers.buyer!, host]) {
      const refused = [
        await who.call(pinProduct, pin),
        await who.call(setShelf, shelf),
        await who.call(getDesk, { params: { showId } }),
        await who.call(endShow, { params: { showId } }),
        await who.call(goLive, { params: { showId } }),
        await who.call(changeShow, {
          params: { showId },
          body: { title: 'x', cover: '', startsAt: clock.now(), productIds: [] }
        })
      ]
      expect(new Set(refused.map(({ json }) => json.code))).toEqual(new Set(['show_not_yours']))
      const mine = await who.call(myRoom, { params: { showId } })
      expect(mine.json.code).toBe('no_such_show')
      expect((await who.call(showAssessments, { params: { showId } })).json.code).toBe('no_such_show')
    }
  })

  it('is on no list of what helpers may run', async () => {
    for (const who of [host, strangers.operator!, officer]) {
      expect((await who.call(myShows)).json.items.map(({ id }) => id)).not.toContain(showId)
    }
  })

  it('sells nothing and gives no coupon', async () => {
    const specId = clams.specs[0]!.id
    const quote = await learner.call(quoteOrder, { body: { lines: [{ specId, qty: 1 }] } })
    const order = await learner.call(placeOrder, {
      body: {
        key: 'key-from-a-rehearsal',
        lines: [{ specId, qty: 1, agreed: true }],
        addressId: 'nowhere',
        payFen: quote.json.payFen,
        showId
      }
    })
    expect([order.status, order.json.code]).toEqual([409, 'not_sold_here'])
    const coupon = {
      kind: 'plain',
      offFen: 100,
      thresholdFen: 0,
      total: 1,
      perMember: 1,
      lifeMs: 60_000
    } as const
    const dropped = await officer.call(dropCoupon, { params: { showId }, body: coupon })
    expect(dropped.json.code).toBe('not_sold_here')
  })

  it('is never an anchor for a page of public shows', async () => {
    const list = await v.guest.call(listShows, { query: { state: 'live', after: showId } })
    expect(list.json.code).toBe('no_such_show')
  })

  it('is filmed by its host alone, though she is none', async () => {
    const address = `ws://${await addressOf(v.village)}/ws/ingest/${sessionId}`
    for (const [who, heard] of [
      [host, 'refused'],
      [trainer, 'refused'],
      [learner, 'pong']
    ] as const) {
      const studio = new WebSocket(address, { headers: { cookie: who.cookie } })
      const said = new Promise((resolve) => studio.once('message', (data) => resolve(String(data))))
      studio.on('open', () => studio.send('{"t":"ping"}'))
      expect(JSON.parse(String(await said)), who.me.name).toMatchObject({ t: heard })
      studio.terminate()
    }
  })

  it('stays closed as a recording, which plays from the village’s own addresses', async () => {
    expect((await trainer.call(endShow, { params: { showId } })).json.show.state).toBe('replay')
    const replay = await ask(`/live/${sessionId}/replay.m3u8`, learner)
    const length = [...replay.body.matchAll(/#EXTINF:([\d.]+)/g)].reduce(
      (sum, [, each]) => sum + Number(each),
      0
    )
    expect(length).toBeCloseTo(SECONDS, 1)
    const addresses = replay.body.split('\n').filter((line) => line && !line.startsWith('#'))
    expect(addresses.length).toBeGreaterThan(3)
    for (const address of addresses) {
      expect(address).toMatch(/^main\/seg-\d+\.m4s$/)
      expect((await ask(`/live/${sessionId}/${address}`, trainer)).statusCode).toBe(200)
    }
    expect(await v.village.objects.list(`live/${sessionId}`)).toEqual([])
    const kept = await v.village.objects.list(`private/live/${sessionId}`)
    expect(kept.length).toBeGreaterThan(addresses.length)
    for (const key of kept) expect((await ask(`/media/${key}`, officer)).statusCode, key).toBe(404)
    await nobodyElseSees()
  })

  it('lies no deeper than five at a time before a learner', async () => {
    const body = { courseId, title: '再来一次', productIds: [] }
    for (let n = 0; n < 5; n++) expect((await learner.call(rehearse, { body })).status).toBe(200)
    expect((await learner.call(rehearse, { body })).json.code).toBe('too_many_rehearsals')
  })

  it('goes on when other roles are given to its host, and ends when she is banned', async () => {
    const other = strangers['another learner']!
    const { json } = await other.call(rehearse, { body: { courseId, title: '桂英试播', productIds: [] } })
    const own = { showId: json.show.id }
    const { sessionId: film } = (await other.call(goLive, { params: own })).json
    await v.village.shows.pictureArrived(film)
    const params = { memberId: other.me.id }
    await officer.call(grantRoles, { params, body: { roles: ['buyer', 'operator'] } })
    clock.pass(60_000)
    await officer.call(banMember, { params, body: { banned: true, reason: '试试' } })
    await vi.waitUntil(async () => (await v.village.shows.get(own.showId)).state === 'ended')
    expect((await v.village.shows.get(own.showId)).endedAt).toBe(clock.now())
  })

  it('leaves a host the shows of her own only while she is one', async () => {
    const was = await v.signIn('从前的主播', 'host')
    const { json } = await was.call(scheduleShow, {
      body: { title: '旧场', cover: '', startsAt: clock.now(), productIds: [] }
    })
    const params = { showId: json.show.id }
    await officer.call(grantRoles, { params: { memberId: was.me.id }, body: { roles: ['buyer'] } })
    expect((await was.call(goLive, { params })).json.code).toBe('role_missing')
    expect((await was.call(pinProduct, { params, body: { productId: '' } })).json.code).toBe('show_not_yours')
    expect((await was.call(getDesk, { params })).json.code).toBe('show_not_yours')
  })
})

describe.each(engines)('an online class on $name', (engine) => {
  const clock = settableClock()
  let v: TestVillage
  let trainer: SignedIn
  let booked: SignedIn
  let classId: string
  let showId: string

  beforeAll(async () => {
    v = await testVillage({ engine, clock })
    trainer = await v.signIn('老陈', 'trainer')
    booked = await v.signIn('梅子')
    const courseId = await addCourse(trainer)
    const found = await addClass(trainer, courseId, { online: true, seats: 2 })
    classId = found.id
    await booked.call(bookClass, { params: { classId } })
    showId = await v.village.shows.openClassRoom(trainer.me, {
      classId,
      title: TITLE,
      startsAt: found.startsAt
    })
  })
  afterAll(() => v.close())

  const room = async (who: SignedIn) => (await who.call(getRoom, { params: { showId } })).json

  it('has one room, however often and by however many it is opened', async () => {
    const open = (who: SignedIn, title = TITLE) =>
      v.village.shows.openClassRoom(who.me, { classId, title, startsAt: clock.now() })
    const again = await Promise.all([open(trainer), open(trainer), open(trainer)])
    expect(new Set([showId, ...again])).toEqual(new Set([showId]))
    expect((await room(trainer)).show.kind).toBe('class')
  })

  it('is seen by who booked it, by trainers and officers, and by nobody else', async () => {
    const officer = await v.signIn('工会', 'officer')
    const operator = await v.signIn('小林', 'operator')
    const buyer = await v.signIn('小李')
    for (const who of [trainer, booked, officer]) expect((await room(who)).show.title).toBe(TITLE)
    for (const who of [operator, buyer]) expect((await room(who)).code).toBe('no_such_show')
    expect((await v.guest.call(getRoom, { params: { showId } })).json.code).toBe('sign_in_first')
    await expect(watch(v.village, `/ws/rooms/${showId}`, buyer)).rejects.toThrow(/^404/)
    expect((await booked.call(myRoom, { params: { showId } })).json.runs).toBe(false)
    const pin = { params: { showId }, body: { productId: '' } }
    expect((await booked.call(pinProduct, pin)).json.code).toBe('show_not_yours')
  })

  it('lets her in a second after she has booked, and out five seconds after her seat is gone', async () => {
    const late = await v.signIn('晚来的')
    expect((await room(late)).code).toBe('no_such_show')
    await late.call(bookClass, { params: { classId } })
    clock.pass(1_001)
    expect((await room(late)).show.title).toBe(TITLE)
    await trainer.call(unbook, { params: { classId, memberId: late.me.id } })
    clock.pass(5_001)
    expect((await room(late)).code).toBe('no_such_show')
  })

  it('shows its picture to the class', async () => {
    const { sessionId } = (await trainer.call(goLive, { params: { showId } })).json
    const publisher = await v.village.films.publisher(sessionId)
    await replayFilm(publisher, { filmedAt: clock.now(), rounds: 1 })
    const ask = async (who?: SignedIn) =>
      (
        await v.village.http.inject({
          url: `/live/${sessionId}/main/seg-0.m4s`,
          ...(who && { headers: { cookie: who.cookie } })
        })
      ).statusCode
    expect(await ask(booked)).toBe(200)
    expect(await ask(await v.signIn('别人'))).toBe(404)
    expect(await ask()).toBe(401)
    await vi.waitFor(async () => expect((await room(booked)).show.state).toBe('live'))
    expect((await v.guest.call(listShows)).json.items).toEqual([])
  })
})
