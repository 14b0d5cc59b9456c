import { Problem } from '../../shared/problems.ts'
import { isAllBack, leftQtyOf } from '../aftersale/refund.ts'
import type { Tell } from '../live/rooms.ts'
import type { Member } from '../members/member.ts'
import { PAID, titleOf } from '../orders/order.ts'
import type { Reader, Tx } from '../store/store.ts'
import type { Neighbours } from './neighbours.ts'
import { voucherStore, type VoucherRow } from './store.ts'
import { EXPIRY_GRACE_MS, restUntil } from './voucher.ts'

const SWEEP_MS = 60_000
const SWEEP_PAGE = 50
const SWEEP_PAGES = 20
const DONE_JOB = 'vouchers_done'
const NOBODY = ''

export type Endings = ReturnType<typeof openEndings>

/** What a voucher ends with besides a meal: it is given back, or over; and when an order has no more of them. */
export function openEndings({ store, clock, jobs, report, act, orders, aftersale, tellIn }: Neighbours) {
  const rows = voucherStore(store)
  jobs.every('vouchers', SWEEP_MS, sweep)
  jobs.on<{ orderId: string }>(DONE_JOB, ({ payload }) =>
    act((tx, tell) => doneIn(tx, tell, payload.orderId))
  )

  aftersale.on({
    /** Pieces that were paid back by another way: so many of their vouchers that are open, the last first. */
    async asked(tx, tell, { refund, order, lines }) {
      if (refund.cause !== 'voucher') {
        const open = (await rows.ofOrder(tx, order.id)).filter(({ state }) => state === 'open').toReversed()
        for (const { specId, qty } of refund.lines) {
          const back = open.filter((voucher) => voucher.specId === specId).slice(0, qty)
          for (const { id } of back) await rows.end(tx, id, 'refunded')
        }
      }
      if (!isAllBack(order, lines)) await doneIn(tx, tell, order.id)
    }
  })
  orders.on({
    /** All its money is back: nobody is let in with it any more. */
    async refunded(tx, _tell, { id: orderId }) {
      for (const { id, state } of await rows.ofOrder(tx, orderId)) {
        if (state === 'open') await rows.end(tx, id, 'refunded')
      }
    }
  })

  return {
    /** 随时退. Problems: no_such_voucher, voucher_used, refund_nothing. */
    async giveBack(me: Member, voucherId: string): Promise<VoucherRow> {
      const { voucher, refund } = await act(async (tx, tell) => {
        const before = await rows.one(tx, voucherId)
        if (before?.memberId !== me.id) throw new Problem('no_such_voucher')
        const ended = await rows.end(tx, voucherId, 'refunded')
        if (!ended) {
          if (before.state === 'redeemed') throw new Problem('voucher_used')
          return { voucher: before, refund: undefined }
        }
        const words = `您退了一张没用的券：${before.title}`
        return { voucher: ended, refund: await moneyBackIn(tx, tell, [ended], words, me.id) }
      })
      if (refund) await aftersale.sayChanged(refund)
      return voucher
    },

    /** A redemption of it was counted: an order that has no open one is done when the last can't be taken back. */
    redeemedIn: (tx: Tx, { orderId }: VoucherRow) => laterIn(tx, orderId),

    /** A redemption was taken back: it is open again, unless its money has gone back meanwhile. */
    async reopenIn(tx: Tx, { id, orderId, specId }: VoucherRow, redemptionId: string) {
      const order = await orders.rowIn(tx, orderId)
      const line = (await orders.linesIn(tx, [orderId])).find((each) => each.specId === specId)
      const open = (await rows.ofOrder(tx, orderId)).filter(
        (each) => each.specId === specId && each.state === 'open'
      )
      const hasMoney = order && PAID.includes(order.state) && line && open.length < leftQtyOf(line)
      return rows.reopen(tx, id, redemptionId, hasMoney ? 'open' : 'refunded')
    },

    /** Whether an order still has vouchers that somebody may use, or take back. */
    keepsOpen: async (on: Tx | Reader, orderId: string): Promise<boolean> =>
      restUntil(await rows.ofOrder(on, orderId)) > clock.now(),

    /** How many of an order were used, by spec. */
    async eatenIn(tx: Tx, orderId: string): Promise<ReadonlyMap<string, number>> {
      const used = (await rows.ofOrder(tx, orderId)).filter(({ state }) => state === 'redeemed')
      const bySpec = Map.groupBy(used, ({ specId }) => specId)
      return new Map([...bySpec].map(([specId, each]) => [specId, each.length]))
    },

    sweep
  }

  /** Pays back what is over, page by page and order by order; one that fails keeps no other waiting. */
  async function sweep() {
    let from: VoucherRow | undefined
    for (let n = 0; n < SWEEP_PAGES; n++) {
      const over = await rows.over(clock.now() - EXPIRY_GRACE_MS, from, SWEEP_PAGE)
      for (const [orderId, vouchers] of Map.groupBy(over, (voucher) => voucher.orderId)) {
        await expire(vouchers).catch((error: unknown) => report(error, `expiring vouchers of ${orderId}`))
      }
      from = over.at(-1)
      if (over.length < SWEEP_PAGE) break
    }
  }

  /** Of one order: a gateway takes only so many refunds of one payment, and she is told once. */
  async function expire(over: readonly VoucherRow[]) {
    const refund = await act(async (tx, tell) => {
      const expired: VoucherRow[] = []
      for (const { id } of over) {
        const ended = await rows.end(tx, id, 'expired')
        if (ended) expired.push(ended)
      }
      const [first] = expired
      if (!first) return undefined
      const { memberId, orderId } = first
      const title = titleOf([...new Map(expired.map((each) => [each.specId, each])).values()])
      await tellIn(tx, { memberId, kind: 'voucher_expired', about: { title }, href: `/me/orders/${orderId}` })
      return moneyBackIn(tx, tell, expired, `券过期没用，自动退款：${title}`, NOBODY)
    })
    if (refund) await aftersale.sayChanged(refund)
  }

  /**
   * Their share of what was paid, of one order; nothing where the money of their pieces has gone back by another way.
   */
  async function moneyBackIn(
    tx: Tx,
    tell: Tell,
    ended: readonly VoucherRow[],
    words: string,
    actorId: string
  ) {
    const { id, orderId } = ended[0]!
    const order = await orders.rowIn(tx, orderId)
    if (!order || !PAID.includes(order.state)) return undefined
    const lines = (await orders.linesIn(tx, [orderId])).flatMap((line) => {
      const pieces = ended.filter(({ specId }) => specId === line.specId).length
      const qty = Math.min(pieces, leftQtyOf(line))
      return qty ? [{ specId: line.specId, qty }] : []
    })
    if (!lines.length) return undefined
    return aftersale.refundIn(tx, tell, {
      orderId,
      key: `voucher:${id}`,
      cause: 'voucher',
      lines,
      words,
      actorId
    })
  }

  /** Moves an order on whose vouchers need nobody any more; one with goods goes by its parcel. */
  async function doneIn(tx: Tx, tell: Tell, orderId: string) {
    const vouchers = await rows.ofOrder(tx, orderId)
    if (!vouchers.length) return
    if (restUntil(vouchers) > clock.now()) return laterIn(tx, orderId)
    const state = (await orders.rowIn(tx, orderId))?.state
    if (state !== 'paid' && state !== 'packed') return
    await orders.moveIn(tx, tell, orderId, 'done', { actorId: NOBODY, note: '券都用完或退完了' })
  }

  async function laterIn(tx: Tx, orderId: string) {
    const runAt = restUntil(await rows.ofOrder(tx, orderId))
    if (runAt === Infinity || runAt === 0) return
    await jobs.add(tx, DONE_JOB, { orderId }, { runAt, id: `${DONE_JOB}:${orderId}:${runAt}` })
  }
}
