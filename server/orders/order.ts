import { HOLD_MS, MAX_QTY, type OrderState } from '../../shared/contracts/orders.ts'

/** From where an order may go to a state. What is not here does not happen. */
export const COMES_FROM = {
  paid: ['pending'],
  expired: ['pending'],
  cancelled: ['pending'],
  packed: ['paid'],
  shipped: ['packed'],
  received: ['shipped'],
  done: ['received'],
  refunded: ['paid', 'packed', 'shipped', 'received', 'done']
} as const satisfies Partial<Record<OrderState, readonly OrderState[]>>

export type Move = keyof typeof COMES_FROM

/** A million yuan: more is a slip of the finger, and no gateway takes it. */
export const MAX_SUM_FEN = 100_000_000

export interface PricedLine {
  qty: number
  priceFen: number
}

export interface Sums {
  goodsFen: number
  discountFen: number
  freightFen: number
  payFen: number
}

export const goodsFenOf = (lines: readonly PricedLine[]) =>
  lines.reduce((sum, { qty, priceFen }) => sum + qty * priceFen, 0)

/** 包邮: the boats' own van brings it. It stands in every sum, so that the day it costs something is a small day. */
export const freightOf = (_goodsFen: number) => 0

/** What an order comes to. A coupon takes off no more than the goods cost, and never anything of the freight. */
export function sumsOf(lines: readonly PricedLine[], offFen: number): Sums {
  const goodsFen = goodsFenOf(lines)
  const discountFen = Math.min(Math.max(offFen, 0), goodsFen)
  const freightFen = freightOf(goodsFen)
  return { goodsFen, discountFen, freightFen, payFen: goodsFen - discountFen + freightFen }
}

/** Whether the lines, gathered by spec, stay below what one buyer carries home. */
export function carriable(lines: readonly { specId: string; qty: number }[]): boolean {
  const qtyOf = new Map<string, number>()
  for (const { specId, qty } of lines) qtyOf.set(specId, (qtyOf.get(specId) ?? 0) + qty)
  return [...qtyOf.values()].every((qty) => Number.isSafeInteger(qty) && qty > 0 && qty <= MAX_QTY)
}

/** The one shop that all lines come from; undefined when there are several. */
export function oneShop(lines: readonly { shopId: string }[]): string | undefined {
  const [first, ...rest] = new Set(lines.map(({ shopId }) => shopId))
  return rest.length ? undefined : first
}

/** Nothing to pay is paid at once and held for nobody. */
export const begins = ({ payFen }: Pick<Sums, 'payFen'>, now: number) =>
  payFen === 0
    ? ({ state: 'paid', heldUntil: now, paidAt: now } as const)
    : ({ state: 'pending', heldUntil: now + HOLD_MS, paidAt: null } as const)

/** How the desk calls a buyer: 王**, so that two viewers of one screen learn nobody's name. */
export const maskedName = (name: string) => `${Array.from(name)[0] ?? ''}**`

const TITLE_CHARS = 60

/** One line that stands for all: 红岛蛤蜊 等 3 种. */
export function titleOf(lines: readonly { title: string }[]): string {
  const more = lines.length > 1 ? ` 等 ${lines.length} 种` : ''
  return (
    Array.from(lines[0]?.title ?? '')
      .slice(0, TITLE_CHARS - more.length)
      .join('') + more
  )
}

export const qtyOf = (lines: readonly { qty: number }[]) => lines.reduce((sum, { qty }) => sum + qty, 0)
