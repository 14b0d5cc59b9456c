import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { getProduct, setStock } from '../../shared/contracts/catalogue.ts'
import {
  addLot,
  closeLot,
  landLot,
  moveLot,
  myLots,
  productLandings,
  spreadLot
} from '../../shared/contracts/lots.ts'
import type { Body } from '../../shared/contract.ts'
import { engines } from '../testing/engines.ts'
import { market, type Market } from '../testing/market.ts'
import type { SignedIn } from '../testing/village.ts'
import { lotStore } from './store.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

describe.each(engines)('landings on $name', (engine) => {
  let m: Market
  let clams: { productId: string; specId: string; shopId: string }
  beforeEach(async () => {
    m = await market(engine)
    clams = await m.goods(m.host, { title: '蛤蜊', stock: 0, specs: [] as never })
  })
  afterEach(() => m.close())

  let keys = 0
  const landing = (more: Partial<Body<typeof addLot>> = {}): Body<typeof addLot> => ({
    key: `lot-${String(++keys).padStart(6, '0')}`,
    productId: clams.productId,
    source: 'boat',
    sourceName: '鲁青渔 60123',
    state: 'landed',
    landsAt: m.clock.now(),
    grams: 60_000,
    lines: [{ specId: clams.specId, qty: 20, grams: 1500 }],
    ...more
  })
  const land = async (more: Partial<Body<typeof addLot>> = {}, who: SignedIn = m.host) => {
    const { status, json, text } = await who.call(addLot, { body: landing(more) })
    if (status !== 200) throw new Error(text)
    return json.lot
  }
  const refused = async (more: Partial<Body<typeof addLot>>, who: SignedIn = m.host) =>
    (await who.call(addLot, { body: landing(more) })).json.code
  const product = async () =>
    (await m.host.call(getProduct, { params: { productId: clams.productId } })).json.product
  const stock = async () => (await product()).specs[0]!.stock
  /** What the landings say is left of them, oldest landing first. */
  const left = async () =>
    (await lotStore(m.village.store).parts(m.village.store.read, clams.specId)).map((part) => part.left)

  it('become stock, and the product is of that day’s catch', async () => {
    const lot = await land()
    expect(lot).toMatchObject({ spareGrams: 30_000, lines: [{ qty: 20, sold: 0, left: 20, grams: 1500 }] })
    expect(await stock()).toBe(20)
    expect((await product()).caughtOn).toBe('2026-11-22')
    expect((await product()).specs[0]!.grams).toBe(1500)
  })

  it('never become more than they weigh', async () => {
    expect((await land({ lines: [{ specId: clams.specId, qty: 40, grams: 1500 }] })).spareGrams).toBe(0)
    const tooMuch = landing({ lines: [{ specId: clams.specId, qty: 41 }] })
    const { json } = await m.host.call(addLot, { body: tooMuch })
    expect([json.code, json.details]).toEqual(['lot_too_light', { overGrams: 1500 }])
    expect(await stock()).toBe(40)
  })

  it('ask what one weighs of which nobody knows it', async () => {
    expect(await refused({ lines: [{ specId: clams.specId, qty: 1 }] })).toBe('weight_unknown')
    expect(await stock()).toBe(0)
  })

  it('are written once, however often a wet thumb taps', async () => {
    const body = landing()
    const taps = await Promise.all([1, 2, 3].map(() => m.host.call(addLot, { body })))
    expect(taps.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(await stock()).toBe(20)
    const other = await m.signIn('别家', 'host')
    await m.shopOf(other, '别家的店')
    const theirs = await m.goods(other, { title: '虾', stock: 0 })
    const stolen = { ...body, productId: theirs.productId, lines: [] }
    expect((await other.call(addLot, { body: stolen })).json.code).toBe('not_yours')
  })

  it('belong to the shop and to operators, and to nobody else', async () => {
    const other = await m.signIn('别家', 'host')
    await m.shopOf(other, '别家的店')
    expect(await refused({}, other)).toBe('not_yours')
    const { id: lotId } = await land({}, await m.signIn('场控', 'operator'))
    for (const contract of [spreadLot, closeLot, landLot, moveLot] as const) {
      const body = { version: 1, lines: [], grams: 1, landsAt: m.clock.now() + HOUR }
      expect((await other.call(contract, { params: { lotId }, body: body as never })).json.code).toBe(
        'not_yours'
      )
    }
    expect((await other.call(myLots, { query: { shopId: clams.shopId } })).json.code).toBe('not_yours')
  })

  it('have a time: no future for what has come, no past and no eternity for what is to come', async () => {
    expect(await refused({ landsAt: m.clock.now() - 4 * DAY })).toBe('lot_time')
    expect(await refused({ state: 'planned', landsAt: m.clock.now() })).toBe('lot_time')
    expect(await refused({ state: 'planned', landsAt: m.clock.now() + 61 * DAY })).toBe('lot_time')
    expect((await land({ landsAt: m.clock.now() + HOUR })).landsAt).toBe(m.clock.now())
  })

  it('of a product of another shop’s spec, or of a voucher, are refused', async () => {
    expect(await refused({ lines: [{ specId: m.clams.specId, qty: 1, grams: 500 }] })).toBe('no_such_spec')
    const dinner = await m.goods(m.host, { title: '海鲜餐', stock: 1, kind: 'voucher' })
    expect(await refused({ productId: dinner.productId, lines: [] })).toBe('lot_voucher')
  })

  it('are sold oldest first, after what nobody wrote a landing for, and what is to come last', async () => {
    await m.host.call(setStock, { params: { specId: clams.specId }, body: { stock: 2 } })
    const coming = await land({
      state: 'planned',
      landsAt: m.clock.now() + DAY,
      lines: [{ specId: clams.specId, qty: 5, grams: 1500 }]
    })
    await land({ lines: [{ specId: clams.specId, qty: 4 }] })
    await land({ landsAt: m.clock.now() - 5 * HOUR, lines: [{ specId: clams.specId, qty: 3 }] })
    expect(await stock()).toBe(14)
    const { store } = m.village
    const buy = (orderId: string, qty: number) =>
      store.tx(async (tx) => {
        await m.village.products.takeOffIn(tx, { specId: clams.specId, qty })
        await m.village.shop.lots.useIn(tx, orderId, [{ specId: clams.specId, qty }])
      })
    await buy('o1', 2)
    expect(await left()).toEqual([3, 4, 5])
    await buy('o2', 4)
    expect(await left()).toEqual([3, 5])
    expect((await product()).specs[0]!.ahead).toEqual({ ashore: 3, landsAt: coming.landsAt })
    await buy('o3', 4)
    expect(await left()).toEqual([4])
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
