import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Problem } from '../../shared/problems.ts'
import type { Member } from '../members/member.ts'
import { engines } from '../testing/engines.ts'
import { market, type Market } from '../testing/market.ts'
import { lotStore } from './store.ts'
import { DAY, landings } from './testing.ts'
import { OFFER_MS } from './wait.ts'

const RUNS = 40
const STEPS = 14

const qty = fc.integer({ min: 1, max: 6 })
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('land' as const), qty, planned: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('buy' as const), qty }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('give back' as const), nth: fc.nat(20), part: qty }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('count' as const), stock: fc.nat(12) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('spread' as const), nth: fc.nat(20), qty: fc.nat(8) })
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('come' as const), nth: fc.nat(20), qty: fc.nat(8) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), nth: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), nth: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), who: fc.nat(3), qty }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lapse' as const) }) }
)
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never

/** SQLite only: what is tried here is the arithmetic of many steps; both engines keep the same units apart. */
describe('random lives of a catch', () => {
  let m: Market
  let me: Member
  let waiting: Member[]
  beforeAll(async () => {
    m = await market(engines.find(({ name }) => name === 'sqlite')!)
    me = { id: m.host.me.id, name: m.host.me.name, roles: m.host.me.roles }
    waiting = await Promise.all(
      ['一', '二', '三', '四'].map(async (name) => {
        const { me } = await m.signIn(name)
        return { id: me.id, name: me.name, roles: me.roles }
      })
    )
  })
  afterAll(() => m.close())

  it('never promise more than the stock, and account for every piece, after every step', async () => {
    const lives = fc.asyncProperty(fc.array(step, { minLength: STEPS, maxLength: STEPS }), async (steps) => {
      const life = await begin()
      for (const each of steps) {
        await life.live(each)
        await life.check(each.do)
      }
    })
    const { failed, counterexample, errorInstance } = await fc.check(lives, { numRuns: RUNS })
    expect(failed, `${JSON.stringify(counterexample)} ${String(errorInstance)}`).toBe(false)
  }, 120_000)

  async function begin() {
    const { store, products, shop } = m.village
    const { lots } = shop
    const goods = await m.goods(m.host, { title: '蛤蜊', stock: 0 })
    const { specId } = goods
    const on = landings(m, goods)
    const lotIds: string[] = []
    const orders = new Map<string, number>()
    let made = 0
    /** Came onto the shelf by hand, of no landing. */
    let counted = 0

    /** What it refuses it leaves alone; anything else that goes wrong is a bug. */
    const allowed = (done: Promise<unknown>) =>
      done.catch((error: unknown) => {
        if (!(error instanceof Problem)) throw error
      })
    const versionOf = async (lotId: string) => (await lotStore(store).one(store.read, lotId))?.version ?? 0

    async function live(each: Step) {
      m.clock.pass(1)
      const lotId = 'nth' in each ? (lotIds[each.nth % Math.max(1, lotIds.length)] ?? '') : ''
      switch (each.do) {
        case 'land': {
          const landsAt = each.planned ? m.clock.now() + DAY : m.clock.now()
          const state = each.planned ? 'planned' : 'landed'
          const draft = on.draft({ state, landsAt, lines: [on.bags(each.qty)] })
          await lots.landings.add(me, draft)
          lotIds.push(draft.key)
          return
        }
        case 'buy':
          return allowed(
            store.tx(async (tx) => {
              const { stock } = (await products.specIn(tx, specId))!
              if (stock < each.qty) throw new Problem('sold_out')
              const orderId = `${goods.productId}-${++made}`
              await products.takeOffIn(tx, { specId, qty: each.qty })
              await lots.useIn(tx, orderId, [{ specId, qty: each.qty }])
              orders.set(orderId, each.qty)
            })
          )
        case 'give back': {
          const [orderId, held] = [...orders][each.nth % Math.max(1, orders.size)] ?? []
          if (!orderId || !held) return
          const back = [{ specId, qty: Math.min(each.part, held) }]
          await store.tx(async (tx) => {
            await products.giveBackIn(tx, back)
            await lots.giveBackIn(tx, orderId, back)
            await lots.freedIn(tx, [specId])
          })
          orders.set(orderId, held - back[0]!.qty)
          return
        }
        case 'count':
          counted += Math.max(0, each.stock - (await on.stock()))
          return products.setStock(me, specId, { stock: each.stock })
        case 'spread':
          return allowed(
            lots.landings.spread(me, lotId, { version: await versionOf(lotId), lines: [on.bags(each.qty)] })
          )
        case 'come':
          return allowed(
            lots.landings.land(me, lotId, {
              version: await versionOf(lotId),
              grams: 60_000,
              lines: [on.bags(each.qty)]
            })
          )
        case 'close':
          return allowed(lots.landings.close(me, lotId, { version: await versionOf(lotId) }))
        case 'lose':
          return allowed(lots.landings.lose(me, lotId, { version: await versionOf(lotId), reason: '风' }))
        case 'wait':
          return allowed(lots.waits.join(waiting[each.who]!, specId, each.qty))
        case 'lapse':
          m.clock.pass(OFFER_MS)
          return lots.waits.sweep()
      }
    }

    async function check(after: string) {
      const { lots: lotRows, lotSpecs, lotUses, stockWaits } = store.schema
      const [parts, uses, waits, stock] = await Promise.all([
        store.read.select().from(lotSpecs),
        store.read.select().from(lotUses),
        store.read.select().from(stockWaits),
        on.stock()
      ])
      const stateOf = new Map((await store.read.select().from(lotRows)).map(({ id, state }) => [id, state]))
      const mine = parts.filter((part) => part.specId === specId)
      const open = mine.filter(({ lotId }) => ['planned', 'landed'].includes(stateOf.get(lotId)!))
      const left = open.reduce((sum, part) => sum + part.left, 0)
      expect(left, `${after}: the landings promise more than the stock`).toBeLessThanOrEqual(stock)
      expect(stock - left, `${after}: came back from a landing that is over`).toBeLessThanOrEqual(counted)
      for (const part of mine) {
        const used = uses
          .filter(({ lotId, specId: of }) => lotId === part.lotId && of === specId)
          .reduce((sum, use) => sum + use.qty, 0)
        // Beyond what came there is only what was sold ahead of it, and then nothing is left to sell.
        if (part.left > 0) expect(part.left + used, `${after}: more than came`).toBeLessThanOrEqual(part.qty)
      }
      const hers = waits.filter((wait) => wait.specId === specId)
      if (hers.some(({ state }) => state === 'waiting'))
        expect(stock, `${after}: lies while one waits`).toBe(0)
      for (const { orderId, qty } of uses.filter((use) => use.specId === specId)) {
        const held =
          orders.get(orderId) ?? hers.find(({ id, state }) => id === orderId && state === 'offered')?.qty
        expect(qty, `${after}: more than it holds`).toBeLessThanOrEqual(held ?? 0)
      }
    }

    return { live, check }
  }
})
