import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Body } from '../../shared/contract.ts'
import { claimCoupon, dropCoupon } from '../../shared/contracts/coupons.ts'
import { scheduleShow } from '../../shared/contracts/live.ts'
import { HOLD_MS, type Bill, type placeOrder } from '../../shared/contracts/orders.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market, type Place } from '../testing/market.ts'
import { mortals, type Mortals } from '../testing/mortal.ts'

const BUYERS = 6
const KILLS = 6
const STOCK = 1_000
const OFF_FEN = 500
/** Answers that a server gives before it dies, and how far into the next ones that may be. */
const FEWEST = 6
const MOST = 14
const INTO_MS = 12
const MINUTES = 120_000

/** What becomes of an order, as far as its buyer has a say. */
const FATES = ['paid', 'repeated', 'silent', 'left', 'cancelled', 'failed'] as const

interface Wish {
  cookie: string
  fate: (typeof FATES)[number]
  draft: Body<typeof placeOrder>
  /** What she was answered; empty until then. */
  orderId: string
}

class NoAnswer extends Error {}

let m: Market
let servers: Mortals<Place, number>
beforeAll(() => void (servers = mortals(path.join(import.meta.dirname, 'killed-server.ts'))))
afterAll(() => servers.leave())
beforeEach(async () => {
  m = await market(engines[0]!, {}, settableClock(Date.now()))
})
afterEach(async () => {
  await servers.killAll()
  await m.close()
})

/** What every buyer wishes for: each fate once, in an order of her own, with a coupon for each. */
async function wishedFor() {
  const goods = await m.goods(m.host, { title: '海带', stock: STOCK })
  const startsAt = m.clock.now() + 60_000
  const draft = { title: '早潮', cover: '', startsAt, productIds: [goods.productId] }
  const showId = (await m.host.call(scheduleShow, { body: draft })).json.show.id
  const promise = { kind: 'plain', offFen: OFF_FEN, thresholdFen: 0, total: 99, perMember: 6 } as const
  const body = { ...promise, lifeMs: 86_400_000 }
  const couponId = (await m.host.call(dropCoupon, { params: { showId }, body })).json.coupon.id
  const wishes: Wish[][] = []
  for (let i = 0; i < BUYERS; i++) {
    const buyer = await m.signIn(`买家${i}`)
    const addressId = await m.addressOf(buyer)
    const hers: Wish[] = []
    for (const [n, fate] of FATES.entries()) {
      await buyer.call(claimCoupon, { params: { couponId } })
      const lines = [{ specId: goods.specId, qty: 2 }]
      const payFen = 2 * CLAM_FEN - OFF_FEN
      const wish = m.draft({ lines, addressId, showId, payFen, picks: [{ couponId, nth: n + 1 }] })
      hers.push({ cookie: buyer.cookie, fate, draft: wish, orderId: '' })
    }
    wishes.push(hers.toSorted(() => Math.random() - 0.5))
  }
  return { wishes, specId: goods.specId, showId }
}

/** What is on disk, read by somebody who knows nothing of the servers. */
async function books(specId: string, showId: string) {
  const { schema, read } = m.village.store
  const orders = (await read.select().from(schema.orders)).filter((order) => order.showId === showId)
  const lines = await read.select().from(schema.orderLines)
  const [spec] = await read.select().from(schema.specs).where(eq(schema.specs.id, specId))
  const claims = await read.select().from(schema.claims)
  const payments = await read.select().from(schema.payments)
  const facts = await read.select().from(schema.roomEvents)
  const holding = orders.filter(({ state }) => state === 'pending' || state === 'paid')
  return {
    orders: new Map(orders.map((order) => [order.id, order])),
    holding: holding.map(({ id }) => id).toSorted(),
    usedBy: claims.flatMap(({ orderId }) => orderId || []).toSorted(),
    paid: orders.flatMap(({ id, state }) => (state === 'paid' ? id : [])).toSorted(),
    paidFor: payments.flatMap(({ orderId, state }) => (state === 'paid' ? orderId : [])).toSorted(),
    held: lines.flatMap(({ orderId, qty }) => (holding.some(({ id }) => id === orderId) ? qty : [])),
    stock: spec!.stock,
    refunds: await read.$count(schema.refunds),
    told: (fact: string) =>
      facts
        .filter(({ type }) => type === fact)
        .map(({ body }) => (body as { orderId: string }).orderId)
        .toSorted()
  }
}

