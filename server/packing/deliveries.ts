import type { Delivering } from '../../shared/contracts/packing.ts'
import { Problem } from '../../shared/problems.ts'
import type { Tell } from '../live/rooms.ts'
import type { Member } from '../members/member.ts'
import { titleOf } from '../orders/order.ts'
import type { LineRow, OrderRow } from '../orders/orders.ts'
import type { Tx } from '../store/store.ts'
import type { Neighbours } from './neighbours.ts'
import { isInside, toSend, waitsUntil } from './parcel.ts'
import { DUE_JOB } from './parcels.ts'
import { parcelStore } from './store.ts'
import { guessedArrival, type Travels } from './travels.ts'

/** Nobody waits for the second in which it counts as received. */
const SWEEP_MS = 30_000
const SWEEP_PAGE = 50
const SWEEP_PAGES = 20
const HOUR_MS = 3_600_000
/** One that fails is looked at again so much later, and keeps nobody else waiting. */
const FAILED_MS = HOUR_MS
/** One with vouchers is looked at again so much later: they end with a day. */
const VOUCHERS_MS = 24 * HOUR_MS
const NOBODY = ''

export type Deliveries = ReturnType<typeof openDeliveries>

/** What becomes of a parcel after it has left: on its way, received, done. */
export function openDeliveries({
  store,
  clock,
  jobs,
  report,
  act,
  orders,
  tellIn,
  keepsOpen,
  askableUntil,
  travelsOf
}: Neighbours & { travelsOf: Travels }) {
  const rows = parcelStore(store)
  orders.on({ received: receivedIn })
  jobs.every('orders received', SWEEP_MS, () => sweep('shipped', receiveByItself))
  jobs.every('orders done', SWEEP_MS, () => sweep('received', finish))
  jobs.on<{ parcelId: string }>(DUE_JOB, ({ payload }) => remind(payload.parcelId))

  return {
    /** How one of her orders travels; undefined where nothing is sent. Problem no_such_order. */
    mine: async (me: Member, orderId: string): Promise<Delivering | undefined> =>
      viewOf(await own(me, orderId)),

    /** She has it, with all that was in the box. Problems: no_such_order, order_not_shipped. */
    async receive(me: Member, orderId: string): Promise<Delivering | undefined> {
      await own(me, orderId)
      await act(async (tx, tell) => {
        const order = (await orders.rowIn(tx, orderId))!
        if (order.state === 'received' || order.state === 'done') return
        const received = { actorId: me.id, note: '买家确认收货' }
        if (!(await orders.moveIn(tx, tell, orderId, 'received', received))) {
          throw new Problem('order_not_shipped')
        }
      })
      return viewOf(await own(me, orderId))
    },

    /** It is not there yet. Problems: no_such_order, order_not_shipped, wait_no_longer. */
    async wait(me: Member, orderId: string): Promise<Delivering | undefined> {
      await own(me, orderId)
      await store.tx(async (tx) => {
        const order = (await orders.rowIn(tx, orderId))!
        if (order.state !== 'shipped') throw new Problem('order_not_shipped')
        const until = waitsUntil(order.movesAt, order.shippedAt!, clock.now())
        if (until === undefined) throw new Problem('wait_no_longer')
        const together = order.parcelId ? await orders.inParcels(tx, [order.parcelId]) : [order]
        for (const { id, state } of together) if (state === 'shipped') await orders.dueIn(tx, id, until)
        await orders.noteIn(tx, order, me.id, '买家说还没到')
      })
      return viewOf(await own(me, orderId))
    },

    /** Moves on what is due, both received and done; for tests and a village that was closed. */
    async moveOn() {
      await sweep('shipped', receiveByItself)
      await sweep('received', finish)
    }
  }

  /** Part of the unit in which an order is received, whoever said so: the rest of its box has come with it. */
  async function receivedIn(tx: Tx, tell: Tell, order: OrderRow, lines: LineRow[]) {
    const goods = lines.filter(({ kind }) => kind === 'goods')
    await orders.dueIn(tx, order.id, await askableUntil(tx, goods, order.receivedAt ?? clock.now()))
    if (!order.parcelId) return
    for (const { id } of await orders.inParcels(tx, [order.parcelId])) {
      const other = await orders.rowIn(tx, id)
      if (other?.state !== 'shipped') continue
      await orders.moveIn(tx, tell, id, 'received', { actorId: NOBODY, note: '同一个包裹，一起收到了' })
    }
  }

  async function receiveByItself(orderId: string) {
    await act(async (tx, tell) => {
      const order = await orders.rowIn(tx, orderId)
      if (!order || !isDue(order, 'shipped')) return
      const moved = await orders.moveIn(tx, tell, orderId, 'received', {
        actorId: NOBODY,
        note: '到时间没有点收货，自动算收到'
      })
      if (moved) await tellBuyerIn(tx, 'parcel_received', moved)
    })
  }

  async function finish(orderId: string) {
    await act(async (tx, tell) => {
      const order = await orders.rowIn(tx, orderId)
      if (!order || !isDue(order, 'received')) return
      if (await keepsOpen(tx, orderId)) {
        await orders.dueIn(tx, orderId, clock.now() + VOUCHERS_MS)
        return
      }
      await orders.moveIn(tx, tell, orderId, 'done', { actorId: NOBODY, note: '过了售后期' })
    })
  }

  /** Looked at again inside the unit: another server may have been faster, or she waits longer. */
  function isDue({ state, movesAt }: OrderRow, wanted: OrderRow['state']) {
    return state === wanted && movesAt > 0 && movesAt <= clock.now()
  }

  async function sweep(state: 'shipped' | 'received', move: (orderId: string) => Promise<void>) {
    for (let n = 0; n < SWEEP_PAGES; n++) {
      const due = await orders.due(state, SWEEP_PAGE)
      for (const { id } of due) await move(id).catch((error: unknown) => putOff(id, state, error))
      if (due.length < SWEEP_PAGE) break
    }
  }

  async function putOff(orderId: string, state: string, error: unknown) {
    report(error, `moving order ${orderId} on from ${state}`)
    await store.tx(async (tx) => {
      const order = await orders.rowIn(tx, orderId)
      if (order?.state === state) await orders.dueIn(tx, orderId, clock.now() + FAILED_MS)
    })
  }

  /** It should be there by now: once, and only while she has not said that it is. */
  async function remind(parcelId: string) {
    await store.tx(async (tx) => {
      const inside = (await orders.inParcels(tx, [parcelId])).filter(({ state }) => state === 'shipped')
      if (!inside.length || !(await rows.remind(tx, parcelId, clock.now()))) return
      await tellBuyerIn(tx, 'parcel_due', inside[0]!, inside)
    })
  }

  async function tellBuyerIn(
    tx: Tx,
    kind: 'parcel_due' | 'parcel_received',
    order: OrderRow,
    together = [order]
  ) {
    const lines = await orders.linesIn(
      tx,
      together.map(({ id }) => id)
    )
    const title = titleOf(lines.filter((line) => toSend(line) > 0))
    const about = { title, movesAt: String(order.movesAt) }
    await tellIn(tx, { memberId: order.memberId, kind, about, href: `/me/orders/${order.id}` })
  }

  async function own(me: Member, orderId: string): Promise<OrderRow> {
    const order = await orders.rowIn(store.read, orderId)
    if (order?.memberId !== me.id) throw new Problem('no_such_order')
    return order
  }

  async function viewOf(order: OrderRow): Promise<Delivering | undefined> {
    const travel = (await travelsOf(store.read, [order])).get(order.id)
    if (!travel) return undefined
    const parcel = order.parcelId ? await rows.one(store.read, order.parcelId) : undefined
    const now = clock.now()
    const left = parcel?.state === 'shipped'
    const movesAt = order.state === 'shipped' || order.state === 'received' ? order.movesAt : 0
    const mayWait =
      order.state === 'shipped' && waitsUntil(order.movesAt, order.shippedAt!, now) !== undefined
    const { tempClass, cutoffMinute, landsAt, leavesAt, hours } = travel
    return {
      tempClass,
      cutoffMinute,
      landsAt,
      leavesAt,
      hours,
      arrivesAt: left ? parcel.arrivesAt : guessedArrival(travel, now),
      movesAt,
      mayWait,
      ...(parcel && { parcel: { ...parcel, orders: await siblings(parcel.id) } })
    }
  }

  async function siblings(parcelId: string) {
    const inside = await orders.inParcels(store.read, [parcelId])
    return inside.filter((each) => isInside(each) || each.receivedAt !== null).map(({ id }) => id)
  }
}
