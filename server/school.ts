import type { Bus } from './bus/bus.ts'
import type { Clock } from './clock.ts'
import type { Products } from './catalogue/products.ts'
import type { Shops } from './catalogue/shops.ts'
import { openFiles } from './files/files.ts'
import { fileRoutes } from './files/routes.ts'
import type { Http } from './http/http.ts'
import type { Jobs } from './jobs/jobs.ts'
import type { Rooms } from './live/rooms.ts'
import type { Shows } from './live/shows.ts'
import type { Members } from './members/members.ts'
import { openNotices } from './notices/notices.ts'
import { noticeRoutes } from './notices/routes.ts'
import type { Darkroom } from './objects/darkroom.ts'
import type { Objects } from './objects/objects.ts'
import type { Orders } from './orders/orders.ts'
import { openOutcomes } from './outcomes/outcomes.ts'
import { outcomeRoutes } from './outcomes/routes.ts'
import type { Payments } from './payments/payments.ts'
import type { Settings } from './settings.ts'
import type { Store } from './store/store.ts'
import { courseRoutes, homeworkRoutes } from './training/course-routes.ts'
import { openCourses } from './training/courses.ts'
import { openHomeworks } from './training/homeworks.ts'
import { openLearning } from './training/learning.ts'
import { openQuizzes } from './training/quizzes.ts'
import { trainingRoutes } from './training/routes.ts'

/** What the school is made from: doors of the village that stand already. */
export interface SchoolGround {
  settings: Settings
  clock: Clock
  store: Store
  bus: Bus
  jobs: Jobs
  objects: Objects
  darkroom: Darkroom
  isOurPicture: (url: string) => boolean
  http: Http
  members: Members
  products: Products
  shops: Shops
  rooms: Rooms
  shows: Shows
  orders: Orders
  payments: Payments
  report: (error: unknown, what?: string) => void
}

export type School = ReturnType<typeof openSchool>

/** The school and the union's desk, put together; app.ts joins them with the village. */
export function openSchool({
  settings,
  objects,
  darkroom,
  isOurPicture,
  http,
  store,
  clock,
  jobs,
  members,
  shops,
  shows,
  orders,
  payments
}: SchoolGround) {
  const notices = openNotices({ store, clock, jobs, textTo: members.textTo })
  noticeRoutes(http, notices)
  const files = openFiles({
    store,
    clock,
    objects,
    darkroom,
    isMember: async (memberId) => (await members.namesOf([memberId])).has(memberId),
    dataDir: settings.dataDir
  })
  fileRoutes(http, files)
  const courses = openCourses({ store, clock, filesOfKind: files.ofKind, isOurPicture })
  const quizzes = openQuizzes({ store, clock, courses })
  const learning = openLearning({
    store,
    clock,
    courses,
    quizzes,
    onTheWay: {
      attendedOf: async () => new Map(),
      passesOf: async () => new Map(),
      certificatesOf: async () => new Map(),
      comingOf: async () => [],
      unread: notices.unread
    }
  })
  courseRoutes(http, { courses, quizzes, learning, classesOf: async () => [] })
  const homeworks = openHomeworks({
    store,
    clock,
    courses,
    filesOwnedBy: files.ownedBy,
    namesOf: members.namesOf,
    tellIn: notices.tellIn
  })
  homeworkRoutes(http, homeworks)
  trainingRoutes(http)

  const countsTest = payments.testOnly()
  const outcomes = openOutcomes({
    store,
    clock,
    jobs,
    namesOf: members.namesOf,
    sexOf: async () => '',
    branchNamesOf: async () => new Map(),
    counts: async () => ({ classes: 0, attendances: 0, certificates: 0 }),
    success: async () => ({ successShows: 5, successFen: 1_000_000 }),
    numbersOf: async (hostId) => {
      const shop = await shops.shopOf(hostId)
      return {
        shows: await shows.heldBy(hostId),
        soldFen: shop ? await orders.soldFen(shop.id, countsTest) : 0
      }
    },
    hostOf: async (shopId) => (await shops.shopsByIds([shopId])).get(shopId)?.hostId,
    countsTest
  })
  outcomeRoutes(http, outcomes)
  return {
    notices,
    files,
    courses,
    quizzes,
    learning,
    homeworks,
    outcomes,
    inClass: async (_classId: string, _memberId: string): Promise<boolean> => false
  }
}
