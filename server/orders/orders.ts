import type { Answer, Body } from '../../shared/contract.ts'
import type { getDesk } from '../../shared/contracts/live.ts'
import type {
  Order,
  OrderState,
  PayMethod,
  placeOrder,
  quoteOrder,
  shopOrders
} from '../../shared/contracts/orders.ts'
import type { QueryOf } from '../../shared/contract.ts'
import { Problem } from '../../shared/problems.ts'
import type { DeskOrder } from '../../shared/room.ts'
import type { HeldLine, Products } from '../catalogue/products.ts'
import type { Shops } from '../catalogue/shops.ts'
import type { Clock } from '../clock.ts'
import type { Coupons } from '../coupons/coupons.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Rooms, Tell } from '../live/rooms.ts'
import type { Member } from '../members/member.ts'
import type { Members } from '../members/members.ts'
import type { Arrived, Payments } from '../payments/payments.ts'
import { newId } from '../store/id.ts'
import type { Store, Tx } from '../store/store.ts'
import {
  begins,
  carriable,
  goodsFenOf,
  maskedName,
  MAX_SUM_FEN,
  oneShop,
  qtyOf,
  sumsOf,
  titleOf,
  type Move
} from './order.ts'
import { orderStore, type ChangeRow, type LineRow, type OrderRow } from './store.ts'

/** A buyer whose time is over sees it within a breath. */
const SWEEP_MS = 3_000
const SWEEP_PAGE = 50
const SWEEP_PAGES = 20
/** Orders closed at the same moment: each may be waiting for a gateway. */
const CLOSING_AT_ONCE = 5
const PAGE = 50
/** What one buyer holds and has not paid: more would be everybody else's goods, a quarter of an hour at a time. */
export const MAX_UNPAID = 10
const DESK_LATEST = 20
/** Who did what nobody did: the clock. */
const NOBODY = ''

export interface Neighbours {
  act: Rooms['act']
  goods: Pick<Products, 'quoteIn' | 'holdIn' | 'giveBackIn' | 'changed'>
  shops: Pick<Shops, 'shopOf' | 'shopsByIds'>
  coupons: Pick<Coupons, 'choices' | 'useIn' | 'returnIn'>
  members: Pick<Members, 'addressOf' | 'lastAddress' | 'useAddressIn'>
  payments: Pick<Payments, 'methods' | 'testOnly' | 'start' | 'closeFor' | 'openIn'>
  /**
   * Whether all of these are on the shelf of that show: only then its desk hears of the order. Throws not_sold_here,
   * sale_stopped.
   */
  sells: (showId: string, productIds: string[]) => Promise<boolean>
  /** An order of this shop was paid, in the same unit of work. */
  onSold: (tx: Tx, shopId: string) => Promise<void>
}

export interface Orders {
  /** What it would cost now; holds nothing. Problems as `place`, without those of address and tick. */
  quote(me: Member, asked: Body<typeof quoteOrder>): Promise<Answer<typeof quoteOrder>>
  /**
   * Takes stock and coupon for 15 minutes, in one unit with the order. The same key is the same order. Problems:
   * sold_out {specId, left}, product_off_sale, no_such_spec, order_mixed_shops, tick_perishable, no_such_address,
   * price_changed {payFen}, the coupon's, too_many_unpaid, bad_input, not_sold_here, sale_stopped.
   */
  place(me: Member, draft: Body<typeof placeOrder>): Promise<Order>
  mine(me: Member, after?: string): Promise<Order[]>
  one(me: Member, orderId: string): Promise<Order>
  /** Problems: no_such_order, order_paid, order_closed, payment_unavailable. */
  cancel(me: Member, orderId: string): Promise<Order>
  /** Problems: no_such_order, order_paid, order_closed, and those of `payments.start`. */
  pay(me: Member, orderId: string, method: PayMethod): Promise<{ paymentId: string; payUrl: string }>
  ofMyShop(me: Member, asked: QueryOf<typeof shopOrders>): Promise<Order[]>
  /** A show's orders in numbers, and the latest of them, for whoever runs it. */
  deskNumbers(
    showId: string
  ): Promise<Pick<Answer<typeof getDesk>, 'orders' | 'paidFen' | 'testFen' | 'latest'>>
  /** Part of the unit in which a payment arrives. */
  paidIn(tx: Tx, tell: Tell, payment: Arrived): Promise<'taken' | 'late'>
  refundedIn(tx: Tx, tell: Tell, payment: Arrived): Promise<void>
  /** What was paid at a shop and not given back, in fen; with or without what the demo cashier took. */
  soldFen(shopId: string, withTest: boolean): Promise<number>
  /** Closes what nobody paid in time; stock and coupon go back once, however many sweep. */
  expireOverdue(): Promise<void>
}

