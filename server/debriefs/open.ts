import type { Products } from '../catalogue/products.ts'
import { ZONE, type Clock } from '../clock.ts'
import type { Coupons } from '../coupons/coupons.ts'
import type { Http } from '../http/http.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Rooms } from '../live/rooms.ts'
import type { Shows } from '../live/shows.ts'
import type { Members } from '../members/members.ts'
import type { Notices } from '../notices/notices.ts'
import { openTallies } from '../orders/tallies.ts'
import type { Payments } from '../payments/payments.ts'
import { harmless } from '../sheets/sheets.ts'
import type { Store } from '../store/store.ts'
import type { openClassroom } from '../training/classroom.ts'
import type { openTraining } from '../training/open.ts'
import type { Films } from '../video/films.ts'
import { openDebriefs } from './debriefs.ts'
import { openLessons } from './lessons.ts'
import { COUNT_EVERY_MS, openMinutes } from './minutes.ts'
import { debriefRoutes } from './routes.ts'

type Classroom = ReturnType<typeof openClassroom>
type Training = ReturnType<typeof openTraining>

interface DebriefGround
  extends
    Pick<Classroom, 'bookings'>,
    Pick<Training, 'courses' | 'homeworks' | 'certificates' | 'mentorships'> {
  http: Http
  store: Store
  clock: Clock
  jobs: Jobs
  members: Members
  products: Products
  rooms: Rooms
  shows: Shows
  films: Films
  coupons: Coupons
  payments: Payments
  notices: Notices
}

/** 复盘: counts while shows are on air, and reads everything else from where it happened. */
export function openDebriefing(ground: DebriefGround) {
  const { http, store, clock, jobs, members, products, rooms, shows, films, coupons, payments } = ground
  const { bookings, courses, homeworks, certificates, mentorships, notices } = ground
  const minutes = openMinutes({
    store,
    clock,
    onAir: shows.onAir,
    viewers: rooms.viewers,
    onCount: rooms.onCount
  })
  jobs.every('minutes', COUNT_EVERY_MS, minutes.count)
  const lessons = openLessons({
    clock,
    homeworks,
    bookings,
    shows,
    validOf: certificates.validOf,
    tellIn: notices.tellIn
  })
  const debriefs = openDebriefs({
    store,
    clock,
    shows,
    happened: rooms.happened,
    titlesOf: products.productsByIds,
    film: films,
    tallies: openTallies({ store }),
    testOnly: payments.testOnly,
    claimsOf: coupons.claimsOf,
    namesOf: members.namesOf,
    mentorOf: mentorships.mentorOf,
    apprenticesOf: mentorships.apprenticesOf,
    courseOfTopic: courses.courseOfTopic,
    courseTitles: (ids) => courses.byIds(store.read, ids),
    classesOf: async (ids) => {
      const found = await bookings.byIds(store.read, ids)
      return new Map(found.map(({ id, title, startsAt, place }) => [id, { id, title, startsAt, place }]))
    },
    setIn: lessons.setIn
  })
  debriefRoutes(http, debriefs, { timeOf, harmless })
  return { debriefs, minutes }
}

const clockOf = new Intl.DateTimeFormat('sv-SE', {
  timeZone: ZONE,
  dateStyle: 'short',
  timeStyle: 'short'
})

/** 2026-11-22 19:30, as it is in the village. */
const timeOf = (at: number) => clockOf.format(at)
