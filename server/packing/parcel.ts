import type { TempClass } from '../../shared/contracts/catalogue.ts'
import type { OrderState } from '../../shared/contracts/orders.ts'
import { DAY_MS } from '../../shared/day.ts'
import { arrivesAt } from '../../shared/freight.ts'

/** Where a parcel goes. */
export interface Place {
  receiver: string
  phone: string
  region: string
  detail: string
}

/** One person at one place, however the address was typed. */
export const placeKey = (memberId: string, { receiver, phone, region, detail }: Place) =>
  [memberId, ...[receiver, phone, region + detail].map(bare)].join('|')

const bare = (text: string) => text.normalize('NFKC').replace(/[\s,，、;；·/|_-]+/g, '')

/** How many of a line still go into a box. */
export const toSend = ({ kind, qty, refundedQty }: Line) => (kind === 'goods' ? qty - refundedQty : 0)

interface Line {
  kind: 'goods' | 'voucher'
  qty: number
  refundedQty: number
}

/** Orders that a parcel is still for: they are packed in it, or on their way. */
export const isInside = ({ state }: { state: OrderState }) => state === 'packed' || state === 'shipped'

const HOUR_MS = 3_600_000
/** A road that nobody knows. */
const UNKNOWN_HOURS = 72
/** 自动收货: so long after it should be there it counts as received, if she says nothing. What spoils is looked at first. */
export const QUIET_DAYS: Record<TempClass, number> = { chilled: 2, frozen: 3, ambient: 7 }
/** Each time that she says it is not there yet. */
export const WAIT_DAYS = 3
/** Then a parcel is lost, and waiting does not bring it back. */
export const LONGEST_DAYS = 20

/** When it should be there. */
export const expectedAt = (shippedAt: number, hours: number) => arrivesAt(shippedAt, hours || UNKNOWN_HOURS)

/** When it counts as received though nobody said so. */
export const receivedByItselfAt = (tempClass: TempClass, expected: number) =>
  expected + QUIET_DAYS[tempClass] * DAY_MS

/** Until when she may wait longer; undefined: no longer than this. */
export function waitsUntil(movesAt: number, shippedAt: number, now: number): number | undefined {
  const later = Math.min(Math.max(movesAt, now) + WAIT_DAYS * DAY_MS, shippedAt + LONGEST_DAYS * DAY_MS)
  return later > movesAt + HOUR_MS ? later : undefined
}

/** What goes together leaves with what must leave first; 0: nothing is promised. */
export const earliestCutoff = (minutes: readonly number[]) =>
  Math.min(...minutes.filter((minute) => minute > 0), 1440) % 1440
