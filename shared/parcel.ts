import type { TempClass } from './contracts/catalogue.ts'
import { coldestOf } from './freight.ts'

/** Who carries a parcel. `self`: the shop itself, round the corner. */
export const CARRIERS = [
  'sf',
  'jd',
  'ems',
  'zto',
  'yto',
  'sto',
  'yunda',
  'jt',
  'deppon',
  'other',
  'self'
] as const
export type Carrier = (typeof CARRIERS)[number]

const CODE_PREFIX = 'YJ'
const CODE_DIGITS = 9
/** So many parcels have a code of their own. */
export const CODES = 10 ** CODE_DIGITS

/** What a label says and a scanner reads: nine digits and one that shows a slip of the finger. */
export function codeOf(n: number): string {
  const digits = String(n).padStart(CODE_DIGITS, '0')
  return `${CODE_PREFIX}${digits}${dammOf(digits)}`
}

/** The code in what was scanned or typed, with or without its letters; undefined where it says none. */
export function codeIn(text: string): string | undefined {
  const digits = plain(text).replace(new RegExp(`^${CODE_PREFIX}`), '')
  return /^\d{10}$/.test(digits) && dammOf(digits) === 0 ? CODE_PREFIX + digits : undefined
}

/** As people read it to each other: YJ 123 456 7890. */
export const spokenCode = (code: string) => code.replace(/^(\D+)(\d{3})(\d{3})(\d+)$/, '$1 $2 $3 $4')

