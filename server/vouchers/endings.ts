import { Problem } from '../../shared/problems.ts'
import { isAllBack, leftQtyOf } from '../aftersale/refund.ts'
import type { Tell } from '../live/rooms.ts'
import type { Member } from '../members/member.ts'
import { PAID } from '../orders/order.ts'
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
        return { voucher: ended, refund: await moneyBackIn(tx, tell, ended, words, me.id) }
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

    sweep
  }

  /** Pays back what is over, page by page; one that fails keeps no other waiting. */
  async function sweep() {
    let from: VoucherRow | undefined
    for (let n = 0; n < SWEEP_PAGES; n++) {
      const over = await rows.over(clock.now() - EXPIRY_GRACE_MS, from, SWEEP_PAGE)
      for (const voucher of over) {
        await expire(voucher).catch((error: unknown) => report(error, `expiring voucher ${voucher.id}`))
      }
      from = over.at(-1)
      if (over.length < SWEEP_PAGE) break
    }
  }

  async function expire({ id, memberId, title, orderId }: VoucherRow) {
    const refund = await act(async (tx, tell) => {
      const expired = await rows.end(tx, id, 'expired')
      if (!expired) return undefined
      await tellIn(tx, { memberId, kind: 'voucher_expired', about: { title }, href: `/me/orders/${orderId}` })
      return moneyBackIn(tx, tell, expired, `券过期没用，自动退款：${title}`, NOBODY)
    })
    if (refund) await aftersale.sayChanged(refund)
  }

  /** Its share of what was paid; nothing where the money of its piece has gone back by another way. */
  async function moneyBackIn(tx: Tx, tell: Tell, voucher: VoucherRow, words: string, actorId: string) {
    const { id, orderId, specId } = voucher
    const order = await orders.rowIn(tx, orderId)
    const line = (await orders.linesIn(tx, [orderId])).find((each) => each.specId === specId)
    if (!order || !line || !PAID.includes(order.state) || leftQtyOf(line) === 0) return undefined
    return aftersale.refundIn(tx, tell, {
      orderId,
      key: `voucher:${id}`,
      cause: 'voucher',
      lines: [{ specId, qty: 1 }],
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
