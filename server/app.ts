import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify from 'fastify'
import path from 'node:path'
import { Object, Boolean } from 'typebox'
import { contract } from '../shared/contract.ts'
import { Problem } from '../shared/problems.ts'
import type { Bus } from './bus/bus.ts'
import { openBus } from './bus/open.ts'
import { openPhotos, type Photos } from './catalogue/photos.ts'
import { openProducts, type Products } from './catalogue/products.ts'
import { catalogueRoutes } from './catalogue/routes.ts'
import { openShops, type Shops } from './catalogue/shops.ts'
import { systemClock, type Clock } from './clock.ts'
import { openCoupons, type Coupons } from './coupons/coupons.ts'
import { couponRoutes } from './coupons/routes.ts'
import { answerProblem, guardTheEdge, type Http, type NamedRoute } from './http/edge.ts'
import { ownOrigins } from './http/origins.ts'
import type { Jobs } from './jobs/jobs.ts'
import { jobRunner } from './jobs/runner.ts'
import { openMembers, type Members } from './members/members.ts'
import { memberRoutes } from './members/routes.ts'
import { keepSecret } from './members/secret.ts'
import type { Objects } from './objects/objects.ts'
import { openObjects } from './objects/open.ts'
import { objectRoutes } from './objects/routes.ts'
import { openPages } from './pages/pages.ts'
import { pageRoutes } from './pages/routes.ts'
import { guestSources } from './pages/sources.ts'
import { builtWeb, type Web } from './pages/web.ts'
import type { Settings } from './settings.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/store.ts'
import { openCourses } from './training/courses.ts'
import { trainingRoutes } from './training/routes.ts'

const BODY_BYTES = 256 * 1024
/** A photo may take its time on the mud flats; a request that trickles in for longer is nobody's. */
const REQUEST_MS = 120_000
const SWEEP_MEMBERS_MS = 10 * 60_000

/** The whole village, put together. */
export interface Village {
  settings: Settings
  clock: Clock
  store: Store
  bus: Bus
  jobs: Jobs
  objects: Objects
  photos: Photos
  shops: Shops
  products: Products
  coupons: Coupons
  members: Members
  http: Http
  /** Every route with who may call it. */
  routes: NamedRoute[]
  /** Begins what runs by itself: jobs and sweeps. Tests call `jobs.runDue()` instead. */
  start(): void
  close(): Promise<void>
}

const health = contract({
  method: 'GET',
  url: '/api/health',
  schema: { summary: 'Whether the server answers.', response: { 200: Object({ ok: Boolean() }) } },
  config: { who: 'anyone' }
})

/** The only place where parts are made and joined. Tests hand in a clock of their own. */
export async function openVillage(
  asked: Settings,
  parts: { clock?: Clock; web?: Web } = {}
): Promise<Village> {
  const settings = { ...asked, secret: asked.secret || (await keepSecret(asked.dataDir)) }
  const clock = parts.clock ?? systemClock
  const http: Http = fastify({
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MS,
    trustProxy: settings.trustProxy,
    frameworkErrors: answerProblem,
    logger: { level: settings.logLevel, redact: ['req.headers.cookie', 'req.headers.authorization'] }
  }).withTypeProvider<TypeBoxTypeProvider>()
  const report = (error: unknown, what = 'a bug') => http.log.error({ err: error }, what)

  const store = await openStore(settings)
  const bus = await openBus(settings, report)
  const objects = await openObjects(settings)
  const jobs = jobRunner({ store, clock, report })

  const members = openMembers({ store, clock, bus, settings })
  jobs.every('members', SWEEP_MEMBERS_MS, () => members.sweep())

  const { routes } = await guardTheEdge(http, {
    memberOf: ({ headers }) => members.memberOf(headers),
    origins: ownOrigins(settings.publicUrl),
    settings
  })
  memberRoutes(http, members, { devInboxOpen: settings.allowDevSms && !settings.sms })
  objectRoutes(http, objects)

  const { namesOf } = members
  const photos = openPhotos({ objects, clock })
  const isOurPicture = photos.isOurs
  const shops = openShops({ store, clock, namesOf, isOurPicture })
  const products = await openProducts({ store, bus, clock, shops, isOurPicture })
  catalogueRoutes(http, { shops, products, photos })
  trainingRoutes(http, openCourses({ store, clock, namesOf }))
  const coupons = openCoupons({
    store,
    clock,
    act: (unit) => store.tx((tx) => unit(tx, async () => {})),
    hint: () => {},
    runBy: async () => {
      throw new Problem('no_such_show')
    },
    followsIn: members.followsIn,
    shopOf: shops.shopOf,
    shopsByIds: shops.shopsByIds
  })
  couponRoutes(http, coupons)
  http.route({ ...health, handler: async () => ({ ok: true }) })

  pageRoutes(
    http,
    openPages({
      web: parts.web ?? builtWeb(path.join(import.meta.dirname, '../dist')),
      sources: guestSources(http),
      base: settings.publicUrl,
      clock
    })
  )

  return {
    settings,
    clock,
    store,
    bus,
    jobs,
    objects,
    photos,
    shops,
    products,
    coupons,
    members,
    http,
    routes,
    start: () => jobs.start(),
    async close() {
      await http.close()
      await jobs.stop()
      await members.close()
      products.close()
      await bus.close()
      await store.close()
    }
  }
}
