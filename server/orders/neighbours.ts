import type { Delivery } from '../../shared/contracts/freight.ts'
import type { TempClass } from '../../shared/contracts/catalogue.ts'
import type { Products } from '../catalogue/products.ts'
import type { Shops } from '../catalogue/shops.ts'
import type { Coupons } from '../coupons/coupons.ts'
import type { Rooms, Tell } from '../live/rooms.ts'
import type { Members } from '../members/members.ts'
import type { Payments } from '../payments/payments.ts'
import type { Reader, Tx } from '../store/store.ts'
import type { LineRow, OrderRow } from './store.ts'

/** What orders ask of the rest of the village. */
export interface Neighbours {
  act: Rooms['act']
  goods: Pick<Products, 'quoteIn' | 'holdIn' | 'giveBackIn' | 'changed'>
  shops: Pick<Shops, 'shopOf' | 'shopsByIds'>
  coupons: Pick<Coupons, 'choices' | 'reckon' | 'useIn' | 'returnIn'>
  members: Pick<Members, 'addressOf' | 'lastAddress' | 'useAddressIn'>
  payments: Pick<Payments, 'methods' | 'testOnly' | 'start' | 'closeFor' | 'openIn'>
  /**
   * Whether all of these are on the shelf of that show: only then its desk hears of the order. Throws not_sold_here,
   * sale_stopped.
   */
  sells: (showId: string, productIds: string[]) => Promise<boolean>
  flash: Flash
  freight: Freight
  lots: Lots
  baskets: Baskets
}

export interface FlashPrice {
  flashId: string
  priceFen: number
  endsAt: number
  left: number
  /** How many one buyer may take. */
  perMember: number
}

/** 闪购: another price for a while. A spec that an answer leaves out costs what it usually does. */
export interface Flash {
  pricesOf(
    on: Tx | Reader,
    specIds: string[],
    asked: { now: number; memberId?: string }
  ): Promise<ReadonlyMap<string, FlashPrice>>
  /**
   * Refuses at once, from a read, who names a sale of which nothing is left or that is over: the late-comers of a rush
   * do not stand in the writer's way. Problems: flash_over, flash_gone {specId, left}.
   */
  refuseGone(lines: readonly { specId: string; flashId?: string }[]): Promise<void>
  /** Takes what these lines get at a flash price. Problem flash_over {specId}: the line names a sale that is over. */
  takeIn(
    tx: Tx,
    asked: { memberId: string; lines: { specId: string; qty: number; flashId?: string }[] }
  ): Promise<ReadonlyMap<string, FlashPrice>>
  giveBackIn(
    tx: Tx,
    memberId: string,
    lines: { specId: string; qty: number; flashId: string }[]
  ): Promise<void>
}

/** Goods of one shop on their way to one region. */
export interface Sending {
  shopId: string
  region: string
  lines: {
    productId: string
    specId: string
    qty: number
    grams: number
    tempClass: TempClass
    fen: number
  }[]
  /** When the last of them is there to be sent; now, when left out. */
  readyAt?: number
}

export interface Freight {
  /** Refuses nothing, so that a page can show all that is in the way. */
  lookIn(on: Tx | Reader, sending: Sending): Promise<Delivery>
  /** Problems: not_delivered, region_unclear. */
  feeIn(on: Tx | Reader, sending: Sending): Promise<Pick<Delivery, 'freightFen'>>
}

/** 批次: where goods come from, and who waits for more. */
export interface Lots {
  /** What is kept for her of these specs, though the shelf says it is gone. */
  offeredTo(memberId: string, specIds: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Puts what is kept for her on the stock; answers what to give to `freedIn` once the order has its goods. */
  takeOffersIn(
    tx: Tx,
    memberId: string,
    orderId: string,
    lines: readonly { specId: string; qty: number }[]
  ): Promise<string[]>
  /** How many of each are still to come, and when. */
  aheadOf(
    on: Tx | Reader,
    specIds: readonly string[]
  ): Promise<ReadonlyMap<string, { planned: number; landsAt: number }>>
  /** Which landings the lines of these orders come from; what came without one is missing. */
  landsAtOf(
    on: Tx | Reader,
    orderIds: readonly string[]
  ): Promise<ReadonlyMap<string, readonly { specId: string; qty: number; state: string; landsAt: number }[]>>
  /** Problem sold_ahead {specId, landsAt}: she did not know that it is still to come. */
  useIn(
    tx: Tx,
    orderId: string,
    lines: readonly { specId: string; qty: number }[],
    agreed?: readonly string[]
  ): Promise<void>
  /** After the catalogue has them back on its stock. */
  giveBackIn(tx: Tx, orderId: string): Promise<void>
  freedIn(tx: Tx, specIds: readonly string[]): Promise<void>
}

export interface Baskets {
  /** The rooms in which she put these in; a spec that came from none is missing. */
  roomsIn(on: Tx | Reader, memberId: string, specIds: readonly string[]): Promise<ReadonlyMap<string, string>>
  takeOutIn(tx: Tx, memberId: string, specIds: readonly string[]): Promise<void>
}

/** What others do in the unit of a move, before anybody hears of it. If one throws, there was no move. */
export type Hook = (tx: Tx, tell: Tell, order: OrderRow, lines: LineRow[]) => Promise<void>

export interface Hooks {
  placed?: Hook
  paid?: Hook
  /** Expired or cancelled: nobody paid. */
  closed?: Hook
  packed?: Hook
  unpacked?: Hook
  shipped?: Hook
  received?: Hook
  done?: Hook
  /** All of it was paid back. */
  refunded?: Hook
}
