import type { Bus } from './bus/bus.ts'
import type { Products } from './catalogue/products.ts'
import type { Shops } from './catalogue/shops.ts'
import type { Clock } from './clock.ts'
import type { Http } from './http/http.ts'
import type { Jobs } from './jobs/jobs.ts'
import type { Rooms } from './live/rooms.ts'
import type { Shows } from './live/shows.ts'
import type { Members } from './members/members.ts'
import type { Darkroom } from './objects/darkroom.ts'
import type { Objects } from './objects/objects.ts'
import type { Settings } from './settings.ts'
import type { Store } from './store/store.ts'

/** What office, shop and school are built on: doors of the village that stand already. */
export interface Ground {
  settings: Settings
  clock: Clock
  store: Store
  bus: Bus
  jobs: Jobs
  objects: Objects
  darkroom: Darkroom
  isOurPicture: (url: string) => boolean
  http: Http
  report: (error: unknown, what?: string) => void
  members: Members
  products: Products
  shops: Shops
  rooms: Rooms
  shows: Shows
}
