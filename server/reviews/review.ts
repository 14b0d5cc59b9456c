import { REVIEW_DAYS, type NotReviewed, type Tally } from '../../shared/contracts/reviews.ts'
import { DAY_MS } from '../../shared/day.ts'

/** What an order says of how its goods came. */
export interface Came {
  state: string
  receivedAt: number | null
  doneAt: number | null
}

/** What a line says of what she bought. */
export interface Bought {
  kind: 'goods' | 'voucher'
  qty: number
  refundedQty: number
  /** Of these, goods that were paid back before the box left. */
  unsentQty?: number
}

/** How many of a line were paid back before its box left. */
export const unsentQtyOf = (
  specId: string,
  shippedAt: number | null,
  refunds: readonly { createdAt: number; lines: readonly { specId: string; qty: number }[] }[]
) =>
  refunds
    .filter(({ createdAt }) => createdAt < (shippedAt ?? Infinity))
    .flatMap(({ lines }) => lines)
    .reduce((sum, line) => sum + (line.specId === specId ? line.qty : 0), 0)

/**
 * When she had it: goods in her hands, or the last of her vouchers. Money that went back later changes nothing; what was
 * taken back before it left, and a voucher that was given back, she never had.
 */
export function cameAt(
  { state, receivedAt, doneAt }: Came,
  { kind, qty, refundedQty, unsentQty = 0 }: Bought
) {
  if (!['received', 'done', 'refunded'].includes(state)) return undefined
  if (kind === 'goods') return unsentQty < qty ? (receivedAt ?? undefined) : undefined
  return refundedQty < qty ? (doneAt ?? undefined) : undefined
}

export const reviewUntil = (order: Came, line: Bought) => {
  const came = cameAt(order, line)
  return came === undefined ? 0 : came + REVIEW_DAYS * DAY_MS
}

/** Why she may not say how it was; empty: she may. Whoever sells it praises it elsewhere. */
export function whyNotReviewed(order: Came, line: Bought, isHers: boolean, now: number): '' | NotReviewed {
  if (isHers) return 'own_shop'
  if (cameAt(order, line) === undefined) return 'not_yet'
  return now < reviewUntil(order, line) ? '' : 'too_late'
}

/** The same review sent twice, because the first answer was lost on the way. */
export const isSame = <T extends { stars: number; words: string; fileIds: readonly string[] }>(a: T, b: T) =>
  a.stars === b.stars && a.words === b.words && a.fileIds.join() === b.fileIds.join()

const FULL_WIDTH = /[０-９]/g
const PHONE = /(?<![0-9])((?:(?:00)?86[ -]?)?1[3-9][0-9])([ -]?)[0-9]{4}\2([0-9]{4})(?![0-9])/g
const ID_NUMBER = /(?<![0-9])([0-9]{6})[0-9]{8}([0-9]{3}[0-9Xx])(?![0-9Xx])/g

/** What goes on a page for everybody: no phone, no ID number, no page of empty lines. */
export const fitForAll = (words: string) =>
  words
    .replace(FULL_WIDTH, (digit) => digit.normalize('NFKC'))
    .replace(ID_NUMBER, '$1********$2')
    .replace(PHONE, '$1****$3')
    .replace(/\r\n?/g, '\n')
    .replace(/[^\S\n]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()

const STARS = [1, 2, 3, 4, 5]

/** Integers throughout; half a tenth goes up. */
export function tallyOf(rows: readonly { stars: number; reviews: number }[]): Tally {
  const counts = STARS.map((stars) => rows.find((row) => row.stars === stars)?.reviews ?? 0)
  const count = counts.reduce((sum, each) => sum + each, 0)
  const points = counts.reduce((sum, each, i) => sum + each * (i + 1), 0)
  const averageTenths = count === 0 ? 0 : Math.floor((20 * points + count) / (2 * count))
  return { count, averageTenths, counts }
}
