import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { getBasket, putInBasket } from '../../shared/contracts/baskets.ts'
import { claimCoupon, dropCoupon, myCoupons } from '../../shared/contracts/coupons.ts'
import { addFreight } from '../../shared/contracts/freight.ts'
import { getDesk, scheduleShow } from '../../shared/contracts/live.ts'
import { saveAddress } from '../../shared/contracts/members.ts'
import {
  cancelOrder,
  HOLD_MS,
  myOrder,
  myOrders,
  payOrder,
  placeOrder,
  quoteOrder,
  shopOrders
} from '../../shared/contracts/orders.ts'
import { playSandbox } from '../../shared/contracts/payments.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import type { SignedIn } from '../testing/village.ts'
import type { FlashPrice } from './neighbours.ts'
import { openOrders } from './orders.ts'

const OYSTER_FEN = 2500
const LIFE_MS = 86_400_000

describe.each(engines)('a bill on $name', (engine) => {
  let m: Market
  let sister: SignedIn
  let oysters: { productId: string; specId: string; shopId: string }
  let both: { specId: string; qty: number }[]
  beforeEach(async () => {
    m = await market(engine)
    sister = await m.signIn('赵大姐', 'host')
    await m.shopOf(sister, '大姐海货')
    oysters = await m.goods(sister, { title: '海蛎子', stock: 5, priceFen: OYSTER_FEN })
    both = [
      { specId: m.clams.specId, qty: 2 },
      { specId: oysters.specId, qty: 1 }
    ]
  })
  afterEach(() => m.close())

  const BOTH_FEN = 2 * CLAM_FEN + OYSTER_FEN
  const one = async (orderId: string) => (await m.buyer.call(myOrder, { params: { orderId } })).json

  async function pay(orderId: string, outcome: 'paid' | 'repeated' = 'paid') {
    const { json } = await m.buyer.call(payOrder, { params: { orderId }, body: { method: 'sandbox' } })
    await m.buyer.call(playSandbox, { params: { paymentId: json.paymentId }, body: { outcome } })
    return json.paymentId
  }

  async function show(productIds: string[], host = m.host) {
    const body = { title: '赶海归来', cover: '', startsAt: m.clock.now() + 60_000, productIds }
    return (await host.call(scheduleShow, { body })).json.show.id
  }

  async function coupon(host: SignedIn, offFen: number, thresholdFen = 0) {
    const promise = { kind: 'plain' as const, offFen, thresholdFen, total: 10, perMember: 1, lifeMs: LIFE_MS }
    const params = { showId: await show([], host) }
    const { id: couponId } = (await host.call(dropCoupon, { params, body: promise })).json.coupon
    await m.buyer.call(claimCoupon, { params: { couponId } })
    return { couponId, nth: 1 }
  }

  const rows = () => ({ read: m.village.store.read, schema: m.village.store.schema })
  const states = async () => (await m.buyer.call(myOrders)).json.items.map(({ state }) => state)

  /** Orders of the same village, on a server where something goes another way. */
  const beside = (other: Partial<Parameters<typeof openOrders>[0]>) =>
    openOrders({
      ...m.village,
      ...m.village.shop,
      report: () => {},
      act: m.village.rooms.act,
      goods: m.village.products,
      sells: async () => true,
      ...other
    })
  const me = () => ({ id: m.buyer.me.id, name: m.buyer.me.name, roles: m.buyer.me.roles })

  describe('over two shops', () => {
    it('is quoted shop by shop, and becomes one order of each under one payment', async () => {
      const { json: quote } = await m.buyer.call(quoteOrder, { body: { lines: both } })
      expect(quote).toMatchObject({ goodsFen: BOTH_FEN, payFen: BOTH_FEN, addressNeeded: true })
      expect(new Map(quote.orders.map((order) => [order.shopName, [order.hostName, order.payFen]]))).toEqual(
        new Map([
          ['秀兰海鲜', ['王秀兰', 2 * CLAM_FEN]],
          ['大姐海货', ['赵大姐', OYSTER_FEN]]
        ])
      )
      const bill = await m.bill({ lines: both, payFen: BOTH_FEN })
      expect(bill).toMatchObject({ state: 'pending', payFen: BOTH_FEN, heldUntil: m.clock.now() + HOLD_MS })
      expect(bill.orders.map(({ billId }) => billId)).toEqual([bill.id, bill.id])
      expect(bill.orders[0]!.id).toBe(bill.id)
      expect([await m.stock(), await m.stock(oysters)]).toEqual([8, 4])

      const second = bill.orders[1]!.id
      expect(await one(second)).toMatchObject({
        order: { id: second },
        bill: { id: bill.id, payFen: BOTH_FEN, orders: [{ id: bill.id }, { id: second }] },
        methods: ['sandbox']
      })
      const paymentId = await pay(second, 'repeated')
      for (const { id } of bill.orders) {
        expect((await one(id)).order).toMatchObject({
          state: 'paid',
          test: true,
          changes: [{}, { by: 'buyer' }]
        })
      }
      const payments = await rows().read.select().from(rows().schema.payments)
      expect(payments).toMatchObject([
        { id: paymentId, orderId: bill.id, amountFen: BOTH_FEN, state: 'paid' }
      ])
      const sold = async (host: SignedIn) => (await host.call(shopOrders, { query: {} })).json.items
      expect((await sold(m.host)).map(({ payFen }) => payFen)).toEqual([2 * CLAM_FEN])
      expect((await sold(sister)).map(({ payFen }) => payFen)).toEqual([OYSTER_FEN])
    })

    it('is one order each, also when the tap comes five times at once', async () => {
      const body = m.draft({ lines: both, payFen: BOTH_FEN })
      const got = await Promise.all(Array.from({ length: 5 }, () => m.buyer.call(placeOrder, { body })))
      expect(new Set(got.map(({ json }) => json.bill.id)).size).toBe(1)
      expect(got.map(({ json }) => json.bill.orders.length)).toEqual([2, 2, 2, 2, 2])
      expect(await states()).toEqual(['pending', 'pending'])
    })

    it('is refused as a whole: what one shop has is not held when the other has nothing', async () => {
      const lines = [
        { specId: m.clams.specId, qty: 1 },
        { specId: oysters.specId, qty: 6 }
      ]
      const { json } = await m.buyer.call(placeOrder, { body: m.draft({ lines, payFen: 1 }) })
      expect(json).toMatchObject({ code: 'sold_out', details: { specId: oysters.specId, left: 5 } })
      expect([await m.stock(), await m.stock(oysters)]).toEqual([10, 5])
      expect(await states()).toEqual([])
    })

    it('gives everything back when she cancels either order, and again to nobody', async () => {
      const off = await coupon(sister, 300)
      const bill = await m.bill({ lines: both, picks: [off], payFen: BOTH_FEN - 300 })
      const { json } = await m.buyer.call(cancelOrder, { params: { orderId: bill.orders[1]!.id } })
      expect(json.order).toMatchObject({ id: bill.orders[1]!.id, state: 'cancelled' })
      expect(await states()).toEqual(['cancelled', 'cancelled'])
      const again = await m.buyer.call(cancelOrder, { params: { orderId: bill.id } })
      expect(again.json.order.changes).toHaveLength(2)
      expect([await m.stock(), await m.stock(oysters)]).toEqual([10, 5])
      expect((await m.buyer.call(myCoupons)).json.items).toMatchObject([{ state: 'usable', orderId: '' }])
    })

    it('expires as one, at the last millisecond, whoever sweeps', async () => {
      const bill = await m.bill({ lines: both, payFen: BOTH_FEN })
      const second = await m.another()
      m.clock.set(bill.heldUntil - 1)
      await m.village.orders.expireOverdue()
      expect(await states()).toEqual(['pending', 'pending'])
      m.clock.set(bill.heldUntil)
      await Promise.all([m.village, second].map((each) => each.orders.expireOverdue()))
      expect(await states()).toEqual(['expired', 'expired'])
      for (const { id } of bill.orders) {
        expect((await one(id)).order.changes.map(({ state, by }) => [state, by])).toEqual([
          ['pending', 'buyer'],
          ['expired', 'village']
        ])
      }
      expect([await m.stock(), await m.stock(oysters)]).toEqual([10, 5])
    })

    it('takes no money once it is over, not even for one of its orders: all of it goes back', async () => {
      const { id, orders, heldUntil } = await m.bill({ lines: both, payFen: BOTH_FEN })
      const { json } = await m.buyer.call(payOrder, { params: { orderId: id }, body: { method: 'sandbox' } })
      const { payments, sandboxPayments, refunds } = rows().schema
      // Her thumb was faster than our closing, and the gateway said otherwise.
      await m.village.store.tx(async (tx) => {
        await tx.update(sandboxPayments).set({ state: 'paid' })
        await tx.update(payments).set({ state: 'closed' })
      })
      m.clock.set(heldUntil)
      await m.village.orders.expireOverdue()
      const [payment] = await rows().read.select().from(payments)
      const heard = await m.village.rooms.act((tx, tell) =>
        m.village.orders.paidIn(tx, tell, { ...payment!, test: true })
      )
      expect([json.paymentId, heard]).toEqual([payment!.id, 'late'])
      expect(await states()).toEqual(['expired', 'expired'])
      for (const { id: orderId } of orders) {
        expect((await one(orderId)).order).toMatchObject({
          changes: [{}, {}, { state: 'expired', by: 'village' }]
        })
      }
      expect([await m.stock(), await m.stock(oysters)]).toEqual([10, 5])
      expect(await rows().read.select().from(refunds)).toEqual([])
    })

    it('is one of the ten that she may leave unpaid', async () => {
      const many = await m.goods(m.host, { title: '海带', stock: 60 })
      const kelp = await m.goods(sister, { title: '紫菜', stock: 60 })
      const lines = [
        { specId: many.specId, qty: 1 },
        { specId: kelp.specId, qty: 1 }
      ]
      for (let n = 0; n < 10; n++) await m.bill({ lines, payFen: 2 * CLAM_FEN })
      const { json } = await m.buyer.call(placeOrder, { body: m.draft({ lines, payFen: 2 * CLAM_FEN }) })
      expect(json.code).toBe('too_many_unpaid')
    })
  })

  describe('its money', () => {
    it('shares each coupon out over the lines that it counts for, and keeps who pays for it', async () => {
      const kelp = await m.goods(m.host, { title: '海带', stock: 9, priceFen: 1000 })
      const off = await coupon(m.host, 1000)
      const hers = await coupon(sister, 100)
      const lines = [...both, { specId: kelp.specId, qty: 1 }]
      const payFen = BOTH_FEN + 1000 - 1100
      const { json: quote } = await m.buyer.call(quoteOrder, { body: { lines } })
      expect(quote).toMatchObject({ discountFen: 1100, payFen })
      expect(quote.picks).toHaveLength(2)
      const bill = await m.bill({ lines, picks: quote.picks, payFen })
      const offs = new Map(
        bill.orders.flatMap((order) => order.lines.map((line) => [line.specId, line.offFen]))
      )
      // 1000 fen over 7980 and 1000: 888.6… and 111.3…
      expect(offs).toEqual(
        new Map([
          [m.clams.specId, 889],
          [kelp.specId, 111],
          [oysters.specId, 100]
        ])
      )
      const used = await rows().read.select().from(rows().schema.orderCoupons)
      const orderOf = new Map(bill.orders.map(({ shopId, id }) => [shopId, id]))
      expect(new Set(used)).toEqual(
        new Set([
          { orderId: orderOf.get(m.clams.shopId), ...off, offFen: 1000, payer: 'host' },
          { orderId: orderOf.get(oysters.shopId), ...hers, offFen: 100, payer: 'host' }
        ])
      )
    })

    it('is agreed upon by bill, orders, lines and coupons, whatever she buys', async () => {
      const goods = [m.clams, oysters]
      for (const [at, host] of [m.host, sister, m.host, sister].entries()) {
        goods.push(await m.goods(host, { title: `海货${at}`, stock: 9_999, priceFen: 7 + at * 331 }))
      }
      const pocket = [
        await coupon(m.host, 1001),
        await coupon(m.host, 333, 500),
        await coupon(sister, 777, 1000)
      ]
      const wish = fc.record({
        lines: fc.uniqueArray(
          fc.record({ at: fc.integer({ min: 2, max: 5 }), qty: fc.integer({ min: 1, max: 9 }) }),
          {
            selector: ({ at }) => at,
            minLength: 1
          }
        ),
        best: fc.boolean(),
        fate: fc.constantFrom('paid', 'cancelled')
      })
      await fc.assert(
        fc.asyncProperty(wish, async ({ lines: wanted, best, fate }) => {
          const lines = wanted.map(({ at, qty }) => ({ specId: goods[at]!.specId, qty }))
          const { json: quote } = await m.buyer.call(quoteOrder, {
            body: { lines, ...(!best && { picks: [] }) }
          })
          const bill = await m.bill({ lines, picks: quote.picks, payFen: quote.payFen })
          const used = await rows().read.select().from(rows().schema.orderCoupons)
          const sum = (all: number[]) => all.reduce((total, each) => total + each, 0)
          expect(sum(bill.orders.map(({ payFen }) => payFen))).toBe(quote.payFen)
          for (const order of bill.orders) {
            expect(sum(order.lines.map(({ qty, priceFen }) => qty * priceFen))).toBe(order.goodsFen)
            expect(sum(order.lines.map(({ offFen }) => offFen))).toBe(order.discountFen)
            expect(sum(used.filter(({ orderId }) => orderId === order.id).map(({ offFen }) => offFen))).toBe(
              order.discountFen
            )
            expect(order.payFen).toBe(order.goodsFen - order.discountFen + order.freightFen)
          }
          expect(bill.state).toBe(bill.payFen === 0 ? 'paid' : 'pending')
          if (bill.payFen === 0) return
          if (fate === 'cancelled') await m.buyer.call(cancelOrder, { params: { orderId: bill.id } })
          else await pay(bill.id)
        }),
        { numRuns: 12 }
      )
      const inUse = (await m.buyer.call(myCoupons)).json.items.filter(({ orderId }) => orderId)
      expect(inUse.length).toBeLessThanOrEqual(pocket.length)
    })

    it('is nothing when coupons leave nothing, and then every shop has its order at once', async () => {
      const picks = [await coupon(m.host, 1_000_000), await coupon(sister, 1_000_000)]
      const heard: string[] = []
      m.village.orders.on({ paid: async (_tx, _tell, order) => void heard.push(order.id) })
      const bill = await m.bill({ lines: both, picks, payFen: 0 })
      expect(bill).toMatchObject({ state: 'paid', payFen: 0, discountFen: BOTH_FEN })
      expect(heard).toEqual(bill.orders.map(({ id }) => id))
      const { json } = await m.buyer.call(payOrder, {
        params: { orderId: bill.id },
        body: { method: 'sandbox' }
      })
      expect(json.code).toBe('order_paid')
      expect(await rows().read.select().from(rows().schema.payments)).toEqual([])
    })

    it('waits for all of it: an order that costs nothing beside one that does is not paid yet', async () => {
      const free = await coupon(sister, 1_000_000)
      const bill = await m.bill({ lines: both, picks: [free], payFen: 2 * CLAM_FEN })
      expect(bill.orders.map(({ state, payFen }) => [state, payFen === 0])).toEqual(
        expect.arrayContaining([
          ['pending', true],
          ['pending', false]
        ])
      )
      await pay(bill.id)
      expect(await states()).toEqual(['paid', 'paid'])
    })

    it('counts what each shop takes for sending, and says why it does not send', async () => {
      const zone = { firstGrams: 1000, moreGrams: 1000, moreFen: 0, freeFromFen: 0 }
      const template = {
        name: '冷链',
        zones: [
          { ...zone, provinces: ['山东' as const], firstFen: 800 },
          { ...zone, provinces: [], firstFen: 1800 }
        ],
        refused: ['西藏' as const],
        chilledFen: 0,
        frozenFen: 0,
        cutoffMinute: 0
      }
      const freightId = (await sister.call(addFreight, { body: template })).json.template.id
      const crabs = await m.goods(sister, { title: '梭子蟹', stock: 5, freightId })
      const lines = [
        { specId: m.clams.specId, qty: 1 },
        { specId: crabs.specId, qty: 1 }
      ]
      const { json: quote } = await m.buyer.call(quoteOrder, { body: { lines } })
      expect(quote).toMatchObject({ freightFen: 800, payFen: 2 * CLAM_FEN + 800 })
      expect(new Set(quote.orders.map(({ freightFen }) => freightFen))).toEqual(new Set([0, 800]))
      const bill = await m.bill({ lines, payFen: quote.payFen })
      expect(bill.freightFen).toBe(800)

      const far = { receiver: '卓玛', phone: '13900000009', region: '西藏 拉萨 城关', detail: '1 号' }
      const addressId = (await m.buyer.call(saveAddress, { body: far })).json.address.id
      const there = await m.buyer.call(quoteOrder, { body: { lines, addressId } })
      expect(there.json.orders.map(({ delivery }) => delivery?.refused.map(({ reason }) => reason))).toEqual(
        expect.arrayContaining([[], ['refused']])
      )
      const refused = await m.buyer.call(placeOrder, { body: m.draft({ lines, addressId, payFen: 0 }) })
      expect(refused.json).toMatchObject({ code: 'not_delivered', details: { productId: crabs.productId } })
      expect(await m.stock(crabs)).toBe(4)
    })
  })

  describe('its lines', () => {
    it('are ticked one by one where they are fresh', async () => {
      const ticked = { specId: m.clams.specId, qty: 1, agreed: true }
      const lines = [ticked, { specId: oysters.specId, qty: 1, agreed: false }]
      const payFen = CLAM_FEN + OYSTER_FEN
      const { json } = await m.buyer.call(placeOrder, { body: m.draft({ lines, payFen }) })
      expect(json).toMatchObject({ code: 'tick_perishable', details: { specId: oysters.specId } })
      const dry = await m.goods(sister, { title: '虾皮', stock: 5, perishable: false })
      const bill = await m.bill({
        lines: [ticked, { specId: dry.specId, qty: 1, agreed: false }],
        payFen: 2 * CLAM_FEN
      })
      const agreed = bill.orders.flatMap((order) => order.lines.map((line) => [line.specId, line.agreed]))
      expect(new Map(agreed as [string, boolean][])).toEqual(
        new Map([
          [m.clams.specId, true],
          [dry.specId, false]
        ])
      )
    })

    it('that are vouchers need no address, and go nowhere', async () => {
      const meal = await m.goods(sister, { title: '渔家宴', stock: 5, kind: 'voucher', perishable: false })
      const alone = [{ specId: meal.specId, qty: 1 }]
      const { json: quote } = await m.buyer.call(quoteOrder, { body: { lines: alone } })
      expect(quote).toMatchObject({ addressNeeded: false, payFen: CLAM_FEN })
      const { key, payFen } = m.draft()
      const bare = await m.buyer.call(placeOrder, { body: { key, lines: alone, payFen } })
      expect(bare.json.bill.orders[0]!.deliverTo).toEqual({ receiver: '', phone: '', region: '', detail: '' })
      const lines = [...alone, { specId: m.clams.specId, qty: 1, agreed: true }]
      const wish = { ...m.draft({ lines, payFen: 2 * CLAM_FEN }), addressId: undefined }
      expect((await m.buyer.call(placeOrder, { body: wish })).json.code).toBe('address_needed')
      const mixed = await m.bill({ lines, payFen: 2 * CLAM_FEN })
      expect(mixed.orders.map(({ deliverTo }) => deliverTo.receiver).toSorted()).toEqual(['', '李梅'])
    })

    it('cost what the flash sale says that takes them, and give back what it gave', async () => {
      const price: FlashPrice = {
        flashId: 'f1',
        priceFen: 990,
        endsAt: m.clock.now() + 60_000,
        left: 5,
        perMember: 2
      }
      const taken: unknown[] = []
      const back: unknown[] = []
      const orders = beside({
        flash: {
          pricesOf: async () => new Map([[oysters.specId, price]]),
          refuseGone: async () => {},
          takeIn: async (_tx, { lines }) => (taken.push(lines), new Map([[oysters.specId, price]])),
          giveBackIn: async (_tx, memberId, lines) =>
            void back.push([memberId, lines.map((line) => line.flashId)])
        }
      })
      const quote = await orders.quote(me(), { lines: both })
      const line = quote.orders
        .flatMap((order) => order.lines)
        .find(({ specId }) => specId === oysters.specId)
      expect(line).toMatchObject({ priceFen: 990, usualFen: OYSTER_FEN, flashId: 'f1', flash: { left: 5 } })
      const lines = both.map((each) => ({
        ...each,
        ...(each.specId === oysters.specId && { flashId: 'f1' })
      }))
      const bill = await orders.place(me(), m.draft({ lines, payFen: quote.payFen }))
      expect(taken[0]).toHaveLength(2)
      expect(taken[0]).toContainEqual(expect.objectContaining({ specId: oysters.specId, flashId: 'f1' }))
      expect(bill.payFen).toBe(2 * CLAM_FEN + 990)
      await orders.cancel(me(), bill.id)
      expect(back).toEqual([[m.buyer.me.id, ['f1']]])
      const tooMany = await orders.quote(me(), { lines: [{ specId: oysters.specId, qty: 3 }] })
      expect(tooMany.payFen).toBe(3 * OYSTER_FEN)
    })
  })

  it('that comes from her basket leaves it, and its rooms hear what was sold there', async () => {
    const showId = await show([m.clams.productId])
    const gone = await show([oysters.productId], sister)
    const put = (specId: string, from?: string) =>
      m.buyer.call(putInBasket, { params: { specId }, body: { qty: 1, ...(from && { showId: from }) } })
    const stays = await m.goods(sister, { title: '紫菜', stock: 5 })
    await put(m.clams.specId, showId)
    await put(oysters.specId, 'a-room-that-is-not')
    await put(stays.specId, gone)
    const bill = await m.bill({ lines: both, payFen: BOTH_FEN, fromBasket: true })
    const rooms = new Map(bill.orders.map(({ shopId, showId: room }) => [shopId, room]))
    expect(rooms).toEqual(
      new Map([
        [m.clams.shopId, showId],
        [oysters.shopId, '']
      ])
    )
    expect((await m.host.call(getDesk, { params: { showId } })).json).toMatchObject({ orders: 1 })
    const { items } = (await m.buyer.call(getBasket)).json
    expect(items.map(({ specId }) => specId)).toEqual([stays.specId])
  })

  describe('an order of it', () => {
    const step = (orderId: string, to: 'paid' | 'packed' | 'shipped' | 'received' | 'done' | 'refunded') =>
      m.village.rooms.act((tx, tell) =>
        m.village.orders.moveIn(tx, tell, orderId, to, { actorId: m.host.me.id, note: '试一试' })
      )

    it('moves along the table, from step to step, with who and when', async () => {
      const { id } = await m.order()
      expect(await step(id, 'packed')).toBeUndefined()
      expect(await step(id, 'paid')).toBeUndefined()
      await pay(id)
      const heard: string[] = []
      const hear = (what: string) => async () => void heard.push(what)
      m.village.orders.on({
        packed: hear('packed'),
        unpacked: hear('unpacked'),
        shipped: hear('shipped'),
        received: hear('received'),
        done: hear('done')
      })
      for (const to of ['done', 'received', 'shipped'] as const)
        expect(await step(id, to), to).toBeUndefined()
      expect(await step(id, 'packed')).toMatchObject({ state: 'packed', packedAt: m.clock.now() })
      expect(await step(id, 'packed')).toBeUndefined()
      expect(await step(id, 'paid')).toMatchObject({ state: 'paid', packedAt: null, parcelId: '' })
      for (const to of ['packed', 'shipped', 'received', 'done'] as const) {
        m.clock.pass(1_000)
        expect(await step(id, to), to).toMatchObject({ state: to, [`${to}At`]: m.clock.now() })
      }
      expect(heard).toEqual(['packed', 'unpacked', 'packed', 'shipped', 'received', 'done'])
      const { changes } = (await one(id)).order
      expect(changes.map(({ state, by }) => `${state} ${by}`)).toEqual([
        'pending buyer',
        'paid buyer',
        'packed shop',
        'paid shop',
        'packed shop',
        'shipped shop',
        'received shop',
        'done shop'
      ])
      expect(changes.at(-1)!.at).toBe(m.clock.now())
    })

    it('of vouchers is not packed, and is done when they are', async () => {
      const meal = await m.goods(m.host, { title: '渔家宴', stock: 5, kind: 'voucher', perishable: false })
      const { id } = await m.order({ lines: [{ specId: meal.specId, qty: 1 }] })
      await pay(id)
      expect(await step(id, 'packed')).toBeUndefined()
      expect(await step(id, 'done')).toMatchObject({ state: 'done' })
    })

    it('stays where it was when somebody who takes part in the move cannot', async () => {
      const { id } = await m.order()
      m.village.orders.on({
        paid: () => {
          throw new Error('no ink')
        }
      })
      const { json } = await m.buyer.call(payOrder, { params: { orderId: id }, body: { method: 'sandbox' } })
      await m.buyer.call(playSandbox, { params: { paymentId: json.paymentId }, body: { outcome: 'paid' } })
      expect((await one(id)).order).toMatchObject({ state: 'pending', changes: [{}] })
    })

    it('shows the shop where it goes until it is there, and nobody the ids behind it', async () => {
      const { id } = await m.order()
      const shown = async () => (await m.host.call(shopOrders, { query: {} })).json.items[0]!.deliverTo.phone
      expect(await shown()).toBe('')
      await pay(id)
      const seen = [await shown()]
      for (const to of ['packed', 'shipped', 'received'] as const) {
        await step(id, to)
        seen.push(await shown())
      }
      expect(seen).toEqual(['13900000001', '13900000001', '13900000001', ''])
      expect((await m.buyer.call(myOrder, { params: { orderId: id } })).text).not.toContain(m.host.me.id)
    })
  })
})
