import path from 'node:path'
import { Object, Boolean } from 'typebox'
import { contract } from '../shared/contract.ts'
import type { Bus } from './bus/bus.ts'
import { openBus } from './bus/open.ts'
import { openPhotos, type Photos } from './catalogue/photos.ts'
import { openProducts, type Products } from './catalogue/products.ts'
import { catalogueRoutes } from './catalogue/routes.ts'
import { openShops, type Shops } from './catalogue/shops.ts'
import { systemClock, type Clock } from './clock.ts'
import { guardTheEdge } from './http/edge.ts'
import type { Http, NamedRoute } from './http/http.ts'
import type { Ground } from './ground.ts'
import { closeHttp, openHttp } from './http/open.ts'
import { ownOrigins } from './http/origins.ts'
import type { Jobs } from './jobs/jobs.ts'
import { jobRunner } from './jobs/runner.ts'
import { openMembers, type Members } from './members/members.ts'
import { memberRoutes } from './members/routes.ts'
import { keepSecret } from './members/secret.ts'
import { openDesks } from './live/desks.ts'
import { openHearts } from './live/hearts.ts'
import { openRooms, type Rooms } from './live/rooms.ts'
import { liveRoutes } from './live/routes.ts'
import { openShows, type Shows } from './live/shows.ts'
import { roomSockets } from './live/sockets.ts'
import { openStockHints } from './live/stock.ts'
import { openTalk, type Talk } from './live/talk.ts'
import { openViews, type Views } from './live/views.ts'
import { openDarkroom } from './objects/darkroom.ts'
import type { Objects } from './objects/objects.ts'
import { openObjects } from './objects/open.ts'
import { objectRoutes } from './objects/routes.ts'
import { openOffice } from './office.ts'
import { openPages } from './pages/pages.ts'
import { pageRoutes } from './pages/routes.ts'
import { guestSources } from './pages/sources.ts'
import { builtWeb, type Web } from './pages/web.ts'
import { openSchool, type School } from './school.ts'
import type { Settings } from './settings.ts'
import { openShop, type Shop } from './shop.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/store.ts'
import { openFilms, SWEEP_EVERY_MS as SWEEP_FILMS_MS, type Films } from './video/films.ts'
import { filmJournal } from './video/journal.ts'
import { filmRoutes } from './video/routes.ts'

const SWEEP_MEMBERS_MS = 10 * 60_000

/** How often we look for shows that are on air without a picture that could come back. */
const SWEEP_SHOWS_MS = 30_000

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
  coupons: Shop['coupons']
  orders: Shop['orders']
  payments: Shop['payments']
  shop: Shop
  films: Films
  rooms: Rooms
  shows: Shows
  talk: Talk
  views: Views
  members: Members
  school: School
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

