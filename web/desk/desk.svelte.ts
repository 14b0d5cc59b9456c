import { budgetsOfShow, dropCoupon, type CouponDraft } from '../../shared/contracts/coupons.ts'
import {
  endShow,
  getDesk,
  getRoom,
  pinProduct,
  setShelf,
  type RoomView,
  type ShelfItem
} from '../../shared/contracts/live.ts'
import type { Answer } from '../../shared/contract.ts'
import { refusalOf } from '../../shared/refusal.ts'
import { apply, flashed, stocked, type DeskOrder, type Fact, type RoomFrame } from '../../shared/room.ts'
import { call } from '../call.ts'
import { clock } from '../clock.svelte.ts'
import { Line } from './line.svelte.ts'

/** Claims and followers have no event of their own at the desk. */
const COUNT_AGAIN_MS = 8_000
const ORDERS_SHOWN = 50

type Numbers = Answer<typeof getDesk>

/** One show as its host and its operators see it: the room, the orders as they come, and what may be done. */
export class Desk {
  readonly showId: string
  room = $state.raw<RoomView>()
  numbers = $state.raw<Numbers>()
  /** What could not be loaded. */
  failed = $state.raw<unknown>()
  /** Why the room refused our line. */
  refused = $state.raw<unknown>()
  #roomLine = $state.raw<Line>()
  #deskLine = $state.raw<Line>()
  #counting: ReturnType<typeof setInterval> | undefined
  #closed = false

  connected = $derived(Boolean(this.#roomLine?.connected && this.#deskLine?.connected))
  pinned = $derived(this.room?.shelf.find((item) => item.productId === this.room?.pinnedProductId))
  /** What 下一个 would explain: the next of the shelf that is not sold out, around the end. */
  next = $derived.by(() => {
    const shelf = this.room?.shelf ?? []
    const at = shelf.findIndex((item) => item.productId === this.room?.pinnedProductId)
    const order = [...shelf.slice(at + 1), ...shelf.slice(0, Math.max(at, 0))]
    return order.find((item) => item.left > 0)
  })

  constructor(showId: string) {
    this.showId = showId
  }

  /** Loads and listens. Afterwards either `room` or `failed` is there. */
  async open() {
    this.failed = undefined
    try {
      await this.#load()
    } catch (error) {
      this.failed = error
      return
    }
    if (this.#closed || this.#roomLine) return
    this.#roomLine = new Line(
      `/ws/rooms/${this.showId}`,
      () => this.room?.version ?? 0,
      (event) => this.hearRoom(event)
    )
    this.#deskLine = new Line(
      `/ws/desks/${this.showId}`,
      () => this.numbers?.version ?? 0,
      (event) => this.hearDesk(event)
    )
    this.#counting = setInterval(() => void this.#count().catch(() => {}), COUNT_AGAIN_MS)
  }

  close() {
    this.#closed = true
    clearInterval(this.#counting)
    this.#roomLine?.close()
    this.#deskLine?.close()
  }

  hearRoom(event: RoomFrame[number]) {
    const { room } = this
    if (!room) return
    if (isFact(event)) {
      if (event[0] > room.version + 1) this.#roomLine?.say({ t: 'since', n: room.version })
      this.room = apply(room, event)
      return
    }
    const [, , type, body] = event
    switch (type) {
      case 'welcome':
        this.#viewers(body.viewers)
        return
      case 'viewers':
        this.#viewers(body.count)
        return
      case 'hearts':
        this.room = { ...room, hearts: body.total }
        return
      case 'coupon_left':
        this.room = {
          ...room,
          coupons: room.coupons.map((coupon) =>
            coupon.id === body.couponId ? { ...coupon, left: body.left } : coupon
          )
        }
        return
      case 'flash_left':
        this.room = flashed(room, body)
        return
      case 'stock_left':
        this.room = stocked(room, body)
        return
      case 'version':
        if (body.version > room.version) this.#roomLine?.say({ t: 'since', n: room.version })
        return
      case 'reload':
        void this.#load().catch(() => {})
        return
      case 'refused':
        this.refused = refusalOf(body, 409)
    }
  }

  hearDesk(event: RoomFrame[number]) {
    const { numbers } = this
    if (!numbers) return
    if (isFact(event)) {
      if (event[0] > numbers.version + 1) this.#deskLine?.say({ t: 'since', n: numbers.version })
      this.numbers = withFact(numbers, event)
      return
    }
    const [, , type, body] = event
    if (type === 'reload') void this.#count().catch(() => {})
    if (type === 'version' && body.version > numbers.version) {
      this.#deskLine?.say({ t: 'since', n: numbers.version })
    }
  }

  pin = (productId: string) =>
    call(pinProduct, { params: { showId: this.showId }, body: { productId } }).then(() => {
      // Her own screen answers her thumb; the numbered fact says the same a moment later.
      if (this.room) this.room = { ...this.room, pinnedProductId: productId }
    })

  drop = (draft: CouponDraft) => call(dropCoupon, { params: { showId: this.showId }, body: draft })

  /** Pots that a coupon of this room may be paid from. */
  budgets = async () => (await call(budgetsOfShow, { params: { showId: this.showId } })).items

  async shelve(productIds: string[]) {
    const { items } = await call(setShelf, { params: { showId: this.showId }, body: { productIds } })
    if (this.room) this.room = { ...this.room, shelf: items }
  }

  async end() {
    const { show } = await call(endShow, { params: { showId: this.showId } })
    if (this.room) this.room = { ...this.room, show }
    await this.#count().catch(() => {})
  }

  /** False: not connected, nothing was said. */
  say(text: string) {
    this.refused = undefined
    return this.#roomLine?.say({ t: 'say', id: crypto.randomUUID(), text }) ?? false
  }

  /** What an operator's quick stock change did, before the room hears of it. */
  stockSet(productId: string, left: number) {
    const { room } = this
    if (!room) return
    const shelf = room.shelf.map((item) => (item.productId === productId ? { ...item, left } : item))
    this.room = { ...room, shelf }
  }

  /** Her own screen shows at once what she decided; the numbered fact says the same a moment later. */
  saleSet(reason: string) {
    const { room } = this
    if (room) this.room = { ...room, show: { ...room.show, saleStopped: reason } }
  }

  #viewers(viewers: number) {
    if (this.room) this.room = { ...this.room, show: { ...this.room.show, viewers } }
  }

  async #load() {
    const params = { showId: this.showId }
    const [room, numbers] = await Promise.all([call(getRoom, { params }), call(getDesk, { params })])
    clock.set(Math.max(room.now, clock.exact()))
    this.room = room
    this.numbers = numbers
  }

