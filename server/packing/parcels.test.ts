import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sayWeather } from '../../shared/contracts/freight.ts'
import { addLot, landLot } from '../../shared/contracts/lots.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import { cancelPaid, payBack } from '../../shared/contracts/aftersale.ts'
import { myOrder } from '../../shared/contracts/orders.ts'
import {
  correctParcel,
  findParcel,
  listParcels,
  packingShops,
  packingStation,
  packParcels,
  receiveOrder,
  unpackParcel,
  weighParcel,
  type Parcel
} from '../../shared/contracts/packing.ts'
import { boxesOf, pickList } from '../../shared/parcel.ts'
import { DAY_MS } from '../../shared/day.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import type { SignedIn } from '../testing/village.ts'
import { aNumber, packers } from './testing.ts'

const HOUR_MS = 3_600_000
const MINUTES = 120_000

let backs = 0

describe.each(engines)('the packing station on $name', { timeout: MINUTES }, (engine) => {
  let m: Market
  let at: ReturnType<typeof packers>
  let operator: SignedIn
  beforeEach(async () => {
    m = await market(engine)
    at = packers(m)
    operator = await m.signIn('小周', 'operator')
  })
  afterEach(() => m.close())

  const list = async (state: Parcel['state'], who = m.host) =>
    (await who.call(listParcels, { query: { state } })).json.items
  const unpack = (parcelId: string, words = '装错了') =>
    m.host.call(unpackParcel, { params: { parcelId }, body: { words } })
  const changes = async (orderId: string) =>
    (await m.buyer.call(myOrder, { params: { orderId } })).json.order.changes.map(({ state, by, note }) => [
      state,
      by,
      note
    ])
  const twoOfThem = () => ({ lines: [{ specId: m.clams.specId, qty: 2 }], payFen: 2 * CLAM_FEN })

  it('has what is paid, in the order in which it was, and not what only waits for its money', async () => {
    const first = await at.bought()
    m.clock.pass(HOUR_MS)
    const second = await at.bought(twoOfThem())
    await m.order()
    const { orders, shop, more } = await at.station()
    expect(orders.map(({ id }) => id)).toEqual([first, second])
    expect([shop.name, more]).toEqual(['秀兰海鲜', false])
    expect(orders[1]).toMatchObject({
      sameAs: first,
      receiver: '李**',
      tempClass: 'chilled',
      lines: [{ title: '红岛蛤蜊', qty: 2, from: [] }]
    })
  })

  it('never has what is only a voucher, however long it lies there', async () => {
    const meal = await m.goods(m.host, { title: '渔家宴', stock: 3, kind: 'voucher', perishable: false })
    const voucher = await at.bought({ lines: [{ specId: meal.specId, qty: 1 }] })
    const both = await at.bought({
      lines: [
        { specId: meal.specId, qty: 1 },
        { specId: m.clams.specId, qty: 1 }
      ],
      payFen: 2 * CLAM_FEN
    })
    const { orders } = await at.station()
    expect(orders.map(({ id, lines }) => [id, lines.map(({ title }) => title)])).toEqual([
      [both, ['红岛蛤蜊']]
    ])
    expect((await at.pack([[voucher]])).refused).toMatchObject([{ code: 'nothing_to_send' }])
    expect(await at.stateOf(voucher)).toBe('paid')
  })

  it('packs one buyer’s orders to one place into one box, and nothing else', async () => {
    const [one, two] = [await at.bought(), await at.bought()]
    const neighbour = await m.signIn('王海')
    const hers = await at.bought({ addressId: await m.addressOf(neighbour) }, neighbour)
    const stranger = await m.signIn('桂兰', 'host')
    await m.shopOf(stranger, '桂兰的店')
    expect((await at.pack([[one, hers]])).refused).toMatchObject([{ code: 'not_one_parcel' }])
    expect((await at.pack([[one]], stranger)).refused).toMatchObject([{ code: 'no_such_order' }])

    const boxes = boxesOf((await at.station()).orders).map((box) => box.map(({ id }) => id))
    expect(boxes).toEqual([[one, two], [hers]])
    const { parcels, refused } = await at.pack(boxes)
    expect(refused).toEqual([])
    expect(parcels.map(({ orders, state }) => [state, orders.map(({ id }) => id)])).toEqual([
      ['packed', [one, two].toSorted()],
      ['packed', [hers]]
    ])
    expect(await at.stateOf(one)).toBe('packed')
    expect((await at.station()).orders).toEqual([])
    expect((await changes(one)).at(-1)).toEqual(['packed', 'shop', `包裹 ${parcels[0]!.code}，2 单装在一箱`])
  })

  it('answers a tap that was made twice with the same box, and refuses an order that lies in another', async () => {
    const [one, two] = [await at.bought(), await at.bought()]
    const first = await at.packed(one)
    expect((await at.packed(one)).id).toBe(first.id)
    const { parcels, refused } = await at.pack([[one, two], [two]])
    expect(refused).toMatchObject([{ orderIds: [one, two], code: 'parcel_taken' }])
    expect(parcels.map(({ orders }) => orders.map(({ id }) => id))).toEqual([[two]])
    expect(await list('packed')).toHaveLength(2)
  })

  it('writes on a label all that a carrier needs, and no price', async () => {
    const parcel = await at.packed(await at.bought(twoOfThem()))
    expect(parcel).toMatchObject({
      shopName: '秀兰海鲜',
      tempClass: 'chilled',
      deliverTo: { receiver: '李梅', phone: '13900000001', detail: '红岛街道 8 号' },
      packedBy: '王秀兰',
      test: true,
      orders: [{ lines: [{ qty: 2 }] }]
    })
    const { text } = await m.host.call(listParcels, { query: { state: 'packed' } })
    expect(text).not.toMatch(/fen|price/i)
    expect(parcel.leavesAt).toBeGreaterThan(m.clock.now())
  })

  it('shows an address only to who packs it, and nobody once it is there', async () => {
    const orderId = await at.bought()
    const stations = await m.host.call(packingStation)
    expect(stations.text).not.toMatch(/13900000001|8 号|李梅/)
    const parcel = await at.packed(orderId)
    const stranger = await m.signIn('桂兰', 'host')
    await m.shopOf(stranger, '桂兰的店')
    for (const who of [stranger, m.buyer]) {
      const { status } = await who.call(findParcel, { query: { text: parcel.code } })
      expect(status).toBe(who === m.buyer ? 403 : 404)
    }
    expect((await stranger.call(listParcels, { query: { state: 'packed' } })).json.items).toEqual([])
    const asked = { query: { state: 'packed' as const, shopId: m.clams.shopId } }
    expect((await stranger.call(listParcels, asked)).json.code).toBe('no_such_shop')
    expect((await operator.call(listParcels, asked)).json.items).toHaveLength(1)

    await at.ship(parcel.id)
    expect((await list('shipped'))[0]!.deliverTo.phone).toBe('13900000001')
    await m.buyer.call(receiveOrder, { params: { orderId } })
    expect((await list('shipped'))[0]!.deliverTo).toEqual({
      receiver: '李**',
      phone: '139****0001',
      region: '山东 青岛 城阳',
      detail: ''
    })
  })

  it('lets an operator help any shop, and says where most waits', async () => {
    await at.bought()
    const shop = { id: m.clams.shopId, name: '秀兰海鲜', hostName: '王秀兰' }
    expect((await operator.call(packingShops)).json.items).toEqual([{ ...shop, toPack: 1, toShip: 0 }])
    const { shopId } = m.clams
    const { orders } = (await operator.call(packingStation, { query: { shopId } })).json
    const boxes = [{ orderIds: orders.map(({ id }) => id) }]
    const { parcels } = (await operator.call(packParcels, { body: { shopId, boxes } })).json
    expect(parcels).toMatchObject([{ packedBy: '小周' }])
    expect((await m.host.call(packingShops)).json.items).toEqual([{ ...shop, toPack: 0, toShip: 1 }])
    expect((await operator.call(packingStation)).json.code).toBe('no_such_shop')
  })

  it('packs no order twice when two pack at the same moment', async () => {
    const ids = [await at.bought(), await at.bought(), await at.bought(), await at.bought()]
    const [a, b, c, d] = ids as [string, string, string, string]
    const shopId = m.clams.shopId
    const pack = async (who: SignedIn, boxes: string[][]) =>
      (await who.call(packParcels, { body: { shopId, boxes: boxes.map((orderIds) => ({ orderIds })) } })).json
    const both = await Promise.all([
      pack(m.host, [
        [a, b],
        [c, d]
      ]),
      pack(operator, [[a, c], [b, d], [d]])
    ])
    const inside = both.flatMap(({ parcels }) => parcels.flatMap(({ orders }) => orders.map(({ id }) => id)))
    expect(new Set(inside).size).toBe(inside.length)
    const packed = await list('packed')
    expect(packed.flatMap(({ orders }) => orders.map(({ id }) => id)).toSorted()).toEqual(inside.toSorted())
    const left = (await at.station()).orders.map(({ id }) => id)
    expect([...inside, ...left].toSorted()).toEqual(ids.toSorted())
  })

  it('hands a parcel to its carrier once, and tells its buyer with whom and when', async () => {
    const orderId = await at.bought()
    const parcel = await at.packed(orderId)
    const trackingNo = aNumber()
    const taps = await Promise.all(
      [1, 2, 3].map(() => at.ship(parcel.id, { trackingNo: ` ${trackingNo.toLowerCase()}`, grams: 1620 }))
    )
    expect(taps.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(taps[0]!.json.parcel).toMatchObject({ state: 'shipped', carrier: 'sf', trackingNo, grams: 1620 })
    expect((await changes(orderId)).slice(-1)).toEqual([['shipped', 'shop', `顺丰 ${trackingNo}`]])
    const { items } = (await m.buyer.call(myNotices)).json
    expect(items.filter(({ kind }) => kind === 'parcel_shipped')).toMatchObject([
      { about: { title: '红岛蛤蜊', carrier: 'sf', number: trackingNo }, href: `/me/orders/${orderId}` }
    ])
    expect(Number(items[0]!.about.arrivesAt)).toBeGreaterThan(m.clock.now())
    expect((await at.ship(parcel.id)).json.code).toBe('parcel_left')
  })

  it('refuses a number that is none, asks about one that is odd, and never takes one twice', async () => {
    const [one, two] = [await at.packed(await at.bought()), await at.packed(await at.bought())]
    const why = async (trackingNo: string, more = {}) =>
      (await at.ship(one.id, { trackingNo, ...more })).json.code
    expect(await why('123')).toBe('tracking_wrong')
    expect(await why('')).toBe('tracking_wrong')
    expect(await why(one.code)).toBe('tracking_wrong')
    expect(await why('13800000001')).toBe('tracking_odd')
    const used = aNumber()
    expect((await at.ship(two.id, { trackingNo: used })).status).toBe(200)
    const again = await at.ship(one.id, { trackingNo: used })
    expect([again.json.code, again.json.details]).toEqual(['tracking_used', { code: two.code }])
    expect((await list('packed')).map(({ id }) => id)).toEqual([one.id])
    expect(await why('12345678', { sure: true })).toBeUndefined()
  })

  it('sends one number on one parcel when two hands type it', async () => {
    const [one, two] = [await at.packed(await at.bought()), await at.packed(await at.bought())]
    const trackingNo = aNumber()
    const both = await Promise.all([at.ship(one.id, { trackingNo }), at.ship(two.id, { trackingNo })])
    expect(both.map(({ status }) => String(status)).toSorted()).toEqual(['200', '409'])
    expect(await list('shipped')).toHaveLength(1)
  })

  it('corrects a wrong number while the parcel is on its way, and tells her again', async () => {
    const orderId = await at.bought()
    const parcel = await at.packed(orderId)
    const correct = (trackingNo: string) =>
      m.host.call(correctParcel, { params: { parcelId: parcel.id }, body: { carrier: 'sf', trackingNo } })
    expect((await correct(aNumber())).json.code).toBe('parcel_not_left')
    await at.ship(parcel.id)
    const right = aNumber()
    expect((await correct(right)).json.parcel.trackingNo).toBe(right)
    expect((await correct(right)).status).toBe(200)
    expect((await changes(orderId)).at(-1)).toEqual(['shipped', 'shop', `单号改正：顺丰 ${right}`])
    const { items } = (await m.buyer.call(myNotices)).json
    expect(items.filter(({ kind }) => kind === 'parcel_shipped')).toHaveLength(2)
    await m.buyer.call(receiveOrder, { params: { orderId } })
    expect((await correct(aNumber())).json.code).toBe('parcel_arrived')
  })

  it('finds a parcel by what is scanned or typed, and nothing by nonsense', async () => {
    const parcel = await at.packed(await at.bought())
    const found = async (text: string) => (await m.host.call(findParcel, { query: { text } })).json
    const number = aNumber()
    await at.ship(parcel.id, { trackingNo: number })
    for (const text of [parcel.code, parcel.code.slice(2), ` ${number.toLowerCase()} `]) {
      expect((await found(text)).parcel?.id, text).toBe(parcel.id)
    }
    for (const text of ['YJ0000000000', '你好', "' or 1=1", 'https://example.com/?x=1']) {
      expect((await found(text)).code, text).toBe('no_such_parcel')
    }
  })

  it('opens a box again with a reason, and its orders are packed once more', async () => {
    const [one, two] = [await at.bought(), await at.bought()]
    const parcel = await at.packed(one, two)
    expect((await unpack(parcel.id, ' ')).json.code).toBe('bad_input')
    expect((await unpack(parcel.id, '少放了冰')).json.parcel).toMatchObject({
      state: 'undone',
      undoneWords: '少放了冰',
      orders: []
    })
    expect((await changes(one)).at(-1)).toEqual(['paid', 'shop', '拆箱重装：少放了冰'])
    expect((await at.station()).orders).toHaveLength(2)
    expect((await at.ship(parcel.id)).json.code).toBe('parcel_undone')
    expect((await unpack(parcel.id)).json.code).toBe('parcel_undone')
    const again = await at.packed(one)
    expect(again.code).not.toBe(parcel.code)
    await at.ship(again.id)
    expect((await unpack(again.id)).json.code).toBe('parcel_left')
  })

  it('ships a box or opens it, when both are tapped at once', async () => {
    const orderId = await at.bought()
    const parcel = await at.packed(orderId)
    const [shipped, opened] = await Promise.all([at.ship(parcel.id), unpack(parcel.id)])
    expect([`${shipped.status}`, `${opened.status}`].toSorted()).toEqual(['200', '409'])
    expect(await at.stateOf(orderId)).toBe(shipped.status === 200 ? 'shipped' : 'paid')
  })

  it('weighs a box until it is opened again', async () => {
    const parcel = await at.packed(await at.bought())
    const weigh = (grams: number) =>
      m.host.call(weighParcel, { params: { parcelId: parcel.id }, body: { grams } })
    expect((await weigh(1_628)).json.parcel.grams).toBe(1_628)
    expect((await weigh(0)).json.code).toBe('bad_input')
    expect((await weigh(50_001)).json.code).toBe('bad_input')
    await unpack(parcel.id)
    expect((await weigh(1_700)).json.code).toBe('parcel_undone')
  })

  it('takes out of a box what was paid back, and sends none in which nothing is left', async () => {
    const [one, two] = [await at.bought(twoOfThem()), await at.bought()]
    const parcel = await at.packed(one, two)
    const back = (orderId: string, qty: number) =>
      operator.call(payBack, {
        params: { orderId },
        body: {
          key: `back-${++backs}-${orderId}`,
          cause: 'asked',
          lines: [{ specId: m.clams.specId, qty }],
          freightFen: 0,
          words: '少了一份'
        }
      })
    expect((await back(one, 1)).status).toBe(200)
    expect((await list('packed'))[0]!.orders.find(({ id }) => id === one)!.lines).toMatchObject([{ qty: 1 }])
    expect((await back(two, 1)).status).toBe(200)
    expect((await list('packed'))[0]!.orders.find(({ id }) => id === two)).toMatchObject({
      state: 'refunded',
      lines: []
    })
    expect((await back(one, 2)).json.code).toBe('refund_too_much')
    expect((await back(one, 1)).json.code).toBeUndefined()
    expect(await list('packed')).toHaveLength(0)
    expect((await list('undone')).map(({ undoneWords }) => undoneWords)).toEqual(['里面的订单都退款了'])
    expect((await at.ship(parcel.id)).json.code).toBe('parcel_undone')
  })

  it('opens a box of which only a voucher is left, and sends nothing', async () => {
    const meal = await m.goods(m.host, { title: '渔家宴', stock: 3, kind: 'voucher', perishable: false })
    const lines = [
      { specId: meal.specId, qty: 1 },
      { specId: m.clams.specId, qty: 1 }
    ]
    const orderId = await at.bought({ lines, payFen: 2 * CLAM_FEN })
    const beside = await at.bought()
    const clamsBack = (id: string) => {
      const lines = [{ specId: m.clams.specId, qty: 1 }]
      const body = {
        key: `back-${++backs}-${id}`,
        cause: 'asked' as const,
        lines,
        freightFen: 0,
        words: '退货'
      }
      return operator.call(payBack, { params: { orderId: id }, body })
    }
    const parcel = await at.packed(orderId, beside)
    expect((await clamsBack(orderId)).status).toBe(200)
    expect(await at.stateOf(orderId)).toBe('paid')
    expect((await list('packed'))[0]!.orders.map(({ id }) => id)).toEqual([beside])
    expect((await clamsBack(beside)).status).toBe(200)
    expect(await list('packed')).toEqual([])
    expect((await list('undone'))[0]!.deliverTo).toMatchObject({ phone: '139****0001', detail: '' })
    expect((await at.ship(parcel.id)).json.code).toBe('parcel_undone')
    expect((await at.station()).orders).toEqual([])
  })

  it('does not pack what its buyer has just taken back', async () => {
    const orderId = await at.bought()
    const [, back] = await Promise.all([
      at.pack([[orderId]]),
      m.buyer.call(cancelPaid, { params: { orderId } })
    ])
    const parcels = await list('packed')
    expect(await at.stateOf(orderId)).toBe(back.status === 200 ? 'refunded' : 'packed')
    expect(parcels).toHaveLength(back.status === 200 ? 0 : 1)
  })

  it('says which orders the weather holds up', async () => {
    const orderId = await at.bought()
    expect((await at.station()).orders[0]).not.toHaveProperty('heldUp')
    const storm = { kind: 'storm' as const, provinces: ['山东' as const], celsius: 0, words: '台风过境' }
    const body = { ...storm, fromAt: m.clock.now(), untilAt: m.clock.now() + DAY_MS }
    expect((await operator.call(sayWeather, { body })).status).toBe(200)
    expect((await at.station()).orders).toMatchObject([
      { id: orderId, heldUp: { reason: 'storm', province: '山东' } }
    ])
  })

  it('waits for what is sold ahead, and says out of which landing it comes', async () => {
    const crabs = await m.goods(m.host, { title: '梭子蟹', stock: 0 })
    const landsAt = m.clock.now() + 2 * DAY_MS
    const { lot } = (
      await m.host.call(addLot, {
        body: {
          key: 'lot-of-crabs',
          productId: crabs.productId,
          source: 'boat',
          sourceName: '鲁青渔 60123',
          state: 'planned',
          landsAt,
          grams: 30_000,
          lines: [{ specId: crabs.specId, qty: 10, grams: 1500 }]
        }
      })
    ).json
    const orderId = await at.bought({ lines: [{ specId: crabs.specId, qty: 1, ahead: true }] })
    const [waiting] = (await at.station()).orders
    expect(waiting).toMatchObject({ id: orderId, landsAt })
    expect(waiting!.leavesAt).toBeGreaterThan(landsAt)
    expect((await at.pack([[orderId]])).refused).toMatchObject([{ code: 'not_ashore' }])

    m.clock.set(landsAt)
    const { status } = await m.host.call(landLot, {
      params: { lotId: lot.id },
      body: {
        version: lot.version,
        grams: 30_000,
        lines: [{ specId: crabs.specId, qty: 10, grams: 1500 }]
      }
    })
    expect(status).toBe(200)
    const [ready] = (await at.station()).orders
    expect(ready).toMatchObject({ landsAt: 0 })
    const lines = ready!.lines.map((line) => ({ orderId, ...line }))
    expect(pickList(lines)).toMatchObject([
      { qty: 1, grams: 1500, from: [{ lotId: lot.id, name: '鲁青渔 60123', qty: 1 }] }
    ])
    expect((await at.packed(orderId)).orders).toHaveLength(1)
  })
})

it(
  'a hundred orders are packed from one screen',
  async () => {
    const m = await market(engines[0]!)
    const at = packers(m)
    const oysters = await m.goods(m.host, { title: '海蛎子', stock: 200 })
    for (let i = 0; i < 100; i++) await at.bought({ lines: [{ specId: oysters.specId, qty: 1 }] })
    const { orders } = await at.station()
    expect(orders).toHaveLength(100)
    const boxes = boxesOf(orders).map((box) => box.map(({ id }) => id))
    expect(boxes).toHaveLength(5)
    const { parcels, refused } = await at.pack(orders.map(({ id }) => [id]))
    expect([parcels.length, refused.length]).toEqual([100, 0])
    expect(new Set(parcels.map(({ code }) => code)).size).toBe(100)
    expect((await at.station()).orders).toEqual([])
    await m.close()
  },
  MINUTES
)
