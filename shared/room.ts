import type { CouponCard } from './contracts/coupons.ts'
import type { FlashCard } from './contracts/flash.ts'
import type { RoomView, ShelfItem } from './contracts/live.ts'
import type { Role } from './contract.ts'

/** Longest thing one may say in a room. */
export const MESSAGE_CHARS = 120
/** A viewer who missed more than this reloads the room instead of catching up. */
export const CATCH_UP_EVENTS = 200
/** What a room shows of its talk to a newcomer. */
export const CHAT_LINES = 30

export interface Message {
  /** Made by the speaker's phone, so that she knows her own line when it comes back. */
  id: string
  name: string
  /** The highest of the speaker's roles: a host's line is coloured. */
  role: Role
  text: string
  at: number
}

/**
 * Facts: what happened in a room, in the past tense. Each has a number, stands in the room's log before anyone
 * hears of it, and is applied by a viewer exactly once, in order.
 */
export interface Facts {
  show_opened: { playlist: string }
  show_away: Record<string, never>
  show_back: { playlist: string }
  show_ended: { replay: string }
  message_said: Omit<Message, 'at'>
  product_pinned: { productId: string }
  product_unpinned: Record<string, never>
  shelf_changed: { shelf: ShelfItem[] }
  coupon_dropped: { coupon: CouponCard }
  coupon_closed: { couponId: string }
  flash_started: { flash: FlashCard }
  flash_ended: { flashId: string }
  /** The picture is away: what ends by the clock of this show stands still, and then goes on as much later. */
  clock_stopped: { at: number }
  clock_resumed: { ends: { id: string; startsAt: number; endsAt: number }[] }
  /** 带播: the mentor of a learner has been away for too long, or is back. */
  show_paused: Record<string, never>
  show_resumed: Record<string, never>
  /** 停售: the picture stays, nothing can be bought. */
  sale_stopped: { reason: string }
  sale_resumed: Record<string, never>
  /** The desk only: orders of this show, for its host and operators. */
  order_placed: DeskOrder
  order_paid: DeskOrder
  order_closed: { orderId: string; state: string }
}

/** What host and operator see of an order at once: a masked name, no phone, no address. */
export interface DeskOrder {
  orderId: string
  buyer: string
  title: string
  qty: number
  payFen: number
  test: boolean
}

/**
 * Hints may be lost: they carry the present value, no number, and go out at most once a second; that something is sold
 * out or there again does not wait for its second.
 */
export interface Hints {
  viewers: { count: number }
  hearts: { total: number }
  coupon_left: { couponId: string; left: number }
  flash_left: { flashId: string; left: number }
  /** What is left of one spec, and the line of the shelf that sums up all of them. */
  stock_left: {
    productId: string
    specId: string
    left: number
    shelf: Pick<ShelfItem, 'left' | 'fromFen' | 'unit' | 'landsAt'>
  }
  /** Facts up to this number exist: whoever is behind asks for what is missing. */
  version: { version: number }
}

export type FactType = keyof Facts
export type HintType = keyof Hints

/** On the wire, arrays: `[n, at, type, body]`, n = 0 for hints and answers. One frame is an array of these. */
export type Fact = { [T in FactType]: [n: number, at: number, type: T, body: Facts[T]] }[FactType]
export type Hint = { [T in HintType]: [n: 0, at: number, type: T, body: Hints[T]] }[HintType]

/** What only one socket hears. */
export interface Answers {
  /** First of all: who the server thinks you are, and where the log stands. */
  welcome: { version: number; viewers: number; member?: { name: string; role: Role } }
  said: { id: string }
  refused: { id?: string; code: string; message: string; waitMs?: number }
  /** You have missed too much, or were too slow: load the room anew. */
  reload: Record<string, never>
  pong: Record<string, never>
}
export type AnswerType = keyof Answers
export type RoomAnswer = { [T in AnswerType]: [n: 0, at: number, type: T, body: Answers[T]] }[AnswerType]
export type RoomFrame = (Fact | Hint | RoomAnswer)[]

