import { and, asc, count, desc, eq, gt, inArray, lt, or } from 'drizzle-orm'
import type { CaseKind } from '../../shared/contracts/cases.ts'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

export type CaseRow = Schema['cases']['$inferSelect']
export type LineRow = Schema['caseLines']['$inferSelect']

/** The only SQL over cases. */
export const caseStore = ({ schema, read }: Store) => {
  const { cases, caseLines } = schema

  const ofKind = (kind: CaseKind | undefined) => (kind ? eq(cases.kind, kind) : undefined)

  /** Those that wait, the most urgent first, after `last`. */
  const openQuery = (kind: CaseKind | undefined, last: CaseRow | undefined, limit: number) =>
    read
      .select()
      .from(cases)
      .where(
        and(
          eq(cases.waiting, true),
          ofKind(kind),
          last && or(gt(cases.dueAt, last.dueAt), and(eq(cases.dueAt, last.dueAt), gt(cases.id, last.id)))
        )
      )
      .orderBy(asc(cases.dueAt), asc(cases.id))
      .limit(limit)

  /** Those that are answered, the last first. */
  const closedQuery = (kind: CaseKind | undefined, last: CaseRow | undefined, limit: number) =>
    read
      .select()
      .from(cases)
      .where(
        and(
          eq(cases.waiting, false),
          ofKind(kind),
          last &&
            or(
              lt(cases.closedAt, last.closedAt),
              and(eq(cases.closedAt, last.closedAt), lt(cases.id, last.id))
            )
        )
      )
      .orderBy(desc(cases.closedAt), desc(cases.id))
      .limit(limit)

  const countQuery = (kind?: CaseKind, dueBefore?: number) =>
    read
      .select({ n: count() })
      .from(cases)
      .where(
        and(
          eq(cases.waiting, true),
          ofKind(kind),
          dueBefore === undefined ? undefined : lt(cases.dueAt, dueBefore)
        )
      )

  const linesQuery = (on: Tx | Reader, caseIds: string[]) =>
    on
      .select()
      .from(caseLines)
      .where(inArray(caseLines.caseId, caseIds))
      .orderBy(asc(caseLines.caseId), asc(caseLines.n))

  return {
    openQuery,
    closedQuery,
    countQuery,
    linesQuery,

    async one(on: Tx | Reader, id: string): Promise<CaseRow | undefined> {
      return (await on.select().from(cases).where(eq(cases.id, id)))[0]
    },
    byIds: async (on: Tx | Reader, ids: string[]): Promise<CaseRow[]> =>
      ids.length ? on.select().from(cases).where(inArray(cases.id, ids)) : [],
    async withOpenKeys(on: Tx | Reader, keys: string[]): Promise<CaseRow[]> {
      return on.select().from(cases).where(inArray(cases.openKey, keys))
    },
    /** False where one with this key is open. */
    async add(tx: Tx, row: CaseRow): Promise<boolean> {
      const added = await tx.insert(cases).values(row).onConflictDoNothing().returning({ id: cases.id })
      return added.length > 0
    },
    /** Only while it waits; the version goes up by one. */
    async change(
      tx: Tx,
      { id, version }: CaseRow,
      change: Partial<Omit<CaseRow, 'id' | 'version'>>
    ): Promise<CaseRow | undefined> {
      const rows = await tx
        .update(cases)
        .set({ ...change, version: version + 1 })
        .where(and(eq(cases.id, id), eq(cases.version, version), eq(cases.waiting, true)))
        .returning()
      return rows[0]
    },
    async lastLine(tx: Tx, caseId: string): Promise<number> {
      const [last] = await tx
        .select({ n: caseLines.n })
        .from(caseLines)
        .where(eq(caseLines.caseId, caseId))
        .orderBy(desc(caseLines.n))
        .limit(1)
      return last?.n ?? 0
    },
    async addLine(tx: Tx, line: LineRow): Promise<void> {
      await tx.insert(caseLines).values(line)
    }
  }
}