/** Buying: what it costs, holding it, and what becomes of it. */
export function openOrders({
  store,
  clock,
  jobs,
  report,
  act,
  goods,
  shops,
  coupons,
  members,
  payments,
  sells,
  onSold
}: {
  store: Store
  clock: Clock
  jobs: Jobs
  report: (error: unknown, what: string) => void
} & Neighbours): Orders {
  const rows = orderStore(store)
  jobs.every('orders', SWEEP_MS, expireIdle)
  jobs.every('orders being paid', SWEEP_MS, expireBegun)

  return {
    async quote(me, { lines, coupon, withoutCoupon }) {
      if (!carriable(lines)) throw new Problem('bad_input', { field: '/lines' })
      const priced = await goods.quoteIn(store.read, lines)
      const shopId = sameShop(priced)
      const now = clock.now()
      const goodsFen = goodsFenOf(priced)
      const [choices, address, named] = await Promise.all([
        coupons.choices(me.id, { shopId, goodsFen }, now),
        members.lastAddress(me.id),
        shops.shopsByIds([shopId])
      ])
      const picked = coupon
        ? choices.find((each) => each.couponId === coupon.couponId && each.nth === coupon.nth)
        : choices.find((each) => each.best)
      if (coupon && !picked) throw new Problem('coupon_not_yours')
      return {
        shopId,
        shopName: named.get(shopId)?.name ?? '',
        lines: priced,
        ...payable(sumsOf(priced, withoutCoupon ? 0 : (picked?.offFen ?? 0))),
        perishable: priced.some((line) => line.perishable),
        coupons: choices,
        ...(address && { address }),
        methods: payments.methods()
      }
    },

    async place(me, draft) {
      if (!carriable(draft.lines)) throw new Problem('bad_input', { field: '/lines' })
      const before = await rows.byKey(store.read, me.id, draft.key)
      if (before) return view(before)
      const id = newId(clock.now())
      const hot = `spec:${draft.lines.map(({ specId }) => specId).sort()[0]}`
      try {
        const showId = await showOf(draft)
        const order = await act((tx, tell) => placeIn(tx, tell, me, id, showId, draft), { hot })
        await sayChanged(order.id)
        return await view(order)
      } catch (error) {
        // Two taps at the same moment: the database let one of them in, and that one is the answer to both.
        const twin = await rows.byKey(store.read, me.id, draft.key)
        if (twin) return view(twin)
        throw error
      }
    },

    mine: async (me, after) => {
      const from = after === undefined ? undefined : await ownOrder(me, after)
      return views(await rows.ofMember(me.id, from, PAGE))
    },

    one: async (me, orderId) => view(await ownOrder(me, orderId)),

    async cancel(me, orderId) {
      const order = await ownOrder(me, orderId)
      if (order.state === 'cancelled') return view(order)
      refuseUnlessPending(order.state)
      const closed = await payments.closeFor(orderId)
      if (closed === 'paid') throw new Problem('order_paid')
      if (closed === 'unsure') throw new Problem('payment_unavailable')
      const cancelled = await release(order, 'cancelled', me.id, '买家取消了订单')
      if (cancelled) return view(cancelled)
      refuseUnlessPending((await ownOrder(me, orderId)).state)
      throw new Problem('payment_unavailable') // she opened another page to pay on in the meantime
    },

    pay: async (me, orderId, method) =>
      payments.start(async (tx) => {
        const order = await rows.one(tx, orderId)
        if (order?.memberId !== me.id) throw new Problem('no_such_order')
        refuseUnlessPending(order.state)
        if (order.heldUntil <= clock.now()) throw new Problem('order_closed')
        return { orderId, memberId: me.id, amountFen: order.payFen }
      }, method),

    async ofMyShop(me, { after, state }) {
      const shop = await shops.shopOf(me.id)
      if (!shop) throw new Problem('no_such_shop')
      const from = after === undefined ? undefined : await rows.one(store.read, after)
      if (after !== undefined && from?.shopId !== shop.id) throw new Problem('no_such_order')
      return (await views(await rows.ofShop(shop.id, state, from, PAGE))).map(asPacked)
    },

    async deskNumbers(showId) {
      const [numbers, latest] = await Promise.all([rows.numbersOf(showId), rows.ofShow(showId, DESK_LATEST)])
      const lines = linesByOrder(await rows.linesOf(store.read, idsOf(latest)))
      return {
        ...numbers,
        latest: latest.map((order) => ({
          ...deskOrder(order, lines.get(order.id) ?? []),
          state: order.state,
          at: order.createdAt
        }))
      }
    },

    async paidIn(tx, tell, { id: paymentId, orderId, test }) {
      const paidAt = clock.now()
      const order = await rows.move(tx, orderId, 'paid', { paidAt, test, paymentId })
      if (!order) {
        const closed = await rows.one(tx, orderId)
        if (closed) await change(tx, closed, NOBODY, '钱到得晚了，会原路退回')
        return 'late'
      }
      await change(tx, order, order.memberId, test ? '演示付款成功，没有真的扣款' : '付款成功')
      await tellDesk(tx, tell, order, 'order_paid')
      await onSold(tx, order.shopId)
      return 'taken'
    },

    async refundedIn(tx, tell, { id: paymentId, orderId }) {
      if ((await rows.one(tx, orderId))?.paymentId !== paymentId) return // it was paid by another one
      const order = await rows.move(tx, orderId, 'refunded', { closedAt: clock.now() })
      if (!order) return
      await change(tx, order, NOBODY, '已全部退款')
      await tellClosed(tell, order, NOBODY)
    },

    soldFen: rows.soldFen,

    async expireOverdue() {
      await expireIdle()
      await expireBegun()
    }
  }

  async function placeIn(
    tx: Tx,
    tell: Tell,
    me: Member,
    id: string,
    showId: string,
    { key, lines, coupon, addressId, payFen, agreedPerishable }: Body<typeof placeOrder>
  ): Promise<OrderRow> {
    const before = await rows.byKey(tx, me.id, key)
    if (before) return before
    if ((await rows.unpaid(tx, me.id)) >= MAX_UNPAID) throw new Problem('too_many_unpaid')
    const held = await goods.holdIn(tx, lines)
    const shopId = sameShop(held)
    if (held.some((line) => line.perishable) && !agreedPerishable) throw new Problem('tick_perishable')
    const { receiver, phone, region, detail } = await members.addressOf(tx, me.id, addressId)
    await members.useAddressIn(tx, me.id, addressId)
    const goodsFen = goodsFenOf(held)
    const offFen = coupon
      ? await coupons.useIn(tx, { ...coupon, memberId: me.id, orderId: id, shopId, goodsFen })
      : 0
    const sums = payable(sumsOf(held, offFen))
    if (sums.payFen !== payFen) throw new Problem('price_changed', { payFen: sums.payFen })
    const now = clock.now()
    const order: OrderRow = {
      id,
      billId: id,
      memberId: me.id,
      buyer: maskedName(me.name),
      key,
      shopId,
      showId,
      ...sums,
      ...begins(sums, now),
      couponId: coupon?.couponId ?? '',
      couponNth: coupon?.nth ?? 0,
      deliverTo: { receiver, phone, region, detail },
      test: payments.testOnly(),
      paymentId: '',
      refundedFen: 0,
      parcelId: '',
      movesAt: 0,
      createdAt: now,
      packedAt: null,
      shippedAt: null,
      receivedAt: null,
      doneAt: null,
      closedAt: null
    }
    const orderLines = held.map((line) => lineRow(id, line, now))
    await rows.add(tx, order, orderLines)
    await change(tx, { ...order, state: 'pending' }, me.id, '下单')
    await tellDesk(tx, tell, order, 'order_placed', orderLines)
    if (order.state === 'paid') {
      await change(tx, order, me.id, '不用付款')
      await tellDesk(tx, tell, order, 'order_paid', orderLines)
    }
    return order
  }

  /** The room she bought in, if its shelf has what she buys; a made-up one counts as the storefront. */
  async function showOf({ showId, lines }: Body<typeof placeOrder>): Promise<string> {
    if (!showId) return ''
    const productIds = (await goods.quoteIn(store.read, lines)).map((line) => line.productId)
    return (await sells(showId, productIds)) ? showId : ''
  }

  async function eachOverdue(atOnce: number, close: (order: OrderRow) => Promise<void>) {
    const now = clock.now()
    let from: OrderRow | undefined
    for (let n = 0; n < SWEEP_PAGES; n++) {
      const due: OrderRow[] = await rows.overdue(now, from, SWEEP_PAGE)
      for (let i = 0; i < due.length; i += atOnce) await Promise.all(due.slice(i, i + atOnce).map(close))
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

  async function expire(order: OrderRow) {
    try {
      await release(order, 'expired', NOBODY, '没有按时付款，订单已关闭')
    } catch (error) {
      report(error, `closing order ${order.id}`) // one that fails does not keep the others' goods
    }
  }

  /** The gateway first: goods that are back on the shelf must not be paid for by somebody else's open page. */
  async function expireAfterClosing(order: OrderRow) {
    try {
      if ((await payments.closeFor(order.id)) === 'closed') await expire(order)
    } catch (error) {
      report(error, `closing the payment of order ${order.id}`)
    }
  }

  /** Stock and coupon go back with the state, in one unit, so they go back once. Not while money may still come. */
  async function release(
    order: OrderRow,
    to: Move & ('expired' | 'cancelled'),
    actorId: string,
    note: string
  ) {
    const released = await act(async (tx, tell) => {
      if (await payments.openIn(tx, order.id)) return undefined
      const closed = await rows.move(tx, order.id, to, { closedAt: clock.now() })
      if (!closed) return undefined
      await goods.giveBackIn(tx, await rows.linesOf(tx, [order.id]))
      await coupons.returnIn(tx, order.id)
      await change(tx, closed, actorId, note)
      await tellClosed(tell, closed, actorId)
      return closed
    })
    if (released) await sayChanged(released.id)
    return released
  }

  async function sayChanged(orderId: string) {
    goods.changed((await rows.linesOf(store.read, [orderId])).map((line) => line.productId))
  }

  async function change(
    tx: Tx,
    { id, state }: Pick<OrderRow, 'id' | 'state'>,
    actorId: string,
    note: string
  ): Promise<void> {
    await rows.addChange(tx, { orderId: id, state, actorId, at: clock.now(), note })
  }

  async function tellDesk(
    tx: Tx,
    tell: Tell,
    order: OrderRow,
    fact: 'order_placed' | 'order_paid',
    known?: LineRow[]
  ) {
    if (!order.showId) return
    const lines = known ?? (await rows.linesOf(tx, [order.id]))
    await tell(deskRoom(order), fact, deskOrder(order, lines), order.memberId)
  }

  async function tellClosed(tell: Tell, order: OrderRow, actorId: string) {
    if (!order.showId) return
    await tell(deskRoom(order), 'order_closed', { orderId: order.id, state: order.state }, actorId)
  }

  async function ownOrder(me: Member, orderId: string): Promise<OrderRow> {
    const order = await rows.one(store.read, orderId)
    if (order?.memberId !== me.id) throw new Problem('no_such_order')
    return order
  }

  async function view(order: OrderRow): Promise<Order> {
    return (await views([order]))[0]!
  }

  async function views(found: OrderRow[]): Promise<Order[]> {
    const ids = idsOf(found)
    const [lines, changes, named] = await Promise.all([
      rows.linesOf(store.read, ids),
      rows.changesOf(store.read, ids),
      shops.shopsByIds(found.map((order) => order.shopId))
    ])
    const linesOf = linesByOrder(lines)
    const changesOf = Map.groupBy(changes, (each) => each.orderId)
    return found.map((order) =>
      orderView(
        order,
        linesOf.get(order.id) ?? [],
        changesOf.get(order.id) ?? [],
        named.get(order.shopId)?.name ?? ''
      )
    )
  }
}

const deskRoom = ({ showId }: OrderRow) => `desk:${showId}`
const idsOf = (found: OrderRow[]) => found.map((order) => order.id)
const linesByOrder = (lines: LineRow[]) => Map.groupBy(lines, (line) => line.orderId)

function sameShop(lines: readonly { shopId: string }[]): string {
  const shopId = oneShop(lines)
  if (!shopId) throw new Problem('order_mixed_shops')
  return shopId
}

function payable<Sum extends { goodsFen: number }>(sums: Sum): Sum {
  if (sums.goodsFen > MAX_SUM_FEN) throw new Problem('bad_input', { field: '/lines', maxFen: MAX_SUM_FEN })
  return sums
}

function refuseUnlessPending(state: OrderState) {
  if (state === 'expired' || state === 'cancelled') throw new Problem('order_closed')
  if (state !== 'pending') throw new Problem('order_paid')
}

function lineRow(orderId: string, line: HeldLine, now: number): LineRow {
  const { shopId: _, ...bought } = line
  return {
    ...bought,
    orderId,
    flashId: '',
    offFen: 0,
    refundedQty: 0,
    refundedFen: 0,
    perishableAgreedAt: line.perishable ? now : null
  }
}

function orderView(order: OrderRow, lines: LineRow[], changes: ChangeRow[], shopName: string): Order {
  const { paidAt, ...rest } = order
  return {
    ...rest,
    shopName,
    lines,
    ...(paidAt !== null && { paidAt }),
    changes: changes.map(({ state, at, note }) => ({ state, at, note }))
  }
}

/** The shop reads where a parcel goes once there is one to pack; before that it is nobody's business but hers. */
function asPacked(order: Order): Order {
  if (order.state === 'paid') return order
  const { receiver, region } = order.deliverTo
  return { ...order, deliverTo: { receiver: maskedName(receiver), phone: '', region, detail: '' } }
}

function deskOrder(order: OrderRow, lines: LineRow[]): DeskOrder {
  const { id: orderId, buyer, payFen, test } = order
  return { orderId, buyer, title: titleOf(lines), qty: qtyOf(lines), payFen, test }
}
