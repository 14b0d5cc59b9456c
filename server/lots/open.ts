import type { Products } from '../catalogue/products.ts'
import type { Clock } from '../clock.ts'
import type { Http } from '../http/http.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Notices } from '../notices/notices.ts'
import type { Store } from '../store/store.ts'
import { lotRoutes } from './routes.ts'
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
  notices
}: {
  store: Store
  clock: Clock
  jobs: Jobs
  http: Http
  report: (error: unknown, what?: string) => void
  products: Products
  notices: Notices
}) {
  const uses = openUses({ store, goods: products })
  const waits = openWaits({ store, clock, jobs, report, goods: products, uses, tellIn: notices.tellIn })
  products.onStocked(async (tx, specIds) => {
    await uses.settleIn(tx, specIds)
    await waits.freedIn(tx, specIds)
  })
  lotRoutes(http, { waits })
  return {
    ...uses,
    freedIn: waits.freedIn,
    takeOffersIn: waits.takeOffersIn,
    offeredTo: waits.offeredTo,
    waits
  }
}
