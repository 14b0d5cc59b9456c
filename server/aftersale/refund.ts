import type { OrderState } from '../../shared/contracts/orders.ts'
import { DAY_MS, endOfDay } from '../../shared/day.ts'
import type { ProblemCode } from '../../shared/problems.ts'

/** One line of an order, and what of it has been paid back. */
export interface PaidLine {
  specId: string
  qty: number
  priceFen: number
  offFen: number
  refundedQty: number
  refundedFen: number
}

/** An order, and what of it has been paid back: goods and freight. */
export interface PaidOrder {
  payFen: number
  freightFen: number
  refundedFen: number
}

/** So many pieces of a line, and what of their price goes back. */
export interface BackLine {
  specId: string
  qty: number
  fen: number
}

/** What is asked for. Without `fen` a line gets what its pieces cost her; with it exactly that, for whatever reason. */
export interface Asked {
  lines: readonly { specId: string; qty: number; fen?: number | undefined }[]
  freightFen?: number | undefined
}

export interface Back {
  lines: BackLine[]
  goodsFen: number
  freightFen: number
}

export type Refused = { refused: ProblemCode; details?: Record<string, unknown> }

/** What she paid for a line: its price less its part of the coupons. */
export const paidFenOf = ({ qty, priceFen, offFen }: PaidLine) => qty * priceFen - offFen

export const leftFenOf = (line: PaidLine) => paidFenOf(line) - line.refundedFen

export const leftQtyOf = ({ qty, refundedQty }: PaidLine) => qty - refundedQty

/** Freight that may still go back. */
export const leftFreightOf = (
  { freightFen, refundedFen }: PaidOrder,
  lines: readonly Pick<PaidLine, 'refundedFen'>[]
) => freightFen - (refundedFen - lines.reduce((sum, line) => sum + line.refundedFen, 0))

/**
 * What so many more pieces of a line bring back: their share of what is left of it, rounded down; with the last piece
 * all that is left, so that many small refunds come to the same fen as one.
 */
export function worthOf(line: PaidLine, qty: number): number {
  const left = leftQtyOf(line)
  return left > 0 ? Number((BigInt(leftFenOf(line)) * BigInt(qty)) / BigInt(left)) : 0
}

/** What goes back, or why it may not: never more pieces than she has, nor more than was paid for line and freight. */
export function backOf(order: PaidOrder, lines: readonly PaidLine[], asked: Asked): Back | Refused {
  const known = new Map(lines.map((line) => [line.specId, line]))
  const specIds = asked.lines.map(({ specId }) => specId)
  const freightFen = asked.freightFen ?? 0
  if (new Set(specIds).size < specIds.length || !isSum(freightFen)) return bad('/lines')
  const back: BackLine[] = []
  for (const { specId, qty, fen: given } of asked.lines) {
    const line = known.get(specId)
    if (!line || !isSum(qty) || (given !== undefined && !isSum(given))) return bad('/lines')
    const leftQty = leftQtyOf(line)
    if (qty > leftQty) return { refused: 'refund_too_much', details: { specId, leftQty } }
    const fen = given ?? worthOf(line, qty)
    const leftFen = leftFenOf(line)
    if (fen > leftFen) return { refused: 'refund_too_much', details: { specId, leftFen } }
    if (qty > 0 || fen > 0) back.push({ specId, qty, fen })
  }
  const leftFreight = leftFreightOf(order, lines)
  if (freightFen > leftFreight) return { refused: 'refund_too_much', details: { freightFen: leftFreight } }
  if (!back.length && freightFen === 0) return { refused: 'refund_nothing' }
  return { lines: back, goodsFen: goodsFenOf(back), freightFen }
}

/** All that is left: what makes the sum of the refunds exactly what was paid. */
export const allOf = (order: PaidOrder, lines: readonly PaidLine[]): Asked => ({
  lines: lines
    .filter((line) => leftQtyOf(line) > 0 || leftFenOf(line) > 0)
    .map((line) => ({ specId: line.specId, qty: leftQtyOf(line), fen: leftFenOf(line) })),
  freightFen: leftFreightOf(order, lines)
})

