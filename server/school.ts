import type { Bus } from './bus/bus.ts'
import type { Clock } from './clock.ts'
import type { Products } from './catalogue/products.ts'
import type { Shops } from './catalogue/shops.ts'
import type { Http } from './http/http.ts'
import type { Jobs } from './jobs/jobs.ts'
import type { Rooms } from './live/rooms.ts'
import type { Shows } from './live/shows.ts'
import type { Members } from './members/members.ts'
import { openNotices } from './notices/notices.ts'
import { noticeRoutes } from './notices/routes.ts'
import type { Objects } from './objects/objects.ts'
import type { Settings } from './settings.ts'
import type { Store } from './store/store.ts'
import { trainingRoutes } from './training/routes.ts'

/** What the school is made from: doors of the village that stand already. */
export interface SchoolGround {
  settings: Settings
  clock: Clock
  store: Store
  bus: Bus
  jobs: Jobs
  objects: Objects
  http: Http
  members: Members
  products: Products
  shops: Shops
  rooms: Rooms
  shows: Shows
  report: (error: unknown, what?: string) => void
}

export type School = ReturnType<typeof openSchool>

/** The school and the union's desk, put together; app.ts joins them with the village. */
export function openSchool({ http, store, clock, jobs, members }: SchoolGround) {
  const notices = openNotices({ store, clock, jobs, textTo: members.textTo })
  noticeRoutes(http, notices)
  trainingRoutes(http)
  return { notices }
}
