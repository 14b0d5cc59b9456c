import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeProduct, getProduct } from '../../shared/contracts/catalogue.ts'
import { claimCoupon, dropCoupon, myCoupons } from '../../shared/contracts/coupons.ts'
import { getDesk, scheduleShow } from '../../shared/contracts/live.ts'
import {
  cancelOrder,
  HOLD_MS,
  MAX_QTY,
  myOrder,
  myOrders,
  payOrder,
  placeOrder,
  quoteOrder,
  shopOrders
} from '../../shared/contracts/orders.ts'
import { playSandbox } from '../../shared/contracts/payments.ts'
import { jobRunner } from '../jobs/runner.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import type { SignedIn } from '../testing/village.ts'
import { MAX_UNPAID, openOrders } from './orders.ts'

const NOWHERE = 'nobody-has-this'

describe.each(engines)('orders on $name', (engine) => {
  let m: Market
  beforeEach(async () => {
    m = await market(engine)
  })
  afterEach(() => m.close())

  const one = async (orderId: string, who = m.buyer) =>
    (await who.call(myOrder, { params: { orderId } })).json.order

  async function paid(orderId: string, who = m.buyer) {
    const { json } = await who.call(payOrder, { params: { orderId }, body: { method: 'sandbox' } })
    await who.call(playSandbox, { params: { paymentId: json.paymentId }, body: { outcome: 'paid' } })
  }

  async function show(productIds = [m.clams.productId], host = m.host) {
    const body = { title: '赶海归来', cover: '', startsAt: m.clock.now() + 60_000, productIds }
    return (await host.call(scheduleShow, { body })).json.show
  }

  /** A coupon of this host's shop in this buyer's pocket. */
  async function coupon(
    {
      offFen,
      thresholdFen = 0,
      lifeMs = 86_400_000
    }: { offFen: number; thresholdFen?: number; lifeMs?: number },
    host = m.host,
    who = m.buyer
  ) {
    const { id: showId } = await show([], host)
    const body = { kind: 'plain' as const, offFen, thresholdFen, total: 10, perMember: 1, lifeMs }
    const dropped = (await host.call(dropCoupon, { params: { showId }, body })).json.coupon
    const { nth } = (await who.call(claimCoupon, { params: { couponId: dropped.id } })).json
    return { couponId: dropped.id, nth }
  }

  const pocket = async (couponId: string) =>
    (await m.buyer.call(myCoupons)).json.items.find((each) => each.coupon.id === couponId)!

  const me = () => ({ id: m.buyer.me.id, name: m.buyer.me.name, roles: m.buyer.me.roles })

  /** Orders of the same village, on a server where something goes another way. */
  const beside = (other: Partial<Parameters<typeof openOrders>[0]>) =>
    openOrders({
      ...m.village,
      report: () => {},
      act: m.village.rooms.act,
      ...m.village.shop,
      goods: m.village.products,
      flash: m.village.shop.flash,
      sells: async () => true,
      ...other
    })

  async function neighbour() {
    const host = await m.signIn('赵大姐', 'host')
    await m.shopOf(host, '大姐海货')
    return { host, oysters: await m.goods(host, { title: '海蛎子', stock: 5 }) }
  }

  describe('a quote', () => {
    it('chooses the best coupon, says why the others do not count, and holds nothing', async () => {
      const small = await coupon({ offFen: 300 })
      const large = await coupon({ offFen: 800 })
      const far = await coupon({ offFen: 2000, thresholdFen: 10_000 })
      const { json } = await m.buyer.call(quoteOrder, { body: { lines: m.draft().lines } })
      expect(json).toMatchObject({
        goodsFen: CLAM_FEN,
        discountFen: 800,
        freightFen: 0,
        payFen: CLAM_FEN - 800,
        orders: [{ shopName: '秀兰海鲜', lines: [{ perishable: true, offFen: 800 }] }],
        address: { id: m.addressId },
        addressNeeded: true,
        methods: ['sandbox']
      })
      expect(
        json.coupons.map(({ couponId, best, reason, missingFen }) => ({ couponId, best, reason, missingFen }))
      ).toEqual([
        { couponId: large.couponId, best: true, reason: '', missingFen: 0 },
        { couponId: small.couponId, best: false, reason: '', missingFen: 0 },
        {
          couponId: far.couponId,
          best: false,
          reason: 'coupon_below_threshold',
          missingFen: 10_000 - CLAM_FEN
        }
      ])
      const without = await m.buyer.call(quoteOrder, {
        body: { lines: m.draft().lines, picks: [] }
      })
      expect(without.json).toMatchObject({ discountFen: 0, payFen: CLAM_FEN })
      const picked = await m.buyer.call(quoteOrder, { body: { lines: m.draft().lines, picks: [small] } })
      expect(picked.json).toMatchObject({ discountFen: 300 })
      expect(await m.stock()).toBe(10)
      expect((await pocket(large.couponId)).state).toBe('usable')
    })

    it('is refused for what nobody sells, and for more than there is', async () => {
      const ask = async (...lines: { specId: string; qty: number }[]) =>
        (await m.buyer.call(quoteOrder, { body: { lines } })).json
      const one = { specId: m.clams.specId, qty: 1 }
      expect(await ask(one, { specId: NOWHERE, qty: 1 })).toMatchObject({ code: 'no_such_spec' })
      expect(await ask({ ...one, qty: 11 })).toMatchObject({ code: 'sold_out', details: { left: 10 } })
    })
  })

  describe('placing', () => {
    it('holds stock and coupon, copies what was true, and keeps when she ticked the perishable line', async () => {
      const off = await coupon({ offFen: 500 })
      const order = await m.order({ picks: [off], payFen: CLAM_FEN - 500 })
      expect(order).toMatchObject({
        state: 'pending',
        test: true,
        heldUntil: m.clock.now() + HOLD_MS,
        discountFen: 500,
        deliverTo: { receiver: '李梅', phone: '13900000001' },
        lines: [{ title: '红岛蛤蜊', qty: 1, priceFen: CLAM_FEN, perishable: true }],
        changes: [{ state: 'pending' }]
      })
      expect(await m.stock()).toBe(9)
      expect(await pocket(off.couponId)).toMatchObject({ state: 'used', orderId: order.id })
      const { orderLines } = m.village.store.schema
      expect(await m.village.store.read.select().from(orderLines)).toMatchObject([
        { perishableAgreedAt: m.clock.now() }
      ])
      const before = (await m.host.call(getProduct, { params: { productId: m.clams.productId } })).json
        .product
      const specs = before.specs.map((spec) => ({ ...spec, priceFen: 1 }))
      const { id: _, shop: __, version, ...words } = before
      await m.host.call(changeProduct, {
        params: { productId: before.id },
        body: { version, product: { ...words, title: '改了名', specs } }
      })
      expect((await one(order.id)).lines[0]).toMatchObject({ title: '红岛蛤蜊', priceFen: CLAM_FEN })
    })

    it('twice with the same key is one order, also at the same moment', async () => {
      const body = m.draft()
      const twins = await Promise.all(Array.from({ length: 5 }, () => m.buyer.call(placeOrder, { body })))
      const again = await m.buyer.call(placeOrder, { body })
      expect(new Set([...twins, again].map(({ json }) => json.bill.id)).size).toBe(1)
      expect(await m.stock()).toBe(9)
      const other = await m.signIn('孙燕')
      const addressId = await m.addressOf(other)
      const hers = await other.call(placeOrder, { body: { ...body, addressId } })
      expect(hers.json.bill.id).not.toBe(again.json.bill.id)
    })

    it('twice is one order, though the first took the last one while the second was still looking', async () => {
      const last = await m.goods(m.host, { title: '最后一份', stock: 1 })
      const draft = m.draft({ lines: [{ specId: last.specId, qty: 1 }], showId: (await show()).id })
      const first: string[] = []
      const slower = beside({
        goods: {
          ...m.village.products,
          async quoteIn(on, lines) {
            first.push((await m.village.orders.place(me(), draft)).id)
            return m.village.products.quoteIn(on, lines)
          }
        }
      })
      expect([(await slower.place(me(), draft)).id]).toEqual(first)
    })

    it('holds ten unpaid orders for one buyer, and the eleventh when one of them is paid or cancelled', async () => {
      const many = await m.goods(m.host, { title: '海带', stock: 60 })
      const lines = [{ specId: many.specId, qty: 1 }]
      const [first, second] = await Promise.all(Array.from({ length: MAX_UNPAID }, () => m.order({ lines })))
      const another = async () => (await m.buyer.call(placeOrder, { body: m.draft({ lines }) })).json.code
      expect(await another()).toBe('too_many_unpaid')
      expect(await m.stock(many)).toBe(60 - MAX_UNPAID)
      await paid(first!.id)
      expect([await another(), await another()]).toEqual([undefined, 'too_many_unpaid'])
      await m.buyer.call(cancelOrder, { params: { orderId: second!.id } })
      expect([await another(), await another()]).toEqual([undefined, 'too_many_unpaid'])
    })

    it('sells the last one and not the one after it', async () => {
      const lines = [{ specId: m.clams.specId, qty: 10 }]
      await m.order({ lines, payFen: 10 * CLAM_FEN })
      const { status, json } = await m.buyer.call(placeOrder, { body: m.draft() })
      expect({ status, code: json.code, details: json.details }).toEqual({
        status: 409,
        code: 'sold_out',
        details: { specId: m.clams.specId, left: 0 }
      })
      expect(await m.stock()).toBe(0)
    })

    it('refuses what is not as the screen said, and then holds nothing at all', async () => {
      const { host, oysters } = await neighbour()
      const foreign = await coupon({ offFen: 500 }, host)
      const far = await coupon({ offFen: 500, thresholdFen: 9000 })
      const used = await coupon({ offFen: 100 })
      const kept = await m.order({ picks: [used], payFen: CLAM_FEN - 100 })
      const brief = await coupon({ offFen: 700, lifeMs: 60_000 })
      const stranger = await m.signIn('孙燕')
      const one = { specId: m.clams.specId, qty: 1 }
      const refusals = [
        ['price_changed', { payFen: CLAM_FEN - 1 }],
        ['price_changed', { payFen: 0 }],
        ['tick_perishable', { lines: [{ ...one, agreed: false }] }],
        ['no_such_address', { addressId: await m.addressOf(stranger) }],
        ['coupon_wrong_shop', { picks: [foreign], payFen: CLAM_FEN - 500 }],
        ['coupon_below_threshold', { picks: [far], payFen: CLAM_FEN - 500 }],
        ['coupon_used', { picks: [used], payFen: CLAM_FEN - 100 }],
        ['coupon_not_yours', { picks: [{ couponId: NOWHERE, nth: 1 }] }],
        ['no_such_spec', { lines: [one, { specId: NOWHERE, qty: 1 }] }],
        ['bad_input', { lines: [{ ...one, qty: MAX_QTY }, one] }],
        ['bad_input', { lines: [{ ...one, qty: -1 }] }],
        ['bad_input', { lines: [{ ...one, qty: 0 }] }],
        ['bad_input', { lines: [{ ...one, qty: 1e15 }] }],
        ['bad_input', { lines: [] }],
        ['bad_input', { payFen: -CLAM_FEN }]
      ] as const
      for (const [code, more] of refusals) {
        const { json } = await m.buyer.call(placeOrder, { body: m.draft(more as object) })
        expect(json.code, JSON.stringify(more)).toBe(code)
      }
      m.clock.pass(60_000)
      const late = await m.buyer.call(placeOrder, {
        body: m.draft({ picks: [brief], payFen: CLAM_FEN - 700 })
      })
      expect(late.json.code).toBe('coupon_over')
      expect(await m.stock()).toBe(9)
      expect(await m.stock(oysters)).toBe(5)
      expect((await pocket(far.couponId)).state).toBe('usable')
      expect((await m.buyer.call(myOrders)).json.items.map(({ id }) => id)).toEqual([kept.id])
    })

    it('is complete at once when a coupon leaves nothing to pay', async () => {
      const whole = await coupon({ offFen: 1_000_000 })
      const order = await m.order({ picks: [whole], payFen: 0 })
      expect(order).toMatchObject({ state: 'paid', payFen: 0, discountFen: CLAM_FEN, paidAt: m.clock.now() })
      const pay = await m.buyer.call(payOrder, { params: { orderId: order.id }, body: { method: 'sandbox' } })
      expect(pay.json.code).toBe('order_paid')
      m.clock.pass(HOLD_MS + 1)
      await m.village.orders.expireOverdue()
      expect((await one(order.id)).state).toBe('paid')
      expect(await m.stock()).toBe(9)
    })
  })

  describe('an order that is not paid', () => {
    it('gives stock and coupon back when she cancels, once however often she does', async () => {
      const off = await coupon({ offFen: 500 })
      const { id: orderId } = await m.order({ picks: [off], payFen: CLAM_FEN - 500 })
      await m.buyer.call(payOrder, { params: { orderId }, body: { method: 'sandbox' } })
      const first = await m.buyer.call(cancelOrder, { params: { orderId } })
      expect(first.json.order).toMatchObject({ state: 'cancelled', changes: [{}, { state: 'cancelled' }] })
      const again = await m.buyer.call(cancelOrder, { params: { orderId } })
      expect(again.json.order.changes).toHaveLength(2)
      expect(await m.stock()).toBe(10)
      expect(await pocket(off.couponId)).toMatchObject({ state: 'usable', orderId: '' })
      const pay = await m.buyer.call(payOrder, { params: { orderId }, body: { method: 'sandbox' } })
      expect(pay.json.code).toBe('order_closed')
    })

    it('is held to the last millisecond of its quarter of an hour, and then returned', async () => {
      const off = await coupon({ offFen: 500 })
      const { id: orderId, heldUntil } = await m.order({ picks: [off], payFen: CLAM_FEN - 500 })
      m.clock.set(heldUntil - 1)
      await m.village.orders.expireOverdue()
      expect((await one(orderId)).state).toBe('pending')
      m.clock.set(heldUntil)
      await m.village.orders.expireOverdue()
      expect(await one(orderId)).toMatchObject({ state: 'expired', changes: [{}, { state: 'expired' }] })
      expect(await m.stock()).toBe(10)
      expect((await pocket(off.couponId)).state).toBe('usable')
      const late = await m.buyer.call(cancelOrder, { params: { orderId } })
      expect(late.json.code).toBe('order_closed')
    })

    it('is returned once when two servers sweep at the same moment', async () => {
      const orders = await Promise.all(Array.from({ length: 6 }, () => m.order()))
      const second = await m.another()
      m.clock.pass(HOLD_MS)
      expect(await m.stock()).toBe(4)
      await Promise.all([m.village, second, m.village, second].map((each) => each.orders.expireOverdue()))
      expect(await m.stock()).toBe(10)
      for (const { id } of orders) expect((await one(id)).changes).toHaveLength(2)
    })

    it('is returned once by the server that comes after a crash', async () => {
      const off = await coupon({ offFen: 500 })
      const { id: orderId } = await m.order({ picks: [off], payFen: CLAM_FEN - 500 })
      await m.buyer.call(payOrder, { params: { orderId }, body: { method: 'sandbox' } })
      m.clock.pass(3 * HOLD_MS)
      const next = await m.another()
      await next.jobs.runDue()
      await next.orders.expireOverdue()
      expect(await m.stock()).toBe(10)
      expect(await one(orderId)).toMatchObject({ state: 'expired' })
      expect((await pocket(off.couponId)).state).toBe('usable')
    })

    it('is found however many are over at the same moment', async () => {
      const many = await m.goods(m.host, { title: '海带', stock: 60 })
      for (let i = 0; i < 60 / MAX_UNPAID; i++) {
        const who = await m.signIn('孙燕')
        const more = { lines: [{ specId: many.specId, qty: 1 }], addressId: await m.addressOf(who) }
        for (let n = 0; n < MAX_UNPAID; n++) await m.order(more, who)
      }
      expect(await m.stock(many)).toBe(0)
      m.clock.pass(HOLD_MS)
      await m.village.orders.expireOverdue()
      expect(await m.stock(many)).toBe(60)
    })
  })

  it('one that waits for its gateway keeps nobody else’s goods, also later', async () => {
    const jobs = jobRunner({ store: m.village.store, clock: m.clock, report: () => {} })
    const gateway = Promise.withResolvers<'unsure'>()
    const asked = Promise.withResolvers<void>()
    const closeFor = () => (asked.resolve(), gateway.promise)
    beside({ jobs, payments: { ...m.village.payments, closeFor } })
    const { id: orderId } = await m.order()
    await m.buyer.call(payOrder, { params: { orderId }, body: { method: 'sandbox' } })
    m.clock.pass(HOLD_MS / 2)
    await m.order()
    m.clock.pass(HOLD_MS / 2)
    const sweeps = [jobs.runDue()]
    await asked.promise
    m.clock.pass(HOLD_MS / 2)
    const swept = () => {
      m.clock.pass(1_000)
      sweeps.push(jobs.runDue())
      return m.stock()
    }
    await expect.poll(swept).toBe(9)
    gateway.resolve('unsure')
    await Promise.all(sweeps)
  })

  describe('who sees an order', () => {
    it('is she alone, and the shop once there is something to pack', async () => {
      const { host: rival } = await neighbour()
      const stranger = await m.signIn('孙燕')
      const { id: orderId } = await m.order()
      for (const contract of [myOrder, cancelOrder]) {
        expect((await stranger.call(contract, { params: { orderId } })).json.code).toBe('no_such_order')
        expect((await m.host.call(contract, { params: { orderId } })).json.code).toBe('no_such_order')
        expect((await stranger.call(contract, { params: { orderId: NOWHERE } })).json.code).toBe(
          'no_such_order'
        )
      }
      const pay = await stranger.call(payOrder, { params: { orderId }, body: { method: 'sandbox' } })
      expect(pay.json.code).toBe('no_such_order')
      expect((await stranger.call(myOrders)).json.items).toEqual([])
      const shopsView = (who: SignedIn) => who.call(shopOrders, { query: {} })
      const waiting = await shopsView(m.host)
      expect(waiting.json.items).toMatchObject([
        { id: orderId, deliverTo: { receiver: '李**', phone: '', detail: '' } }
      ])
      expect(waiting.text).not.toContain('13900000001')
      await paid(orderId)
      expect((await shopsView(m.host)).json.items).toMatchObject([
        { id: orderId, test: true, deliverTo: { receiver: '李梅', phone: '13900000001' } }
      ])
      expect((await shopsView(rival)).json.items).toEqual([])
      expect((await shopsView(m.buyer)).json.code).toBe('role_missing')
    })

    it('reads her orders page by page, the newest first', async () => {
      const made: string[] = []
      for (let i = 0; i < 3; i++) {
        made.push((await m.order()).id)
        m.clock.pass(1)
      }
      const read = async (after?: string) =>
        (await m.buyer.call(myOrders, { query: after ? { after } : {} })).json.items.map(({ id }) => id)
      expect(await read()).toEqual(made.toReversed())
      expect(await read(made[1]!)).toEqual([made[0]])
      const stranger = await m.signIn('孙燕')
      const peek = await stranger.call(myOrders, { query: { after: made[1]! } })
      expect(peek.json.code).toBe('no_such_order')
    })
  })

  describe('the desk', () => {
    const facts = async (showId: string) => {
      const { roomEvents } = m.village.store.schema
      return (await m.village.store.read.select().from(roomEvents))
        .filter((fact) => fact.roomId === `desk:${showId}`)
        .sort((a, b) => a.n - b.n)
    }

    it('hears of orders from its own shelf, with a masked name and no address, and counts test money apart', async () => {
      const { id: showId } = await show()
      const first = await m.order({ showId })
      m.clock.pass(1)
      const second = await m.order({ showId })
      await paid(first.id)
      await m.buyer.call(cancelOrder, { params: { orderId: second.id } })
      const told = await facts(showId)
      expect(told.map(({ type, body }) => [type, body.orderId])).toEqual([
        ['order_placed', first.id],
        ['order_placed', second.id],
        ['order_paid', first.id],
        ['order_closed', second.id]
      ])
      expect(told[2]!.body).toEqual({
        orderId: first.id,
        buyer: '李**',
        title: '红岛蛤蜊',
        qty: 1,
        payFen: CLAM_FEN,
        test: true
      })
      const desk = await m.host.call(getDesk, { params: { showId } })
      expect(desk.json).toMatchObject({ orders: 1, paidFen: 0, testFen: CLAM_FEN })
      expect(desk.json.latest.map(({ orderId, state }) => [orderId, state])).toEqual([
        [second.id, 'cancelled'],
        [first.id, 'paid']
      ])
      for (const secret of ['李梅', '13900000001', '红岛街道']) {
        expect(desk.text + JSON.stringify(told)).not.toContain(secret)
      }
    })

    it('hears nothing of an order that only says it was bought there', async () => {
      const { host, oysters } = await neighbour()
      const { id: showId } = await show([oysters.productId], host)
      expect(await m.order({ showId })).toMatchObject({ showId: '' })
      expect(await m.order({ showId: NOWHERE })).toMatchObject({ showId: '' })
      expect(await facts(showId)).toEqual([])
    })
  })
})
