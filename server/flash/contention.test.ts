import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFlash } from '../../shared/contracts/flash.ts'
import { scheduleShow } from '../../shared/contracts/live.ts'
import { engines } from '../testing/engines.ts'
import { market, type Market } from '../testing/market.ts'
import { together, type Together } from '../testing/together.ts'
import type { Errand } from './rusher.ts'

const SERVERS = 2
const BUYERS = 10_000
const UNITS = 200
const MINUTES = 300_000

let servers: Together<Errand, Record<string, number>>
beforeAll(() => void (servers = together(path.join(import.meta.dirname, 'rusher.ts'), SERVERS)))
afterAll(() => servers.leave())

describe.each(engines)('a flash sale at two servers on $name', { timeout: MINUTES }, (engine) => {
  let m: Market
  beforeEach(async () => {
    m = await market(engine)
  })
  afterEach(() => m.close())

  it('sells two hundred to ten thousand buyers, and not one more', async () => {
    const meals = await m.goods(m.host, {
      title: '海鲜大餐',
      stock: 1_000,
      kind: 'voucher',
      perishable: false
    })
    const body = { title: '闪购', cover: '', startsAt: m.clock.now() + 60_000, productIds: [meals.productId] }
    const { id: showId } = (await m.host.call(scheduleShow, { body })).json.show
    const draft = {
      specId: meals.specId,
      priceFen: 990,
      total: UNITS,
      perMember: 1,
      waitMs: 0,
      lifeMs: 600_000
    }
    const { flash } = (await m.host.call(startFlash, { params: { showId }, body: draft })).json
    const { databaseUrl, dataDir } = m.place
    const half = BUYERS / SERVERS
    const counts = await servers.go(
      Array.from({ length: SERVERS }, (_, i) => ({
        place: { databaseUrl, dataDir },
        now: m.clock.now(),
        specId: meals.specId,
        flashId: flash.id,
        priceFen: 990,
        from: i * half,
        many: half
      }))
    )
    const all: Record<string, number> = {}
    for (const each of counts) for (const [code, n] of Object.entries(each)) all[code] = (all[code] ?? 0) + n
    expect(all).toEqual({ bought: UNITS, flash_gone: BUYERS - UNITS })
    const { read, schema } = m.village.store
    const sales = await read.select().from(schema.flashSales)
    expect(sales.map(({ left }) => left)).toEqual([0])
    expect(await read.select().from(schema.flashTakes)).toHaveLength(UNITS)
    expect(await read.select().from(schema.orders)).toHaveLength(UNITS)
    expect(await m.stock(meals)).toBe(1_000 - UNITS)
  })
})
