import type { ProductDraft, Unit } from '../../shared/contracts/catalogue.ts'

/** One kind of a product that can be bought: 三斤装, 一只. */
export interface SpecRow {
  id: string
  productId: string
  name: string
  unit: Unit
  priceFen: number
  stock: number
  /** What one of it weighs; 0: not known. */
  grams: number
  position: number
}

/** More words than anybody types; each one is a condition of its own. */
const SEARCH_WORDS = 6

/** What two spellings of the same word share: full-width letters and capitals mean nothing to a buyer. */
export const folded = (text: string) => text.normalize('NFKC').toLowerCase()

/** What search looks through; the shop's name and village are looked through where they stand. */
export const searchTextOf = ({ title, about, origin }: Pick<ProductDraft, 'title' | 'about' | 'origin'>) =>
  folded([title, origin, about].join('\n'))

/** The words of a search. All of them must occur, in any order. */
export const wordsOf = (q: string) => folded(q).split(/\s+/).filter(Boolean).slice(0, SEARCH_WORDS)

/** A word as a LIKE pattern, escaped by a backslash: `50%` looks for a per cent sign. */
export const patternOf = (word: string) => `%${word.replace(/[\\%_]/g, '\\$&')}%`

const DAY_MS = 86_400_000
const VILLAGE_AHEAD_MS = 8 * 3_600_000

/**
 * Whether a day of the catch is a day of the calendar, by tomorrow's tide at the latest: lists begin with the newest
 * catch, and a later one would stay at their top. Empty is: a voucher was never caught.
 */
export function isCatchDay(day: string, now: number) {
  if (day === '') return true
  const at = Date.parse(`${day}T00:00:00Z`)
  return at <= now + VILLAGE_AHEAD_MS + DAY_MS && new Date(at).toISOString().startsWith(day)
}

/** What may be sold of a spec after an edit: what she changed it by since she saw it, never below nothing. */
export const stockAfterEdit = (held: number, draft: { stock: number; seenStock?: number }) =>
  draft.seenStock === undefined ? draft.stock : Math.max(0, held + draft.stock - draft.seenStock)

type Shelved = Pick<SpecRow, 'priceFen' | 'unit' | 'stock'> & { ahead?: { ashore: number; landsAt: number } }

/**
 * The line of a shelf: the cheapest spec names price and unit, all specs together say what is left. `landsAt`: all of it
 * is still to come (预售), the first of it then.
 */
export function shelfPrice(specs: readonly Shelved[]) {
  const [first] = specs.toSorted((a, b) => a.priceFen - b.priceFen)
  const left = specs.reduce((sum, spec) => sum + spec.stock, 0)
  const there = specs.filter(({ stock }) => stock > 0)
  const toCome = there.flatMap(({ ahead }) => (ahead && ahead.ashore === 0 ? ahead.landsAt : []))
  return {
    fromFen: first?.priceFen ?? 0,
    unit: first?.unit ?? ('portion' as const),
    left,
    ...(toCome.length && toCome.length === there.length && { landsAt: Math.min(...toCome) })
  }
}

/** Lines of the same spec become one, in one order everywhere, so that two orders never wait for each other. */
export function gathered(lines: readonly { specId: string; qty: number }[]) {
  const qtyOf = new Map<string, number>()
  for (const { specId, qty } of lines) qtyOf.set(specId, (qtyOf.get(specId) ?? 0) + qty)
  return [...qtyOf].map(([specId, qty]) => ({ specId, qty })).sort((a, b) => (a.specId < b.specId ? -1 : 1))
}

/** 1 斤 is 500 g; what a 只 or a 份 weighs only its shop knows. */
export const gramsOfUnit = (unit: Unit) => (unit === 'jin' ? 500 : 0)
