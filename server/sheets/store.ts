import { and, eq, gt, lt, or } from 'drizzle-orm'
import type { Store, Tx } from '../store/store.ts'

/** The only SQL over sheets that wait. */
export function previewStore({ schema }: Store) {
  const { sheetPreviews: previews } = schema
  return {
    async add(tx: Tx, preview: typeof previews.$inferInsert): Promise<void> {
      await tx.insert(previews).values(preview)
    },
    /** What an officer looked at before for the same purpose, and what nobody came back to. */
    async forget(tx: Tx, purpose: string, byId: string, before: number): Promise<void> {
      const hers = and(eq(previews.purpose, purpose), eq(previews.byId, byId))
      await tx.delete(previews).where(or(hers, lt(previews.endsAt, before)))
    },
    /** Takes it out: whoever comes second finds nothing. */
    async take(tx: Tx, id: string, purpose: string, byId: string, now: number): Promise<string | undefined> {
      const hers = and(eq(previews.id, id), eq(previews.purpose, purpose), eq(previews.byId, byId))
      const rows = await tx
        .delete(previews)
        .where(and(hers, gt(previews.endsAt, now)))
        .returning({ sealedRows: previews.sealedRows })
      return rows[0]?.sealedRows
    }
  }
}