it(
  'a server killed between any two steps of buying loses no answer, and holds nothing for nobody',
  async () => {
    const { wishes, specId, showId } = await wishedFor()
    const waiting = wishes.map((hers) => [...hers])
    const { databaseUrl, dataDir } = m.place
    const start = () => servers.start({ databaseUrl, dataDir })
    let server = await start()
    let answers = 0

    async function ask<Answer>({ cookie }: Wish, url: string, body: object = {}): Promise<Answer> {
      const headers = { cookie, 'content-type': 'application/json' }
      const init = { method: 'POST', headers, body: JSON.stringify(body) }
      const answer = await fetch(`http://127.0.0.1:${server.answer}${url}`, init).catch(() => undefined)
      const text = await answer?.text().catch(() => undefined)
      if (!answer || text === undefined) throw new NoAnswer(url)
      answers++
      const json = JSON.parse(text) as Answer & { code?: string }
      if (answer.status !== 200 && json.code !== 'order_paid') throw new Error(`${url}: ${text}`)
      return json
    }

    /** All of one wish from its beginning, for what has been done already is only answered again. */
    async function pursue(wish: Wish) {
      const { bill } = await ask<{ bill: Bill }>(wish, '/api/orders', wish.draft)
      const order = bill.orders[0]!
      expect(order.id).toBe(wish.orderId || order.id)
      wish.orderId = order.id
      if (order.state === 'cancelled') return
      const mine = `/api/me/orders/${order.id}`
      const { paymentId } = await ask<{ paymentId?: string }>(wish, `${mine}/pay`, { method: 'sandbox' })
      if (wish.fate === 'cancelled') await ask(wish, `${mine}/cancel`)
      else if (wish.fate !== 'left' && paymentId) {
        await ask(wish, `/api/sandbox/payments/${paymentId}/play`, { outcome: wish.fate })
      }
    }

    async function check() {
      const now = await books(specId, showId)
      expect(now.stock + now.held.reduce((sum, qty) => sum + qty, 0)).toBe(STOCK)
      expect(now.usedBy).toEqual(now.holding)
      expect(now.paidFor).toEqual(now.paid)
      expect(now.refunds).toBe(0)
      expect(now.told('order_placed')).toEqual([...now.orders.keys()].toSorted())
      expect(now.told('order_paid')).toEqual(now.paid)
      const answered = wishes.flat().filter(({ orderId }) => orderId)
      expect(answered.map(({ orderId }) => now.orders.get(orderId)?.key)).toEqual(
        answered.map(({ draft }) => draft.key)
      )
      return now
    }

    for (let kills = 0; waiting.some((hers) => hers.length); kills++) {
      const enough = kills < KILLS ? answers + FEWEST + Math.random() * (MOST - FEWEST) : Infinity
      let dying: Promise<void> | undefined
      await Promise.all(
        waiting.map(async (hers) => {
          for (let wish = hers[0]; wish; wish = hers[0]) {
            try {
              await pursue(wish)
            } catch (error) {
              if (error instanceof NoAnswer && dying) return
              throw error
            }
            hers.shift()
            if (answers >= enough) dying ??= sleep(Math.random() * INTO_MS).then(server.kill)
          }
        })
      )
      await dying
      await check()
      if (dying) server = await start()
    }
    await server.kill()

    m.clock.set(Date.now() + HOLD_MS)
    await m.village.orders.expireOverdue()
    const { orders, paid } = await check()
    const ends = wishes.flat().map(({ fate, orderId }) => `${fate}: ${orders.get(orderId)!.state}`)
    expect(new Set(ends)).toEqual(
      new Set([
        'paid: paid',
        'repeated: paid',
        'silent: paid',
        'left: expired',
        'failed: expired',
        'cancelled: cancelled'
      ])
    )
    expect([orders.size, paid.length]).toEqual([BUYERS * FATES.length, BUYERS * 3])
  },
  MINUTES
)
