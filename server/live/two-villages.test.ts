import { inject, afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { getRoom, pinProduct } from '../../shared/contracts/live.ts'
import { openVillage, type Village } from '../app.ts'
import { memoryBus } from '../bus/memory.ts'
import { systemClock } from '../clock.ts'
import { readSettings } from '../settings.ts'
import { openStore } from '../store/open.ts'
import { engines } from '../testing/engines.ts'
import { people, testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { watch, type Viewer } from '../testing/viewer.ts'
import { openRooms } from './rooms.ts'
import { newProduct, newShop, newShow } from './testing.ts'

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)

describe.skipIf(!inject('redisUrl'))('two servers of one village on PostgreSQL and Valkey', () => {
  let here: TestVillage
  let there: Village
  let host: SignedIn
  let operatorThere: SignedIn
  const open: Viewer[] = []

  beforeAll(async () => {
    const postgres = engines.find(({ name }) => name === 'postgres')!
    const redisUrl = inject('redisUrl')
    here = await testVillage({ engine: postgres, settings: { redisUrl } })
    const { databaseUrl, dataDir, secret } = here.village.settings
    const standard = readSettings({ DEMO: '0', LOG_LEVEL: 'error' })
    there = await openVillage({ ...standard, databaseUrl, redisUrl, secret, dataDir: `${dataDir}/there` })
    host = await here.signIn('王秀兰', 'host')
    operatorThere = await people(there).signIn('帮手', 'operator')
  })
  afterAll(async () => {
    for (const viewer of open) viewer.ws.terminate()
    await there.close()
    await here.close()
  })

  async function enter(village: Village, showId: string, who?: SignedIn) {
    const viewer = await watch(village, `/ws/rooms/${showId}?after=0`, who)
    open.push(viewer)
    await vi.waitFor(() => expect(viewer.all('welcome')).toHaveLength(1))
    return viewer
  }

  it('hear each other’s facts, once and in the same order', async () => {
    const showId = await newShow(here, host)
    const viewers = [await enter(here.village, showId), await enter(there, showId)]
    const pin = (village: Village, i: number) =>
      village.rooms.act((_tx, tell) => tell(showId, 'product_pinned', { productId: `p${i}` }, host.me.id), {
        hot: `room:${showId}`
      })
    await Promise.all(upTo(60).map((i) => pin(i % 2 ? here.village : there, i)))
    for (const viewer of viewers) {
      await vi.waitFor(() => expect(viewer.numbers()).toHaveLength(60), 10_000)
      expect(viewer.numbers()).toEqual(upTo(60))
    }
    expect(viewers[0]!.all('product_pinned')).toEqual(viewers[1]!.all('product_pinned'))
  })

  it('talk with each other, and say nothing twice that was sent to both', async () => {
    const showId = await newShow(here, host)
    const speaker = await enter(here.village, showId, host)
    const answering = await enter(there, showId, operatorThere)
    const again = await enter(there, showId, host)
    for (let i = 0; i < 10; i++) {
      speaker.say(`h${i}`, '来了来了')
      answering.say(`o${i}`, '好的')
      again.say(`h${i}`, '来了来了')
    }
    await vi.waitFor(() => expect(speaker.all('said').length + again.all('said').length).toBe(20), 10_000)
    for (const viewer of [speaker, answering, again]) {
      await vi.waitFor(() => expect(viewer.numbers()).toEqual(upTo(20)), 5_000)
      expect(new Set(viewer.all('message_said').map(({ id }) => id)).size).toBe(20)
    }
  })

  it('count their viewers together', async () => {
    const showId = await newShow(here, host)
    const one = await enter(here.village, showId)
    await enter(there, showId)
    await enter(there, showId)
    await vi.waitFor(() => expect(one.all('viewers').at(-1)).toEqual({ count: 3 }), 8_000)
  })

  it('show a pin made on the one to whoever looks at the other', async () => {
    await newShop(host)
    const product = await newProduct(host, '红岛蛤蜊')
    const showId = await newShow(here, host, [product.id])
    const look = async () => (await people(there).guest.call(getRoom, { params: { showId } })).json
    expect((await look()).pinnedProductId).toBe('')
    await host.call(pinProduct, { params: { showId }, body: { productId: product.id } })
    await vi.waitFor(async () => expect((await look()).pinnedProductId).toBe(product.id), 3_000)
  })
})

describe.each(engines)('rooms whose bus has fallen silent, on $name', ({ make }) => {
  it('hear of everything all the same', async () => {
    const place = await make()
    const store = await openStore({ ...place, redisUrl: '' })
    const deaf = { ...memoryBus(() => {}), publish: async () => Promise.reject(new Error('the bus is away')) }
    const [one, other] = [0, 1].map(() => openRooms({ store, bus: deaf, clock: systemClock, beatMs: 50 }))
    try {
      await store.tx((tx) => one!.open(tx, 'r1'))
      const heard: string[] = []
      const socket = {
        writable: true,
        writableLength: 0,
        write: (frame: Buffer) => heard.push(frame.toString())
      }
      const listener = { ws: { readyState: 1 }, raw: socket, laggedSince: undefined } as never
      const ear = await other!.enter('r1', listener)
      await ear.join(0)
      for (const i of upTo(3)) {
        await one!.act((_tx, tell) => tell('r1', 'product_pinned', { productId: `p${i}` }, 'host'))
      }
      await vi.waitFor(() =>
        expect([...heard.join('').matchAll(/"(p\d)"/g)].map(([, id]) => id)).toEqual(['p1', 'p2', 'p3'])
      )
    } finally {
      await one!.close()
      await other!.close()
      await store.close()
      await place.drop()
    }
  })
})
