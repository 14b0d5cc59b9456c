import type { DeskOrder } from '../../shared/room.ts'
import type { Clock } from '../clock.ts'
import type { Tell } from '../live/rooms.ts'
import type { Arrived } from '../payments/payments.ts'
import type { Store, Tx } from '../store/store.ts'
import type { Hook, Hooks, Neighbours } from './neighbours.ts'
import { beginsAt, qtyOf, titleOf, type Move } from './order.ts'
import { orderStore, type ChangeRow, type LineRow, type OrderRow, type Stamps } from './store.ts'

/** Who did what nobody did: the clock, or a gateway. */
export const NOBODY = ''

/** Moves of one order that are not made by its money. */
export type Step = Exclude<Move, 'expired' | 'cancelled'>

export interface MoveAct {
  actorId: string
  /** For everybody who sees the order. */
  note: string
  /** The parcel it is packed into. */
  parcelId?: string
  /** When the clock moves it on by itself; left out: it does not. */
  movesAt?: number
}

export type Moves = ReturnType<typeof openMoves>

/** Every change of an order's state: one table, one row with who and when, and whoever else has to do with it. */
export function openMoves({
  store,
  clock,
  goods,
  coupons,
  payments,
  flash,
  lots
}: { store: Store; clock: Clock } & Pick<Neighbours, 'goods' | 'coupons' | 'payments' | 'flash' | 'lots'>) {
  const rows = orderStore(store)
  const hooks = new Map<keyof Hooks, Hook[]>()

  return {
    /** Others take part in moves: each in the unit of the move, in the order in which they came. */
    on(more: Hooks) {
      for (const [what, hook] of Object.entries(more) as [keyof Hooks, Hook][]) {
        hooks.set(what, [...(hooks.get(what) ?? []), hook])
      }
    },
    ran,
    noteIn,
    tellDesk,

    /**
     * Moves an order that was paid for, as part of the caller's unit; undefined when it does not stand where such a move
     * begins. `paid`: its box was opened again.
     */
    async moveIn(tx: Tx, tell: Tell, orderId: string, to: Step, act: MoveAct): Promise<OrderRow | undefined> {
      const lines = await rows.linesOf(tx, [orderId])
      const move = { from: beginsAt(to, lines), to }
      const order = await rows.move(tx, orderId, move, stampsOf(to, act, clock.now()))
      if (!order) return undefined
      await noteIn(tx, order, act.actorId, act.note)
      if (to === 'refunded') await tellClosed(tell, order, act.actorId)
      await ran(to === 'paid' ? 'unpacked' : to, tx, tell, order, lines)
      return order
    },

    /** Says when the clock moves an order on, as part of the caller's unit; 0: it does not. */
    dueIn: rows.setDue,

    /** Part of the unit in which a payment arrives: every order of its bill, or none of them. */
    async paidIn(tx: Tx, tell: Tell, { id: paymentId, orderId: billId, test }: Arrived) {
      const stamps = { paidAt: clock.now(), test, paymentId }
      const paid = await rows.moveBill(tx, billId, 'paid', stamps)
      if (!paid.length) {
        for (const closed of await rows.ofBill(tx, billId)) {
          await noteIn(tx, closed, NOBODY, '钱到得晚了，会原路退回')
        }
        return 'late' as const
      }
      for (const order of paid) {
        const lines = await rows.linesOf(tx, [order.id])
        await noteIn(tx, order, order.memberId, test ? '演示付款成功，没有真的扣款' : '付款成功')
        await tellDesk(tell, order, 'order_paid', lines)
        await ran('paid', tx, tell, order, lines)
      }
      return 'taken' as const
    },

    /**
     * Closes a bill that nobody paid, as part of the caller's unit: stock, flash prices and coupons go back with the
     * state, so they go back once. Undefined while money may still come, and when it is closed or paid already.
     */
    async closeIn(
      tx: Tx,
      tell: Tell,
      billId: string,
      to: 'expired' | 'cancelled',
      actorId: string,
      note: string
    ) {
      if (await payments.openIn(tx, billId)) return undefined
      const closed = await rows.moveBill(tx, billId, to, { closedAt: clock.now() })
      const [first] = closed
      if (!first) return undefined
      const lines = await rows.linesOf(
        tx,
        closed.map(({ id }) => id)
      )
      await goods.giveBackIn(tx, lines)
      const atFlash = lines.filter(({ flashId }) => flashId !== '')
      if (atFlash.length) await flash.giveBackIn(tx, first.memberId, atFlash)
      await coupons.returnIn(tx, billId)
      for (const order of closed) {
        await lots.giveBackIn(tx, order.id)
        await noteIn(tx, order, actorId, note)
        await tellClosed(tell, order, actorId)
        const hers = lines.filter(({ orderId }) => orderId === order.id)
        await ran('closed', tx, tell, order, hers)
      }
      await lots.freedIn(tx, [...new Set(lines.map(({ specId }) => specId))])
      return { closed, lines }
    }
  }

  async function ran(
    what: keyof Hooks,
    tx: Tx,
    tell: Tell,
    order: OrderRow,
    lines: LineRow[]
  ): Promise<void> {
    for (const hook of hooks.get(what) ?? []) await hook(tx, tell, order, lines)
  }

  async function noteIn(
    tx: Tx,
    { id, state }: Pick<OrderRow, 'id' | 'state'>,
    actorId: string,
    note: string,
    first = false
  ): Promise<ChangeRow> {
    return rows.addChange(tx, { orderId: id, state, actorId, at: clock.now(), note }, first)
  }

  async function tellDesk(
    tell: Tell,
    order: OrderRow,
    fact: 'order_placed' | 'order_paid',
    lines: LineRow[]
  ) {
    if (order.showId) await tell(deskRoom(order), fact, deskOrder(order, lines), order.memberId)
  }

  async function tellClosed(tell: Tell, order: OrderRow, actorId: string) {
    if (!order.showId) return
    await tell(deskRoom(order), 'order_closed', { orderId: order.id, state: order.state }, actorId)
  }
}

/** What a move writes besides the state. */
function stampsOf(to: Step, { parcelId, movesAt = 0 }: Partial<MoveAct>, now: number): Stamps {
  if (to === 'paid') return { movesAt, packedAt: null, parcelId: '' }
  if (to === 'packed') return { movesAt, packedAt: now, ...(parcelId !== undefined && { parcelId }) }
  if (to === 'shipped') return { movesAt, shippedAt: now }
  if (to === 'received') return { movesAt, receivedAt: now }
  return to === 'done' ? { movesAt, doneAt: now } : { movesAt, closedAt: now }
}

const deskRoom = ({ showId }: OrderRow) => `desk:${showId}`

export function deskOrder(order: OrderRow, lines: LineRow[]): DeskOrder {
  const { id: orderId, buyer, payFen, test } = order
  return { orderId, buyer, title: titleOf(lines), qty: qtyOf(lines), payFen, test }
}
