import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../testing/engines.ts'
import { market } from '../testing/market.ts'
import { together, type Together } from '../testing/together.ts'
import type { Errand } from './reviewer.ts'
import { reviewing } from './testing.ts'

const SERVERS = 2
/** Each opens a whole village first, on whatever machine this is. */
const MINUTES = 180_000

let servers: Together<Errand, string[]>
beforeAll(() => void (servers = together(path.join(import.meta.dirname, 'reviewer.ts'), SERVERS)))
afterAll(() => servers.leave())

describe.each(engines)('two servers on $name', { timeout: MINUTES }, (engine) => {
  it('take one review of a line that is reviewed at both at once, and count each star once', async () => {
    const m = await market(engine)
    const r = reviewing(m)
    const orderIds: string[] = []
    for (let i = 0; i < 6; i++) orderIds.push(await r.came())
    const { databaseUrl, dataDir } = m.place
    const errand = (stars: number): Errand => ({
      place: { databaseUrl, dataDir },
      now: m.clock.now(),
      me: { id: m.buyer.me.id, name: m.buyer.me.name, roles: m.buyer.me.roles },
      orderIds,
      specId: m.clams.specId,
      stars
    })
    const got = await servers.go([errand(5), errand(3)])
    for (const i of orderIds.keys()) {
      expect(got.map((each) => each[i]).filter((outcome) => outcome === 'reviewed')).toHaveLength(1)
    }
    const { test, items } = (await r.page()).json
    expect(items).toHaveLength(orderIds.length)
    const stars = (n: number) => items.filter((item) => item.stars === n).length
    expect(test.counts).toEqual([0, 0, stars(3), 0, stars(5)])
    await m.close()
  })
})
