import { randomInt } from 'node:crypto'
import type { Answer, QueryOf, Role } from '../../shared/contract.ts'
import type {
  Candidate,
  Certificate,
  issueCertificates,
  listCertificates,
  verifyCertificate
} from '../../shared/contracts/practice.ts'
import type { Topic } from '../../shared/contracts/school.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Rooms, Tell } from '../live/rooms.ts'
import type { Member } from '../members/member.ts'
import type { Notices } from '../notices/notices.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { passes } from './assessment.ts'
import { assessmentStore } from './assessment-store.ts'
import { lastDayIn } from './calendar.ts'
import { asPrinted, codeFrom, isReady, maskedName, spentUpTo, stateOf, type Standing } from './certificate.ts'
import { certificateStore, type CertificateRow } from './certificate-store.ts'
import type { Course, Courses } from './courses.ts'

const PAGE = 200
const CANDIDATES_PAGE = 1_000
/** Certificates of one unit of work; each is half a dozen queries. */
const ISSUED_AT_ONCE = 20

/** How often somebody came to the classes of a course, and when last. */
export interface Came {
  times: number
  last: number
}

export interface CertificateNeighbours {
  courses: Pick<Courses, 'byIds'>
  /** Who came to the classes of a course. */
  cameTo: (on: Tx | Reader, courseId: string) => Promise<ReadonlyMap<string, Came>>
  passersOf: (on: Tx | Reader, courseId: string) => Promise<ReadonlySet<string>>
  lessonsDone: (on: Tx | Reader, courseId: string) => Promise<ReadonlyMap<string, number>>
  act: Rooms['act']
  namesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, { name: string }>>
  members: {
    /** Part of the unit. True: she had not got this role. */
    giveRoleIn: (tx: Tx, gift: { actorId: string; memberId: string; role: Role }) => Promise<boolean>
    /** After the unit: every server asks anew who she is. */
    rolesChanged: (memberId: string) => void
    audit: (
      tx: Tx,
      line: { actorId: string; action: string; subject: string; details: Record<string, unknown> }
    ) => Promise<void>
  }
  tellIn: Notices['tellIn']
}

/** Hears of it in the unit of work in which it happens; on a revocation it may tell rooms. */
export interface CertificateListener {
  issued?: (tx: Tx, certificate: CertificateRow, course: Course) => Promise<void>
  revoked?: (tx: Tx, tell: Tell, certificate: CertificateRow) => Promise<void>
}

export type Certificates = ReturnType<typeof openCertificates>

