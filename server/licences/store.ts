import { and, asc, desc, eq, gt, inArray, lt, lte, ne, or } from 'drizzle-orm'
import type { DocumentKind } from '../../shared/contracts/licences.ts'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

export type DocumentRow = Schema['documents']['$inferSelect']
export type RulesRow = Schema['rulePacks']['$inferSelect']

/** The newest of one woman: five kinds, twice a year, ten years. Older ones were replaced long ago. */
const OF_ONE_MEMBER = 100

/** The only SQL over documents, rule packs and mentors at their desks. */
export function licenceStore({ schema, read }: Store) {
  const { documents, rulePacks, mentorSeen } = schema

  return {
    /** Newest first. */
    async documentsOf(on: Tx | Reader, memberId: string): Promise<DocumentRow[]> {
      return on
        .select()
        .from(documents)
        .where(eq(documents.memberId, memberId))
        .orderBy(desc(documents.handedInAt), desc(documents.id))
        .limit(OF_ONE_MEMBER)
    },
    async document(on: Tx | Reader, id: string): Promise<DocumentRow | undefined> {
      return (await on.select().from(documents).where(eq(documents.id, id)))[0]
    },
    async add(tx: Tx, row: DocumentRow): Promise<void> {
      await tx.insert(documents).values(row)
    },
    /** Only if it is still in one of these states; undefined otherwise. */
    async change(
      tx: Tx,
      id: string,
      from: DocumentRow['state'][],
      changes: Partial<DocumentRow>
    ): Promise<DocumentRow | undefined> {
      const rows = await tx
        .update(documents)
        .set(changes)
        .where(and(eq(documents.id, id), inArray(documents.state, from)))
        .returning()
      return rows[0]
    },
    /** The good ones of a kind make room for a newer one. */
    async replaceOthers(tx: Tx, memberId: string, kind: DocumentKind, id: string): Promise<void> {
      await tx
        .update(documents)
        .set({ state: 'replaced', dueAt: 0 })
        .where(
          and(
            eq(documents.memberId, memberId),
            eq(documents.kind, kind),
            eq(documents.state, 'good'),
            ne(documents.id, id)
          )
        )
    },
    /** Documents to check, the oldest first. One search of one index, like the others that are queries. */
    waitingQuery: (after: DocumentRow | undefined, limit: number) =>
      read
        .select()
        .from(documents)
        .where(
          and(
            eq(documents.state, 'waiting'),
            after &&
              or(
                gt(documents.handedInAt, after.handedInAt),
                and(eq(documents.handedInAt, after.handedInAt), gt(documents.id, after.id))
              )
          )
        )
        .orderBy(asc(documents.handedInAt), asc(documents.id))
        .limit(limit),
    /** Good documents that end within a time, the next first; `after` is the last of the page before. */
    dueQuery: (from: number, to: number, after: DocumentRow | undefined, limit: number) =>
      read
        .select()
        .from(documents)
        .where(
          and(
            eq(documents.state, 'good'),
            gt(documents.dueAt, from),
            lte(documents.dueAt, to),
            after &&
              or(
                gt(documents.dueAt, after.dueAt),
                and(eq(documents.dueAt, after.dueAt), gt(documents.id, after.id))
              )
          )
        )
        .orderBy(asc(documents.dueAt), asc(documents.id))
        .limit(limit),
    /** Whether it was this caller who took the warning of a document that far. */
    async warn(tx: Tx, { id, dueAt }: DocumentRow, stage: number): Promise<boolean> {
      const rows = await tx
        .update(documents)
        .set({ warnedDays: stage })
        .where(
          and(
            eq(documents.id, id),
            eq(documents.state, 'good'),
            eq(documents.dueAt, dueAt),
            gt(documents.warnedDays, stage)
          )
        )
        .returning({ id: documents.id })
      return rows.length > 0
    },

    async rules(on: Tx | Reader, name: string): Promise<RulesRow | undefined> {
      return (await on.select().from(rulePacks).where(eq(rulePacks.name, name)))[0]
    },
    /** Keeps a rule pack as the successor of `version`; false where somebody else was faster. */
    async keepRules(tx: Tx, version: number, row: RulesRow): Promise<boolean> {
      const rows =
        version === 0
          ? await tx.insert(rulePacks).values(row).onConflictDoNothing().returning({ name: rulePacks.name })
          : await tx
              .update(rulePacks)
              .set(row)
              .where(and(eq(rulePacks.name, row.name), eq(rulePacks.version, version)))
              .returning({ name: rulePacks.name })
      return rows.length > 0
    },

    /** When a mentor was last heard at the desk of a show. A late word never takes a newer one back. */
    async see(tx: Tx, seen: { showId: string; mentorId: string; seenAt: number }): Promise<void> {
      await tx
        .insert(mentorSeen)
        .values(seen)
        .onConflictDoUpdate({
          target: mentorSeen.showId,
          set: seen,
          setWhere: or(ne(mentorSeen.mentorId, seen.mentorId), lt(mentorSeen.seenAt, seen.seenAt))
        })
    },
    async seen(on: Tx | Reader, showId: string): Promise<{ mentorId: string; seenAt: number } | undefined> {
      return (await on.select().from(mentorSeen).where(eq(mentorSeen.showId, showId)))[0]
    }
  }
}
