import type { Answer, Body } from '../../shared/contract.ts'
import {
  AFTERSALE_PAGE,
  type deskRefunds,
  type payBack,
  type Refund,
  type RefundCause
} from '../../shared/contracts/aftersale.ts'
import type { OrderState } from '../../shared/contracts/orders.ts'
import { yuan } from '../../shared/money.ts'
import { Problem } from '../../shared/problems.ts'
import type { Tell } from '../live/rooms.ts'
import { has, type Member } from '../members/member.ts'
import type { Notices } from '../notices/notices.ts'
import type { PaidBack, Payments } from '../payments/payments.ts'
import { newId } from '../store/id.ts'
import type { Reader, Tx } from '../store/store.ts'
import type { Alerts, Ground } from './alerts.ts'
import {
  allOf,
  backOf,
  isAllBack,
  leftQtyOf,
  linesAfter,
  shelvedOf,
  type Asked,
  type BackLine
} from './refund.ts'
import { aftersaleStore, type LineRow, type OrderRow, type RefundRow } from './store.ts'

/** Money has come for it, and not all of it went back. */
const PAID: readonly OrderState[] = ['paid', 'packed', 'shipped', 'received', 'done']
/** Who did what nobody did: the village by its rules. */
const NOBODY = ''
const WHYS = 200

/** One act of paying back. `key` names the act: the same twice is one refund. */
export interface Deed extends Partial<Asked> {
  orderId: string
  key: string
  cause: RefundCause
  /** Instead of lines and freight: all that is left. */
  all?: boolean
  /** To the buyer. */
  words: string
  actorId: string
  /** The money has gone back already, by another way. */
  paidBack?: boolean
}

/** Hears of a refund in its own unit, with order and lines as they stand after it. */
export interface RefundListener {
  asked?: (
    tx: Tx,
    tell: Tell,
    about: { refund: RefundRow; order: OrderRow; lines: LineRow[] }
  ) => Promise<void>
  /** What the gateway would not pay back was paid another way. */
  byHand?: (tx: Tx, refund: RefundRow) => Promise<void>
}

/** What refunds ask of the rest of the village. */
export interface RefundNeighbours {
  act: <T>(unit: (tx: Tx, tell: Tell) => Promise<T>) => Promise<T>
  orders: {
    rowIn(on: Tx | Reader, orderId: string): Promise<OrderRow | undefined>
    linesIn(on: Tx | Reader, orderIds: string[]): Promise<LineRow[]>
    ofBill(on: Tx | Reader, billId: string): Promise<OrderRow[]>
    paidBackIn(
      tx: Tx,
      orderId: string,
      back: { lines: readonly BackLine[]; freightFen: number }
    ): Promise<OrderRow>
    moveIn(
      tx: Tx,
      tell: Tell,
      orderId: string,
      to: 'refunded' | 'received' | 'done',
      about: { actorId: string; note: string }
    ): Promise<unknown>
  }
  payments: Pick<Payments, 'paymentIn' | 'refundIn'>
  /** Puts pieces that were never packed back where they came from. */
  giveBackIn: (
    tx: Tx,
    order: OrderRow,
    lines: { specId: string; qty: number; flashId: string }[]
  ) => Promise<void>
  /** How many vouchers of each spec of an order were used. */
  eatenIn: (tx: Tx, orderId: string) => Promise<ReadonlyMap<string, number>>
  /** Says that there is more of these products, after the commit. */
  goodsChanged: (productIds: string[]) => void
  /** The coupons of a bill of which nothing is left: back in her pocket, where they are still good. */
  couponsBackIn: (tx: Tx, billId: string) => Promise<void>
  shopsByIds: (ids: string[]) => Promise<ReadonlyMap<string, { name: string; hostId: string }>>
  tellIn: Notices['tellIn']
}

export type Refunds = ReturnType<typeof openRefunds>

