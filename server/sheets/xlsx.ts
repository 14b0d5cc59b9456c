import { Problem } from '../../shared/problems.ts'
import { isDateFormat, serialDay, type Cell, type SheetRow } from './sheet.ts'
import { readXml } from './xml.ts'
import { openZip, unreadable } from './zip.ts'

/** What the parts of one sheet may unpack to: a thousand rows with names, numbers and styles are some 300 KB. */
const UNPACKED_BYTES = 16 * 1024 * 1024
/** What stands further to the right is nobody’s roster. */
const COLUMNS = 100
const LAST_ROW = 1_048_576
/** Longer words are cut: no name is as long, and a thousand cells may share one text. */
const CELL_CHARS = 500

const WORKBOOK = 'xl/workbook.xml'
const RELATIONS = 'xl/_rels/workbook.xml.rels'

/**
 * The first sheet of an xlsx file: its rows that hold anything, each with the number that stands beside it on the
 * screen. More than `maxRows` of them are refused while they are read, not afterwards.
 */
export async function readXlsx(bytes: Buffer, maxRows: number): Promise<SheetRow[]> {
  const part = openZip(bytes, UNPACKED_BYTES)
  const [workbook, relations] = [await part(WORKBOOK), await part(RELATIONS)]
  if (!workbook || !relations) throw unreadable('no workbook')
  const { sheetId, since1904 } = await workbookOf(workbook)
  const { sheets, strings, styles } = await partsOf(relations)
  const sheet = await part(sheets.get(sheetId) ?? '')
  if (sheet === undefined) throw unreadable('no sheet')
  return rowsOf(sheet, {
    strings: await stringsOf((await part(strings)) ?? ''),
    dates: await dateStylesOf((await part(styles)) ?? ''),
    since1904,
    maxRows
  })
}

async function workbookOf(xml: string) {
  let sheetId = ''
  let since1904 = false
  await readXml(xml, {
    open(name, attribute) {
      if (name === 'sheet') sheetId ||= attribute('id') ?? ''
      if (name === 'workbookPr') since1904 = /^(1|true)$/.test(attribute('date1904') ?? '')
    }
  })
  return { sheetId, since1904 }
}

/** Which part of the zip is which; both editions of the standard end alike. */
async function partsOf(xml: string) {
  const sheets = new Map<string, string>()
  let [strings, styles] = ['', '']
  await readXml(xml, {
    open(name, attribute) {
      if (name !== 'Relationship') return
      const target = attribute('Target') ?? ''
      const at = target.startsWith('/') ? target.slice(1) : `xl/${target}`
      const type = attribute('Type') ?? ''
      if (type.endsWith('/worksheet')) sheets.set(attribute('Id') ?? '', at)
      if (type.endsWith('/sharedStrings')) strings = at
      if (type.endsWith('/styles')) styles = at
    }
  })
  return { sheets, strings, styles }
}

/** Words that cells share; what tells how a word is spoken (`rPh`) is no part of it. */
async function stringsOf(xml: string): Promise<string[]> {
  const strings: string[] = []
  let [inText, spoken, words] = [false, false, '']
  await readXml(xml, {
    open(name) {
      if (name === 'si') words = ''
      if (name === 'rPh') spoken = true
      if (name === 't') inText = !spoken
    },
    text(text) {
      if (inText && words.length < CELL_CHARS) words += text
    },
    close(name) {
      if (name === 't') inText = false
      if (name === 'rPh') spoken = false
      if (name === 'si') strings.push(unescaped(words))
    }
  })
  return strings
}

/** Which styles show a number as a day. */
async function dateStylesOf(xml: string): Promise<boolean[]> {
  const own = new Map<number, string>()
  const dates: boolean[] = []
  let ofCells = false
  await readXml(xml, {
    open(name, attribute) {
      if (name === 'numFmt') own.set(Number(attribute('numFmtId')), attribute('formatCode') ?? '')
      if (name === 'cellXfs') ofCells = true
      if (name === 'xf' && ofCells) {
        const format = Number(attribute('numFmtId'))
        dates.push(isDateFormat(format, own.get(format)))
      }
    },
    close(name) {
      if (name === 'cellXfs') ofCells = false
    }
  })
  return dates
}

