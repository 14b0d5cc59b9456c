import writeXlsx, { type SheetData } from 'write-excel-file/node'
import { harmless } from '../sheets/sheets.ts'

/** What a cell of a sheet about money holds: words, or fen, which stand there as yuan. */
export type Cell = string | { fen: number }

const COLUMN_CHARS = 16

/** Words stay words and money is a number that can be added up. */
export function moneySheet(
  name: string,
  headings: readonly string[],
  rows: readonly (readonly Cell[])[]
): Promise<Buffer> {
  const data: SheetData = [
    headings.map((value) => ({ value, type: String, fontWeight: 'bold' as const })),
    ...rows.map((row) =>
      row.map((cell) =>
        typeof cell === 'string'
          ? { value: harmless(cell), type: String }
          : { value: cell.fen / 100, type: Number, format: '0.00' }
      )
    )
  ]
  return writeXlsx(data, {
    sheet: name,
    columns: headings.map(() => ({ width: COLUMN_CHARS })),
    stickyRowsCount: 1
  }).toBuffer()
}

/** The same as text for any program; the mark in front tells spreadsheets that it is UTF-8. */
export function moneyText(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const field = (cell: Cell) => {
    if (typeof cell !== 'string') return yuanOf(cell.fen)
    const text = harmless(cell)
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return '\uFEFF' + [headings, ...rows].map((row) => row.map(field).join(',')).join('\r\n') + '\r\n'
}

/** `-5` → `-0.05`: always two decimals, by whole numbers only. */
export function yuanOf(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0')
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