/**
 * What goes back for pieces that never came: as many of them as are still hers, and the freight when nothing else is
 * sent. Undefined: all of them have been paid back already.
 */
export function lostOf(
  order: PaidOrder,
  lines: readonly PaidLine[],
  lost: readonly { specId: string; qty: number }[]
): Asked | undefined {
  const hers = lost.flatMap(({ specId, qty }) => {
    const line = lines.find((each) => each.specId === specId)
    const left = line ? Math.min(qty, leftQtyOf(line)) : 0
    return left ? [{ specId, qty: left }] : []
  })
  if (!hers.length) return undefined
  const lostQty = new Map(hers.map(({ specId, qty }) => [specId, qty]))
  const nothingElse = lines.every((line) => leftQtyOf(line) === (lostQty.get(line.specId) ?? 0))
  return { lines: hers, freightFen: nothingElse ? leftFreightOf(order, lines) : 0 }
}

/** The lines as they stand after it. */
export const linesAfter = <Line extends PaidLine>(
  lines: readonly Line[],
  back: readonly BackLine[]
): Line[] =>
  lines.map((line) => {
    const { qty = 0, fen = 0 } = back.find(({ specId }) => specId === line.specId) ?? {}
    return { ...line, refundedQty: line.refundedQty + qty, refundedFen: line.refundedFen + fen }
  })

/** Whether nothing of it is left: all the money, and of what coupons paid for whole the pieces, which are still hers without it. */
export const isAllBack = ({ payFen, refundedFen }: PaidOrder, lines: readonly PaidLine[]) =>
  refundedFen === payFen && lines.every((line) => paidFenOf(line) > 0 || leftQtyOf(line) === 0)

/**
 * How many of the pieces that have just gone back are on sale again. What was packed has left the shelf for good; a voucher
 * lies in no box, of a meal that was eaten nothing is left, and once its order is done all of them were.
 */
export function shelvedOf(
  state: OrderState,
  after: PaidLine & { kind: 'goods' | 'voucher' },
  qty: number,
  eaten: number
): number {
  if (after.kind === 'goods') return state === 'paid' ? qty : 0
  return state === 'done' ? 0 : Math.max(0, Math.min(qty, leftQtyOf(after) + qty - eaten))
}

const goodsFenOf = (lines: readonly BackLine[]) => lines.reduce((sum, { fen }) => sum + fen, 0)
const isSum = (n: number) => Number.isSafeInteger(n) && n >= 0
const bad = (field: string): Refused => ({ refused: 'bad_input', details: { field } })

/** 网络购买商品七日无理由退货暂行办法: seven days, and the first one is the day after she had it. */
export const RETURN_DAYS = 7

/** What a line has to say about being sent back. */
export interface Bought extends PaidLine {
  kind: 'goods' | 'voucher'
  perishable: boolean
  perishableAgreedAt: number | null
}

export const returnableUntil = (receivedAt: number) => endOfDay(receivedAt, RETURN_DAYS)

/** How long whoever got it back may look at it before the money must go: the law's seven days. */
export const BACK_WITHIN_MS = RETURN_DAYS * DAY_MS

/**
 * Why a line can't be sent back for no reason; undefined: it can. Fresh goods are exempt only where she ticked that line
 * when she bought it: without her tick the right stays hers.
 */
export function whyNotReturned(
  line: Bought,
  receivedAt: number | null,
  now: number
): 'ticked' | 'voucher' | 'not_received' | 'too_late' | 'all_back' | undefined {
  if (line.kind === 'voucher') return 'voucher'
  if (leftQtyOf(line) === 0) return 'all_back'
  if (line.perishable && line.perishableAgreedAt !== null) return 'ticked'
  if (receivedAt === null) return 'not_received'
  return now > returnableUntil(receivedAt) ? 'too_late' : undefined
}