async function rowsOf(
  xml: string,
  {
    strings,
    dates,
    since1904,
    maxRows
  }: { strings: string[]; dates: boolean[]; since1904: boolean; maxRows: number }
): Promise<SheetRow[]> {
  const rows: SheetRow[] = []
  let row: SheetRow = { row: 0, cells: new Map() }
  let cell: { column: number; type: string; style: number; formula: boolean; words: string } | undefined
  let column = 0
  let [inValue, spoken] = [false, false]

  await readXml(xml, {
    open(name, attribute) {
      if (name === 'row') {
        const number = Number(attribute('r') ?? row.row + 1)
        if (!Number.isInteger(number) || number <= row.row || number > LAST_ROW) throw unreadable('a row')
        row = { row: number, cells: new Map() }
        column = 0
      } else if (name === 'c') {
        column = columnOf(attribute('r')) ?? column + 1
        const type = attribute('t') ?? 'n'
        cell = { column, type, style: Number(attribute('s') ?? 0), formula: false, words: '' }
      } else if (cell && name === 'f') cell.formula = true
      else if (name === 'rPh') spoken = true
      else if (cell && (name === 'v' || name === 't')) inValue = !spoken
    },
    text(text) {
      if (cell && inValue && cell.words.length < CELL_CHARS) cell.words += text
    },
    close(name) {
      if (name === 'v' || name === 't') inValue = false
      else if (name === 'rPh') spoken = false
      else if (name === 'c' && cell) {
        const read = readCell(cell)
        if (read && cell.column <= COLUMNS) row.cells.set(cell.column, read)
        cell = undefined
      } else if (name === 'row' && row.cells.size) {
        if (rows.length === maxRows) throw new Problem('sheet_too_long', { rows: maxRows })
        rows.push(row)
      }
    }
  })
  return rows

  function readCell({ type, style, formula, words }: NonNullable<typeof cell>): Cell | undefined {
    if (formula) return { text: '', why: 'formula' }
    if (type === 's') return textCell(strings[Number(words)] ?? '')
    if (type === 'str' || type === 'inlineStr') return textCell(unescaped(words))
    if (type === 'b') return textCell(words === '1' ? 'TRUE' : 'FALSE')
    if (type === 'd') return textCell(words.slice(0, 10))
    if (type === 'e') return { text: '', why: 'formula' } // #REF!, #N/A: what a formula left behind
    if (!words.trim()) return undefined
    return numberCell(words, dates[style] ? since1904 : undefined)
  }
}

const textCell = (words: string): Cell | undefined => {
  const text = tidy(words)
  return text ? { text } : undefined
}

/** A number as it is read aloud. Excel keeps fifteen digits: of an ID number that it took for one, three are lost. */
function numberCell(words: string, since1904: boolean | undefined): Cell {
  const number = Number(words)
  if (!Number.isFinite(number)) return { text: '', why: 'formula' }
  const day = since1904 === undefined ? undefined : serialDay(number, since1904)
  if (day) return { text: day }
  if (Math.abs(number) >= 1e15) return { text: '', why: 'digits_lost' }
  return { text: String(number) }
}

/** `AB12` → 28. */
function columnOf(reference: string | undefined): number | undefined {
  if (reference === undefined) return undefined
  const letters = /^([A-Z]{1,3})[0-9]{1,7}$/.exec(reference)?.[1]
  if (!letters) throw unreadable('a cell without a place')
  return Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)
}

/** Signs that XML does not know are written as `_x000D_`. */
const unescaped = (text: string) =>
  text
    .slice(0, CELL_CHARS)
    .replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)))

/** One line, without what cannot be seen, which comes along when a number is copied from a chat. */
const tidy = (text: string) =>
  text
    .slice(0, CELL_CHARS)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}]+/gu, '')
    .trim()