/** The only place where parts are made and joined. Tests hand in a clock of their own, a bench boats of one seat. */
export async function openVillage(
  asked: Settings,
  parts: { clock?: Clock; web?: Web; store?: Store; jobs?: Jobs; seats?: number } = {}
): Promise<Village> {
  const settings = { ...asked, secret: asked.secret || (await keepSecret(asked.dataDir)) }
  const clock = parts.clock ?? systemClock
  const http = await openHttp(settings)
  const report = (error: unknown, what = 'a bug') => http.log.error({ err: error }, what)

  const store = parts.store ?? (await openStore(settings, report))
  const bus = await openBus(settings, report)
  const objects = await openObjects(settings)
  const jobs = parts.jobs ?? jobRunner({ store, clock, report })

  const members = await openMembers({ store, clock, bus, settings })
  jobs.every('members', SWEEP_MEMBERS_MS, () => members.sweep())

  const { routes } = await guardTheEdge(http, {
    memberOf: ({ headers }) => members.memberOf(headers),
    origins: ownOrigins(settings.publicUrl),
    settings
  })
  memberRoutes(http, members, { devInboxOpen: settings.allowDevSms && !settings.sms })
  objectRoutes(http, objects)

  const { namesOf } = members
  const darkroom = openDarkroom()
  const photos = openPhotos({ objects, clock, darkroom })
  const isOurPicture = photos.isOurs
  const shops = openShops({ store, clock, namesOf, isOurPicture })
  const products = await openProducts({
    store,
    bus,
    clock,
    shops,
    isOurPicture,
    isFreightOf: (on, shopId, freightId) => shop.freight.templates.isOf(on, shopId, freightId),
    aheadOf: (on, specIds) => shop.lots.aheadOf(on, specIds)
  })
  catalogueRoutes(http, { shops, products, photos })

  const films = openFilms({
    store,
    objects,
    journal: filmJournal(path.join(settings.dataDir, 'filming')),
    clock,
    mediaUrl: settings.mediaUrl,
    report
  })
  jobs.every('films', SWEEP_FILMS_MS, () => films.sweep())
  filmRoutes(http, films, {
    mayWatch: async (showId, member) => shows.mayWatch(await shows.get(showId), member)
  })

  const rooms = openRooms({ store, bus, clock })
  const shows = openShows({
    store,
    clock,
    rooms,
    namesOf,
    shelfItems: products.shelfItems,
    shopsOf: shops.shopsOf,
    isOurPicture,
    inClass: (classId, memberId) => school.inClass(classId, memberId),
    permit: {
      beforeShelf: (hostId, productIds) => school.licences.gate.beforeShelf(hostId, productIds),
      beforeGoLive: (show, productIds) => school.licences.gate.beforeGoLive(show, productIds),
      mentorOf: (on, hostId) => school.licences.gate.mentorOf(on, hostId),
      apprenticesOf: (mentorId) => school.licences.gate.apprenticesOf(mentorId)
    },
    film: films
  })
  jobs.every('shows', SWEEP_SHOWS_MS, () => shows.sweep())
  films.on({
    arrived: shows.pictureArrived,
    lost: shows.pictureLost,
    back: shows.pictureBack,
    ended: shows.pictureEnded
  })
  members.onEnded((memberId, because) => {
    if (because === 'signed_out') return // she may have another phone in her hand
    const leaves = because === 'roles' ? leaveAsHost(memberId) : shows.takeOffAir(memberId)
    leaves.catch((error: unknown) => report(error, 'taking a member off the air'))
  })
  /** Her roles have changed: without that of a host she rehearses and teaches, but is on air for nobody else. */
  async function leaveAsHost(memberId: string) {
    const isHost = (await namesOf([memberId])).get(memberId)?.roles.includes('host')
    if (!isHost) await shows.takeOffAir(memberId, 'public')
  }
  const views = openViews({
    store,
    clock,
    rooms,
    shows,
    couponsOf: (showId) => shop.coupons.cardsOf(showId),
    flashOf: (showId) => shop.flash.cardsOf(showId)
  })
  const stock = openStockHints({
    rooms,
    shelvesWith: shows.shelvesWith,
    specsOf: products.stockOf,
    report
  })
  products.onChange(({ productIds }) => {
    views.goodsChanged(productIds)
    stock.changed(productIds)
  })
  const hearts = openHearts({ store, rooms })
  const talk = openTalk({ store, rooms, clock })
  const desks = openDesks({ seen: (showId, memberId) => school.licences.seen(showId, memberId), report })
  const sockets = roomSockets(http, {
    rooms,
    shows,
    talk,
    hearts,
    desks,
    clock,
    memberOf: ({ headers }) => members.memberOf(headers),
    onEnded: members.onEnded
  })
  liveRoutes(http, {
    shows,
    views,
    mine: async (me, showId) => {
      const show = await shows.watchedBy(me, showId)
      return {
        following: await members.followsIn(store.read, me.id, show.hostId),
        claimed: await shop.coupons.claimedIn(showId, me.id),
        runs: await shows.mayRun(show, me)
      }
    },
    desk: async (me, showId) => {
      const show = await shows.runBy(me, showId)
      return {
        ...(await shows.deskOf(show)),
        claims: await shop.coupons.claimsOf(showId),
        followers: await members.followerCount(show.hostId),
        ...(await shop.orders.deskNumbers(showId))
      }
    }
  })

  const ground: Ground = {
    settings,
    clock,
    store,
    bus,
    jobs,
    objects,
    darkroom,
    isOurPicture,
    http,
    report,
    members,
    products,
    shops,
    rooms,
    shows
  }
  const office = openOffice(ground)
  const shop: Shop = await openShop({
    ...ground,
    ...office,
    seats: parts.seats,
    papersOf: (memberId) => school.licences.documents.of(memberId),
    onSold: (tx, shopId) => school.outcomes.countLaterIn(tx, { shopId })
  })
  const { coupons, orders, payments } = shop
  const school: School = openSchool({ ...ground, ...office, films, coupons, orders, payments })
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
    orders,
    payments,
    shop,
    films,
    rooms,
    shows,
    talk,
    views,
    members,
    school,
    http,
    routes,
    start: () => jobs.start(),
    async close() {
      desks.close()
      sockets.close()
      await closeHttp(http)
      await films.close()
      await jobs.stop()
      await hearts.close()
      await stock.close()
      await shop.flashHints.close()
      await rooms.close()
      await members.close()
      await products.close()
      await bus.close()
      await store.close()
    }
  }
}