/** What a viewer may say over the socket; everything that matters (claim, order, pin) is HTTP. */
export type RoomCommand =
  | { t: 'say'; id: string; text: string }
  | { t: 'hearts'; n: number }
  /** Send me every fact after n. */
  | { t: 'since'; n: number }
  | { t: 'ping' }

/** The room after a hint about its goods: the line of its shelf as it is now. */
export function stocked(view: RoomView, { productId, shelf: line }: Hints['stock_left']): RoomView {
  const shelf = view.shelf.map((item) => {
    if (item.productId !== productId) return item
    const { landsAt: _, ...words } = item
    return { ...words, ...line }
  })
  return { ...view, shelf }
}

/** The room after one more fact. Facts already known change nothing; a gap is the caller's to see. */
export function apply(view: RoomView, [n, at, type, body]: Fact): RoomView {
  if (n !== view.version + 1) return view
  const next = { ...view, version: n }
  switch (type) {
    case 'show_opened':
    case 'show_back':
      return {
        ...next,
        show: { ...view.show, state: 'live', openedAt: view.show.openedAt || at, playlist: body.playlist }
      }
    case 'show_away':
      return { ...next, show: { ...view.show, state: 'away' } }
    case 'show_ended':
      return {
        ...next,
        pinnedProductId: '',
        show: { ...view.show, state: 'replay', playlist: body.replay, paused: false }
      }
    case 'message_said':
      return { ...next, chat: [...view.chat, { ...body, at }].slice(-CHAT_LINES) }
    case 'product_pinned':
      return { ...next, pinnedProductId: body.productId }
    case 'product_unpinned':
      return { ...next, pinnedProductId: '' }
    case 'shelf_changed':
      return { ...next, shelf: body.shelf }
    case 'coupon_dropped':
      return {
        ...next,
        coupons: [body.coupon, ...view.coupons.filter((coupon) => coupon.id !== body.coupon.id)]
      }
    case 'coupon_closed':
      return { ...next, coupons: view.coupons.filter((coupon) => coupon.id !== body.couponId) }
    case 'flash_started':
      return { ...next, flash: [...view.flash.filter(({ id }) => id !== body.flash.id), body.flash] }
    case 'flash_ended':
      return { ...next, flash: view.flash.filter(({ id }) => id !== body.flashId) }
    case 'clock_stopped':
      return {
        ...next,
        coupons: view.coupons.map((coupon) => stopped(coupon, body.at)),
        flash: view.flash.map((sale) => stopped(sale, body.at))
      }
    case 'clock_resumed':
      return {
        ...next,
        coupons: view.coupons.map((coupon) => resumed(coupon, body.ends)),
        flash: view.flash.map((sale) => resumed(sale, body.ends))
      }
    case 'show_paused':
      return { ...next, show: { ...view.show, paused: true } }
    case 'show_resumed':
      return { ...next, show: { ...view.show, paused: false } }
    case 'sale_stopped':
      return { ...next, show: { ...view.show, saleStopped: body.reason } }
    case 'sale_resumed':
      return { ...next, show: { ...view.show, saleStopped: '' } }
    default:
      return next
  }
}

/** Something that ends by the clock of its show. */
interface Timed {
  id: string
  startsAt: number
  endsAt: number
  stoppedAt: number
}

const stopped = <T extends Timed>(timed: T, at: number): T =>
  timed.stoppedAt === 0 && timed.endsAt > at ? { ...timed, stoppedAt: at } : timed

function resumed<T extends Timed>(timed: T, ends: readonly Omit<Timed, 'stoppedAt'>[]): T {
  const now = ends.find(({ id }) => id === timed.id)
  return now ? { ...timed, startsAt: now.startsAt, endsAt: now.endsAt, stoppedAt: 0 } : timed
}

/** The room with the present number of what is left at a flash price. */
export const flashed = (view: RoomView, { flashId, left }: Hints['flash_left']): RoomView => ({
  ...view,
  flash: view.flash.map((sale) => (sale.id === flashId ? { ...sale, left } : sale))
})
