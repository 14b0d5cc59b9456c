import { and, desc, eq, gte, inArray, like, lt, or, sql } from 'drizzle-orm'
import type { Topic } from '../../shared/contracts/school.ts'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

export type CertificateRow = Schema['certificates']['$inferSelect']
type On = Tx | Reader

/** Certificates of one woman. */
const HERS = 50
/** Certificates of one course that candidates are compared with. */
const OF_COURSE = 10_000

export interface Wanted {
  courseId?: string | undefined
  memberId?: string | undefined
  /** A part of the name or of the code. */
  q?: string | undefined
}

/** The only SQL over certificates. */
export function certificateStore({ schema, read }: Store) {
  const { certificates, courses } = schema
  const newestFirst = [desc(certificates.issuedAt), desc(certificates.code)]

  return {
    /** The certificate with one of these codes. */
    async one(on: On, codes: string[]): Promise<CertificateRow | undefined> {
      return (await on.select().from(certificates).where(inArray(certificates.code, codes)).limit(1))[0]
    },
    async add(tx: Tx, row: CertificateRow): Promise<void> {
      await tx.insert(certificates).values(row)
    },
    /** Once: undefined for who comes second. */
    async revoke(
      tx: Tx,
      code: string,
      revoked: Pick<CertificateRow, 'revokedAt' | 'revokedBy' | 'reason'>
    ): Promise<CertificateRow | undefined> {
      const [row] = await tx
        .update(certificates)
        .set(revoked)
        .where(and(eq(certificates.code, code), eq(certificates.revokedAt, 0)))
        .returning()
      return row
    },
    /** A member's, newest first, with the topic of the course. */
    ofMemberQuery: (on: On, memberId: string) =>
      on
        .select({ certificate: certificates, topic: courses.topic })
        .from(certificates)
        .innerJoin(courses, eq(courses.id, certificates.courseId))
        .where(eq(certificates.memberId, memberId))
        .orderBy(...newestFirst)
        .limit(HERS),
    /** Who holds a course's, newest first. */
    ofCourseQuery: (on: On, courseId: string, memberIds?: string[]) =>
      on
        .select()
        .from(certificates)
        .where(
          and(eq(certificates.courseId, courseId), memberIds && inArray(certificates.memberId, memberIds))
        )
        .orderBy(...newestFirst)
        .limit(OF_COURSE),
    /** Whether anybody ever got one of this course. */
    async isIssued(on: On, courseId: string): Promise<boolean> {
      const [row] = await on
        .select({ code: certificates.code })
        .from(certificates)
        .where(eq(certificates.courseId, courseId))
        .limit(1)
      return row !== undefined
    },
    /** A page of all of them, newest first. */
    pageQuery({ courseId, memberId, q }: Wanted, after: CertificateRow | undefined, limit: number) {
      const part = `%${(q ?? '').replace(/[\\%_]/g, '\\$&')}%`
      return read
        .select()
        .from(certificates)
        .where(
          and(
            memberId ? eq(certificates.memberId, memberId) : undefined,
            courseId ? eq(certificates.courseId, courseId) : undefined,
            q
              ? or(
                  like(certificates.name, sql`${part} escape '\\'`),
                  like(certificates.code, sql`${part.toUpperCase()} escape '\\'`)
                )
              : undefined,
            after &&
              or(
                lt(certificates.issuedAt, after.issuedAt),
                and(eq(certificates.issuedAt, after.issuedAt), lt(certificates.code, after.code))
              )
          )
        )
        .orderBy(...newestFirst)
        .limit(limit)
    },
    /** Issued within a time and not revoked. */
    countQuery: ({ from, to }: { from: number; to: number }) =>
      read
        .select({ n: sql<number>`count(*)` })
        .from(certificates)
        .where(
          and(gte(certificates.issuedAt, from), lt(certificates.issuedAt, to), eq(certificates.revokedAt, 0))
        )
  }
}

export type HeldRow = { certificate: CertificateRow; topic: Topic }
