import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { myOrder, myOrders } from '../../shared/contracts/orders.ts'
import { listParcels } from '../../shared/contracts/packing.ts'
import { DAY_MS } from '../../shared/day.ts'
import { engines } from '../testing/engines.ts'
import { market, type Market } from '../testing/market.ts'
import { together, type Together } from '../testing/together.ts'
import type { Errand } from './packer.ts'
import { aNumber, packers } from './testing.ts'

const SERVERS = 2
const ORDERS = 24
/** Each opens a whole village first, on whatever machine this is. */
const MINUTES = 180_000

let servers: Together<Errand, string[]>
beforeAll(() => void (servers = together(path.join(import.meta.dirname, 'packer.ts'), SERVERS)))
afterAll(() => servers.leave())

describe.each(engines)(
  'two servers on which the same orders are packed, on $name',
  { timeout: MINUTES },
  (engine) => {
    let m: Market
    let at: ReturnType<typeof packers>
    let ids: string[]
    beforeEach(async () => {
      m = await market(engine)
      at = packers(m)
      const oysters = await m.goods(m.host, { title: '海蛎子', stock: 99 })
      ids = []
      for (let i = 0; i < ORDERS; i++) {
        ids.push(await at.bought({ lines: [{ specId: oysters.specId, qty: 1 }] }))
      }
    }, MINUTES)
    afterEach(() => m.close())

    const errand = (more: Partial<Errand>): Errand => ({
      place: { databaseUrl: m.place.databaseUrl, dataDir: m.place.dataDir },
      now: m.clock.now(),
      me: { id: m.host.me.id, name: m.host.me.name, roles: m.host.me.roles },
      boxes: [],
      ships: [],
      ...more
    })
    const inBoxesOf = (n: number, from = ids) =>
      Array.from({ length: Math.ceil(from.length / n) }, (_, i) => ({
        orderIds: from.slice(i * n, i * n + n)
      }))
    const parcelsIn = async (state: 'packed' | 'shipped' | 'undone') =>
      (await m.host.call(listParcels, { query: { state } })).json.items
    /** Every order in one parcel or in none, and as its parcel stands. */
    async function books() {
      const { schema, read } = m.village.store
      const orders = await read.select().from(schema.orders)
      const parcels = new Map((await read.select().from(schema.parcels)).map((parcel) => [parcel.id, parcel]))
      return orders.map(({ state, parcelId }) => `${state} in ${parcels.get(parcelId)?.state ?? 'nothing'}`)
    }

    it('puts each into one box, whatever boxes the two had in mind', async () => {
      const got = await servers.go([
        errand({ boxes: [...inBoxesOf(3), ...inBoxesOf(1)] }),
        errand({ boxes: [...inBoxesOf(2), ...inBoxesOf(4)] })
      ])
      const parcels = await parcelsIn('packed')
      const inside = parcels.flatMap(({ orders }) => orders.map(({ id }) => id))
      expect(inside.toSorted()).toEqual(ids.toSorted())
      expect(new Set(got.flat().filter((each) => each !== 'parcel_taken'))).toEqual(
        new Set(parcels.map(({ id }) => id))
      )
      expect(new Set(await books())).toEqual(new Set(['packed in packed']))
      const { items } = (await m.buyer.call(myOrders)).json
      expect(items.map(({ changes }) => changes.filter(({ state }) => state === 'packed').length)).toEqual(
        ids.map(() => 1)
      )
    })

    it('sends a box or opens it again, each once, and moves on what has arrived once', async () => {
      const boxes = inBoxesOf(2)
      const { parcels } = await at.pack(boxes.map(({ orderIds }) => orderIds))
      const twice = () => parcels.map(({ id: parcelId }) => ({ parcelId, trackingNo: aNumber() }))
      const opened = parcels.map(({ id: parcelId }) => ({ parcelId }))
      const got = (
        await servers.go([
          errand({ ships: [...twice(), ...opened.slice(0, 6)] }),
          errand({ ships: [...opened.slice(6), ...twice()] })
        ])
      ).flat()
      const [shipped, undone] = [await parcelsIn('shipped'), await parcelsIn('undone')]
      expect(shipped.length + undone.length).toBe(boxes.length)
      expect(got.filter((each) => each === 'shipped')).toHaveLength(shipped.length)
      expect(got.filter((each) => each === 'undone')).toHaveLength(undone.length)
      const count = (of: string) => books().then((all) => all.filter((each) => each === of).length)
      expect(await count('shipped in shipped')).toBe(2 * shipped.length)
      expect(await count('paid in nothing')).toBe(2 * undone.length)

      m.clock.pass(30 * DAY_MS)
      await servers.go([errand({}), errand({})])
      for (const { orders } of shipped) {
        for (const { id: orderId } of orders) {
          const { changes } = (await m.buyer.call(myOrder, { params: { orderId } })).json.order
          expect(changes.map(({ state }) => state).slice(-2)).toEqual(['shipped', 'received'])
        }
      }
    })
  }
)