/** H. Michael Damm’s quasigroup: one wrong digit and two that changed places are always seen. */
const DAMM = [
  [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
  [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
  [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
  [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
  [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
  [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
  [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
  [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
  [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
  [2, 5, 8, 1, 4, 3, 6, 7, 9, 0]
]
const dammOf = (digits: string) =>
  Array.from(digits).reduce((interim, digit) => DAMM[interim]![Number(digit)]!, 0)

/** Capital letters and digits, whatever a keyboard or a paper put between them. */
const plain = (text: string) =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\-_.·]+/g, '')

export const MIN_TRACKING = 8
export const MAX_TRACKING = 30
const FEWEST_DIGITS = 6

/** How the numbers of each look, as far as anybody outside knows. */
const SHAPES: Partial<Record<Carrier, RegExp>> = {
  sf: /^(SF\d{12,13}|\d{12}|\d{15})$/,
  jd: /^JD[A-Z0-9]{9,20}$/,
  ems: /^(\d{13}|[A-Z]{2}\d{9}[A-Z]{2})$/,
  zto: /^\d{12,15}$/,
  yto: /^(YT)?\d{10,18}$/,
  sto: /^\d{12,15}$/,
  yunda: /^\d{13,15}$/,
  jt: /^JT\d{12,15}$/,
  deppon: /^(DPK)?\d{8,15}$/
}
const MOBILE = /^(86)?1[3-9]\d{9}$/

/** A number as the carrier writes it; `odd`: it is no number of that carrier, or somebody’s phone. */
export type Tracking = { number: string; odd: boolean } | { wrong: 'short' | 'our_code' }

/** What somebody scanned or typed as the number of a parcel. Who carries it herself needs none. */
export function trackingOf(carrier: Carrier, written: string): Tracking {
  const number = plain(written)
  if (carrier === 'self' && number === '') return { number, odd: false }
  if (codeIn(number)?.length === number.length) return { wrong: 'our_code' }
  const digits = number.replace(/\D/g, '')
  const fits = number.length >= MIN_TRACKING && number.length <= MAX_TRACKING
  if (!fits || !/^[A-Z0-9]+$/.test(number) || digits.length < FEWEST_DIGITS) return { wrong: 'short' }
  if (new Set(digits).size === 1) return { wrong: 'short' }
  return { number, odd: MOBILE.test(number) || SHAPES[carrier]?.test(number) === false }
}

/** Whose number it may be, when it says so itself. */
export function carrierOf(number: string): Carrier | undefined {
  const text = plain(number)
  const prefixes: [RegExp, Carrier][] = [
    [/^SF\d/, 'sf'],
    [/^JD[A-Z0-9]/, 'jd'],
    [/^JT\d/, 'jt'],
    [/^YT\d/, 'yto'],
    [/^DPK\d/, 'deppon'],
    [/^[A-Z]{2}\d{9}CN$/, 'ems']
  ]
  return prefixes.find(([pattern]) => pattern.test(text))?.[1]
}

/** Something of an order that goes into a box, and from which landings it comes. */
export interface ToTake {
  orderId: string
  specId: string
  title: string
  specName: string
  unit: 'jin' | 'piece' | 'portion'
  tempClass: TempClass
  /** Of one; 0: nobody knows. */
  grams: number
  qty: number
  /** What came without a landing is in none of them. */
  from: readonly { lotId: string; name: string; landsAt: number; qty: number }[]
}

/** One line of a pick list: so many of a spec, out of which landings. */
export interface PickRow {
  specId: string
  title: string
  specName: string
  unit: ToTake['unit']
  tempClass: TempClass
  qty: number
  /** 0: somebody knows not of all of them. */
  grams: number
  orders: number
  /** The oldest landing first; an empty id: whatever came without one. */
  from: { lotId: string; name: string; landsAt: number; qty: number }[]
}

const TRAVELS: readonly TempClass[] = ['ambient', 'chilled', 'frozen']

/** 拣货单: what to take out of which landing, over all these orders. What must stay cold comes last out of the store. */
export function pickList(lines: readonly ToTake[]): PickRow[] {
  const bySpec = Map.groupBy(
    lines.filter(({ qty }) => qty > 0),
    ({ specId }) => specId
  )
  const picks = [...bySpec.values()].map((all): PickRow => {
    const { specId, title, specName, unit, tempClass } = all[0]!
    const qty = all.reduce((sum, line) => sum + line.qty, 0)
    const known = all.every(({ grams }) => grams > 0)
    return {
      specId,
      title,
      specName,
      unit,
      tempClass,
      qty,
      grams: known ? all.reduce((sum, line) => sum + line.qty * line.grams, 0) : 0,
      orders: new Set(all.map(({ orderId }) => orderId)).size,
      from: fromOf(all, qty)
    }
  })
  return picks.sort(
    (a, b) =>
      TRAVELS.indexOf(a.tempClass) - TRAVELS.indexOf(b.tempClass) ||
      compare(a.title, b.title) ||
      compare(a.specName, b.specName) ||
      compare(a.specId, b.specId)
  )
}

function fromOf(lines: readonly ToTake[], qty: number): PickRow['from'] {
  const lots = new Map<string, PickRow['from'][number]>()
  for (const line of lines) {
    let left = line.qty
    for (const { lotId, name, landsAt, qty: wanted } of line.from) {
      const some = Math.min(left, wanted)
      left -= some
      if (some > 0) lots.set(lotId, { lotId, name, landsAt, qty: (lots.get(lotId)?.qty ?? 0) + some })
    }
  }
  const named = [...lots.values()].sort((a, b) => a.landsAt - b.landsAt || compare(a.lotId, b.lotId))
  const rest = qty - named.reduce((sum, lot) => sum + lot.qty, 0)
  return rest > 0 ? [{ lotId: '', name: '', landsAt: 0, qty: rest }, ...named] : named
}

/** An order that waits for its box. `sameAs`: the first order of the same buyer to the same place. */
export interface Boxable {
  id: string
  sameAs: string
  tempClass: TempClass
}

/** More than this is not one box. */
export const MAX_BOX_ORDERS = 20

/**
 * What to put together: one buyer’s orders to one place, what is kept equally cold in one box. What needs no cold goes
 * along with what does; live goods and dry ice don’t go together. The order of boxes and orders is as they came.
 */
export function boxesOf<Order extends Boxable>(orders: readonly Order[]): Order[][] {
  const boxes: Order[][] = []
  for (const hers of Map.groupBy(orders, ({ sameAs }) => sameAs).values()) {
    for (const { inside: box } of byCold(hers)) {
      for (let from = 0; from < box.length; from += MAX_BOX_ORDERS) {
        boxes.push(box.slice(from, from + MAX_BOX_ORDERS))
      }
    }
  }
  const place = new Map(orders.map(({ id }, at) => [id, at]))
  return boxes.sort((a, b) => place.get(a[0]!.id)! - place.get(b[0]!.id)!)
}

/**
 * What is kept equally cold; what needs no cold goes along with what does. An order with live goods and frozen ones is one
 * parcel of two boxes: one code, one number of the carrier, a label on each.
 */
export function byCold<Item extends { tempClass: TempClass }>(
  items: readonly Item[]
): { tempClass: TempClass; inside: Item[] }[] {
  const lead = items.some(({ tempClass }) => tempClass === 'chilled') ? 'chilled' : coldestOf(items)!
  const groups = Map.groupBy(items, ({ tempClass }) => (tempClass === 'ambient' ? lead : tempClass))
  return [...groups].map(([tempClass, inside]) => ({ tempClass, inside }))
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
