import type { Bus } from './bus/bus.ts'
import { openCases } from './cases/cases.ts'
import { caseRoutes } from './cases/routes.ts'
import type { Clock } from './clock.ts'
import type { Products } from './catalogue/products.ts'
import type { Shops } from './catalogue/shops.ts'
import { openFiles } from './files/files.ts'
import { fileRoutes } from './files/routes.ts'
import type { Http } from './http/http.ts'
import type { Jobs } from './jobs/jobs.ts'
import { openLicences } from './licences/licences.ts'
import { licenceRoutes } from './licences/routes.ts'
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
import { openHostFile } from './register/host-file.ts'
import { openUnion } from './register/open.ts'
import { hostFileRoute } from './register/routes.ts'
import { openSeal } from './seal.ts'
import type { Settings } from './settings.ts'
import { openPreviews, SWEEP_PREVIEWS_MS } from './sheets/sheets.ts'
import type { Store } from './store/store.ts'
import { openCertificates } from './training/certificates.ts'
import { openClassroom } from './training/classroom.ts'
import { courseRoutes, homeworkRoutes } from './training/course-routes.ts'
import { openCourses } from './training/courses.ts'
import { openHomeworks } from './training/homeworks.ts'
import { openLearning } from './training/learning.ts'
import { openMentorships } from './training/mentorships.ts'
import { openPractice } from './training/practice.ts'
import { practiceRoutes } from './training/practice-routes.ts'
import { openQuizzes } from './training/quizzes.ts'
import type { Films } from './video/films.ts'

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
  films: Films
  orders: Orders
  payments: Payments
  report: (error: unknown, what?: string) => void
}

export type School = ReturnType<typeof openSchool>

