import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { setStock, type Product } from '../../shared/contracts/catalogue.ts'
import { openVillage, type Village } from '../app.ts'
import { readSettings } from '../settings.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { watch, type Viewer } from '../testing/viewer.ts'
import { openStockHints } from './stock.ts'
import { newProduct, newShop, newShow } from './testing.ts'

/** What every open shelf is promised. */
const PROMISED_MS = 1_000

describe.skipIf(!inject('redisUrl'))('an open shelf, on whichever of two servers', () => {
  let here: TestVillage
  let there: Village
  let host: SignedIn
  let oysters: Product
  const shelves: Viewer[] = []

  beforeAll(async () => {
    const postgres = engines.find(({ name }) => name === 'postgres')!
    const redisUrl = inject('redisUrl')
    here = await testVillage({ engine: postgres, settings: { redisUrl } })
    const { databaseUrl, dataDir, secret } = here.village.settings
    const standard = readSettings({ DEMO: '0', LOG_LEVEL: 'error' })
    there = await openVillage({ ...standard, databaseUrl, redisUrl, secret, dataDir: `${dataDir}/there` })
    host = await here.signIn('王秀兰', 'host')
    await newShop(host)
    oysters = await newProduct(host, '海蛎子')
    const showId = await newShow(here, host, [oysters.id])
    for (const village of [here.village, there]) {
      const viewer = await watch(village, `/ws/rooms/${showId}?after=0`)
      await vi.waitUntil(() => viewer.all('welcome').length === 1)
      shelves.push(viewer)
    }
  })
  afterAll(async () => {
    for (const { ws } of shelves) ws.terminate()
    await there.close()
    await here.close()
  })

  /** Sets the stock and answers how long each shelf took to say so. */
  async function took(stock: number) {
    const specId = oysters.specs[0]!.id
    const { status } = await host.call(setStock, { params: { specId }, body: { stock } })
    expect(status).toBe(200)
    const changedAt = performance.now()
    return Promise.all(
      shelves.map(async ({ all }) => {
        await vi.waitFor(() => expect(all('stock_left').at(-1)?.shelf.left).toBe(stock), {
          timeout: 5 * PROMISED_MS,
          interval: 5
        })
        return performance.now() - changedAt
      })
    )
  }

  it('says within a second that goods are sold out, and that there are some again', async () => {
    const times: number[] = []
    for (const stock of [3, 0, 5, 0, 1]) times.push(...(await took(stock)))
    // The usual one: that this machine stalled for a moment would say nothing of the shop.
    expect(times.toSorted((a, b) => a - b)[times.length / 2]).toBeLessThan(PROMISED_MS)
  })
})

describe('hints of stock', () => {
  /** What is said and how, while the stock is what the test says it is. */
  const shelf = (left: () => number, showIds = ['s1']) => {
    const said: [left: number, pace: string | undefined][] = []
    const hints = openStockHints({
      rooms: {
        listenedTo: () => showIds,
        hint: (_room, _type, body, _reach, pace) => void said.push([(body as { left: number }).left, pace])
      },
      shelvesWith: async (productIds, shows) =>
        shows.flatMap((showId) => productIds.map((productId) => ({ showId, productId }))),
      specsOf: async ([productId]) => {
        const line = { left: left(), fromFen: 1, unit: 'jin' as const }
        return [{ productId: productId!, specId: 'x', left: left(), shelf: line }]
      },
      report: (error) => {
        throw error
      }
    })
    return { said, hints }
  }

  it('wait for their second, unless something is sold out or there again', async () => {
    let left = 9
    const { said, hints } = shelf(() => left)
    for (const next of [9, 8, 0, 0, 4, 3]) {
      const before = said.length
      left = next
      hints.changed(['p'])
      await vi.waitFor(() => expect(said).toHaveLength(before + 1))
    }
    expect(said.map(([, pace]) => pace)).toEqual([
      'at once',
      'once a second',
      'at once',
      'once a second',
      'at once',
      'once a second'
    ])
    await hints.close()
  })

  it('ask the store nothing while nobody listens on this server', async () => {
    const asked: string[][] = []
    const hints = openStockHints({
      rooms: { listenedTo: () => (asked.push([]), []), hint: () => expect.unreachable() },
      shelvesWith: async () => expect.unreachable(),
      specsOf: async () => expect.unreachable(),
      report: (error) => {
        throw error
      }
    })
    hints.changed(['p'])
    await vi.waitFor(() => expect(asked).toHaveLength(1))
    await hints.close()
  })
})
