import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../testing/engines.ts'
import { market, type Market } from '../testing/market.ts'
import { mortals, type Mortals } from '../testing/mortal.ts'
import { settableClock } from '../testing/clock.ts'
import type { Errand } from './killed-packer.ts'
import { packers } from './testing.ts'

const BOXES = 24
const KILLS = 4
/** Boxes that a server packs before it dies, and how far into the next one that may be. */
const MOST = 3
const INTO_MS = 30
const LOOK_MS = 5
const MINUTES = 240_000

let servers: Mortals<Errand, string>
beforeAll(() => void (servers = mortals(path.join(import.meta.dirname, 'killed-packer.ts'))))
afterAll(() => servers.leave())

describe.each(engines)('a packer killed between any two steps, on $name', { timeout: MINUTES }, (engine) => {
  let m: Market
  beforeEach(async () => {
    m = await market(engine, {}, settableClock(Date.now()))
  })
  afterEach(async () => {
    await servers.killAll()
    await m.close()
  })

  /** What is on disk, read by somebody who knows nothing of the servers. */
  async function books() {
    const { schema, read } = m.village.store
    const orders = await read.select().from(schema.orders)
    const parcels = await read.select().from(schema.parcels)
    const notices = await read.select().from(schema.notices)
    const changes = await read.select().from(schema.orderChanges)
    const jobs = await read.select().from(schema.jobs)
    return { orders, parcels, notices, changes, jobs }
  }

  /** No half parcel: all orders of a box or none, each as its parcel stands, and whoever must hear of it has. */
  async function check() {
    const { orders, parcels, notices, changes, jobs } = await books()
    const inside = Map.groupBy(orders, ({ parcelId }) => parcelId)
    for (const { id, state, code } of parcels) {
      const states = (inside.get(id) ?? []).map((order) => order.state)
      expect(states, code).toEqual(state === 'undone' ? [] : [state, state])
    }
    for (const order of inside.get('') ?? []) expect(order.state).toBe('paid')
    const sent = parcels.filter(({ state }) => state === 'shipped')
    expect(notices.filter(({ kind }) => kind === 'parcel_shipped')).toHaveLength(sent.length)
    expect(
      jobs
        .map(({ id }) => id)
        .filter((id) => id.startsWith('due-'))
        .toSorted()
    ).toEqual(sent.map(({ id }) => `due-${id}`).toSorted())
    for (const { id, state } of orders) {
      const hers = changes.filter(({ orderId }) => orderId === id).toSorted((a, b) => a.n - b.n)
      expect(hers.at(-1)!.state).toBe(state)
      expect(hers.map(({ n }) => n)).toEqual(hers.map((_, i) => i + 1))
    }
    return sent.length
  }

  it('leaves no half parcel, and the next one goes on where it stopped', async () => {
    const at = packers(m)
    const oysters = await m.goods(m.host, { title: '海蛎子', stock: 48 })
    const boxes: string[][] = []
    for (let i = 0; i < BOXES; i++) {
      const one = () => at.bought({ lines: [{ specId: oysters.specId, qty: 1 }] })
      boxes.push([await one(), await one()])
    }
    const { databaseUrl, dataDir } = m.place
    const errand = {
      place: { databaseUrl, dataDir },
      me: { id: m.host.me.id, name: m.host.me.name, roles: m.host.me.roles },
      boxes
    }
    const { schema, read } = m.village.store
    const sent = async () => read.$count(schema.parcels, eq(schema.parcels.state, 'shipped'))
    let before = 0
    for (let kills = 0; kills < KILLS; kills++) {
      const server = await servers.start(errand)
      const enough = before + Math.ceil(Math.random() * MOST)
      while ((await sent()) < enough) await sleep(LOOK_MS)
      await sleep(Math.random() * INTO_MS)
      await server.kill()
      before = await check()
      expect(before).toBeLessThan(BOXES)
    }
    await servers.start(errand)
    while ((await sent()) < BOXES) await sleep(LOOK_MS)
    expect(await check()).toBe(BOXES)
  })
})
