import type { Coupons } from './coupons/coupons.ts'
import { openDebriefing } from './debriefs/open.ts'
import type { Ground } from './ground.ts'
import { openLicensing } from './licences/open.ts'
import type { Office } from './office.ts'
import type { Orders } from './orders/orders.ts'
import { openBoard } from './outcomes/open.ts'
import type { Payments } from './payments/payments.ts'
import { openHostFile } from './register/host-file.ts'
import { openUnion } from './register/open.ts'
import { hostFileRoute } from './register/routes.ts'
import { openClassroom } from './training/classroom.ts'
import { openTraining } from './training/open.ts'
import type { Films } from './video/films.ts'

/** What the school is made from. */
export interface SchoolGround extends Ground, Office {
  films: Films
  coupons: Coupons
  orders: Orders
  payments: Payments
}

export type School = ReturnType<typeof openSchool>

/** The school and the union's desk, put together; app.ts joins them with the village. */
export function openSchool(ground: SchoolGround) {
  const { http, clock, members, shops, shows } = ground
  const { notices, files, previews, cases } = ground
  const union = openUnion(ground)
  const { register } = union
  const classroom = openClassroom({
    ...ground,
    tellIn: notices.tellIn,
    ownedBy: files.ownedBy,
    openClassRoom: shows.openClassRoom,
    previews
  })
  const training = openTraining({ ...ground, notices, files, register, classroom })
  const licences = openLicensing({ ...ground, ...classroom, ...training, notices, files, cases, register })
  const debriefing = openDebriefing({ ...ground, ...classroom, ...training, notices })
  const board = openBoard({ ...ground, ...classroom, ...training, licences, register })
  hostFileRoute(
    http,
    openHostFile({
      clock,
      rowOf: register.rowIfAny,
      namesOf: members.namesOf,
      shopNameOf: async (memberId) => (await shops.shopOf(memberId))?.name ?? '',
      documentsOf: licences.documents.of,
      certificatesOf: (memberId) => training.certificates.list({ memberId }),
      mentorshipsOf: (id) => training.mentorships.mine({ id }),
      classesOf: classroom.classes.attendedBy,
      showsOf: shows.historyOf,
      auditOf: members.auditOf
    })
  )
  return {
    notices,
    files,
    cases,
    ...union,
    ...classroom,
    ...training,
    licences,
    ...board,
    ...debriefing,
    inClass: classroom.classes.mayAttend
  }
}
