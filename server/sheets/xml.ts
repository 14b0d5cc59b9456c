import { setImmediate as nextTurn } from 'node:timers/promises'
import { unreadable } from './zip.ts'

/** No tag of a sheet is longer; a part that says otherwise was not written by a spreadsheet. */
const TAG_CHARS = 64 * 1024
/** Nor is a text: Excel itself takes no more into one cell. */
const TEXT_CHARS = 32 * 1024
/** After so many tags everybody else has a turn: a sheet that was made to be slow must not hold up a room. */
const TAGS_AT_ONCE = 2_000

export interface Listener {
  /** Names come without their namespace; what is asked of `attribute` too. */
  open(name: string, attribute: (name: string) => string | undefined): void
  text?(text: string): void
  close?(name: string): void
}

/** Reads the XML of an office document from front to back, once: no entities of its own, nothing fetched, no going back. */
export async function readXml(xml: string, listener: Listener): Promise<void> {
  let at = 0
  for (let tags = 1; at < xml.length; tags++) {
    if (tags % TAGS_AT_ONCE === 0) await nextTurn()
    const open = xml.indexOf('<', at)
    const text = xml.slice(at, Math.min(open < 0 ? xml.length : open, at + TEXT_CHARS))
    if (text) listener.text?.(decoded(text))
    if (open < 0) return
    if (xml.startsWith('<![CDATA[', open)) {
      const end = after(xml, ']]>', open)
      listener.text?.(xml.slice(open + '<![CDATA['.length, end - ']]>'.length).slice(0, TEXT_CHARS))
      at = end
    } else if (xml.startsWith('<!--', open)) at = after(xml, '-->', open)
    else if (xml.startsWith('<?', open)) at = after(xml, '?>', open)
    else if (xml.startsWith('<!', open)) throw unreadable('a document type')
    else {
      const end = endOfTag(xml, open)
      tell(xml.slice(open + 1, end), listener)
      at = end + 1
    }
  }
}

function tell(tag: string, listener: Listener) {
  if (tag.startsWith('/')) return listener.close?.(bare(tag.slice(1).trim()))
  const closed = tag.endsWith('/')
  const inner = closed ? tag.slice(0, -1) : tag
  const space = inner.search(/\s/)
  const name = bare(space < 0 ? inner : inner.slice(0, space))
  listener.open(name, (wanted) => attributeIn(space < 0 ? '' : inner.slice(space), wanted))
  if (closed) listener.close?.(name)
}

function after(xml: string, sign: string, from: number): number {
  const at = xml.indexOf(sign, from)
  if (at < 0) throw unreadable('cut short')
  return at + sign.length
}

/** Where a tag ends: at the first `>` that stands in no quotes. */
function endOfTag(xml: string, open: number): number {
  for (let at = open + 1; at < xml.length && at - open < TAG_CHARS; at++) {
    const sign = xml[at]
    if (sign === '>') return at
    if (sign === '"' || sign === "'") {
      at = xml.indexOf(sign, at + 1)
      if (at < 0) break
    }
  }
  throw unreadable('a tag without an end')
}

const bare = (name: string) => name.slice(name.indexOf(':') + 1)

const patterns = new Map<string, RegExp>()

function attributeIn(attributes: string, wanted: string): string | undefined {
  let pattern = patterns.get(wanted)
  if (!pattern) {
    pattern = new RegExp(`\\s(?:[\\w.-]+:)?${wanted}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)
    patterns.set(wanted, pattern) // only names that our own code asks for
  }
  const found = pattern.exec(attributes)
  return found ? decoded(found[1] ?? found[2] ?? '') : undefined
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const decoded = (text: string) =>
  text.includes('&')
    ? text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w{1,8}));/g, (whole, hex, digits, name) => {
        if (name) return NAMED[name] ?? whole
        const code = hex ? parseInt(hex, 16) : Number(digits)
        return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
      })
    : text
