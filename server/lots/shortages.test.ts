import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  closeLot,
  landLot,
  loseLot,
  moveLot,
  myLots,
  myWaits,
  spreadLot,
  waitForSpec
} from '../../shared/contracts/lots.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import { myOrder, placeOrder } from '../../shared/contracts/orders.ts'
import { setStock } from '../../shared/contracts/catalogue.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import { afterwards } from '../aftersale/testing.ts'
import type { SignedIn } from '../testing/village.ts'
import { DAY, HOUR, landings } from './testing.ts'

describe.each(engines)('a landing that was sold ahead, on $name', (engine) => {
  let m: Market
  let clams: { productId: string; specId: string; shopId: string }
  let on: ReturnType<typeof landings>
  let pay: ReturnType<typeof afterwards>['pay']
  beforeEach(async () => {
    m = await market(engine)
    clams = await m.goods(m.host, { title: '蛤蜊', stock: 0 })
    on = landings(m, clams)
    ;({ pay } = afterwards(m))
  })
  afterEach(() => m.close())

  const wish = (qty: number, ahead = true) => ({
    lines: [{ specId: clams.specId, qty, ahead, agreed: true }],
    payFen: qty * CLAM_FEN
  })
  const buy = async (qty: number, who: SignedIn = m.buyer) => {
    const addressId = who === m.buyer ? m.addressId : await m.addressOf(who)
    m.clock.pass(10)
    return m.order({ ...wish(qty), addressId }, who)
  }
  const look = async (orderId: string, who: SignedIn = m.buyer) =>
    (await who.call(myOrder, { params: { orderId } })).json.order
  const jobs = async () => {
    while (await m.village.jobs.runDue());
  }
  const told = async (who: SignedIn = m.buyer) =>
    (await who.call(myNotices)).json.items.map(({ kind, about }) => ({ kind, about }))
  const version = async (lotId: string) =>
    (await m.host.call(myLots)).json.expected.find(({ id }) => id === lotId)!.version

  it('is bought by who knows that it is still to come, and by nobody else', async () => {
    const lot = await on.ahead(3)
    const unaware = m.draft(wish(1, false))
    const { json } = await m.buyer.call(placeOrder, { body: unaware })
    expect([json.code, json.details]).toEqual(['sold_ahead', { specId: clams.specId, landsAt: lot.landsAt }])
    expect(await on.stock()).toBe(3)
    const order = await buy(2)
    expect((await look(order.id)).lines[0]!.ahead).toEqual({ qty: 2, landsAt: lot.landsAt })
  })

  it('is like any other once it is ashore', async () => {
    const lot = await on.ahead(3)
    const order = await buy(2)
    const body = { version: 1, grams: 60_000, lines: [on.bags(5)] }
    const { json } = await m.host.call(landLot, { params: { lotId: lot.id }, body })
    expect(json.lot).toMatchObject({ state: 'landed', lines: [{ qty: 5, sold: 2, left: 3 }] })
    await jobs()
    expect((await look(order.id)).lines[0]!.ahead).toBeUndefined()
    expect([(await look(order.id)).state, await on.stock()]).toEqual(['pending', 3])
  })

  it('that moves is told to who bought of it, with both times', async () => {
    const lot = await on.ahead(3)
    await buy(1)
    const other = await m.signIn('别人')
    const landsAt = lot.landsAt + DAY
    const moved = await m.host.call(moveLot, { params: { lotId: lot.id }, body: { version: 1, landsAt } })
    expect(moved.json.lot).toMatchObject({ landsAt, version: 2 })
    await jobs()
    const about = { title: '蛤蜊', was: String(lot.landsAt), landsAt: String(landsAt) }
    expect(await told()).toContainEqual({ kind: 'lot_moved', about })
    expect(await told(other)).toEqual([])
  })

  it('that does not come gives its buyers their money back, and sells no more', async () => {
    const lot = await on.ahead(3)
    const paid = await buy(1)
    await pay(paid.id)
    const unpaid = await buy(1)
    const body = { version: await version(lot.id), reason: '风太大，没出海' }
    await m.host.call(loseLot, { params: { lotId: lot.id }, body })
    expect(await on.stock()).toBe(0)
    await jobs()
    expect([(await look(paid.id)).state, (await look(unpaid.id)).state]).toEqual(['refunded', 'cancelled'])
    expect((await look(paid.id)).refundedFen).toBe(CLAM_FEN)
    const lost = (await told()).filter(({ kind }) => kind === 'lot_lost')
    expect(lost.every(({ about }) => about['reason'] === '风太大，没出海')).toBe(true)
    expect(new Set(lost.map(({ about }) => about['paid']))).toEqual(new Set(['yes', 'no']))
    expect(await on.stock()).toBe(0)
  })

  it('that comes with less gives who bought last her money back, and keeps the others’', async () => {
    const lot = await on.ahead(6)
    const other = await m.signIn('二姐')
    const [first, second] = [await buy(3), await buy(3, other)]
    await pay(first.id)
    await pay(second.id, other)
    const body = { version: 1, grams: 6000, lines: [on.bags(4)] }
    await m.host.call(landLot, { params: { lotId: lot.id }, body })
    await jobs()
    expect((await look(first.id)).refundedFen).toBe(0)
    const short = await look(second.id, other)
    expect([short.state, short.refundedFen, short.lines[0]!.refundedQty]).toEqual(['paid', 2 * CLAM_FEN, 2])
    expect([await on.stock(), (await m.host.call(myLots)).json.past[0]!.lines[0]]).toMatchObject([
      0,
      { qty: 4, sold: 4, left: 0 }
    ])
  })

  it('pays nothing back twice when the job is run again', async () => {
    const lot = await on.ahead(2)
    const order = await buy(2)
    await pay(order.id)
    const body = { version: 1, reason: '赤潮' }
    await m.host.call(loseLot, { params: { lotId: lot.id }, body })
    await jobs()
    await m.village.store.tx((tx) => m.village.jobs.add(tx, 'lot_short', { lotId: lot.id, reason: '赤潮' }))
    await jobs()
    expect((await look(order.id)).refundedFen).toBe(2 * CLAM_FEN)
    expect((await told()).filter(({ kind }) => kind === 'lot_lost')).toHaveLength(1)
  })

  it('pays back only what did not come when other goods are in the same order', async () => {
    const lot = await on.ahead(1)
    const lines = [
      { specId: clams.specId, qty: 1, ahead: true, agreed: true },
      { specId: m.clams.specId, qty: 2, agreed: true }
    ]
    const order = await m.order({ lines, payFen: 3 * CLAM_FEN })
    await pay(order.id)
    const body = { version: 1, reason: '赤潮' }
    await m.host.call(loseLot, { params: { lotId: lot.id }, body })
    await jobs()
    const after = await look(order.id)
    expect([after.state, after.refundedFen]).toEqual(['paid', CLAM_FEN])
    expect([await on.stock(), await m.stock()]).toEqual([0, 8])
  })

  it('takes an offer back rather than anybody’s order, and its holder keeps her place in the line', async () => {
    const lot = await on.ahead(1)
    const order = await buy(1)
    await pay(order.id)
    const waiting = await m.signIn('候补')
    await waiting.call(waitForSpec, { params: { specId: clams.specId }, body: { qty: 1 } })
    const more = { version: 1, lines: [on.bags(2)] }
    await m.host.call(spreadLot, { params: { lotId: lot.id }, body: more })
    expect((await waiting.call(myWaits)).json.items[0]!.state).toBe('offered')
    const body = { version: 2, grams: 6000, lines: [on.bags(1)] }
    await m.host.call(landLot, { params: { lotId: lot.id }, body })
    await jobs()
    expect((await waiting.call(myWaits)).json.items[0]!.state).toBe('waiting')
    expect([(await look(order.id)).refundedFen, await on.stock()]).toEqual([0, 0])
  })

  it('an order that is cancelled makes room for the others before anybody is paid back', async () => {
    const lot = await on.ahead(4)
    const [first, second] = [await buy(2), await buy(2)]
    await pay(second.id)
    const body = { version: 1, grams: 6000, lines: [on.bags(2)] }
    await m.host.call(landLot, { params: { lotId: lot.id }, body })
    await m.village.orders.cancel(m.buyer.me as never, first.id)
    await jobs()
    expect([(await look(second.id)).refundedFen, await on.stock()]).toEqual([0, 0])
  })

  it('closed with its rest is off the shelf, and what comes back later is not sold again', async () => {
    const { id: lotId } = await on.land({ lines: [on.bags(5)], landsAt: m.clock.now() - HOUR })
    const order = await m.order({ ...wish(2) })
    await m.host.call(closeLot, { params: { lotId }, body: { version: 1 } })
    expect(await on.stock()).toBe(0)
    await m.village.orders.cancel(m.buyer.me as never, order.id)
    expect(await on.stock()).toBe(0)
  })

  it('can’t be spread below what is sold, nor changed by who saw an older one', async () => {
    const lot = await on.ahead(3)
    await buy(2)
    const spread = (version: number, qty: number) =>
      m.host.call(spreadLot, { params: { lotId: lot.id }, body: { version, lines: [on.bags(qty)] } })
    expect((await spread(1, 1)).json).toMatchObject({ code: 'lot_sold', details: { sold: 2 } })
    expect((await spread(1, 2)).json.lot).toMatchObject({ version: 2, lines: [{ qty: 2, left: 0 }] })
    expect((await spread(1, 9)).json.code).toBe('lot_changed')
    expect(await on.stock()).toBe(0)
  })
})

describe.each(engines)('two who edit one stock at once, on $name', (engine) => {
  it('both change it by what they changed, and the landings never promise more', async () => {
    const m = await market(engine)
    const clams = await m.goods(m.host, { title: '蛤蜊', stock: 0 })
    const on = landings(m, clams)
    const operator = await m.signIn('场控', 'operator')
    await on.land({ lines: [on.bags(10)] })
    const edit = (who: SignedIn, stock: number) =>
      who.call(setStock, { params: { specId: clams.specId }, body: { stock, seenStock: 10 } })
    const sale = m.order({ lines: [{ specId: clams.specId, qty: 3, agreed: true }], payFen: 3 * CLAM_FEN })
    await Promise.all([edit(m.host, 8), edit(operator, 9), sale])
    expect([await on.stock(), await on.left()]).toEqual([4, [4]])
    await edit(m.host, 15)
    expect([await on.stock(), await on.left()]).toEqual([9, [4]])
    await m.close()
  })
})
