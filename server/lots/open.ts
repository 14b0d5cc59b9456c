import type { Products } from '../catalogue/products.ts'
import type { Shops } from '../catalogue/shops.ts'
import type { Clock } from '../clock.ts'
import type { Http } from '../http/http.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Rooms } from '../live/rooms.ts'
import type { Notices } from '../notices/notices.ts'
import type { Store } from '../store/store.ts'
import { openLandings } from './landings.ts'
import { lotRoutes } from './routes.ts'
import { openShortages, type Shortfall } from './shortages.ts'
import { openUses } from './uses.ts'
import { openWaits } from './waits.ts'

export type Lots = ReturnType<typeof openLots>

/** Landings, what is sold of them, and who waits for more: joined with the goods. */
export function openLots({
  store,
  clock,
  jobs,
  http,
  report,
  products,
  shops,
  rooms,
  notices,
  ...money
}: {
  store: Store
  clock: Clock
  jobs: Jobs
  http: Http
  report: (error: unknown, what?: string) => void
  products: Products
  shops: Shops
  rooms: Rooms
  notices: Notices
} & Omit<Shortfall, 'act'>) {
  const { tellIn } = notices
  const uses = openUses({ store, goods: products })
  const waits = openWaits({ store, clock, jobs, report, goods: products, uses, tellIn })
  const { freedIn, takeOffersIn, offeredTo } = waits
  const landings = openLandings({
    store,
    clock,
    jobs,
    goods: products,
    shops,
    freedIn,
    tellIn,
    buyerIn: async (tx, orderId) => (await money.orderIn(tx, orderId))?.memberId
  })
  openShortages({ store, jobs, goods: products, waits, tellIn, act: rooms.act, ...money })
  products.onStocked(async (tx, specIds) => {
    await uses.settleIn(tx, specIds)
    await freedIn(tx, specIds)
  })
  lotRoutes(http, { landings, waits })
  return { ...uses, freedIn, takeOffersIn, offeredTo, landings, waits }
}
