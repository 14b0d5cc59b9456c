import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openVillage, type Village } from '../app.ts'
import type { RoomView } from '../../shared/contracts/live.ts'
import { storyClock } from '../clock.ts'
import { readSettings } from '../settings.ts'
import { engines } from '../testing/engines.ts'
import { ART } from './art.ts'
import { openDemo } from './demo.ts'
import { sent } from './freight.ts'
import { DEMO_HOSTS, DEMO_PEOPLE } from './people.ts'
import { EVENING_SHOW, person, REPLAY_SHOW, seedVillage, signpost } from './seed.ts'
import { SHOPS } from './stories.ts'

const clock = storyClock()
/** A hundred days of history, on a machine that has other things to do. */
const SEEDING_MS = 180_000

describe.each(engines)('the demo village on $name', ({ make }) => {
  let village: Village
  let drop: () => Promise<void>

  beforeAll(async () => {
    const place = await make()
    drop = place.drop
    village = await openVillage(
      { ...readSettings({ DEMO: '1', ALLOW_SANDBOX_PAY: '1' }), ...place },
      { clock }
    )
    await seedVillage(village, clock)
  }, SEEDING_MS)
  afterAll(async () => {
    await village.close()
    await drop()
  })

  it('opens four shops with twelve things to sell, each with a picture', async () => {
    expect(await village.shops.list()).toHaveLength(4)
    const products = await village.products.search({})
    expect(products).toHaveLength(12)
    for (const product of products) {
      expect(product.photos[0], product.title).toMatch(/\.webp$/)
      const photo = await village.http.inject({ url: product.photos[0]! })
      expect(photo.statusCode, product.title).toBe(200)
    }
  })

  it('sends clams cheaply at home, dearer far away, and not to Tibet', async () => {
    const clams = (await village.products.search({ q: '红岛蛤蜊' }))[0]!
    const { json } = await village.http
      .inject({ url: `/api/products/${clams.id}/delivery` })
      .then((answer) => ({ json: answer.json<{ places: Record<string, unknown>[] }>() }))
    const at = (province: string) => json.places.find((place) => place.province === province)
    expect(at('山东')).toMatchObject({ freightFen: 0, hours: 24 })
    expect(at('上海')).toMatchObject({ freightFen: 1800 })
    expect(at('四川')).toMatchObject({ reason: 'too_far' })
    expect(at('广东')).toMatchObject({ reason: 'heat' })
    expect(at('西藏')).toMatchObject({ reason: 'refused' })
  })

  it('has a buyer with two tables still to come, and one that she ate at', async () => {
    const { vouchers } = village.shop
    const states = async (list: 'open' | 'past') =>
      (await vouchers.mine(person('buyer-2'), { list })).map(({ state }) => state)
    expect(await states('open')).toEqual(['open', 'open'])
    expect(await states('past')).toEqual(['redeemed'])
  })

  it('has a show to look forward to', async () => {
    const coming = await village.http.inject({ url: '/api/shows?state=coming' })
    expect(coming.json()).toMatchObject({ items: [{ id: EVENING_SHOW, demo: true }] })
  })

  it('changes nothing when it is opened again', async () => {
    const before = await village.products.search({})
    expect(await seedVillage(village, clock)).toBe(true)
    expect(await village.products.search({})).toEqual(before)
    expect(await village.shows.list('coming')).toHaveLength(1)
  })

  it('talks, pins and drops a coupon, and says of every neighbour that she is scripted', async () => {
    const demo = (await openDemo(village, clock))!
    const room = async () => {
      const [show] = (await village.shows.mine(person(DEMO_HOSTS[0].id))).filter((each) => each.demo)
      return (await village.http.inject({ url: `/api/rooms/${show?.id}` })).json<RoomView>()
    }
    await vi.waitFor(
      async () => {
        const { chat, pinnedProductId, coupons } = await room()
        expect(chat.length).toBeGreaterThanOrEqual(4)
        for (const { name } of chat) expect(name).toContain('（演示）')
        expect(pinnedProductId).not.toBe('')
        expect(coupons).toMatchObject([{ left: 47, total: 50 }])
      },
      { timeout: 15_000 }
    )
    await vi.waitFor(
      async () => {
        expect(await village.shows.list('live')).toMatchObject([
          { demo: true, playlist: expect.stringMatching(/^\/live\//) }
        ])
        expect(await village.shows.list('replay')).toMatchObject([{ id: REPLAY_SHOW, demo: true }])
      },
      { timeout: 15_000 }
    )
    await demo.stop()
    // What was sold in the replay comes last, and the books know of it as of everything before.
    expect((await village.shop.orders.deskNumbers(REPLAY_SHOW)).latest).not.toEqual([])
    expect((await village.shop.ledger.checks.now()).troubles).toEqual([])
  })
})

describe.each(engines.slice(0, 1))('a demo village from before there was a school, on $name', ({ make }) => {
  it(
    'gets one, and its hosts the papers to go on selling',
    async () => {
      const place = await make()
      const village = await openVillage({ ...readSettings({ DEMO: '1' }), ...place }, { clock })
      for (const each of DEMO_PEOPLE) await village.members.enrol(each)
      expect(await seedVillage(village, clock)).toBe(true)
      for (const { id } of DEMO_HOSTS) {
        expect((await village.school.licences.mine(person(id))).show, id).toEqual([])
      }
      await village.close()
      await place.drop()
    },
    SEEDING_MS
  )
})

describe.each(engines)('a village with real members on $name', ({ make }) => {
  it('is never turned into a demo', async () => {
    const { drop, ...place } = await make()
    const village = await openVillage({ ...readSettings({ DEMO: '1' }), ...place })
    await village.members.enrol({ name: '真的人', phone: '13900000001', roles: ['buyer'] })
    expect(await seedVillage(village, clock)).toBe(false)
    expect(await openDemo(village, clock)).toBeUndefined()
    expect(await village.shops.list()).toEqual([])
    await village.close()
    await drop()
  })
})

it('names people once, and gives every host a shop and every thing a drawing', () => {
  expect(new Set(DEMO_PEOPLE.map((each) => each.phone)).size).toBe(DEMO_PEOPLE.length)
  expect(SHOPS.map((shop) => shop.host)).toEqual(DEMO_HOSTS.map((host) => host.id))
  for (const shop of SHOPS) for (const { art } of shop.products) expect(ART[art]()).toMatch(/^<svg /)
})

it('says of everything how it travels and what each piece weighs, and of a voucher how long it is good', () => {
  const silent = SHOPS.flatMap((shop) => shop.products).filter(({ art, ...words }) => {
    const draft = { ...words, caughtOn: '', photos: [], state: 'on_sale' as const }
    const made = sent(draft, art, { chilled: 'cold', ambient: 'road' })
    if (made.kind === 'voucher') return !made.validDays
    return !made.freightId || !made.tempClass || made.specs.some((spec) => !spec.grams)
  })
  expect(silent).toEqual([])
})

it('says where to click', () => {
  expect(signpost('http://localhost:8080')).toContain('http://localhost:8080/studio')
  expect(signpost('http://localhost:8080')).toContain(DEMO_HOSTS[0].phone)
})