/** 证书: who is ready for one, who holds one, and whether the one on paper is good. */
export function openCertificates({
  store,
  clock,
  courses,
  cameTo,
  passersOf,
  lessonsDone,
  act,
  namesOf,
  members,
  tellIn
}: { store: Store; clock: Clock } & CertificateNeighbours) {
  const rows = certificateStore(store)
  const words = assessmentStore(store)
  const listeners: CertificateListener[] = []

  return {
    on: (listener: CertificateListener) => void listeners.push(listener),

    /** What anybody may know of a certificate. */
    async verify(code: string): Promise<Answer<typeof verifyCertificate>> {
      const row = await named(store.read, code)
      const { courseTitle, name, issuedAt, validUntil, revokedAt } = row
      const state = stateOf(row, clock.now())
      return { code: row.code, courseTitle, name: maskedName(name), issuedAt, validUntil, state, revokedAt }
    },

    mine: async (me: Member): Promise<Certificate[]> =>
      cards((await rows.ofMemberQuery(store.read, me.id)).map(({ certificate }) => certificate)),

    async list({ after, q, ...wanted }: QueryOf<typeof listCertificates>): Promise<Certificate[]> {
      const last = after === undefined ? undefined : await named(store.read, after)
      return cards(await rows.pageQuery({ ...wanted, q: q?.trim() }, last, PAGE))
    },

    /** Everybody who learns a course: who is ready first, then who is on the way, then who has got it. */
    async candidates(courseId: string, after?: string): Promise<Candidate[]> {
      const course = await courseNamed(store.read, courseId)
      const standings = await standingsOf(store.read, course)
      const rank = (memberId: string) => {
        const { certified, ready } = standings.get(memberId)!
        return certified ? 2 : ready ? 0 : 1
      }
      const sorted = [...standings.keys()].toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
      const from = after === undefined ? 0 : sorted.indexOf(after) + 1
      const page = sorted.slice(from, from + CANDIDATES_PAGE)
      const names = await namesOf(page)
      return page.map((memberId) => {
        const { certificate: _, ...standing } = standings.get(memberId)!
        return {
          memberId,
          name: names.get(memberId)?.name ?? '',
          ...standing,
          passesWanted: course.practical ? course.assessors : 0
        }
      })
    },

    /**
     * Gives a certificate to who is ready, but to nobody by herself; who holds one keeps it. Each is kept with the
     * role that it opens. Problem no_such_course.
     */
    async issue(
      me: Member,
      courseId: string,
      memberIds: string[]
    ): Promise<Answer<typeof issueCertificates>> {
      await courseNamed(store.read, courseId)
      const names = await namesOf(memberIds)
      const issued: CertificateRow[] = []
      const notReady: string[] = []
      for (let i = 0; i < memberIds.length; i += ISSUED_AT_ONCE) {
        const people = memberIds.slice(i, i + ISSUED_AT_ONCE).map((memberId) => ({
          memberId,
          name: names.get(memberId)?.name,
          code: codeFrom(randomInt)
        }))
        const hot = `certificates:${courseId}`
        const done = await store.tx((tx) => issueIn(tx, me, courseId, people), { hot })
        for (const memberId of done.becameHost) members.rolesChanged(memberId)
        issued.push(...done.issued)
        notReady.push(...done.notReady)
      }
      return { issued: await cards(issued), notReady }
    },

    /** Takes a certificate back, once, and tells her why. Problems: no_such_certificate, certificate_revoked. */
    async revoke(me: Member, code: string, reason: string): Promise<Certificate> {
      const row = await act(async (tx, tell) => {
        const known = await named(tx, code)
        const revoked = { revokedAt: clock.now(), revokedBy: me.id, reason: reason.trim() }
        const gone = await rows.revoke(tx, known.code, revoked)
        if (!gone) throw new Problem('certificate_revoked')
        const { memberId, courseId, courseTitle } = gone
        const details = { memberId, courseId, reason: gone.reason }
        await members.audit(tx, {
          actorId: me.id,
          action: 'certificate_revoked',
          subject: known.code,
          details
        })
        await tellIn(tx, {
          memberId,
          kind: 'certificate_revoked',
          about: { title: courseTitle, reason: gone.reason },
          href: '/me/certificates'
        })
        for (const { revoked: hear } of listeners) await hear?.(tx, tell, gone)
        return gone
      })
      return (await cards([row]))[0]!
    },

    // for the rest of the school

    /** What she holds that is good now. */
    async validOf(
      on: Tx | Reader,
      memberId: string,
      now: number
    ): Promise<{ courseId: string; topic: Topic; validUntil: number }[]> {
      const held = await rows.ofMemberQuery(on, memberId)
      return held
        .filter(({ certificate }) => stateOf(certificate, now) === 'valid')
        .map(({ certificate: { courseId, validUntil }, topic }) => ({ courseId, topic, validUntil }))
    },

    /** All of hers, good or not, newest first. */
    async heldBy(
      on: Tx | Reader,
      memberId: string
    ): Promise<{ courseId: string; topic: Topic; validUntil: number; revoked: boolean }[]> {
      const held = await rows.ofMemberQuery(on, memberId)
      return held.map(({ certificate: { courseId, validUntil, revokedAt }, topic }) => ({
        courseId,
        topic,
        validUntil,
        revoked: revokedAt > 0
      }))
    },

    /** By course, what she sees on her way: the good one, else the newest. */
    async byCourseOf(
      memberId: string
    ): Promise<Map<string, Pick<Certificate, 'code' | 'validUntil' | 'state'>>> {
      const found = new Map<string, Pick<Certificate, 'code' | 'validUntil' | 'state'>>()
      for (const { certificate } of await rows.ofMemberQuery(store.read, memberId)) {
        const { code, courseId, validUntil } = certificate
        const state = stateOf(certificate, clock.now())
        if (!found.has(courseId) || state === 'valid') found.set(courseId, { code, validUntil, state })
      }
      return found
    },

    /** How many were issued within a time and stand. */
    async counted(period: { from: number; to: number }): Promise<number> {
      const [row] = await rows.countQuery(period)
      return Number(row!.n)
    }
  }

  async function courseNamed(on: Tx | Reader, courseId: string): Promise<Course> {
    const course = (await courses.byIds(on, [courseId])).get(courseId)
    if (!course) throw new Problem('no_such_course')
    return course
  }

  async function named(on: Tx | Reader, code: string): Promise<CertificateRow> {
    const row = await rows.one(on, [code, asPrinted(code)])
    if (!row) throw new Problem('no_such_certificate')
    return row
  }

  async function issueIn(
    tx: Tx,
    me: Member,
    courseId: string,
    people: { memberId: string; name: string | undefined; code: string }[]
  ) {
    const course = await courseNamed(tx, courseId)
    const ids = people.map(({ memberId }) => memberId)
    const standings = await standingsOf(tx, course, ids)
    const issued: CertificateRow[] = []
    const notReady: string[] = []
    const becameHost: string[] = []
    for (const { memberId, name, code } of people) {
      const standing = standings.get(memberId)
      if (standing?.certificate) issued.push(standing.certificate)
      else if (!standing?.ready || name === undefined || memberId === me.id) notReady.push(memberId)
      else {
        const now = clock.now()
        const row: CertificateRow = {
          code,
          courseId,
          memberId,
          courseTitle: course.title,
          name,
          issuedAt: now,
          validUntil: course.validMonths ? lastDayIn(course.validMonths, now) : 0,
          issuedBy: me.id,
          revokedAt: 0,
          revokedBy: '',
          reason: ''
        }
        await rows.add(tx, row)
        const gift = { actorId: me.id, memberId, role: 'host' } as const
        if (course.makesHost && (await members.giveRoleIn(tx, gift))) becameHost.push(memberId)
        await tellIn(tx, {
          memberId,
          kind: 'certificate_issued',
          about: { title: course.title, code },
          href: '/me/certificates'
        })
        for (const { issued: hear } of listeners) await hear?.(tx, row, course)
        issued.push(row)
      }
    }
    return { issued, notReady, becameHost }
  }

  /** How far everybody, or each of these, is in a course; `certificate` is the one that is good now. */
  async function standingsOf(on: Tx | Reader, course: Course, memberIds?: string[]) {
    const now = clock.now()
    // One after another: a unit of work has one connection.
    const came = await cameTo(on, course.id)
    const passers = await passersOf(on, course.id)
    const lessons = await lessonsDone(on, course.id)
    const said = Map.groupBy(await words.wordsQuery(on, course.id, memberIds), ({ memberId }) => memberId)
    const held = Map.groupBy(await rows.ofCourseQuery(on, course.id, memberIds), ({ memberId }) => memberId)
    const everybody = [came, passers, lessons, said, held].flatMap((each) => [...each.keys()])

    return new Map(
      [...new Set(memberIds ?? everybody)].map((memberId) => {
        const certificates = held.get(memberId) ?? []
        const certificate = certificates.find((each) => stateOf(each, now) === 'valid')
        const spent = certificate ? 0 : spentUpTo(certificates[0], now)
        const { times = 0, last = 0 } = came.get(memberId) ?? {}
        const standing: Standing = {
          attended: last > spent ? times : 0,
          quiz: course.questions === 0 || passers.has(memberId),
          passes: passes(said.get(memberId) ?? [], spent)
        }
        return [
          memberId,
          {
            ...standing,
            lessonsDone: lessons.get(memberId) ?? 0,
            certified: certificate !== undefined,
            ready: certificate === undefined && isReady(course, standing),
            certificate
          }
        ]
      })
    )
  }

  async function cards(found: CertificateRow[]): Promise<Certificate[]> {
    const names = await namesOf(found.map(({ issuedBy }) => issuedBy))
    const now = clock.now()
    return found.map(({ code, courseId, courseTitle, memberId, name, reason, ...row }) => ({
      code,
      courseId,
      courseTitle,
      memberId,
      name,
      reason,
      issuedAt: row.issuedAt,
      validUntil: row.validUntil,
      revokedAt: row.revokedAt,
      state: stateOf(row, now),
      issuedByName: names.get(row.issuedBy)?.name ?? ''
    }))
  }
}
