import type { Answer, Body, QueryOf } from '../../shared/contract.ts'
import type { getDesk } from '../../shared/contracts/live.ts'
import type {
  Bill,
  myOrder,
  Order,
  OrderState,
  PayMethod,
  placeOrder,
  quoteOrder,
  shopOrders
} from '../../shared/contracts/orders.ts'
import { Problem } from '../../shared/problems.ts'
import type { Products } from '../catalogue/products.ts'
import type { Clock } from '../clock.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Member } from '../members/member.ts'
import type { Payer } from '../payments/payer.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { deskOrder, NOBODY, openMoves, type Moves } from './moves.ts'
import type { Neighbours } from './neighbours.ts'
import { carriable } from './order.ts'
import { openPlacing } from './placing.ts'
import { openQuotes } from './quotes.ts'
import { orderStore, type LineRow, type OrderRow } from './store.ts'
import { asPacked, openViews } from './views.ts'

export type { Neighbours } from './neighbours.ts'
export type { LineRow, OrderRow } from './store.ts'
export { MAX_UNPAID } from './placing.ts'

/** A buyer whose time is over sees it within a breath. */
const SWEEP_MS = 3_000
const SWEEP_PAGE = 50
const SWEEP_PAGES = 20
/** Bills closed at the same moment: each may be waiting for a gateway. */
const CLOSING_AT_ONCE = 5
const PAGE = 50
const DESK_LATEST = 20

export interface Orders extends Pick<Moves, 'on' | 'moveIn' | 'dueIn' | 'noteIn' | 'paidIn'> {
  /** What it would cost now; holds nothing. Problems: sold_out, product_off_sale, no_such_spec, the coupons', bad_input. */
  quote(me: Member, asked: Body<typeof quoteOrder>): Promise<Answer<typeof quoteOrder>>
  /**
   * Takes stock, flash prices and coupons for 15 minutes, in one unit with one order of each shop under one bill. The
   * same key is the same bill. Problems: sold_out {specId, left}, product_off_sale, no_such_spec, flash_over, sold_ahead,
   * tick_perishable {specId}, address_needed, no_such_address, not_delivered, region_unclear, price_changed {payFen},
   * the coupons', too_many_unpaid, bad_input, not_sold_here, sale_stopped.
   */
  place(me: Member, draft: Body<typeof placeOrder>): Promise<Bill>
  mine(me: Member, after?: string): Promise<Order[]>
  one(me: Member, orderId: string): Promise<Answer<typeof myOrder>>
  /** Cancels the bill that the order is in. Problems: no_such_order, order_paid, order_closed, payment_unavailable. */
  cancel(me: Member, orderId: string): Promise<Order>
  /** Closes the bill of an order whose goods will not come, unless it is closed already. Problems as `cancel`. */
  giveUp(orderId: string, note: string): Promise<void>
  /** Pays the bill that the order is in. Problems: no_such_order, order_paid, order_closed, `payments.start`'s. */
  pay(
    me: Member,
    orderId: string,
    method: PayMethod,
    payer?: Payer
  ): Promise<{ paymentId: string; payUrl: string }>
  ofMyShop(me: Member, asked: QueryOf<typeof shopOrders>): Promise<Order[]>
  /** A show's orders in numbers, and the latest of them, for whoever runs it. */
  deskNumbers(
    showId: string
  ): Promise<Pick<Answer<typeof getDesk>, 'orders' | 'paidFen' | 'testFen' | 'latest'>>

  /** As they stand, for who takes part in them. */
  rowIn(on: Tx | Reader, orderId: string): Promise<OrderRow | undefined>
  linesIn(on: Tx | Reader, orderIds: readonly string[]): Promise<LineRow[]>
  ofBill(on: Tx | Reader, billId: string): Promise<OrderRow[]>
  /** Those whose `movesAt` has come, the longest due first. */
  due(state: OrderState, limit: number): Promise<OrderRow[]>
  /**
   * Adds to what was paid back of an order and its lines, in the caller's unit; the tables refuse more than was paid.
   * Answers the order as it stands then.
   */
  paidBackIn(
    tx: Tx,
    orderId: string,
    back: { lines: readonly { specId: string; qty: number; fen: number }[]; freightFen: number }
  ): Promise<OrderRow>
  /** What was paid at a shop and not given back, in fen; with or without what the demo cashier took. */
  soldFen(shopId: string, withTest: boolean): Promise<number>
  /** Closes what nobody paid in time; stock and coupons go back once, however many sweep. */
  expireOverdue(): Promise<void>
}

