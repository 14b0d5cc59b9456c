import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OrderToPack, Parcel } from '../../shared/contracts/packing.ts'
import { codeOf } from '../../shared/parcel.ts'
import { Handing } from './handing.svelte.ts'
import { Station } from './station.svelte.ts'

const NOW = Date.parse('2026-11-20T09:00:00+08:00')

const order = (id: string, more: Partial<OrderToPack> = {}): OrderToPack => ({
  id,
  sameAs: id,
  receiver: '李**',
  region: '山东 青岛',
  tempClass: 'chilled',
  paidAt: NOW,
  leavesAt: NOW,
  landsAt: 0,
  test: false,
  lines: [
    {
      specId: 'clams-3',
      title: '红岛蛤蜊',
      specName: '三斤装',
      unit: 'portion',
      photo: '',
      tempClass: 'chilled',
      grams: 1500,
      qty: 2,
      from: []
    }
  ],
  ...more
})

const parcel: Parcel = {
  id: 'p1',
  code: codeOf(123_456_789),
  state: 'packed',
  shopId: 'lan',
  shopName: '兰姐蛤蜊铺',
  village: '红岛',
  tempClass: 'chilled',
  grams: 0,
  goodsGrams: 3000,
  carrier: '',
  trackingNo: '',
  deliverTo: { receiver: '李梅', phone: '13900000001', region: '山东 青岛', detail: '红岛街道 8 号' },
  packedBy: '兰姐',
  packedAt: NOW,
  leavesAt: NOW,
  shippedAt: 0,
  arrivesAt: 0,
  undoneWords: '',
  test: false,
  orders: []
}

const idsOf = (boxes: OrderToPack[][]) => boxes.map((box) => box.map(({ id }) => id).join('+'))
const answer = (body: object, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

beforeEach(() => localStorage.clear())
afterEach(() => vi.unstubAllGlobals())

describe('what is put together', () => {
  const station = (...orders: OrderToPack[]) => {
    const made = new Station()
    made.orders = orders
    return made
  }

  it('is suggested, taken apart, and put together again', () => {
    const at = station(order('a'), order('b', { sameAs: 'a' }), order('c'))
    expect(idsOf(at.boxes)).toEqual(['a+b', 'c'])
    expect([at.chosen.length, at.chosenOrders]).toEqual([2, 3])
    at.split(at.boxes[0]!)
    expect(idsOf(at.boxes)).toEqual(['a', 'b', 'c'])
    at.merge(at.boxes[1]![0]!)
    expect(idsOf(at.boxes)).toEqual(['a+b', 'c'])
  })

  it('is picked for the boxes that are chosen, and no others', () => {
    const at = station(order('a'), order('b'))
    expect(at.picks).toMatchObject([{ qty: 4, grams: 6000, orders: 2 }])
    at.choose(at.boxes[0]!, false)
    expect(at.picks).toMatchObject([{ qty: 2, orders: 1 }])
    at.chooseAll(false)
    expect([at.picks, at.chosen]).toEqual([[], []])
    at.chooseAll(true)
    expect(at.chosen).toHaveLength(2)
  })

  it('leaves for later what waits for its boat or for the weather, unless she says so', () => {
    const storm = { heldUp: { reason: 'storm' as const, province: '吉林' } }
    const at = station(order('a', { landsAt: NOW }), order('b', storm), order('c'))
    expect(idsOf(at.boxes)).toEqual(['b', 'c'])
    expect(idsOf(at.chosen)).toEqual(['c'])
    expect(at.ahead.map(({ id }) => id)).toEqual(['a'])
    at.choose(at.boxes[0]!, true)
    expect(idsOf(at.chosen)).toEqual(['b', 'c'])
  })

  it('is packed box by box as it is chosen', async () => {
    const asked: unknown[] = []
    vi.stubGlobal('fetch', (url: string, { body }: { body: string | null }) => {
      if (body === null) return Promise.resolve(answer({ orders: [], shop: parcel, more: false, toShip: 1 }))
      asked.push([url, JSON.parse(body)])
      return Promise.resolve(answer({ parcels: [parcel], refused: [] }))
    })
    const at = station(order('a'), order('b', { sameAs: 'a' }), order('c'))
    at.choose(at.boxes[1]!, false)
    expect((await at.pack()).parcels).toHaveLength(1)
    expect(asked).toEqual([['/api/packing/parcels', { boxes: [{ orderIds: ['a', 'b'] }] }]])
    expect([at.orders, at.toShip]).toEqual([[], 1])
  })
})

describe('a box that is handed over', () => {
  it('hears a number from the camera, and whose it is; not the code of our own label', () => {
    const handing = new Handing(parcel)
    expect(handing.hear(parcel.code)).toBe(false)
    expect(handing.number).toBe('')
    expect(handing.hear(' JT1234567890123 ')).toBe(true)
    expect([handing.carrier, handing.number, handing.ready]).toEqual(['jt', 'JT1234567890123', true])
  })

  it('wants a number from every carrier but the shop itself', () => {
    const handing = new Handing(parcel)
    expect([handing.ready, handing.wrong]).toEqual([false, 'short'])
    handing.carrier = 'self'
    expect(handing.ready).toBe(true)
  })

  it('takes a weight as she writes it, and sees when something may be missing', () => {
    const handing = new Handing(parcel)
    handing.weight = '6斤4两'
    expect([handing.grams, handing.lighter, handing.weightWrong]).toEqual([3200, false, false])
    handing.weight = '5'
    expect(handing.lighter).toBe(true)
    for (const weight of ['很重', '101', '0']) {
      handing.weight = weight
      expect(handing.weightWrong, weight).toBe(true)
    }
  })

  it('asks once more about an odd number, and takes it when she has looked', async () => {
    const asked: { sure?: boolean }[] = []
    vi.stubGlobal('fetch', (_: string, { body }: { body: string }) => {
      const sent = JSON.parse(body) as { sure?: boolean }
      asked.push(sent)
      return Promise.resolve(
        sent.sure ? answer({ parcel }) : answer({ code: 'tracking_odd', message: '' }, 409)
      )
    })
    const handing = new Handing(parcel)
    handing.type('12345678')
    expect(await handing.ship()).toBeUndefined()
    expect(handing.asked).toBe(true)
    expect(await handing.ship()).toEqual(parcel)
    expect(asked.map(({ sure }) => sure)).toEqual([undefined, true])
    handing.type('87654321')
    expect(handing.asked).toBe(false)
  })

  it('remembers the carrier for the next box', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(answer({ parcel })))
    const handing = new Handing(parcel)
    handing.hear('JD0123456789012')
    await handing.ship()
    expect(new Handing(parcel).carrier).toBe('jd')
  })
})
