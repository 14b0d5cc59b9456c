import { and, count, desc, eq, gte, inArray, lt, or, sql } from 'drizzle-orm'
import type { Step } from '../../shared/contracts/outcomes.ts'
import type { Store, Tx } from '../store/store.ts'
import type { Period } from './outcome.ts'

export type Sex = '' | 'f' | 'm'

/** The only SQL over milestones. */
export function outcomeStore({ schema, read }: Store) {
  const { milestones } = schema
  const within = (step: Step, { from, to }: Period) =>
    and(eq(milestones.step, step), gte(milestones.at, from), lt(milestones.at, to))

  return {
    /** The first time counts; the same again changes nothing. */
    async reach(tx: Tx, row: typeof milestones.$inferInsert) {
      await tx.insert(milestones).values(row).onConflictDoNothing()
    },
    async lose(tx: Tx, memberId: string, step: Step) {
      await tx.delete(milestones).where(and(eq(milestones.memberId, memberId), eq(milestones.step, step)))
    },
    async setSex(tx: Tx, memberIds: string[], sex: Sex) {
      await tx.update(milestones).set({ sex }).where(inArray(milestones.memberId, memberIds))
    },
    async reachedOf(tx: Tx, memberId: string, steps: Step[]) {
      const rows = await tx
        .select({ step: milestones.step })
        .from(milestones)
        .where(and(eq(milestones.memberId, memberId), inArray(milestones.step, steps)))
      return new Set(rows.map(({ step }) => step))
    },
    /** One search of one index. */
    countQuery: (step: Step, period: Period) =>
      read
        .select({
          people: count(),
          women: sql<number>`coalesce(sum(case when ${milestones.sex} = 'f' then 1 else 0 end), 0)`,
          men: sql<number>`coalesce(sum(case when ${milestones.sex} = 'm' then 1 else 0 end), 0)`
        })
        .from(milestones)
        .where(within(step, period)),
    /** Newest first; `after` is the last of the page before. One search of the same index. */
    peopleQuery: (
      step: Step,
      period: Period,
      after: { at: number; memberId: string } | undefined,
      limit: number
    ) =>
      read
        .select({ memberId: milestones.memberId, at: milestones.at })
        .from(milestones)
        .where(
          and(
            within(step, period),
            after &&
              or(
                lt(milestones.at, after.at),
                and(eq(milestones.at, after.at), lt(milestones.memberId, after.memberId))
              )
          )
        )
        .orderBy(desc(milestones.at), desc(milestones.memberId))
        .limit(limit),
    async atOf(step: Step, memberId: string) {
      const [row] = await read
        .select({ at: milestones.at, memberId: milestones.memberId })
        .from(milestones)
        .where(and(eq(milestones.memberId, memberId), eq(milestones.step, step)))
      return row
    }
  }
}