/** Buying: what it costs, holding it, and what becomes of it. */
export function openOrders({
  jobs,
  report,
  ...ground
}: {
  store: Store
  clock: Clock
  jobs: Jobs
  report: (error: unknown, what: string) => void
  goods: Pick<Products, 'specIn'>
} & Neighbours): Orders {
  const { store, clock, act, goods, shops, payments, flash } = ground
  const rows = orderStore(store)
  const moves = openMoves(ground)
  const placing = openPlacing({ ...ground, moves })
  const quote = openQuotes(ground)
  const shown = openViews(ground)
  jobs.every('orders', SWEEP_MS, expireIdle)
  jobs.every('orders being paid', SWEEP_MS, expireBegun)

  return {
    ...moves,
    quote,

    async place(me, draft) {
      if (!carriable(draft.lines)) throw new Problem('bad_input', { field: '/lines' })
      const before = await rows.byKey(store.read, me.id, draft.key)
      if (before) return shown.bill(before.billId)
      const hot = `spec:${draft.lines.map(({ specId }) => specId).sort()[0]}`
      try {
        await flash.refuseGone(draft.lines)
        const rooms = await placing.roomsOf(me, draft)
        const placed = await act((tx, tell) => placing.placeIn(tx, tell, me, draft, rooms), { hot })
        if (placed !== 'placed') {
          goods.changed(placed.flatMap(({ lines }) => lines.map(({ productId }) => productId)))
          return await shown.placed(placed)
        }
      } catch (error) {
        // Two taps at the same moment: the database let one of them in, and that one is the answer to both.
        const twin = await rows.byKey(store.read, me.id, draft.key)
        if (twin) return shown.bill(twin.billId)
        throw error
      }
      return shown.bill((await rows.byKey(store.read, me.id, draft.key))!.billId)
    },

    mine: async (me, after) => {
      const from = after === undefined ? undefined : await ownOrder(me, after)
      return shown.views(await rows.ofMember(me.id, from, PAGE))
    },

    async one(me, orderId) {
      const own = await ownOrder(me, orderId)
      const { id, payFen, orders } = await shown.bill(own.billId)
      const order = orders.find((each) => each.id === orderId)!
      return { order, bill: { id, payFen, orders }, methods: payments.methods() }
    },

    async cancel(me, orderId) {
      const order = await ownOrder(me, orderId)
      if (order.state === 'cancelled') return shown.one(order)
      refuseUnlessPending(order.state)
      return shown.one(await giveUp(order, me.id, '买家取消了订单'))
    },

    async giveUp(orderId, note) {
      const order = await rows.one(store.read, orderId)
      if (order?.state === 'pending') await giveUp(order, NOBODY, note)
    },

    pay: async (me, orderId, method, payer) =>
      payments.start(
        async (tx) => {
          const order = await rows.one(tx, orderId)
          if (order?.memberId !== me.id) throw new Problem('no_such_order')
          refuseUnlessPending(order.state)
          if (order.heldUntil <= clock.now()) throw new Problem('order_closed')
          const bill = await rows.ofBill(tx, order.billId)
          const amountFen = bill.reduce((sum, { payFen }) => sum + payFen, 0)
          return { orderId: order.billId, memberId: me.id, amountFen }
        },
        method,
        payer
      ),

    async ofMyShop(me, { after, state }) {
      const shop = await shops.shopOf(me.id)
      if (!shop) throw new Problem('no_such_shop')
      const from = after === undefined ? undefined : await rows.one(store.read, after)
      if (after !== undefined && from?.shopId !== shop.id) throw new Problem('no_such_order')
      return (await shown.views(await rows.ofShop(shop.id, state, from, PAGE))).map(asPacked)
    },

    async deskNumbers(showId) {
      const [numbers, latest] = await Promise.all([rows.numbersOf(showId), rows.ofShow(showId, DESK_LATEST)])
      const ids = latest.map(({ id }) => id)
      const lines = Map.groupBy(await rows.linesOf(store.read, ids), ({ orderId }) => orderId)
      return {
        ...numbers,
        latest: latest.map((order) => ({
          ...deskOrder(order, lines.get(order.id) ?? []),
          state: order.state,
          at: order.createdAt
        }))
      }
    },

    rowIn: rows.one,
    linesIn: rows.linesOf,
    ofBill: rows.ofBill,
    due: (state, limit) => rows.due(state, clock.now(), limit),

    async paidBackIn(tx, orderId, { lines, freightFen }) {
      const fen = lines.reduce((sum, line) => sum + line.fen, freightFen)
      const order = await rows.addRefund(tx, orderId, fen, lines)
      if (!order) throw new Problem('no_such_order')
      return order
    },

    soldFen: rows.soldFen,

    async expireOverdue() {
      await expireIdle()
      await expireBegun()
    }
  }

  async function eachOverdue(atOnce: number, close: (billId: string) => Promise<void>) {
    const now = clock.now()
    let from: OrderRow | undefined
    for (let n = 0; n < SWEEP_PAGES; n++) {
      const due: OrderRow[] = await rows.overdue(now, from, SWEEP_PAGE)
      for (let i = 0; i < due.length; i += atOnce) {
        await Promise.all(due.slice(i, i + atOnce).map(({ billId }) => close(billId)))
      }
      from = due.at(-1)
      if (due.length < SWEEP_PAGE) break
    }
  }

  /** Waits for no gateway, so that one which is slow or away keeps only those waiting that somebody has begun to pay. */
  function expireIdle() {
    return eachOverdue(1, expire)
  }

  function expireBegun() {
    return eachOverdue(CLOSING_AT_ONCE, expireAfterClosing)
  }

  async function expire(billId: string) {
    try {
      await release(billId, 'expired', NOBODY, '没有按时付款，订单已关闭')
    } catch (error) {
      report(error, `closing bill ${billId}`) // one that fails does not keep the others' goods
    }
  }

  /** The gateway first: goods that are back on the shelf must not be paid for by somebody else's open page. */
  async function expireAfterClosing(billId: string) {
    try {
      if ((await payments.closeFor(billId)) === 'closed') await expire(billId)
    } catch (error) {
      report(error, `closing the payment of bill ${billId}`)
    }
  }

  async function giveUp({ id, billId }: OrderRow, actorId: string, note: string): Promise<OrderRow> {
    const closed = await payments.closeFor(billId)
    if (closed === 'paid') throw new Problem('order_paid')
    if (closed === 'unsure') throw new Problem('payment_unavailable')
    await release(billId, 'cancelled', actorId, note)
    const now = (await rows.one(store.read, id))!
    if (now.state === 'cancelled') return now
    refuseUnlessPending(now.state)
    throw new Problem('payment_unavailable') // she opened another page to pay on in the meantime
  }

  async function release(billId: string, to: 'expired' | 'cancelled', actorId: string, note: string) {
    const released = await act((tx, tell) => moves.closeIn(tx, tell, billId, to, actorId, note))
    if (released) goods.changed(released.lines.map(({ productId }) => productId))
  }

  async function ownOrder(me: Member, orderId: string): Promise<OrderRow> {
    const order = await rows.one(store.read, orderId)
    if (order?.memberId !== me.id) throw new Problem('no_such_order')
    return order
  }
}

function refuseUnlessPending(state: OrderState) {
  if (state === 'expired' || state === 'cancelled') throw new Problem('order_closed')
  if (state !== 'pending') throw new Problem('order_paid')
}
