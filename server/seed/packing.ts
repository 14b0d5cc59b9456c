import type { Village } from '../app.ts'
import type { StoryClock } from '../clock.ts'
import type { Product } from '../../shared/contracts/catalogue.ts'
import type { Member } from '../members/member.ts'
import type { ArtName } from './art.ts'
import { DEMO_BUYERS } from './people.ts'

const HOUR_MS = 3_600_000

/** Where the demo’s buyers have their parcels sent; the streets are made up. */
const HOMES = {
  'buyer-2': { receiver: '周晓', region: '山东 青岛 城阳', detail: '演示路 2 号' },
  'buyer-3': { receiver: '陈潮', region: '山东 济南 历下', detail: '演示路 3 号' },
  'buyer-4': { receiver: '毛毛', region: '江苏 南京 鼓楼', detail: '演示路 4 号' },
  'buyer-5': { receiver: '王姐', region: '北京 朝阳', detail: '演示路 5 号' },
  'buyer-7': { receiver: '何海', region: '广东 深圳 南山', detail: '演示路 7 号' }
} as const
type Buyer = keyof typeof HOMES

/** Whom and what the demo village has. */
export interface Folk {
  person: (id: string) => Member
  goodsOf: (village: Village, hostId: string, arts: readonly ArtName[]) => Promise<Product[]>
}

interface Story {
  buyer: Buyer
  host: string
  goods: readonly { art: ArtName; qty: number }[]
  /** When it was bought. */
  hoursAgo: number
  /** What became of it, and how many hours ago; nothing: it waits to be paid. */
  paid?: boolean
  packed?: number
  shipped?: number
  received?: number
  closed?: 'cancelled' | 'refunded' | 'expired'
}

/** One of each on the way from the tap to the table, of several shops. */
const STORIES: readonly Story[] = [
  {
    buyer: 'buyer-5',
    host: 'yuzhen',
    goods: [{ art: 'kelp', qty: 2 }],
    hoursAgo: 14 * 24,
    paid: true,
    packed: 14 * 24 - 3,
    shipped: 14 * 24 - 5,
    received: 11 * 24
  },
  {
    buyer: 'buyer-4',
    host: 'xiumei',
    goods: [{ art: 'fishBalls', qty: 2 }],
    hoursAgo: 6 * 24,
    paid: true,
    closed: 'refunded'
  },
  {
    buyer: 'buyer-4',
    host: 'haiyan',
    goods: [{ art: 'prawns', qty: 1 }],
    hoursAgo: 5 * 24,
    closed: 'cancelled'
  },
  {
    buyer: 'buyer-3',
    host: 'haiyan',
    goods: [{ art: 'prawns', qty: 1 }],
    hoursAgo: 4 * 24,
    closed: 'expired'
  },
  {
    buyer: 'buyer-2',
    host: 'haiyan',
    goods: [{ art: 'reefOysters', qty: 1 }],
    hoursAgo: 50,
    paid: true,
    packed: 46,
    shipped: 45,
    received: 20
  },
  {
    buyer: 'buyer-7',
    host: 'haiyan',
    goods: [{ art: 'prawns', qty: 2 }],
    hoursAgo: 30,
    paid: true,
    packed: 28,
    shipped: 27,
    received: 4
  },
  {
    buyer: 'buyer-5',
    host: 'haiyan',
    goods: [{ art: 'prawns', qty: 2 }],
    hoursAgo: 26,
    paid: true,
    packed: 22,
    shipped: 21
  },
  {
    buyer: 'buyer-3',
    host: 'haiyan',
    goods: [
      { art: 'clams', qty: 1 },
      { art: 'reefOysters', qty: 1 }
    ],
    hoursAgo: 20,
    paid: true,
    packed: 2
  },
  { buyer: 'buyer-2', host: 'haiyan', goods: [{ art: 'clams', qty: 2 }], hoursAgo: 9, paid: true },
  { buyer: 'buyer-2', host: 'haiyan', goods: [{ art: 'prawns', qty: 1 }], hoursAgo: 8, paid: true },
  { buyer: 'buyer-2', host: 'haiyan', goods: [{ art: 'reefOysters', qty: 1 }], hoursAgo: 7, paid: true },
  { buyer: 'buyer-7', host: 'haiyan', goods: [{ art: 'clams', qty: 1 }], hoursAgo: 6, paid: true },
  { buyer: 'buyer-4', host: 'guilan', goods: [{ art: 'mussels', qty: 1 }], hoursAgo: 5, paid: true },
  { buyer: 'buyer-5', host: 'yuzhen', goods: [{ art: 'driedFish', qty: 1 }], hoursAgo: 4, paid: true },
  { buyer: 'buyer-4', host: 'yuzhen', goods: [{ art: 'kelp', qty: 1 }], hoursAgo: 0 }
]

