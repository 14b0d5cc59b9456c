import { and, count, eq, gt, inArray, sum } from 'drizzle-orm'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

export type FileRow = Schema['files']['$inferSelect']

/** The only SQL over files. */
export const fileStore = ({ schema: { files } }: Store) => ({
  add: async (tx: Tx, row: FileRow) => {
    await tx.insert(files).values(row)
  },
  byIds: async (on: Tx | Reader, ids: string[]): Promise<FileRow[]> =>
    ids.length ? on.select().from(files).where(inArray(files.id, ids)) : [],
  /** How much somebody has brought since a moment. */
  broughtSince: async (on: Tx | Reader, ownerId: string, since: number) =>
    (
      await on
        .select({ files: count(), bytes: sum(files.bytes).mapWith(Number) })
        .from(files)
        .where(and(eq(files.ownerId, ownerId), gt(files.createdAt, since)))
    )[0]!
})
