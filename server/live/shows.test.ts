import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { changeProduct, setStock } from '../../shared/contracts/catalogue.ts'
import { dropCoupon } from '../../shared/contracts/coupons.ts'
import { banMember, grantRoles } from '../../shared/contracts/members.ts'
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
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { watch } from '../testing/viewer.ts'
import { goOnAir, newProduct, newShop, newShow } from './testing.ts'

describe.each(engines)('a show on $name', (engine) => {
  const clock = settableClock()
  let v: TestVillage
  let host: SignedIn
  let stranger: SignedIn
  let operator: SignedIn
  let officer: SignedIn
  let buyer: SignedIn
  let clams: Awaited<ReturnType<typeof newProduct>>
  let oysters: Awaited<ReturnType<typeof newProduct>>
  let shrimps: Awaited<ReturnType<typeof newProduct>>

  beforeAll(async () => {
    v = await testVillage({ engine, clock })
    host = await v.signIn('王秀兰', 'host')
    stranger = await v.signIn('李桂英', 'host')
    operator = await v.signIn('帮手', 'operator')
    officer = await v.signIn('工会', 'officer')
    buyer = await v.signIn('小李')
    await newShop(host)
    clams = await newProduct(host, '红岛蛤蜊')
    oysters = await newProduct(host, '海蛎子', 2500)
    shrimps = await newProduct(host, '琵琶虾', 6800)
  })
  afterAll(() => v.close())
  beforeEach(async () => {
    clock.pass(60_000)
    await endAll()
  })

  const draft = (startsAt: number, productIds: string[] = []) => ({
    title: '赶海',
    cover: '',
    startsAt,
    productIds
  })
  const room = async (showId: string) => (await v.guest.call(getRoom, { params: { showId } })).json

  /** Ends what is still on air, so that every test has the host to itself. */
  async function endAll() {
    for (const show of (await host.call(myShows)).json.items) {
      if (show.state === 'live' || show.state === 'away')
        await host.call(endShow, { params: { showId: show.id } })
    }
  }

  it('is scheduled by a host, with its shelf, and refused for yesterday, with goods nobody knows or a foreign cover', async () => {
    const ok = await host.call(scheduleShow, { body: draft(clock.now(), [clams.id, oysters.id]) })
    expect(ok.json.show).toMatchObject({
      state: 'coming',
      playlist: '',
      host: { name: '王秀兰', shopName: '王秀兰的店', village: '红岛' }
    })
    expect((await room(ok.json.show.id)).shelf.map(({ number, title }) => [number, title])).toEqual([
      [1, '红岛蛤蜊'],
      [2, '海蛎子']
    ])
    const past = await host.call(scheduleShow, { body: draft(clock.now() - 86_400_000) })
    expect([past.status, past.json.code]).toEqual([400, 'show_in_the_past'])
    const cover = 'https://elsewhere.example/pixel.gif'
    const foreign = await host.call(scheduleShow, { body: { ...draft(clock.now()), cover } })
    expect([foreign.status, foreign.json.details]).toEqual([400, { field: '/cover' }])
    const unknown = await host.call(scheduleShow, { body: draft(clock.now(), ['nothing']) })
    expect([unknown.status, unknown.json.code]).toEqual([404, 'no_such_product'])
    expect((await buyer.call(scheduleShow, { body: draft(clock.now()) })).json.code).toBe('role_missing')
    expect((await v.guest.call(scheduleShow, { body: draft(clock.now()) })).json.code).toBe('sign_in_first')
  })

  it('may be changed by its host until it begins', async () => {
    const showId = await newShow(v, host, [clams.id])
    const body = { ...draft(clock.now() + 5_000, [clams.id]), title: '早潮' }
    expect((await stranger.call(changeShow, { params: { showId }, body })).json.code).toBe('show_not_yours')
    expect((await host.call(changeShow, { params: { showId }, body })).json.show.title).toBe('早潮')
    const foreign = { ...body, cover: '//elsewhere.example/pixel.gif' }
    expect((await host.call(changeShow, { params: { showId }, body: foreign })).json.code).toBe('bad_input')
    await goOnAir(v, host, showId)
    expect((await host.call(changeShow, { params: { showId }, body })).json.code).toBe('show_begun')
    await endAll()
    expect((await host.call(changeShow, { params: { showId }, body })).json.code).toBe('show_over')
  })

  it('goes 未开播 → 直播中 → 马上回来 → 直播中 → 回放, and everybody in the room sees it', async () => {
    const showId = await newShow(v, host)
    const guest = await watch(v.village, `/ws/rooms/${showId}`)
    await vi.waitFor(() => expect(guest.all('welcome')).toHaveLength(1))
    expect((await room(showId)).show.openedAt).toBe(0)
    const sessionId = await goOnAir(v, host, showId)
    expect((await room(showId)).show).toMatchObject({
      state: 'live',
      openedAt: clock.now(),
      playlist: `/live/${sessionId}/master.m3u8`
    })
    expect(
      (await v.guest.call(listShows, { query: { state: 'live' } })).json.items.map(({ id }) => id)
    ).toEqual([showId])
    await v.village.shows.pictureArrived(sessionId)
    await v.village.shows.pictureLost(sessionId)
    expect((await room(showId)).show.state).toBe('away')
    await v.village.shows.pictureLost(sessionId)
    await v.village.shows.pictureBack(sessionId)
    expect((await room(showId)).show.state).toBe('live')
    const ended = await host.call(endShow, { params: { showId } })
    expect(ended.json.show).toMatchObject({ state: 'replay', playlist: `/live/${sessionId}/replay.m3u8` })
    await v.village.shows.pictureEnded(sessionId)
    expect((await host.call(endShow, { params: { showId } })).status).toBe(200)
    await vi.waitFor(() =>
      expect(guest.heard.filter(([n]) => n > 0).map(([n, , type]) => [n, type])).toEqual([
        [1, 'show_opened'],
        [2, 'show_away'],
        [3, 'show_back'],
        [4, 'show_ended']
      ])
    )
    expect((await v.guest.call(listShows, { query: { state: 'replay' } })).json.items[0]!.id).toBe(showId)
    expect((await host.call(goLive, { params: { showId } })).json.code).toBe('show_over')
    guest.ws.terminate()
  })

  it('takes up the same picture again, and lets a host have one show on air', async () => {
    const first = await newShow(v, host)
    const second = await newShow(v, host)
    const sessionId = await goOnAir(v, host, first)
    expect((await host.call(goLive, { params: { showId: first } })).json.sessionId).toBe(sessionId)
    expect((await host.call(goLive, { params: { showId: second } })).json.code).toBe('another_show_live')
    expect((await stranger.call(goLive, { params: { showId: second } })).json.code).toBe('show_not_yours')
    expect((await host.call(goLive, { params: { showId: 'nowhere' } })).json.code).toBe('no_such_show')
    expect((await host.call(endShow, { params: { showId: second } })).json.code).toBe('show_not_live')
  })

  it('lets the first frame decide when a host begins two shows on two phones', async () => {
    const phones = await v.signIn('两部手机', 'host')
    const [first, second] = [await newShow(v, phones), await newShow(v, phones)]
    const start = async (showId: string) => (await phones.call(goLive, { params: { showId } })).json.sessionId
    const [one, other] = [await start(first), await start(second)]
    await Promise.all([one, other].map((sessionId) => v.village.shows.pictureArrived(sessionId)))
    const states = await Promise.all([first, second].map(async (id) => (await v.village.shows.get(id)).state))
    expect(states.toSorted()).toEqual(['coming', 'live'])
    const [live, late] = states[0] === 'live' ? [one, other] : [other, one]
    expect([await v.village.films.isOpen(live), await v.village.films.isOpen(late)]).toEqual([true, false])
    await v.village.shows.takeOffAir(phones.me.id)
    const waiting = states[0] === 'live' ? second : first
    expect(await start(waiting)).not.toBe(late)
    await v.village.shows.takeOffAir(phones.me.id)
  })

  it('is pinned and ended by its host, any operator and any officer, and by nobody else', async () => {
    const showId = await newShow(v, host, [clams.id])
    const pin = (who: SignedIn, productId: string) =>
      who.call(pinProduct, { params: { showId }, body: { productId } })
    for (const who of [host, operator, officer]) {
      expect((await pin(who, clams.id)).status).toBe(200)
      expect((await pin(who, '')).status).toBe(200)
    }
    expect((await pin(stranger, clams.id)).json.code).toBe('show_not_yours')
    expect((await pin(buyer, clams.id)).json.code).toBe('show_not_yours')
    expect((await pin(host, oysters.id)).json.code).toBe('not_on_shelf')
    await goOnAir(v, host, showId)
    expect((await stranger.call(endShow, { params: { showId } })).json.code).toBe('show_not_yours')
    expect((await operator.call(endShow, { params: { showId } })).status).toBe(200)
    expect((await pin(host, clams.id)).json.code).toBe('show_over')
  })

  it('keeps the numbers on its shelf, and a pin goes with what it was on', async () => {
    const showId = await newShow(v, host, [clams.id, oysters.id])
    await host.call(pinProduct, { params: { showId }, body: { productId: clams.id } })
    const guest = await watch(v.village, `/ws/rooms/${showId}?after=0`)
    await vi.waitFor(() => expect(guest.all('product_pinned')).toEqual([{ productId: clams.id }]))
    const { json } = await operator.call(setShelf, {
      params: { showId },
      body: { productIds: [shrimps.id, oysters.id] }
    })
    expect(json.items.map(({ number, title }) => [number, title])).toEqual([
      [2, '海蛎子'],
      [3, '琵琶虾']
    ])
    await vi.waitFor(() => expect(guest.all('product_unpinned')).toHaveLength(1))
    expect(guest.all('shelf_changed')[0]!.shelf).toEqual(json.items)
    expect(await room(showId)).toMatchObject({ pinnedProductId: '', shelf: json.items })
    guest.ws.terminate()
  })

  it('shows a new pin, price and coupon to whoever looks next', async () => {
    const showId = await newShow(v, host, [clams.id])
    const before = await room(showId)
    expect(before).toMatchObject({ version: 0, pinnedProductId: '', coupons: [] })
    await host.call(pinProduct, { params: { showId }, body: { productId: clams.id } })
    expect(await room(showId)).toMatchObject({ version: 1, pinnedProductId: clams.id })
    const { id, version, shop: _, ...words } = clams
    const product = { ...words, specs: [{ ...clams.specs[0]!, priceFen: 4200 }] }
    const changed = await host.call(changeProduct, { params: { productId: id }, body: { version, product } })
    expect(changed.status).toBe(200)
    clams = changed.json.product
    await vi.waitFor(async () => expect((await room(showId)).shelf[0]!.fromFen).toBe(4200))
    const dropped = await host.call(dropCoupon, {
      params: { showId },
      body: { kind: 'plain', offFen: 500, thresholdFen: 3000, total: 10, perMember: 1, lifeMs: 3_600_000 }
    })
    expect(await room(showId)).toMatchObject({ version: 2, coupons: [{ id: dropped.json.coupon.id }] })
  })

  it('tells viewers how much is left, and nobody whose room does not show it', async () => {
    const showId = await newShow(v, host, [oysters.id])
    const elsewhere = await newShow(v, host, [clams.id])
    await goOnAir(v, host, showId)
    const guest = await watch(v.village, `/ws/rooms/${showId}`)
    const other = await watch(v.village, `/ws/rooms/${elsewhere}`)
    const [spec] = oysters.specs
    await host.call(setStock, { params: { specId: spec!.id }, body: { stock: 7 } })
    await vi.waitFor(
      () =>
        expect(guest.all('stock_left')).toEqual([
          {
            productId: oysters.id,
            specId: spec!.id,
            left: 7,
            shelf: { left: 7, fromFen: spec!.priceFen, unit: spec!.unit }
          }
        ]),
      4_000
    )
    expect(other.all('stock_left').filter(({ productId }) => productId === oysters.id)).toEqual([])
    guest.ws.terminate()
    other.ws.terminate()
  })

  it('answers an unchanged room with nothing but its tag, and zipped to whoever can unzip', async () => {
    const showId = await newShow(v, host, [clams.id])
    const url = `/api/rooms/${showId}`
    const first = await v.village.http.inject({ url })
    const etag = first.headers.etag as string
    const same = await v.village.http.inject({ url, headers: { 'if-none-match': etag } })
    expect([same.statusCode, same.body]).toEqual([304, ''])
    const zipped = await v.village.http.inject({ url, headers: { 'accept-encoding': 'gzip, br' } })
    expect(zipped.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(zipped.rawPayload).toString()).toBe(first.body)
    expect(first.headers['x-content-type-options']).toBe('nosniff')
    await host.call(pinProduct, { params: { showId }, body: { productId: clams.id } })
    const fresh = await v.village.http.inject({ url, headers: { 'if-none-match': etag } })
    expect(fresh.statusCode).toBe(200)
    expect(fresh.headers.etag).not.toBe(etag)
    expect((await v.village.http.inject({ url: '/api/rooms/nowhere' })).json().code).toBe('no_such_show')
  })

  it('makes the room once for all who ask at the same moment', async () => {
    const showId = await newShow(v, host, [clams.id])
    const answers = await Promise.all(Array.from({ length: 20 }, async () => v.village.views.of(showId)))
    expect(new Set(answers).size).toBe(1)
  })

  it('does not serve a room that was being made when it changed', async () => {
    const showId = await newShow(v, host, [clams.id])
    const making = v.village.views.of(showId)
    v.village.views.changed(showId)
    expect(await v.village.views.of(showId)).not.toBe(await making)
  })

  it('tells me what only I see of a room, and its desk only who runs it', async () => {
    const showId = await newShow(v, host)
    const mine = async (who: SignedIn) => (await who.call(myRoom, { params: { showId } })).json
    expect(await mine(buyer)).toEqual({ following: false, claimed: [], runs: false })
    expect((await mine(host)).runs).toBe(true)
    expect((await mine(operator)).runs).toBe(true)
    expect((await v.guest.call(myRoom, { params: { showId } })).json.code).toBe('sign_in_first')
    expect((await operator.call(getDesk, { params: { showId } })).json).toMatchObject({
      version: 0,
      orders: 0
    })
    expect((await stranger.call(getDesk, { params: { showId } })).json.code).toBe('show_not_yours')
    await expect(watch(v.village, `/ws/desks/${showId}`, stranger)).rejects.toThrow('403')
    await expect(watch(v.village, `/ws/desks/${showId}`)).rejects.toThrow('401')
  })

  it('lists coming shows soonest first, page by page, each once', async () => {
    const many = await v.signIn('赵大姐', 'host')
    const wanted: string[] = []
    for (let i = 0; i < 30; i++) {
      const { json } = await many.call(scheduleShow, { body: draft(clock.now() + 1_000_000 + (i >> 1)) })
      wanted.push(json.show.id)
    }
    const seen: string[] = []
    for (let after: string | undefined; ;) {
      const query = { state: 'coming' as const, ...(after && { after }) }
      const { items } = (await v.guest.call(listShows, { query })).json
      if (!items.length) break
      seen.push(...items.map(({ id }) => id))
      after = items.at(-1)!.id
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(wanted.every((id) => seen.includes(id))).toBe(true)
    const full = async () => (await many.call(scheduleShow, { body: draft(clock.now() + 1_000) })).status
    for (let i = 0; i < 20; i++) expect(await full()).toBe(200)
    expect(await full()).toBe(409)
  })

  it('does not stay on air for ever when its picture ended while nobody was looking', async () => {
    const showId = await newShow(v, host)
    const sessionId = await goOnAir(v, host, showId)
    await v.village.shows.sweep()
    expect((await room(showId)).show.state).toBe('live')
    const { filmSessions } = v.village.store.schema
    await v.village.store.tx(async (tx) => {
      await tx.update(filmSessions).set({ state: 'ended', endedAt: clock.now() })
    })
    await v.village.shows.sweep()
    expect((await room(showId)).show).toMatchObject({
      state: 'replay',
      playlist: `/live/${sessionId}/replay.m3u8`
    })
  })

  it.each([
    ['is banned', true],
    ['is no host any more', false]
  ])('is over at once when its host %s', async (_what, banned) => {
    const rude = await v.signIn('路过的', 'host')
    const showId = await newShow(v, rude)
    const sessionId = await goOnAir(v, rude, showId)
    const camera = vi.fn<(problem: { code: string } | undefined) => void>()
    await v.village.films.publisher(sessionId, camera)
    const params = { memberId: rude.me.id }
    await officer.call(grantRoles, { params, body: { roles: ['host', 'trainer'] } })
    await new Promise(setImmediate)
    expect((await room(showId)).show.state).toBe('live')
    if (banned) await officer.call(banMember, { params, body: { banned, reason: '骂人' } })
    else await officer.call(grantRoles, { params, body: { roles: [] } })
    await vi.waitFor(() => expect(camera.mock.calls[0]?.[0]?.code).toBe('session_over'))
    await vi.waitFor(async () => expect((await room(showId)).show.state).toBe('replay'))
  })
})