/** What demo buyers have ordered, in every state that an order can be in, each thing at its own time by the doors people use. */
export async function sendTheParcels(village: Village, clock: StoryClock, folk: Folk) {
  if (!village.payments.methods().includes('sandbox')) return
  const now = clock.now()
  const ago = <T>(hours: number, tell: () => Promise<T>) => clock.at(now - hours * HOUR_MS, tell)
  const { parcels, deliveries } = village.shop.packing
  for (const [n, story] of STORIES.entries()) {
    const { buyer, host, hoursAgo, closed } = story
    const me = folk.person(buyer)
    const seller = folk.person(host)
    const orderId = await ago(hoursAgo, () => order(village, folk, me, story, n))
    if (story.paid) await ago(hoursAgo, () => pay(village, me, orderId))
    if (closed === 'cancelled') await ago(hoursAgo, () => village.orders.cancel(me, orderId))
    if (closed === 'refunded') {
      await ago(hoursAgo - 1, () => village.shop.aftersale.refunds.cancelPaid(me, orderId))
    }
    if (closed === 'expired') await ago(hoursAgo - 1, () => village.orders.expireOverdue())
    if (story.packed === undefined) continue
    const { parcels: boxes } = await ago(story.packed, () =>
      parcels.pack(seller, { boxes: [{ orderIds: [orderId] }] })
    )
    if (story.shipped === undefined) continue
    const parcelId = boxes[0]!.id
    const trackingNo = `SF${String(n).padStart(13, '1000000000000')}`
    await ago(story.shipped, () => parcels.ship(seller, parcelId, { carrier: 'sf', trackingNo }))
    if (story.received === undefined) continue
    await ago(story.received, () => deliveries.receive(me, orderId))
  }
  await clock.at(now, () => deliveries.moveOn())
}

async function order(
  village: Village,
  { goodsOf }: Folk,
  me: Member,
  { buyer, host, goods }: Story,
  n: number
) {
  const home = { ...HOMES[buyer], phone: phoneOf(buyer) }
  const known = await village.members.lastAddress(me.id)
  const { id: addressId } = known ?? (await village.members.saveAddress(me, home))
  const products = await goodsOf(
    village,
    host,
    goods.map(({ art }) => art)
  )
  const wanted = products.map(({ specs }, i) => ({ specId: specs[0]!.id, qty: goods[i]!.qty }))
  const quote = await village.orders.quote(me, { lines: wanted, picks: [], addressId })
  const lines = wanted.map((line) => ({ ...line, agreed: true }))
  const { payFen } = quote
  const bill = await village.orders.place(me, { key: `demo-parcel-${n}`, lines, addressId, payFen })
  return bill.orders[0]!.id
}

async function pay({ orders, payments }: Village, me: Member, orderId: string) {
  const { paymentId } = await orders.pay(me, orderId, 'sandbox')
  await payments.play(me, paymentId, 'paid')
}

const phoneOf = (id: Buyer) => DEMO_BUYERS.find((buyer) => buyer.id === id)!.phone
