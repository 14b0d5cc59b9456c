import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../testing/engines.ts'
import { market, type Market } from '../testing/market.ts'
import { mortals, type Mortals } from '../testing/mortal.ts'
import type { Errand } from './killed-gate.ts'
import { actId, guests } from './testing.ts'

const MEALS = 99
/** What is on disk when the server dies: each time a little more. */
const AT = [1, 50]
const LOOK_MS = 3
const MINUTES = 180_000

let servers: Mortals<Errand, string>
beforeAll(() => void (servers = mortals(path.join(import.meta.dirname, 'killed-gate.ts'))))
afterAll(() => servers.leave())

describe.each(engines)(
  'a server killed while a gate hands in its evening, on $name',
  { timeout: MINUTES },
  (engine) => {
    let m: Market
    let at: Awaited<ReturnType<typeof guests>>
    beforeEach(async () => {
      m = await market(engine)
      at = await guests(m)
    })
    afterEach(async () => {
      await servers.killAll()
      await m.close()
    })

    it('leaves each redemption whole or not there, and the rest is handed in again', async () => {
      const { orderId } = await at.bought(MEALS)
      const { store } = m.village
      const { vouchers: table, redemptions, notices } = store.schema
      const vouchers = await store.read.select().from(table)
      const now = m.clock.now()
      const items = vouchers.map(({ code }) => ({ id: actId(), text: code, at: now }))
      const { id, name, roles } = m.host.me
      const errand: Errand = {
        place: { databaseUrl: m.place.databaseUrl, dataDir: m.place.dataDir },
        now,
        me: { id, name, roles },
        evening: { gateId: 'gate-on-the-flat', gateName: '滩上', items }
      }
      const tried = () => store.read.select().from(redemptions)

      for (const there of AT) {
        const server = await servers.start(errand)
        while ((await tried()).length < there) await sleep(LOOK_MS)
        await server.kill()
        const written = await tried()
        expect(written.every(({ outcome }) => outcome === 'redeemed')).toBe(true)
        const used = (await store.read.select().from(table)).filter(({ state }) => state === 'redeemed')
        expect(used.map(({ redeemedBy }) => redeemedBy).toSorted()).toEqual(
          written.map((row) => row.id).toSorted()
        )
        const told = await store.read.select().from(notices)
        expect(told.filter(({ kind }) => kind === 'voucher_redeemed')).toHaveLength(used.length)
      }
      const got = await at.sync(items)
      expect(new Set(got.map(({ outcome }) => outcome))).toEqual(new Set(['redeemed']))
      expect(await tried()).toHaveLength(MEALS)
      expect(await at.orderOf(orderId)).toMatchObject({ state: 'paid', refundedFen: 0 })
    })
  }
)
