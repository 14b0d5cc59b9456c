import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { endFlash, startFlash, type FlashDraft } from '../../shared/contracts/flash.ts'
import { getRoom, scheduleShow, setShelf } from '../../shared/contracts/live.ts'
import { cancelOrder, placeOrder, quoteOrder } from '../../shared/contracts/orders.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'

const FLASH_FEN = 990
const MINUTE_MS = 60_000

describe.each(engines)('a flash sale on $name', (engine) => {
  let m: Market
  let showId: string
  beforeEach(async () => {
    m = await market(engine)
    const body = { title: '闪购', cover: '', startsAt: m.clock.now(), productIds: [m.clams.productId] }
    showId = (await m.host.call(scheduleShow, { body })).json.show.id
  })
  afterEach(() => m.close())

  const start = (more: Partial<FlashDraft> = {}, who = m.host) =>
    who.call(startFlash, {
      params: { showId },
      body: {
        specId: m.clams.specId,
        priceFen: FLASH_FEN,
        total: 5,
        perMember: 2,
        waitMs: 0,
        lifeMs: MINUTE_MS,
        ...more
      }
    })
  const line = (qty: number, flashId?: string) => [
    { specId: m.clams.specId, qty, agreed: true, ...(flashId && { flashId }) }
  ]
  const buy = (qty: number, flashId: string, payFen = qty * FLASH_FEN, who = m.buyer) =>
    who.call(placeOrder, { body: m.draft({ lines: line(qty, flashId), payFen }) })
  const quote = async (qty = 1) =>
    (await m.buyer.call(quoteOrder, { body: { lines: line(qty) } })).json.payFen
  const room = async () => (await m.buyer.call(getRoom, { params: { showId } })).json

  it('makes the price, in the quote, in the room and in the order', async () => {
    const { flash } = (await start()).json
    expect(flash).toMatchObject({ priceFen: FLASH_FEN, usualFen: CLAM_FEN, left: 5, title: '红岛蛤蜊' })
    expect((await room()).flash).toEqual([flash])
    expect(await quote()).toBe(FLASH_FEN)
    const { json } = await buy(2, flash.id)
    expect(json.bill.orders[0]!.lines[0]).toMatchObject({ priceFen: FLASH_FEN, flashId: flash.id, qty: 2 })
    expect(await m.stock()).toBe(8)
  })

  it('gives each buyer her share and no more, and gives it back with a cancelled order', async () => {
    const { flash } = (await start()).json
    const { bill } = (await buy(2, flash.id)).json
    expect((await buy(1, flash.id)).json).toMatchObject({ code: 'flash_share' })
    expect(await quote()).toBe(CLAM_FEN)
    await m.buyer.call(cancelOrder, { params: { orderId: bill.id } })
    expect(await quote()).toBe(FLASH_FEN)
    expect((await buy(1, flash.id)).status).toBe(200)
    expect((await m.village.shop.flash.cardsOf(showId))[0]).toMatchObject({ left: 4 })
  })

  it('gives nobody more than her share though she names the same goods twice', async () => {
    const { flash } = (await start()).json
    const twice = (payFen: number, flashId?: string) =>
      m.buyer.call(placeOrder, {
        body: m.draft({ lines: [...line(1, flashId), ...line(6)], payFen })
      })
    expect((await twice(7 * FLASH_FEN, flash.id)).json).toMatchObject({ code: 'flash_share' })
    expect((await twice(7 * FLASH_FEN)).json).toMatchObject({ code: 'price_changed' })
    expect((await m.village.shop.flash.cardsOf(showId))[0]).toMatchObject({ left: 5 })
    const { json } = await m.buyer.call(placeOrder, {
      body: m.draft({ lines: [...line(1), ...line(1, flash.id)], payFen: 2 * FLASH_FEN })
    })
    expect((await m.village.shop.flash.cardsOf(showId))[0]).toMatchObject({ left: 3 })
    await m.buyer.call(cancelOrder, { params: { orderId: json.bill.id } })
    expect((await m.village.shop.flash.cardsOf(showId))[0]).toMatchObject({ left: 5 })
  })

  it('is over at its last millisecond, and who comes late is told', async () => {
    const { flash } = (await start()).json
    m.clock.pass(MINUTE_MS - 1)
    expect(await quote()).toBe(FLASH_FEN)
    m.clock.pass(1)
    expect(await quote()).toBe(CLAM_FEN)
    expect((await buy(1, flash.id)).json).toMatchObject({ code: 'flash_over' })
    const { status, json } = await m.buyer.call(placeOrder, {
      body: m.draft({ lines: line(1), payFen: FLASH_FEN })
    })
    expect([status, json]).toMatchObject([409, { code: 'price_changed', details: { payFen: CLAM_FEN } }])
    expect(await m.stock()).toBe(10)
  })

  it('waits for its moment when it is announced', async () => {
    const { flash } = (await start({ waitMs: MINUTE_MS })).json
    expect((await room()).flash).toHaveLength(1)
    expect(await quote()).toBe(CLAM_FEN)
    m.clock.pass(MINUTE_MS)
    expect(await quote()).toBe(FLASH_FEN)
    expect((await buy(1, flash.id)).status).toBe(200)
  })

  it('ends when its host says so, once', async () => {
    const { flash } = (await start()).json
    const params = { showId, flashId: flash.id }
    expect((await m.host.call(endFlash, { params })).status).toBe(200)
    expect((await m.host.call(endFlash, { params })).json).toMatchObject({ code: 'flash_over' })
    expect(await quote()).toBe(CLAM_FEN)
  })

  it('refuses what makes no sense, and strangers', async () => {
    const code = async (more: Partial<FlashDraft>, who = m.host) => {
      const { json } = await start(more, who)
      return 'code' in json ? json.code : 'started'
    }
    expect(await code({ priceFen: CLAM_FEN })).toBe('flash_no_cheaper')
    expect(await code({ total: 11 })).toBe('flash_too_many')
    expect(await code({ specId: 'nothing' })).toBe('no_such_spec')
    expect(await code({}, m.buyer)).toBe('role_missing')
    expect(await code({}, await m.signIn('赵大姐', 'host'))).toBe('show_not_yours')
    expect(await code({})).toBe('started')
    expect(await code({})).toBe('flash_running')
    await m.host.call(setShelf, { params: { showId }, body: { productIds: [] } })
    m.clock.pass(MINUTE_MS)
    expect(await code({})).toBe('not_on_shelf')
  })

  it('is not started in a show that ends in the same moment', async () => {
    const { store } = m.village
    const { shows } = store.schema
    const { tx } = store
    store.tx = async (unit, hint) => {
      await tx((each) => each.update(shows).set({ state: 'ended' }).where(eq(shows.id, showId)).returning())
      return tx(unit, hint)
    }
    const { json } = await start().finally(() => (store.tx = tx))
    expect('code' in json && json.code).toBe('show_over')
    expect(await quote()).toBe(CLAM_FEN)
  })

  it('stands still while the picture is away, and goes on as much later', async () => {
    const { flash } = (await start()).json
    const { store } = m.village
    const { flash: sales } = m.village.shop
    m.clock.pass(MINUTE_MS - 1_000)
    await store.tx((tx) => sales.stopIn(tx, showId))
    m.clock.pass(10 * MINUTE_MS)
    expect(await quote()).toBe(FLASH_FEN)
    expect((await buy(1, flash.id)).status).toBe(200)
    const ends = await store.tx((tx) => sales.resumeIn(tx, showId))
    expect(ends).toEqual([{ id: flash.id, startsAt: flash.startsAt, endsAt: m.clock.now() + 1_000 }])
    m.clock.pass(1_000)
    expect(await quote()).toBe(CLAM_FEN)
  })
})
