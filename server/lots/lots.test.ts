import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { setStock } from '../../shared/contracts/catalogue.ts'
import { addLot, closeLot, landLot, moveLot, myLots, spreadLot } from '../../shared/contracts/lots.ts'
import { engines } from '../testing/engines.ts'
import { market, type Market } from '../testing/market.ts'
import { DAY, HOUR, landings } from './testing.ts'

describe.each(engines)('landings on $name', (engine) => {
  let m: Market
  let clams: { productId: string; specId: string; shopId: string }
  let on: ReturnType<typeof landings>
  beforeEach(async () => {
    m = await market(engine)
    clams = await m.goods(m.host, { title: '蛤蜊', stock: 0 })
    on = landings(m, clams)
  })
  afterEach(() => m.close())

  it('become stock, and the product is of that day’s catch', async () => {
    const lot = await on.land()
    expect(lot).toMatchObject({ spareGrams: 30_000, lines: [{ qty: 20, sold: 0, left: 20, grams: 1500 }] })
    expect(await on.stock()).toBe(20)
    expect((await on.product()).caughtOn).toBe('2026-11-22')
    expect((await on.product()).specs[0]!.grams).toBe(1500)
  })

  it('never become more than they weigh', async () => {
    expect((await on.land({ lines: [{ specId: clams.specId, qty: 40, grams: 1500 }] })).spareGrams).toBe(0)
    const tooMuch = on.draft({ lines: [{ specId: clams.specId, qty: 41 }] })
    const { json } = await m.host.call(addLot, { body: tooMuch })
    expect([json.code, json.details]).toEqual(['lot_too_light', { overGrams: 1500 }])
    expect(await on.stock()).toBe(40)
  })

  it('never become more than they weigh by one spec that is named twice', async () => {
    const line = { specId: clams.specId, qty: 40, grams: 1500 }
    expect(await on.refused({ lines: [line, { ...line, qty: 10 }] })).toBe('bad_input')
    expect(await on.stock()).toBe(0)
    const { id: lotId, version } = await on.land()
    const twice = { version, lines: [line, { ...line, qty: 30 }] }
    expect((await m.host.call(spreadLot, { params: { lotId }, body: twice })).json.code).toBe('bad_input')
    expect(await on.stock()).toBe(20)
  })

  it('ask what one weighs of which nobody knows it', async () => {
    expect(await on.refused({ lines: [{ specId: clams.specId, qty: 1 }] })).toBe('weight_unknown')
    expect(await on.stock()).toBe(0)
  })

  it('are written once, however often a wet thumb taps', async () => {
    const body = on.draft()
    const taps = await Promise.all([1, 2, 3].map(() => m.host.call(addLot, { body })))
    expect(taps.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(await on.stock()).toBe(20)
    const other = await m.signIn('别家', 'host')
    await m.shopOf(other, '别家的店')
    const theirs = await m.goods(other, { title: '虾', stock: 0 })
    const stolen = { ...body, productId: theirs.productId, lines: [] }
    expect((await other.call(addLot, { body: stolen })).json.code).toBe('not_yours')
  })

  it('belong to the shop and to operators, and to nobody else', async () => {
    const other = await m.signIn('别家', 'host')
    await m.shopOf(other, '别家的店')
    expect(await on.refused({}, other)).toBe('not_yours')
    const { id: lotId } = await on.land({}, await m.signIn('场控', 'operator'))
    for (const contract of [spreadLot, closeLot, landLot, moveLot] as const) {
      const body = { version: 1, lines: [], grams: 1, landsAt: m.clock.now() + HOUR }
      expect((await other.call(contract, { params: { lotId }, body: body as never })).json.code).toBe(
        'not_yours'
      )
    }
    expect((await other.call(myLots, { query: { shopId: clams.shopId } })).json.code).toBe('not_yours')
  })

  it('have a time: no future for what has come, no past and no eternity for what is to come', async () => {
    expect(await on.refused({ landsAt: m.clock.now() - 4 * DAY })).toBe('lot_time')
    expect(await on.refused({ state: 'planned', landsAt: m.clock.now() })).toBe('lot_time')
    expect(await on.refused({ state: 'planned', landsAt: m.clock.now() + 61 * DAY })).toBe('lot_time')
    expect((await on.land({ landsAt: m.clock.now() + HOUR })).landsAt).toBe(m.clock.now())
  })

  it('of a product of another shop’s spec, or of a voucher, are refused', async () => {
    expect(await on.refused({ lines: [{ specId: m.clams.specId, qty: 1, grams: 500 }] })).toBe('no_such_spec')
    const dinner = await m.goods(m.host, { title: '海鲜餐', stock: 1, kind: 'voucher' })
    expect(await on.refused({ productId: dinner.productId, lines: [] })).toBe('lot_voucher')
  })

  it('are sold oldest first, after what nobody wrote a landing for, and what is to come last', async () => {
    await m.host.call(setStock, { params: { specId: clams.specId }, body: { stock: 2 } })
    const coming = await on.land({
      state: 'planned',
      landsAt: m.clock.now() + DAY,
      lines: [{ specId: clams.specId, qty: 5, grams: 1500 }]
    })
    await on.land({ lines: [{ specId: clams.specId, qty: 4 }] })
    await on.land({ landsAt: m.clock.now() - 5 * HOUR, lines: [{ specId: clams.specId, qty: 3 }] })
    expect(await on.stock()).toBe(14)
    const { store } = m.village
    const buy = (orderId: string, qty: number) =>
      store.tx(async (tx) => {
        await m.village.products.takeOffIn(tx, { specId: clams.specId, qty })
        await m.village.shop.lots.useIn(tx, orderId, [{ specId: clams.specId, qty }])
      })
    await buy('o1', 2)
    expect(await on.left()).toEqual([3, 4, 5])
    await buy('o2', 4)
    expect(await on.left()).toEqual([3, 5])
    expect((await on.product()).specs[0]!.ahead).toEqual({ ashore: 3, landsAt: coming.landsAt })
    await buy('o3', 4)
    expect(await on.left()).toEqual([4])
    const origins = await m.village.shop.lots.landsAtOf(store.read, ['o1', 'o2', 'o3'])
    expect(origins.get('o1')).toBeUndefined()
    expect(origins.get('o2')!.map(({ qty, state }) => [qty, state])).toEqual([
      [3, 'landed'],
      [1, 'landed']
    ])
    expect(origins.get('o3')!.map(({ qty, state }) => [qty, state])).toEqual([
      [3, 'landed'],
      [1, 'planned']
    ])
  })
})
