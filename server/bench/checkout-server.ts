import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { count, eq, inArray, sum } from 'drizzle-orm'
import type { Role } from '../../shared/contract.ts'
import { placeOrder, type Bill } from '../../shared/contracts/orders.ts'
import { openVillage } from '../app.ts'
import { systemClock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import { readSettings } from '../settings.ts'
import { newId } from '../store/id.ts'
import { openSqlite } from '../store/sqlite.ts'
import { crowd } from '../testing/crowd.ts'

// A whole village in a process of its own: `node checkout-server.ts FOLDER [UNITS_PER_COMMIT]`.

export type Question = { ask: 'buyers'; members: number } | { ask: 'close' }

/** One buyer's session, and a body that she may send again and again under other keys. */
export interface Buyer {
  cookie: string
  addressId: string
}

export interface Shelf {
  port: number
  /** Two of these are bought at once. */
  specIds: string[]
  payFen: number
}

/** What the store holds of the orders that are open, before they are closed for the next round. */
export interface Closed {
  orders: number
  /** On the shelves, held, and bought before: all there ever was. */
  complete: boolean
}

const GOODS = 24
const STOCK = 10_000_000
const PRICE_FEN = 3990
const GRAMS = 1500
const FREIGHT = { firstGrams: 1000, firstFen: 800, moreGrams: 500, moreFen: 200, freeFromFen: 0 }
/** Two bags of three 斤: the first kilogram, and four halves more; nothing for the ice. */
const FREIGHT_FEN = FREIGHT.firstFen + 4 * FREIGHT.moreFen
const BAGS = 1_000
const AT_ONCE = 1_000
export const CEILING_URL = '/bench/orders'

async function serve([folder, units]: string[]) {
  const store = openSqlite({
    file: path.join(folder!, 'village.db'),
    ...(units && { unitsPerCommit: Number(units) })
  })
  const settings = readSettings({ DEMO: '0', DATA_DIR: folder!, LOG_LEVEL: 'error' })
  const village = await openVillage(settings, { store })
  const { members, shops, products, shop, http } = village
  const { orders, orderLines, specs, lotSpecs, addresses } = store.schema

  const roles: Role[] = ['host']
  const host: Member = {
    id: await members.enrol({ name: '王姐', phone: '13800000001', roles }),
    name: '王姐',
    roles
  }
  await shops.openMine(host, { name: '王姐海货', village: '红岛村', story: '', portrait: '' })
  const freight = await shop.freight.templates.add(host, {
    name: '冷链',
    zones: [{ provinces: [], ...FREIGHT }],
    refused: [],
    chilledFen: 0,
    frozenFen: 0,
    cutoffMinute: 0
  })
  const specIds: string[] = []
  for (let i = 0; i < GOODS; i++) {
    const product = await products.add(host, {
      title: `蛤蜊 ${i}`,
      about: '',
      kind: 'goods',
      origin: '胶州湾',
      caughtOn: '',
      perishable: true,
      freightId: freight.id,
      photos: [],
      state: 'on_sale',
      specs: [{ name: '三斤装', unit: 'portion', priceFen: PRICE_FEN, stock: 0, grams: GRAMS }]
    })
    const { id: specId } = product.specs[0]!
    // Every second one comes from a landing, as fresh goods do.
    if (i % 2) {
      const now = systemClock.now()
      await shop.lots.landings.add(host, {
        key: newId(now),
        productId: product.id,
        source: 'boat',
        sourceName: '鲁青渔 60123',
        state: 'landed',
        landsAt: now,
        grams: BAGS * GRAMS,
        lines: [{ specId, qty: BAGS, grams: GRAMS }]
      })
    }
    specIds.push(specId)
  }
  // More than a boat brings, so that no round of the bench empties a shelf.
  await store.tx(async (tx) => {
    await tx.update(specs).set({ stock: STOCK })
    await tx.update(lotSpecs).set({ qty: STOCK, left: STOCK })
  })

  // The same contract, edge, session and size of answer; only nobody writes anything down.
  let like: Bill | undefined
  http.route({
    ...placeOrder,
    url: CEILING_URL,
    async handler({ me, body }) {
      like ??= await village.orders.place(me, body)
      return { bill: like }
    }
  })

  const answer = {
    async buyers({ members: many }: { members: number }): Promise<Buyer[]> {
      const phones = await crowd(village, many)
      const rows = phones.map(({ memberId }) => ({
        id: newId(systemClock.now()),
        memberId,
        receiver: '李梅',
        phone: '13900000001',
        region: '山东 青岛 城阳',
        detail: '红岛街道 8 号',
        usedAt: systemClock.now()
      }))
      for (let from = 0; from < rows.length; from += AT_ONCE) {
        await store.tx((tx) => tx.insert(addresses).values(rows.slice(from, from + AT_ONCE)))
      }
      return phones.map(({ cookie }, i) => ({ cookie, addressId: rows[i]!.id }))
    },

    /** Counts what was placed, and closes it as if its time were over, so that the same buyers may buy again. */
    async close(): Promise<Closed> {
      const [open] = await store.read
        .select({ many: count() })
        .from(orders)
        .where(eq(orders.state, 'pending'))
      const [shelves] = await store.read
        .select({ left: sum(specs.stock).mapWith(Number) })
        .from(specs)
        .where(inArray(specs.id, specIds))
      const [held] = await store.read.select({ qty: sum(orderLines.qty).mapWith(Number) }).from(orderLines)
      const complete = shelves!.left + (held!.qty ?? 0) === GOODS * STOCK
      await store.tx((tx) =>
        tx
          .update(orders)
          .set({ state: 'done' })
          .where(eq(orders.state, 'pending'))
          .returning({ id: orders.id })
      )
      return { orders: open!.many, complete }
    }
  }
  process.on('message', (question: Question) => {
    const { ask } = question
    void answer[ask](question as never).then((value: unknown) => process.send!(value as object))
  })

  process.once('disconnect', () => process.exit(0)) // never outlives the bench
  await http.listen({ port: 0, host: '127.0.0.1' })
  const { port } = http.server.address() as { port: number }
  process.send!({ port, specIds, payFen: 2 * PRICE_FEN + FREIGHT_FEN } satisfies Shelf)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await serve(process.argv.slice(2))
