import writeXlsx from 'write-excel-file/node'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Seal } from '../seal.ts'
import { newId } from '../store/id.ts'
import type { Store, Tx } from '../store/store.ts'
import { HEADING_WITHIN, tableOf, type ReadRow } from './sheet.ts'
import { previewStore } from './store.ts'
import { readXlsx } from './xlsx.ts'

/** How long an officer may look at a preview before she says “do it”. */
const PREVIEW_MS = 30 * 60_000
export const SWEEP_PREVIEWS_MS = 10 * 60_000
const COLUMN_CHARS = 18

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export type Previews = ReturnType<typeof openPreviews>
export type { ReadRow } from './sheet.ts'

/**
 * The rows of the first sheet by the headings that are asked for; text, trimmed. A cell with a formula is an error of
 * its row (`phone:formula`): nobody works it out. Throws `sheet_unreadable`, `too_big`, `sheet_too_long`,
 * `sheet_columns` (details: which headings are missing).
 */
export async function readSheet<Key extends string>(
  bytes: Buffer,
  {
    columns,
    optional = [],
    maxRows
  }: { columns: Record<Key, readonly string[]>; optional?: readonly NoInfer<Key>[]; maxRows: number }
): Promise<ReadRow<Key>[]> {
  const table = tableOf(await readXlsx(bytes, maxRows + HEADING_WITHIN), columns, optional)
  if ('missing' in table) throw new Problem('sheet_columns', { missing: table.missing })
  if (table.rows.length > maxRows) throw new Problem('sheet_too_long', { rows: maxRows })
  return table.rows
}

/** A sheet to hand on: everything is text, and nothing that whoever opens it could take for a formula. */
export function writeSheet(
  name: string,
  headings: readonly string[],
  rows: readonly (readonly string[])[]
): Promise<Buffer> {
  const text = (value: string) => ({ value: harmless(value), type: String })
  return writeXlsx(
    [
      headings.map((value) => ({ ...text(value), fontWeight: 'bold' as const })),
      ...rows.map((row) => row.map(text))
    ],
    { sheet: name, columns: headings.map(() => ({ width: COLUMN_CHARS })), stickyRowsCount: 1 }
  ).toBuffer()
}

/** Saved as CSV and opened again, `=…` would be worked out: a quote in front says that it is only words. */
export const harmless = (text: string) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)

/** Sheets that were read and shown, and wait for “do it”. Sealed, for they hold phones and ID numbers. */
export function openPreviews({ store, clock, seal }: { store: Store; clock: Clock; seal: Seal }) {
  const previews = previewStore(store)

  return {
    /** One for each purpose and officer: the last one she looked at. */
    async keep(
      tx: Tx,
      { purpose, byId, rows }: { purpose: string; byId: string; rows: unknown }
    ): Promise<string> {
      const now = clock.now()
      const id = newId(now)
      await previews.forget(tx, purpose, byId)
      await previews.add(tx, {
        id,
        purpose,
        byId,
        sealedRows: seal.seal(JSON.stringify(rows)),
        endsAt: now + PREVIEW_MS
      })
      return id
    },

    /** Once, by whoever looked at it, for what it was meant; throws `preview_gone` for everything else. */
    async take<Rows>(tx: Tx, id: string, purpose: string, byId: string): Promise<Rows> {
      const sealed = await previews.take(tx, id, purpose, byId, clock.now())
      if (sealed === undefined) throw new Problem('preview_gone')
      return JSON.parse(seal.open(sealed)) as Rows
    },

    /** Forgets what nobody came back to. */
    sweep: () => store.tx((tx) => previews.forgetBefore(tx, clock.now()))
  }
}
