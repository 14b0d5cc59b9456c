import { HOLD_MS, MAX_QTY, type OrderState } from '../../shared/contracts/orders.ts'

/** From where an order may go to a state. What is not here does not happen. */
export const COMES_FROM = {
  /** By its payment; or a box is opened again before it left. */
  paid: ['pending', 'packed'],
  expired: ['pending'],
  cancelled: ['pending'],
  packed: ['paid'],
  shipped: ['packed'],
  received: ['shipped'],
  /** What is only vouchers is never sent: it is done when each of them is. Nor is what was paid back before it left. */
  done: ['received', 'paid', 'packed'],
  refunded: ['paid', 'packed', 'shipped', 'received', 'done']
} as const satisfies Partial<Record<OrderState, readonly OrderState[]>>

export type Move = keyof typeof COMES_FROM

/** Somebody has paid and not got everything back. */
export const PAID: readonly OrderState[] = ['paid', 'packed', 'shipped', 'received', 'done']

/**
 * From where a move that is not made by money itself begins, for an order with these lines: paid is a box that was
 * opened again, only goods are packed, and what has nothing to send, or no more of it, is done without having been
 * received.
 */
export function beginsAt(
  to: Move,
  lines: readonly { kind: 'goods' | 'voucher'; qty?: number; refundedQty?: number }[]
): readonly OrderState[] {
  const goods = lines.filter(({ kind }) => kind === 'goods')
  if (to === 'paid') return ['packed']
  if (to === 'packed') return goods.length ? COMES_FROM.packed : []
  if (to !== 'done') return COMES_FROM[to]
  if (!goods.length) return ['paid']
  return goods.every(({ qty = 1, refundedQty = 0 }) => refundedQty === qty) ? COMES_FROM.done : ['received']
}

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

export const fenOf = ({ qty, priceFen }: PricedLine) => qty * priceFen

/** What an order comes to: its lines, less what coupons take off each of them, and what it costs to send. */
export function sumsOf(lines: readonly (PricedLine & { offFen: number })[], freightFen: number): Sums {
  const goodsFen = sumOf(lines.map(fenOf))
  const discountFen = sumOf(lines.map(({ offFen }) => offFen))
  return { goodsFen, discountFen, freightFen, payFen: goodsFen - discountFen + freightFen }
}

/** What a bill comes to: its orders together. */
export const billSumsOf = (orders: readonly Sums[]): Sums => ({
  goodsFen: sumOf(orders.map(({ goodsFen }) => goodsFen)),
  discountFen: sumOf(orders.map(({ discountFen }) => discountFen)),
  freightFen: sumOf(orders.map(({ freightFen }) => freightFen)),
  payFen: sumOf(orders.map(({ payFen }) => payFen))
})

/** The lines with what these coupons take off each of them. Coupons never take off more than a line costs. */
export function withOffs<Line extends PricedLine>(
  lines: readonly Line[],
  used: readonly { lines: readonly number[] }[]
): (Line & { offFen: number })[] {
  return lines.map((line, at) => {
    const offFen = sumOf(used.map((coupon) => coupon.lines[at] ?? 0))
    if (offFen < 0 || offFen > fenOf(line)) throw new RangeError(`${offFen} fen off ${fenOf(line)}`)
    return { ...line, offFen }
  })
}

/** Whether the lines, gathered by spec, stay below what one buyer carries home. */
export function carriable(lines: readonly { specId: string; qty: number }[]): boolean {
  const qtyOf = new Map<string, number>()
  for (const { specId, qty } of lines) qtyOf.set(specId, (qtyOf.get(specId) ?? 0) + qty)
  return [...qtyOf.values()].every((qty) => Number.isSafeInteger(qty) && qty > 0 && qty <= MAX_QTY)
}

/** One order of each shop; shops and lines in the order in which they come. */
export const byShop = <Line extends { shopId: string }>(
  lines: readonly Line[]
): { shopId: string; lines: Line[] }[] =>
  [...Map.groupBy(lines, ({ shopId }) => shopId)].map(([shopId, hers]) => ({ shopId, lines: hers }))

/** Only vouchers: nothing is sent anywhere. */
export const isSent = (lines: readonly { kind: 'goods' | 'voucher' }[]) =>
  lines.some(({ kind }) => kind === 'goods')

/** Nothing to pay is paid at once and held for nobody. It is the whole bill that is paid or not. */
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

export const qtyOf = (lines: readonly { qty: number }[]) => sumOf(lines.map(({ qty }) => qty))

/** Who made a change, for whoever reads of it: nobody's id leaves the server. */
export function doer(actorId: string, order: { memberId: string }, hostId: string) {
  if (actorId === '') return 'village'
  if (actorId === order.memberId) return 'buyer'
  return actorId === hostId ? 'shop' : 'union'
}

const sumOf = (all: readonly number[]) => all.reduce((sum, each) => sum + each, 0)
