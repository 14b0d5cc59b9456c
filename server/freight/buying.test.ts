import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { changeProduct, getProduct } from '../../shared/contracts/catalogue.ts'
import { addFreight, changeFreight, liftWeather, sayWeather } from '../../shared/contracts/freight.ts'
import { saveAddress } from '../../shared/contracts/members.ts'
import { cancelOrder, myOrder, placeOrder, quoteOrder } from '../../shared/contracts/orders.ts'
import { FREIGHT_EXAMPLES } from '../../shared/freight-examples.ts'
import type { Province } from '../../shared/provinces.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import type { SignedIn } from '../testing/village.ts'

const HOUR_MS = 3_600_000
/** The clams weigh what the first price covers; ice is 3 yuan. */
const FAR_FEN = 2800
const tariff = {
  ...FREIGHT_EXAMPLES.chilled,
  zones: FREIGHT_EXAMPLES.chilled.zones.map((zone) => ({ ...zone, freeFromFen: 0 }))
}

describe.each(engines)('buying what has to be sent, on $name', (engine) => {
  let here: Market
  let officer: SignedIn
  let freightId: string
  let homes: Record<'near' | 'far' | 'tibet' | 'nowhere', string>
  const clock = settableClock()

  beforeAll(async () => {
    here = await market(engine, {}, clock)
    officer = await here.signIn('周干事', 'officer')
    freightId = (await here.host.call(addFreight, { body: tariff })).json.template.id
    await send(here.clams.productId, { freightId, maxHours: 72, maxCelsius: 30 })
    const live = async (region: string) => {
      const body = { receiver: '李梅', phone: '13900000001', region, detail: '1 号' }
      return (await here.buyer.call(saveAddress, { body })).json.address.id
    }
    homes = {
      near: await live('山东省青岛市城阳区'),
      far: await live('广东省深圳市南山区'),
      tibet: await live('西藏自治区拉萨市'),
      nowhere: await live('红岛街道')
    }
  })
  afterAll(() => here.close())
  beforeEach(() => clock.pass(24 * HOUR_MS))

  async function send(productId: string, how: { freightId: string; maxHours?: number; maxCelsius?: number }) {
    const params = { productId }
    const { product } = (await here.host.call(getProduct, { params })).json
    const { shop: _, id: __, version, ...draft } = product
    const specs = draft.specs.map((spec) => ({ ...spec, grams: 1500 }))
    const body = { version, product: { ...draft, ...how, specs } }
    expect((await here.host.call(changeProduct, { params, body })).status).toBe(200)
  }

  const lines = () => [{ specId: here.clams.specId, qty: 1 }]
  const quote = async (addressId: string) =>
    (await here.buyer.call(quoteOrder, { body: { lines: lines(), addressId } })).json
  const place = (addressId: string, payFen: number) =>
    here.buyer.call(placeOrder, { body: here.draft({ addressId, payFen }) })
  const say = (kind: 'heat' | 'storm', province: Province) =>
    officer.call(sayWeather, {
      body: {
        kind,
        provinces: [province],
        celsius: kind === 'heat' ? 33 : 0,
        words: '',
        fromAt: clock.now(),
        untilAt: clock.now() + HOUR_MS
      }
    })
  const cancel = (orderId: string) => here.buyer.call(cancelOrder, { params: { orderId } })

  it('costs what its zone costs, in the quote and in the order alike', async () => {
    const asked = await quote(homes.far)
    expect(asked).toMatchObject({
      goodsFen: CLAM_FEN,
      freightFen: FAR_FEN,
      payFen: CLAM_FEN + FAR_FEN,
      orders: [{ delivery: { province: '广东', tempClass: 'chilled', refused: [] } }]
    })
    const { json } = await place(homes.far, asked.payFen)
    expect(json.bill).toMatchObject({ freightFen: FAR_FEN, payFen: CLAM_FEN + FAR_FEN })
    await cancel(json.bill.orders[0]!.id)
  })

  it('a price that changed after she looked is a price she sees before she agrees', async () => {
    const { payFen } = await quote(homes.near)
    const params = { freightId }
    const dearer = tariff.zones.map((zone) => ({ ...zone, firstFen: zone.firstFen + 100 }))
    const change = (version: number, zones: typeof dearer) =>
      here.host.call(changeFreight, { params, body: { version, template: { ...tariff, zones } } })
    expect((await change(1, dearer)).status).toBe(200)
    const { json } = await place(homes.near, payFen)
    expect(json).toMatchObject({ code: 'price_changed', details: { payFen: payFen + 100 } })

    const placed = (await place(homes.near, payFen + 100)).json.bill.orders[0]!
    expect((await change(2, tariff.zones)).status).toBe(200)
    const kept = (await here.buyer.call(myOrder, { params: { orderId: placed.id } })).json.order
    expect(kept.freightFen).toBe(placed.freightFen)
    await cancel(placed.id)
  })

  it('where it does not go the quote says so line by line, and nothing is taken off the shelf', async () => {
    const left = await here.stock()
    const asked = await quote(homes.tibet)
    expect(asked.orders[0]!.delivery).toMatchObject({
      refused: [{ title: '红岛蛤蜊', province: '西藏', reason: 'refused' }]
    })
    const { json } = await place(homes.tibet, asked.payFen)
    expect(json).toMatchObject({ code: 'not_delivered', details: { reason: 'refused' } })
    expect(await here.stock()).toBe(left)
  })

  it('an address that names no province is asked for one', async () => {
    const asked = await quote(homes.nowhere)
    expect(asked.orders[0]!.delivery).toMatchObject({ unclear: true })
    expect((await place(homes.nowhere, asked.payFen)).json.code).toBe('region_unclear')
  })

  it.each(['heat', 'storm'] as const)(
    'a %s that comes between looking and buying stops it, and one that is lifted does not',
    async (kind) => {
      const { payFen } = await quote(homes.far)
      const { notice } = (await say(kind, '广东')).json
      expect((await place(homes.far, payFen)).json).toMatchObject({
        code: 'not_delivered',
        details: { reason: kind, province: '广东' }
      })
      const near = await place(homes.near, (await quote(homes.near)).payFen)
      expect(near.status).toBe(200)
      await officer.call(liftWeather, { params: { noticeId: notice.id } })
      const far = await place(homes.far, payFen)
      expect(far.status, far.text).toBe(200)
      for (const { json } of [near, far]) await cancel(json.bill.orders[0]!.id)
    }
  )

  it('is sent free to the last fen by a shop that has no template', async () => {
    const dried = await here.goods(here.host, { title: '海米', stock: 3, tempClass: 'ambient' })
    const wanted = [{ specId: dried.specId, qty: 2 }]
    const body = here.draft({ lines: wanted, addressId: homes.tibet, payFen: 2 * CLAM_FEN })
    const { json } = await here.buyer.call(placeOrder, { body })
    expect(json.bill).toMatchObject({ freightFen: 0, payFen: 2 * CLAM_FEN })
    await cancel(json.bill.orders[0]!.id)
  })

  it('keeps of every fresh line by itself that it was ticked, and when', async () => {
    const { store } = here.village
    const shrimp = await here.goods(here.host, { title: '活虾', stock: 3 })
    const dried = await here.goods(here.host, { title: '干虾', stock: 3, perishable: false })
    const wanted = [here.clams.specId, shrimp.specId, dried.specId].map((specId) => ({ specId, qty: 1 }))
    const { payFen } = (await here.buyer.call(quoteOrder, { body: { lines: wanted, addressId: homes.near } }))
      .json
    const ticked = (agreed: string[]) =>
      here.buyer.call(placeOrder, {
        body: {
          ...here.draft({ addressId: homes.near, payFen }),
          lines: wanted.map((line) => ({ ...line, agreed: agreed.includes(line.specId) }))
        }
      })
    expect((await ticked([here.clams.specId])).json).toMatchObject({
      code: 'tick_perishable',
      details: { specId: shrimp.specId }
    })
    const { json } = await ticked([here.clams.specId, shrimp.specId])
    const orderId = json.bill.orders[0]!.id
    const rows = await store.read.select().from(store.schema.orderLines)
    const kept = rows.filter((row) => row.orderId === orderId)
    const tickedAt = new Map(kept.map((row) => [row.specId, row.perishableAgreedAt]))
    expect([here.clams, shrimp, dried].map(({ specId }) => tickedAt.get(specId))).toEqual([
      clock.now(),
      clock.now(),
      null
    ])
    await cancel(orderId)
  })
})
