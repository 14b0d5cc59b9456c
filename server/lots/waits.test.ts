import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeProduct, getProduct, setStock } from '../../shared/contracts/catalogue.ts'
import { leaveWait, myWaits, waitForSpec } from '../../shared/contracts/lots.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import { cancelOrder, HOLD_MS, placeOrder, quoteOrder } from '../../shared/contracts/orders.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import type { SignedIn } from '../testing/village.ts'
import { landings } from './testing.ts'
import { OFFER_MS } from './wait.ts'

describe.each(engines)('who waits for what is sold out, on $name', (engine) => {
  let m: Market
  let urchins: { productId: string; specId: string; shopId: string }
  beforeEach(async () => {
    m = await market(engine)
    urchins = await m.goods(m.host, { title: '海胆', stock: 0 })
  })
  afterEach(() => m.close())

  const ask = (who: SignedIn, qty = 1) =>
    who.call(waitForSpec, { params: { specId: urchins.specId }, body: { qty } })
  const restock = (stock: number) =>
    m.host.call(setStock, { params: { specId: urchins.specId }, body: { stock } })
  const stateOf = async (who: SignedIn) => (await who.call(myWaits)).json.items[0]?.state ?? 'none'
  const stock = () => m.stock(urchins)
  /** They wait one after the other. */
  async function line(...names: string[]) {
    const people: SignedIn[] = []
    for (const name of names) {
      const each = await m.signIn(name)
      expect((await ask(each)).status).toBe(200)
      people.push(each)
      m.clock.pass(10)
    }
    return people
  }
  const told = async (who: SignedIn) => (await who.call(myNotices)).json.items.map(({ kind }) => kind)
  const buy = async (who: SignedIn, qty = 1) => {
    const addressId = await m.addressOf(who)
    const lines = [{ specId: urchins.specId, qty, agreed: true }]
    return who.call(placeOrder, { body: m.draft({ lines, addressId, payFen: qty * CLAM_FEN }) })
  }

  it('are offered a restock of five, the first five of them', async () => {
    const people = await line('一', '二', '三', '四', '五', '六')
    await restock(5)
    expect(await Promise.all(people.map(stateOf))).toEqual([...Array<string>(5).fill('offered'), 'waiting'])
    expect(await stock()).toBe(0)
    expect(await told(people[0]!)).toContain('stock_offered')
    expect(await told(people[5]!)).toEqual([])
    expect((await m.village.members.inbox(people[0]!.phone)).some(({ text }) => text.includes('海胆'))).toBe(
      false
    )
    while (await m.village.jobs.runDue());
    expect((await m.village.members.inbox(people[0]!.phone)).some(({ text }) => text.includes('海胆'))).toBe(
      true
    )
  })

  it('see how many stand before them, and wait once however often they tap', async () => {
    const [first, second] = await line('一', '二')
    expect((await second!.call(myWaits)).json.items).toMatchObject([{ before: 1, title: '海胆', qty: 1 }])
    expect((await ask(second!, 7)).json.wait).toMatchObject({ qty: 1, before: 1 })
    expect((await first!.call(myWaits)).json.items).toHaveLength(1)
  })

  it('need not while there is some', async () => {
    await restock(1)
    const { json } = await ask(m.buyer)
    expect([json.code, json.details]).toEqual(['still_there', { left: 1 }])
  })

  it('get what is kept for them though the shelf says it is gone, and nobody else does', async () => {
    const [first] = await line('一')
    await restock(1)
    const lines = [{ specId: urchins.specId, qty: 1 }]
    expect((await m.buyer.call(quoteOrder, { body: { lines } })).json.code).toBe('sold_out')
    expect((await buy(m.buyer)).json.code).toBe('sold_out')
    expect((await first!.call(quoteOrder, { body: { lines } })).status).toBe(200)
    const { status, text } = await buy(first!)
    expect(status, text).toBe(200)
    expect([await stateOf(first!), await stock()]).toEqual(['none', 0])
  })

  it('are offered what a hold gives back that nobody paid in time, by itself', async () => {
    await restock(1)
    expect((await buy(m.buyer)).status).toBe(200)
    const [first] = await line('一')
    m.clock.pass(HOLD_MS + 1)
    await m.village.orders.expireOverdue()
    expect([await stateOf(first!), await stock()]).toEqual(['offered', 0])
  })

  it('are offered what another buyer cancels', async () => {
    await restock(1)
    const { bill } = (await buy(m.buyer)).json
    const [first] = await line('一')
    await m.buyer.call(cancelOrder, { params: { orderId: bill.orders[0]!.id } })
    expect([await stateOf(first!), await stock()]).toEqual(['offered', 0])
  })

  it('have a quarter of an hour; then it is the next one’s turn, with a quarter of an hour of her own', async () => {
    const [first, second] = await line('一', '二')
    await restock(1)
    m.clock.pass(OFFER_MS - 1)
    await m.village.shop.lots.waits.sweep()
    expect([await stateOf(first!), await stateOf(second!)]).toEqual(['offered', 'waiting'])
    m.clock.pass(1)
    await m.village.shop.lots.waits.sweep()
    expect([await stateOf(first!), await stateOf(second!)]).toEqual(['none', 'offered'])
    expect((await second!.call(myWaits)).json.items[0]!.offerUntil).toBe(m.clock.now() + OFFER_MS)
    expect(await told(first!)).toContain('stock_lapsed')
    m.clock.pass(OFFER_MS)
    await m.village.shop.lots.waits.sweep()
    expect([await stateOf(second!), await stock()]).toEqual(['none', 1])
  })

  it('too late can’t buy what was kept for them, for it may be somebody else’s by now', async () => {
    const [first] = await line('一')
    await restock(1)
    m.clock.pass(OFFER_MS)
    expect((await buy(first!)).json.code).toBe('sold_out')
  })

  it('keep their timer when the server that gave it to them is gone', async () => {
    const [first, second] = await line('一', '二')
    await restock(1)
    const other = await m.another()
    m.clock.pass(OFFER_MS)
    await other.shop.lots.waits.sweep()
    expect([await stateOf(first!), await stateOf(second!)]).toEqual(['none', 'offered'])
  })

  it('who take fewer than was kept leave the rest to the next', async () => {
    const first = await m.signIn('一')
    await ask(first, 3)
    m.clock.pass(10)
    const [second] = await line('二')
    await restock(3)
    expect([await stateOf(first), await stateOf(second!)]).toEqual(['offered', 'waiting'])
    expect((await buy(first, 2)).status).toBe(200)
    expect([await stateOf(second!), await stock()]).toEqual(['offered', 0])
  })

  it('are offered as many as there are when they want more', async () => {
    const first = await m.signIn('一')
    await ask(first, 5)
    await restock(2)
    expect((await first.call(myWaits)).json.items).toMatchObject([{ state: 'offered', qty: 2 }])
  })

  it('who leave give up their place, and what was kept for them', async () => {
    const [first, second, third] = await line('一', '二', '三')
    const waitId = async (who: SignedIn) => (await who.call(myWaits)).json.items[0]!.id
    await second!.call(leaveWait, { params: { waitId: await waitId(second!) } })
    await restock(1)
    const { status } = await third!.call(leaveWait, { params: { waitId: await waitId(first!) } })
    expect([status, await stateOf(first!)]).toEqual([404, 'offered'])
    await first!.call(leaveWait, { params: { waitId: await waitId(first!) } })
    expect(await Promise.all([first!, second!, third!].map(stateOf))).toEqual(['none', 'none', 'offered'])
  })

  it('are offered a landing, and what they were kept counts as sold of it', async () => {
    const [first] = await line('一')
    const on = landings(m, urchins)
    await on.land({ lines: [on.bags(4)] })
    expect([await stateOf(first!), await stock(), await on.left()]).toEqual(['offered', 3, [3]])
    m.clock.pass(OFFER_MS)
    await m.village.shop.lots.waits.sweep()
    expect([await stock(), await on.left()]).toEqual([4, [4]])
  })

  it('are offered nothing while the product is off sale, and in their turn when it is back', async () => {
    const [first] = await line('一')
    const look = async () =>
      (await m.host.call(getProduct, { params: { productId: urchins.productId } })).json.product
    const put = async (state: 'on_sale' | 'off_sale') => {
      const { id: productId, version, shop: _, ...words } = await look()
      const body = { version, product: { ...words, state } }
      expect((await m.host.call(changeProduct, { params: { productId }, body })).status).toBe(200)
    }
    await put('off_sale')
    await restock(1)
    expect(await stateOf(first!)).toBe('waiting')
    await put('on_sale')
    expect(await stateOf(first!)).toBe('offered')
  })
})