/** Classes that a course's page offers. */
const CLASSES_SHOWN = 50

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
  products,
  shops,
  rooms,
  shows,
  films,
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
  const seal = openSeal(settings.secret)
  const previews = openPreviews({ store, clock, seal })
  jobs.every('previews', SWEEP_PREVIEWS_MS, previews.sweep)
  const cases = openCases({
    store,
    clock,
    namesOf: members.namesOf,
    tellIn: notices.tellIn,
    ownedFiles: (on, fileIds, memberId) => files.ownedBy(on, fileIds, memberId, 'document')
  })
  caseRoutes(http, cases)
  const { register, imports, membership, branches } = openUnion({
    http,
    store,
    clock,
    seal,
    members,
    cases,
    previews
  })
  const { bookings, classes, timetable, rosters } = openClassroom({
    settings,
    store,
    clock,
    jobs,
    http,
    members,
    tellIn: notices.tellIn,
    ownedBy: files.ownedBy,
    openClassRoom: shows.openClassRoom,
    previews
  })
  const courses = openCourses({ store, clock, filesOfKind: files.ofKind, isOurPicture })
  const quizzes = openQuizzes({ store, clock, courses })
  const learning = openLearning({
    store,
    clock,
    courses,
    quizzes,
    onTheWay: {
      attendedOf: classes.attendedByCourse,
      passesOf: (memberId) => practice.passesOf(memberId),
      certificatesOf: (memberId) => certificates.byCourseOf(memberId),
      comingOf: classes.comingOf,
      unread: notices.unread
    }
  })
  courseRoutes(http, {
    courses,
    quizzes,
    learning,
    classesOf: (viewer, courseId) => classes.toBook(courseId, CLASSES_SHOWN, viewer)
  })
  const homeworks = openHomeworks({
    store,
    clock,
    courses,
    filesOwnedBy: files.ownedBy,
    namesOf: members.namesOf,
    tellIn: notices.tellIn
  })
  homeworkRoutes(http, homeworks)

  const { namesOf } = members
  const { tellIn } = notices
  const practice = openPractice({
    store,
    clock,
    courses,
    shows,
    recordedMs: films.recordedMs,
    enrolledIn: classes.enrolledIn,
    namesOf,
    tellIn
  })
  const certificates = openCertificates({
    store,
    clock,
    courses,
    cameTo: bookings.attendances.cameTo,
    passersOf: quizzes.passersOf,
    lessonsDone: learning.doneIn,
    act: rooms.act,
    namesOf: register.paperNamesOf,
    members,
    tellIn
  })
  const mentorships = openMentorships({
    store,
    clock,
    certificates,
    ownedBy: files.ownedBy,
    namesOf,
    namesIn: async (on, ids) =>
      new Map((await members.peopleIn(on, { ids })).map(({ id, name }) => [id, name])),
    tellIn
  })
  practiceRoutes(http, { practice, certificates, mentorships })
  const licences = openLicences({
    store,
    clock,
    jobs,
    shows,
    act: rooms.act,
    apprenticesOf: mentorships.apprenticesOf,
    facts: {
      personOf: register.personOf,
      certificatesOf: certificates.heldBy,
      mentorOf: mentorships.mentorOf,
      goodsOf: async (productIds) => {
        const found = await products.productsByIds(productIds)
        return new Map([...found].map(([id, { shop, ...words }]) => [id, { ...words, hostId: shop.hostId }]))
      },
      coursesOf: courses.courseOfTopic,
      classesToBook: classes.classesToBook
    },
    filesOwnedBy: files.ownedBy,
    namesOf,
    tellIn,
    audit: members.audit,
    cases
  })
  licenceRoutes(http, licences)
  cases.onDecided(
    'document',
    (tx, { subjectId }, approved, officer, words) =>
      licences.documents.decidedIn(tx, subjectId, { officer, approved, words }),
    { withdrawn: (tx, { subjectId }) => licences.documents.withdrawnIn(tx, subjectId), quiet: true }
  )
  certificates.on({ revoked: (tx, tell, { memberId }) => licences.lostIn(tx, tell, memberId) })

  hostFileRoute(
    http,
    openHostFile({
      clock,
      rowOf: register.rowIfAny,
      namesOf,
      shopNameOf: async (memberId) => (await shops.shopOf(memberId))?.name ?? '',
      documentsOf: licences.documents.of,
      certificatesOf: (memberId) => certificates.list({ memberId }),
      mentorshipsOf: (id) => mentorships.mine({ id }),
      classesOf: classes.attendedBy,
      showsOf: shows.historyOf,
      auditOf: members.auditOf
    })
  )

  const countsTest = payments.testOnly()
  const success = async () => {
    const { successShows, successFen } = await licences.rules.now(store.read)
    return { successShows, successFen }
  }
  const outcomes = openOutcomes({
    store,
    clock,
    jobs,
    namesOf: members.namesOf,
    sexOf: register.sexOf,
    branchNamesOf: register.branchNamesOf,
    counts: async (period) => ({
      ...(await bookings.counts(period)),
      certificates: await certificates.counted(period)
    }),
    success,
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
  bookings.on({
    booked: (tx, { occasion, booking }) =>
      outcomes.reachedIn(tx, booking.memberId, 'enrolled', booking.at, occasion.id),
    attended: (tx, { occasion, memberId, at }) =>
      outcomes.reachedIn(tx, memberId, 'attended', at, occasion.id),
    undone: async (tx, { memberId, first }) => {
      await outcomes.lostIn(tx, memberId, 'attended')
      if (first) await outcomes.reachedIn(tx, memberId, 'attended', first.at, first.occasionId)
    }
  })
  shows.on({
    opened: async (tx, { id, kind, hostId, openedAt }) => {
      if (kind === 'public') await outcomes.reachedIn(tx, hostId, 'first_show', openedAt!, id)
    },
    ended: async (tx, { id, kind, hostId }) => {
      if (kind === 'rehearsal') await outcomes.reachedIn(tx, hostId, 'rehearsed', clock.now(), id)
      if (kind === 'public') await outcomes.countLaterIn(tx, { hostId })
    }
  })
  certificates.on({
    issued: async (tx, { memberId, issuedAt, code }, { topic }) => {
      if (topic === 'live_selling') await outcomes.reachedIn(tx, memberId, 'licensed', issuedAt, code)
    }
  })
  register.onChange(outcomes.sexIn)
  return {
    notices,
    files,
    courses,
    quizzes,
    learning,
    homeworks,
    outcomes,
    bookings,
    classes,
    practice,
    certificates,
    mentorships,
    licences,
    cases,
    register,
    branches,
    imports,
    membership,
    timetable,
    rosters,
    success,
    inClass: classes.mayAttend
  }
}