/** 退款: the only way in which money of an order goes back. */
export function openRefunds({
  store,
  clock,
  namesOf,
  audit,
  alerts,
  act,
  orders,
  payments,
  giveBackIn,
  eatenIn,
  goodsChanged,
  couponsBackIn,
  shopsByIds,
  tellIn
}: Ground & { alerts: Alerts } & RefundNeighbours) {
  const rows = aftersaleStore(store)
  const listeners: RefundListener[] = []

  return {
    /** Hears of every refund, in its own unit. */
    on: (listener: RefundListener) => void listeners.push(listener),

    refundIn,

    /** Part of the unit in which a gateway has paid back, or will not. */
    async paidBackIn(tx: Tx, _tell: Tell, { forId, state, why }: PaidBack): Promise<void> {
      const doneAt = clock.now()
      const refund = await rows.moveRefund(
        tx,
        forId,
        'asked',
        state === 'done' ? { state, doneAt } : { state }
      )
      if (!refund) return
      if (state === 'failed') return failedIn(tx, refund, why)
      await alerts.settleIn(tx, refund.id, NOBODY, '后来退成了')
      await tellBuyer(tx, refund)
    },

    /** Part of the unit in which we hear that all of a payment was paid back at the gateway’s own desk. */
    async paidElsewhereIn(tx: Tx, tell: Tell, { id, orderId: billId }: { id: string; orderId: string }) {
      for (const order of await orders.ofBill(tx, billId)) {
        if (order.paymentId !== id || !PAID.includes(order.state)) continue
        if (isAllBack(order, await orders.linesIn(tx, [order.id]))) continue
        await refundIn(tx, tell, {
          orderId: order.id,
          key: `elsewhere:${id}`,
          cause: 'asked',
          all: true,
          words: '支付平台上已经全部退款',
          actorId: NOBODY,
          paidBack: true
        })
      }
    },

    /** The buyer takes back what is paid and not packed: all goods of it. Problems: no_such_order, order_packed, refund_nothing. */
    async cancelPaid(me: Member, orderId: string): Promise<void> {
      const refund = await act(async (tx, tell) => {
        const order = await orders.rowIn(tx, orderId)
        if (order?.memberId !== me.id) throw new Problem('no_such_order')
        const before = await rows.refundByKey(tx, orderId, CANCEL)
        if (before) return before
        if (order.state !== 'paid') throw new Problem(whyNotCancelled(order.state))
        const asked = cancellable(order, await orders.linesIn(tx, [orderId]))
        if (!asked) throw new Problem('refund_nothing')
        const words = '您取消了还没装箱的货'
        return refundIn(tx, tell, {
          ...asked,
          orderId,
          key: CANCEL,
          cause: 'cancelled',
          words,
          actorId: me.id
        })
      })
      await sayChanged(refund)
    },

    /** Staff pay back, with words; never their own order. Problems as `refundIn`, case_own. */
    async payBack(
      me: Member,
      orderId: string,
      { key, cause, lines, freightFen, words }: Body<typeof payBack>
    ): Promise<Refund> {
      const refund = await act(async (tx, tell) => {
        await refuseOwn(tx, me, orderId)
        const deed = { orderId, key: `desk:${key}`, cause, lines, freightFen, words, actorId: me.id }
        const row = await refundIn(tx, tell, deed)
        if (row.actorId !== me.id) return row
        const details = { refundId: row.id, fen: row.goodsFen + row.freightFen, words }
        await audit(tx, { actorId: me.id, action: 'paid_back', subject: orderId, details })
        return row
      })
      await sayChanged(refund)
      return (await views([refund]))[0]!
    },

    /** Asks the gateway once more. Problems: no_such_refund, refund_settled, payment_drained, case_own. */
    async again(me: Member, refundId: string): Promise<Refund> {
      const refund = await act(async (tx) => {
        const before = await failed(tx, me, refundId)
        const row = await rows.moveRefund(tx, refundId, 'failed', { state: 'asked' })
        const order = await orders.rowIn(tx, before.orderId)
        if (!row || !order) throw new Problem('refund_settled')
        if (!(await askGateway(tx, order.paymentId, row))) throw new Problem('payment_drained')
        await audit(tx, {
          actorId: me.id,
          action: 'refund_again',
          subject: row.orderId,
          details: { refundId }
        })
        return row
      })
      return (await views([refund]))[0]!
    },

    /** It was paid back another way. Problems: no_such_refund, refund_settled, case_own. */
    async byHand(me: Member, refundId: string, words: string): Promise<Refund> {
      const refund = await act(async (tx) => {
        const before = await failed(tx, me, refundId)
        const told = `${before.words}（线下退款：${words}）`.slice(0, WORDS_CHARS)
        const done = { state: 'done', doneAt: clock.now(), words: told } as const
        const row = await rows.moveRefund(tx, refundId, 'failed', done)
        if (!row) throw new Problem('refund_settled')
        for (const { byHand } of listeners) await byHand?.(tx, row)
        await alerts.settleIn(tx, refundId, me.id, words)
        const details = { refundId, words }
        await audit(tx, { actorId: me.id, action: 'refund_by_hand', subject: row.orderId, details })
        await tellBuyer(tx, row)
        return row
      })
      return (await views([refund]))[0]!
    },

    async list(list: 'failed' | 'all', after?: string): Promise<Answer<typeof deskRefunds>['items']> {
      const last = after === undefined ? undefined : await rows.refund(store.read, after)
      if (after !== undefined && !last) throw new Problem('no_such_refund')
      const page = list === 'failed' ? rows.failedQuery : rows.refundsQuery
      const found = await page(store.read, last, AFTERSALE_PAGE)
      const refunds = await views(found)
      const [ordersOf, whys] = await Promise.all([
        Promise.all(found.map(({ orderId }) => orders.rowIn(store.read, orderId))),
        whysOf(found)
      ])
      const shops = await shopsByIds(ordersOf.flatMap((order) => order?.shopId ?? []))
      return refunds.map((refund, i) => ({
        refund,
        shopName: shops.get(ordersOf[i]?.shopId ?? '')?.name ?? '',
        buyer: ordersOf[i]?.buyer ?? '',
        test: ordersOf[i]?.test ?? false,
        why: refund.state === 'failed' ? (whys.get(refund.id) ?? '') : ''
      }))
    },

    failedCount: () => rows.failedCount(store.read),

    ofOrder: async (orderId: string): Promise<Refund[]> => views(await rows.refundsOf(store.read, [orderId])),

    /** For whoever reckons with them: as they lie in the store, oldest first. */
    refundsIn: rows.refundsOf,

    sayChanged
  }

  /**
   * Part of the caller's unit. Problems: no_such_order, order_unpaid, refund_too_much {specId, leftQty | leftFen},
   * refund_nothing, bad_input. The caller says `sayChanged` after its commit.
   */
  async function refundIn(tx: Tx, tell: Tell, deed: Deed): Promise<RefundRow> {
    const { orderId, key, cause, words, actorId } = deed
    const known = await rows.refundByKey(tx, orderId, key)
    if (known) return known
    const order = await orders.rowIn(tx, orderId)
    if (!order) throw new Problem('no_such_order')
    if (!PAID.includes(order.state)) {
      throw new Problem(order.state === 'refunded' ? 'refund_nothing' : 'order_unpaid')
    }
    const lines = await orders.linesIn(tx, [orderId])
    const back = backOf(order, lines, deed.all ? allOf(order, lines) : { lines: [], ...deed })
    if ('refused' in back) throw new Problem(back.refused, back.details)

    const now = clock.now()
    const fen = back.goodsFen + back.freightFen
    const row: RefundRow = {
      id: newId(now),
      orderId,
      key,
      cause,
      lines: back.lines,
      goodsFen: back.goodsFen,
      freightFen: back.freightFen,
      state: fen === 0 ? 'nothing' : deed.paidBack ? 'done' : 'asked',
      words: words.slice(0, WORDS_CHARS),
      actorId,
      createdAt: now,
      doneAt: fen === 0 || deed.paidBack ? now : 0
    }
    await rows.addRefund(tx, row)
    const after = await orders.paidBackIn(tx, orderId, back)
    const refund = await carriedOut(tx, row, order.paymentId)
    await followsIn(tx, tell, refund, after, linesAfter(lines, back.lines))
    return refund
  }

  /** Asks the gateway; what it cannot pay back waits for a person. */
  async function carriedOut(tx: Tx, row: RefundRow, paymentId: string): Promise<RefundRow> {
    if (row.state !== 'asked' || (await askGateway(tx, paymentId, row))) return row
    const failed = (await rows.moveRefund(tx, row.id, 'asked', { state: 'failed' }))!
    await failedIn(tx, failed, paymentId ? '支付平台上剩的钱不够退' : '这个订单没有支付记录')
    return failed
  }

  async function askGateway(tx: Tx, paymentId: string, { id, goodsFen, freightFen, cause }: RefundRow) {
    const payment = paymentId ? await payments.paymentIn(tx, paymentId) : undefined
    const fen = goodsFen + freightFen
    if (!payment || payment.amountFen - payment.refundedFen < fen) return false
    await payments.refundIn(tx, payment, fen, cause, id)
    return true
  }

  /** Goods, coupons and state, and whoever wants to know. */
  async function followsIn(tx: Tx, tell: Tell, refund: RefundRow, order: OrderRow, lines: LineRow[]) {
    const { orderId, cause, actorId, words } = refund
    const whole = isAllBack(order, lines)
    // What never landed was never on the shelf.
    if (cause !== 'lot_lost') {
      const eaten = await eatenIn(tx, orderId)
      const given = refund.lines.flatMap((back) => {
        const { specId } = back
        const line = lines.find((each) => each.specId === specId)!
        const qty = shelvedOf(order.state, line, back.qty, eaten.get(specId) ?? 0)
        return qty ? [{ specId, qty, flashId: line.flashId }] : []
      })
      if (given.length) await giveBackIn(tx, order, given)
    }
    for (const { asked } of listeners) await asked?.(tx, tell, { refund, order, lines })
    if (!whole) {
      // Freight that stays hers must not wait for a box that nobody will send.
      const isEmpty = lines.every((line) => leftQtyOf(line) === 0)
      if (isEmpty && (order.state === 'paid' || order.state === 'packed')) {
        await orders.moveIn(tx, tell, orderId, 'done', { actorId, note: '货都退了，没有要寄的了' })
      }
      return
    }
    await orders.moveIn(tx, tell, orderId, 'refunded', { actorId, note: words.slice(0, NOTE_CHARS) })
    if (cause !== 'cancelled') return
    const bill = await orders.ofBill(tx, order.billId)
    if (bill.every(({ id, state }) => id === orderId || state === 'refunded')) {
      await couponsBackIn(tx, order.billId)
    }
  }

  async function failedIn(tx: Tx, { id, orderId, goodsFen, freightFen }: RefundRow, why: string) {
    const details = { orderId, amountFen: goodsFen + freightFen, why }
    await alerts.settleIn(tx, id, NOBODY, '没有退成，另有一条')
    await alerts.raiseIn(tx, { action: 'refund_failed', subject: id, details })
  }

  async function tellBuyer(tx: Tx, { orderId, goodsFen, freightFen }: RefundRow) {
    const order = await orders.rowIn(tx, orderId)
    if (!order) return
    const about = { yuan: yuan(goodsFen + freightFen) }
    await tellIn(tx, { memberId: order.memberId, kind: 'refunded', about, href: `/me/orders/${orderId}` })
  }

  async function failed(tx: Tx, me: Member, refundId: string): Promise<RefundRow> {
    const row = await rows.refund(tx, refundId)
    if (!row) throw new Problem('no_such_refund')
    await refuseOwn(tx, me, row.orderId)
    return row
  }

  async function refuseOwn(on: Tx, me: Member, orderId: string) {
    const order = await orders.rowIn(on, orderId)
    if (!order) throw new Problem('no_such_order')
    if (order.memberId === me.id) throw new Problem('case_own')
  }

  /** Stock may have come back: every open shelf hears of it. */
  async function sayChanged({ orderId, lines }: Pick<RefundRow, 'orderId' | 'lines'>) {
    const back = new Set(lines.map(({ specId }) => specId))
    const found = await orders.linesIn(store.read, [orderId])
    goodsChanged(found.filter(({ specId }) => back.has(specId)).map(({ productId }) => productId))
  }

  async function whysOf(found: RefundRow[]): Promise<Map<string, string>> {
    const failedIds = found.filter(({ state }) => state === 'failed').map(({ id }) => id)
    const said = await rows.alertsAbout(store.read, failedIds, WHYS)
    // The newest comes first and is to stay.
    return new Map(said.toReversed().map(({ subject, details }) => [subject, String(details['why'] ?? '')]))
  }

  async function views(found: RefundRow[]): Promise<Refund[]> {
    const names = await namesOf(found.map(({ actorId }) => actorId).filter(Boolean))
    return found.map(({ actorId, ...row }) => ({ ...row, byName: names.get(actorId)?.name ?? '' }))
  }
}

const CANCEL = 'cancel'
const WORDS_CHARS = 300
/** What a change of an order keeps of words. */
const NOTE_CHARS = 120

const whyNotCancelled = (state: OrderState) =>
  state === 'pending' || state === 'expired' || state === 'cancelled'
    ? 'order_unpaid'
    : state === 'refunded'
      ? 'refund_nothing'
      : 'order_packed'

/** All goods that are left, and the freight with the last of them; vouchers have a way of their own. Undefined: nothing. */
export function cancellable(order: OrderRow, lines: LineRow[]): Asked | undefined {
  const goods = new Set(lines.filter(({ kind }) => kind === 'goods').map(({ specId }) => specId))
  const all = allOf(order, lines)
  const mine = all.lines.filter(({ specId }) => goods.has(specId))
  return mine.length ? { lines: mine, freightFen: all.freightFen } : undefined
}

/** Whether she sees a shop’s orders without being part of them. */
export const isStaff = (me: Member) => has(me, 'operator', 'officer')
