import { and, eq, gt, lt } from 'drizzle-orm'
import type { Store, Tx } from '../store/store.ts'

/** The only SQL over sheets that wait. */
export function previewStore({ schema }: Store) {
  const { sheetPreviews: previews } = schema
  return {
    async add(tx: Tx, preview: typeof previews.$inferInsert): Promise<void> {
      await tx.insert(previews).values(preview)
    },
    async forget(tx: Tx, purpose: string, byId: string): Promise<void> {
      await tx.delete(previews).where(and(eq(previews.purpose, purpose), eq(previews.byId, byId)))
    },
    async forgetBefore(tx: Tx, at: number): Promise<void> {
      await tx.delete(previews).where(lt(previews.endsAt, at))
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
