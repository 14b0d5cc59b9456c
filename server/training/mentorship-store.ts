import { and, asc, desc, eq, inArray, or, count } from 'drizzle-orm'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

export type PairRow = Schema['mentorships']['$inferSelect']
export type TaskRow = Schema['mentorTasks']['$inferSelect']
export type CheckRow = Schema['mentorChecks']['$inferSelect']
type On = Tx | Reader

/** Pairs of one member, whichever part she has. */
const HERS = 50

/** The only SQL over master and apprentice. */
export function mentorshipStore({ schema, read }: Store) {
  const { mentorships, mentorTasks, mentorChecks } = schema

  return {
    async one(on: On, id: string): Promise<PairRow | undefined> {
      return (await on.select().from(mentorships).where(eq(mentorships.id, id)))[0]
    },
    /** False: the apprentice has a master already. */
    async add(tx: Tx, row: PairRow): Promise<boolean> {
      const added = await tx
        .insert(mentorships)
        .values(row)
        .onConflictDoNothing()
        .returning({ id: mentorships.id })
      return added.length > 0
    },
    async change(tx: Tx, id: string, changes: Partial<PairRow>): Promise<void> {
      await tx.update(mentorships).set(changes).where(eq(mentorships.id, id))
    },
    ofMember: (memberId: string): Promise<PairRow[]> =>
      read
        .select()
        .from(mentorships)
        .where(or(eq(mentorships.mentorId, memberId), eq(mentorships.apprenticeId, memberId)))
        .orderBy(desc(mentorships.startsAt), desc(mentorships.id))
        .limit(HERS),
    /** Her pair that is offered or active. */
    async openOf(on: On, apprenticeId: string): Promise<PairRow | undefined> {
      return (await on.select().from(mentorships).where(eq(mentorships.pairKey, apprenticeId)))[0]
    },
    /** Apprentices of hers whom she stands for, as far as the state says. */
    async apprenticesOf(on: On, mentorId: string): Promise<PairRow[]> {
      return on
        .select()
        .from(mentorships)
        .where(and(eq(mentorships.mentorId, mentorId), eq(mentorships.state, 'active')))
        .limit(HERS)
    },
    newestQuery: (states: PairRow['state'][], limit: number) =>
      read
        .select()
        .from(mentorships)
        .where(inArray(mentorships.state, states))
        .orderBy(desc(mentorships.startsAt), desc(mentorships.id))
        .limit(limit),

    async tasksOf(on: On, pairIds: string[]): Promise<TaskRow[]> {
      if (!pairIds.length) return []
      return on
        .select()
        .from(mentorTasks)
        .where(inArray(mentorTasks.mentorshipId, pairIds))
        .orderBy(asc(mentorTasks.mentorshipId), asc(mentorTasks.position))
    },
    async task(on: On, pairId: string, taskId: string): Promise<TaskRow | undefined> {
      const where = and(eq(mentorTasks.id, taskId), eq(mentorTasks.mentorshipId, pairId))
      return (await on.select().from(mentorTasks).where(where))[0]
    },
    async countTasks(on: On, pairId: string): Promise<number> {
      const [row] = await on
        .select({ n: count() })
        .from(mentorTasks)
        .where(eq(mentorTasks.mentorshipId, pairId))
      return row?.n ?? 0
    },
    async addTasks(tx: Tx, rows: TaskRow[]): Promise<void> {
      if (rows.length) await tx.insert(mentorTasks).values(rows)
    },
    async changeTask(tx: Tx, taskId: string, changes: Partial<TaskRow>): Promise<void> {
      await tx.update(mentorTasks).set(changes).where(eq(mentorTasks.id, taskId))
    },

    async checksOf(on: On, pairIds: string[]): Promise<CheckRow[]> {
      if (!pairIds.length) return []
      return on
        .select()
        .from(mentorChecks)
        .where(inArray(mentorChecks.mentorshipId, pairIds))
        .orderBy(asc(mentorChecks.mentorshipId), asc(mentorChecks.month))
    },
    async check(tx: Tx, row: CheckRow): Promise<void> {
      const { words, at } = row
      await tx
        .insert(mentorChecks)
        .values(row)
        .onConflictDoUpdate({ target: [mentorChecks.mentorshipId, mentorChecks.month], set: { words, at } })
    }
  }
}
