import { and, count, desc, eq, lt, lte } from 'drizzle-orm'
import type { Reader, Store, Tx } from '../store/store.ts'

/** The only SQL over notices. */
export function noticeStore({ schema, read }: Store) {
  const { notices } = schema
  return {
    async add(tx: Tx, row: typeof notices.$inferInsert) {
      await tx.insert(notices).values(row)
    },
    async one(on: Tx | Reader, id: string) {
      const [row] = await on.select().from(notices).where(eq(notices.id, id))
      return row
    },
    /** Newest first: an id begins with its time. */
    newest: (memberId: string, after: string | undefined, limit: number) =>
      read
        .select()
        .from(notices)
        .where(and(eq(notices.memberId, memberId), after ? lt(notices.id, after) : undefined))
        .orderBy(desc(notices.id))
        .limit(limit),
    async unread(memberId: string) {
      const [row] = await read
        .select({ n: count() })
        .from(notices)
        .where(and(eq(notices.memberId, memberId), eq(notices.readAt, 0)))
      return row?.n ?? 0
    },
    async markRead(tx: Tx, memberId: string, upTo: string, at: number) {
      await tx
        .update(notices)
        .set({ readAt: at })
        .where(and(eq(notices.memberId, memberId), eq(notices.readAt, 0), lte(notices.id, upTo)))
    }
  }
}
