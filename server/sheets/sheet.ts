/** What a sheet is once it is read: rows of text, and what is wrong with single cells. */

/** `formula`: it would have to be worked out, which nobody does here. `digits_lost`: Excel took it for a number. */
export type CellTrouble = 'formula' | 'digits_lost'

export interface Cell {
  text: string
  why?: CellTrouble
}

export interface SheetRow {
  /** As the sheet counts: what stands beside it on the screen. */
  row: number
  /** By column, from 1. */
  cells: ReadonlyMap<number, Cell> & { set(column: number, cell: Cell): unknown }
}

export interface ReadRow<Key extends string> {
  row: number
  cells: Record<Key, string>
  /** `column:why` of the first cell that cannot be used. */
  problem?: string
}

/** A title and an empty line may stand above the headings. */
export const HEADING_WITHIN = 10

/** The rows below the headings, by what the headings mean. Columns with other headings are nobody’s business here. */
export function tableOf<Key extends string>(
  rows: readonly SheetRow[],
  columns: Record<Key, readonly string[]>,
  optional: readonly NoInfer<Key>[] = []
): { rows: ReadRow<Key>[] } | { missing: string[] } {
  const keys = Object.keys(columns) as Key[]
  const places = rows.slice(0, HEADING_WITHIN).map((row) => ({ row, at: headingsIn(row, columns) }))
  const wanted = keys.filter((key) => !optional.includes(key))
  const best = places.toSorted((a, b) => b.at.size - a.at.size)[0]
  const missing = wanted.filter((key) => !best?.at.has(key))
  if (!best || missing.length) return { missing: missing.map((key) => columns[key][0]!) }
  const below = rows.filter(({ row }) => row > best.row.row)
  return {
    rows: below
      .map((row) => readRow(row, keys, best.at))
      .filter(({ cells, problem }) => problem || keys.some((key) => cells[key]))
  }
}

function headingsIn<Key extends string>({ cells }: SheetRow, columns: Record<Key, readonly string[]>) {
  const found = new Map<Key, number>()
  for (const [column, { text }] of cells) {
    const heading = text.replace(/[\s*＊:：]/g, '').toLowerCase()
    for (const [key, names] of Object.entries(columns) as [Key, readonly string[]][])
      if (!found.has(key) && names.includes(heading)) found.set(key, column)
  }
  return found
}

function readRow<Key extends string>(
  { row, cells }: SheetRow,
  keys: readonly Key[],
  at: ReadonlyMap<Key, number>
): ReadRow<Key> {
  const cellOf = (key: Key) => cells.get(at.get(key) ?? 0)
  const texts = Object.fromEntries(keys.map((key) => [key, cellOf(key)?.text ?? ''])) as Record<Key, string>
  const wrong = keys.find((key) => cellOf(key)?.why)
  return { row, cells: texts, ...(wrong && { problem: `${wrong}:${cellOf(wrong)!.why!}` }) }
}

/** Excel’s own day formats, also the Chinese ones. */
const DATE_FORMATS = [14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58]

/** Whether a number in this format is shown as a day; `code` is what the sheet itself says of the format. */
export function isDateFormat(format: number, code: string | undefined): boolean {
  if (code === undefined) return DATE_FORMATS.includes(format)
  const bare = code.replace(/"[^"]*"|\\.|\[[^\]]*\]|_./g, '').toLowerCase()
  return /y|e(?![+-])/.test(bare) || (bare.includes('d') && bare.includes('m'))
}

const DAY_MS = 86_400_000
/** The last day of the year 9999, as Excel counts. */
const LAST_SERIAL = 2_958_465

/** The day that a number stands for, `YYYY-MM-DD`; Excel counts from the last day of 1899, on old Macs from 1904. */
export function serialDay(serial: number, since1904: boolean): string | undefined {
  if (serial < 1 || serial >= LAST_SERIAL) return undefined
  const first = since1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30)
  return new Date(first + Math.floor(serial) * DAY_MS).toISOString().slice(0, 10)
}