  async #count() {
    const numbers = await call(getDesk, { params: { showId: this.showId } })
    // An older answer must not undo what the socket has told meanwhile.
    if (numbers.version >= (this.numbers?.version ?? 0)) this.numbers = numbers
  }
}

const isFact = (event: RoomFrame[number]): event is Fact => event[0] > 0

/** The desk's numbers after one more fact; each counts once, whatever is repeated. */
export function withFact(numbers: Numbers, [n, at, type, body]: Fact): Numbers {
  if (n !== numbers.version + 1) return numbers
  const next = { ...numbers, version: n }
  const others = (orderId: string) => numbers.latest.filter((order) => order.orderId !== orderId)
  const onTop = (order: DeskOrder, state: string) =>
    [{ ...order, state, at }, ...others(order.orderId)].slice(0, ORDERS_SHOWN)
  switch (type) {
    case 'order_placed':
      return { ...next, orders: numbers.orders + 1, latest: onTop(body, 'pending') }
    case 'order_paid':
      return {
        ...next,
        paidFen: numbers.paidFen + (body.test ? 0 : body.payFen),
        testFen: numbers.testFen + (body.test ? body.payFen : 0),
        latest: onTop(body, 'paid')
      }
    case 'order_closed':
      return {
        ...next,
        orders: Math.max(0, numbers.orders - 1),
        latest: numbers.latest.map((order) =>
          order.orderId === body.orderId ? { ...order, state: body.state } : order
        )
      }
    default:
      return next
  }
}

/** One step up or down the shelf. */
export function moved(shelf: ShelfItem[], productId: string, by: -1 | 1): ShelfItem[] {
  const from = shelf.findIndex((item) => item.productId === productId)
  const to = from + by
  if (from < 0 || to < 0 || to >= shelf.length) return shelf
  const next = [...shelf]
  next.splice(to, 0, ...next.splice(from, 1))
  return next
}
