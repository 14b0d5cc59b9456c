import type { Cases } from '../cases/cases.ts'
import type { Products } from '../catalogue/products.ts'
import type { Clock } from '../clock.ts'
import type { Files } from '../files/files.ts'
import type { Http } from '../http/http.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Rooms } from '../live/rooms.ts'
import type { Shows } from '../live/shows.ts'
import type { Members } from '../members/members.ts'
import type { Notices } from '../notices/notices.ts'
import type { Register } from '../register/register.ts'
import type { Store } from '../store/store.ts'
import type { Certificates } from '../training/certificates.ts'
import type { Classes } from '../training/classes.ts'
import type { Courses } from '../training/courses.ts'
import type { Mentorships } from '../training/mentorships.ts'
import { openLicences } from './licences.ts'
import { licenceRoutes } from './routes.ts'

/** Licences, joined with everybody who knows a fact of a permit or takes one away. */
export function openLicensing({
  http,
  store,
  clock,
  jobs,
  members,
  register,
  products,
  shows,
  rooms,
  files,
  cases,
  notices,
  classes,
  courses,
  certificates,
  mentorships
}: {
  http: Http
  store: Store
  clock: Clock
  jobs: Jobs
  members: Members
  register: Register
  products: Products
  shows: Shows
  rooms: Rooms
  files: Files
  cases: Cases
  notices: Notices
  classes: Classes
  courses: Courses
  certificates: Certificates
  mentorships: Mentorships
}) {
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
    namesOf: members.namesOf,
    tellIn: notices.tellIn,
    audit: members.audit,
    cases
  })
  licenceRoutes(http, licences)
  const { decidedIn, withdrawnIn } = licences.documents
  cases.onDecided(
    'document',
    (tx, { subjectId }, approved, officer, words) => decidedIn(tx, subjectId, { officer, approved, words }),
    { withdrawn: (tx, { subjectId }) => withdrawnIn(tx, subjectId), quiet: true }
  )
  // Between 开播 and the first frame may lie minutes, in which a paper runs out.
  shows.on({ opened: (tx, { hostId }, tell) => licences.lostIn(tx, tell, hostId) })
  certificates.on({ revoked: (tx, tell, { memberId }) => licences.lostIn(tx, tell, memberId) })
  return licences
}
