import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { claimCoupon, dropCoupon } from '../../shared/contracts/coupons.ts'
import { scheduleShow } from '../../shared/contracts/live.ts'
import { HOLD_MS, myOrders } from '../../shared/contracts/orders.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import { together, type Together } from '../testing/together.ts'
import type { Errand } from './shopper.ts'

const SERVERS = 2
/** Each opens a whole village first, on whatever machine this is. */
const MINUTES = 120_000

let servers: Together<Errand, string[]>
beforeAll(() => void (servers = together(path.join(import.meta.dirname, 'shopper.ts'), SERVERS)))
afterAll(() => servers.leave())

describe.each(engines)('two servers of one village on $name', { timeout: MINUTES }, (engine) => {
  let m: Market
  beforeEach(async () => {
    m = await market(engine)
  })
  afterEach(() => m.close())

  const errand = (drafts: Errand['drafts'], now = m.clock.now()): Errand => ({
    place: { databaseUrl: m.place.databaseUrl, dataDir: m.place.dataDir },
    now,
    me: { id: m.buyer.me.id, name: m.buyer.me.name, roles: m.buyer.me.roles },
    drafts
  })

  const mine = async () => (await m.buyer.call(myOrders)).json.items

  it('sell the last ones once, whoever is faster', async () => {
    const oysters = await m.goods(m.host, { title: '海蛎子', stock: 3 })
    const lines = [
      { specId: oysters.specId, qty: 1 },
      { specId: m.clams.specId, qty: 1 }
    ]
    const drafts = () =>
      Array.from({ length: 4 }, () => m.draft({ lines: lines.toReversed(), payFen: 2 * CLAM_FEN }))
    const got = (await servers.go(Array.from({ length: SERVERS }, () => errand(drafts())))).flat()
    const refused = got.filter((each) => each === 'sold_out')
    expect(refused).toHaveLength(5)
    expect(new Set(got.filter((each) => each !== 'sold_out'))).toEqual(
      new Set((await mine()).map((order) => order.id))
    )
    expect(await mine()).toHaveLength(3)
    expect([await m.stock(oysters), await m.stock()]).toEqual([0, 7])
  })

  it('take a tap that reached both as one order', async () => {
    const draft = m.draft()
    const got = (await servers.go(Array.from({ length: SERVERS }, () => errand([draft, draft])))).flat()
    expect(got).toEqual(Array.from({ length: 4 }, () => got[0]))
    expect((await mine()).map((order) => order.id)).toEqual([got[0]])
    expect(await m.stock()).toBe(9)
  })

  it('use a coupon once', async () => {
    const show = { title: '券', cover: '', startsAt: m.clock.now() + 60_000, productIds: [] }
    const { id: showId } = (await m.host.call(scheduleShow, { body: show })).json.show
    const body = {
      kind: 'plain' as const,
      offFen: 500,
      thresholdFen: 0,
      total: 1,
      perMember: 1,
      lifeMs: 86_400_000
    }
    const { coupon } = (await m.host.call(dropCoupon, { params: { showId }, body })).json
    await m.buyer.call(claimCoupon, { params: { couponId: coupon.id } })
    const draft = () => m.draft({ picks: [{ couponId: coupon.id, nth: 1 }], payFen: CLAM_FEN - 500 })
    const got = (await servers.go(Array.from({ length: SERVERS }, () => errand([draft(), draft()])))).flat()
    expect(got.filter((each) => each === 'coupon_used')).toHaveLength(3)
    expect(await mine()).toHaveLength(1)
    expect(await m.stock()).toBe(9)
  })

  it('sell a basket over two shops as a whole or not at all, in whatever order its lines come', async () => {
    const sister = await m.signIn('赵大姐', 'host')
    await m.shopOf(sister, '大姐海货')
    const oysters = await m.goods(sister, { title: '海蛎子', stock: 3 })
    const lines = [
      { specId: oysters.specId, qty: 1 },
      { specId: m.clams.specId, qty: 2 }
    ]
    const payFen = 3 * CLAM_FEN
    const errands = [lines, lines.toReversed()].map((each) =>
      errand(Array.from({ length: 4 }, () => m.draft({ lines: each, payFen })))
    )
    const got = (await servers.go(errands)).flat()
    expect(got.filter((each) => each === 'sold_out')).toHaveLength(5)
    const orders = await mine()
    const bills = Map.groupBy(orders, ({ billId }) => billId)
    expect(new Set(bills.keys())).toEqual(new Set(got.filter((each) => each !== 'sold_out')))
    expect([...bills.values()].map((each) => each.length)).toEqual([2, 2, 2])
    expect([await m.stock(oysters), await m.stock()]).toEqual([0, 4])
    await servers.go(Array.from({ length: SERVERS }, () => errand([], m.clock.now() + HOLD_MS)))
    expect((await mine()).map(({ state, changes }) => `${state} ${changes.length}`)).toEqual(
      Array.from({ length: 6 }, () => 'expired 2')
    )
    expect([await m.stock(oysters), await m.stock()]).toEqual([3, 10])
  })

  it('return what nobody paid once', async () => {
    for (let i = 0; i < 5; i++) await m.order()
    expect(await m.stock()).toBe(5)
    const later = m.clock.now() + HOLD_MS
    await servers.go(Array.from({ length: SERVERS }, () => errand([], later)))
    expect(await m.stock()).toBe(10)
    expect((await mine()).map(({ state, changes }) => [state, changes.length])).toEqual(
      Array.from({ length: 5 }, () => ['expired', 2])
    )
  })
})
