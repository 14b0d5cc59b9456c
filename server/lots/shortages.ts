import type { OrderState } from '../../shared/contracts/orders.ts'
import { Problem } from '../../shared/problems.ts'
import type { Products } from '../catalogue/products.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Rooms, Tell } from '../live/rooms.ts'
import type { News } from '../notices/notice.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { shortOf } from './lot.ts'
import { lotStore, type UseRow } from './store.ts'
import type { Waits } from './waits.ts'

/** What it takes to give a buyer her money back. */
export interface Shortfall {
  act: Rooms['act']
  orderIn: (on: Tx | Reader, orderId: string) => Promise<{ memberId: string; state: OrderState } | undefined>
  /** Closes the bill of an order that is not paid, so that nobody can pay it any more. Problem payment_unavailable. */
  closeUnpaid: (orderId: string, words: string) => Promise<void>
  /** These pieces of a paid order are paid back; the goods don't exist, so they come back to no shelf. */
  moneyBackIn: (
    tx: Tx,
    tell: Tell,
    back: { orderId: string; key: string; lines: { specId: string; qty: number }[]; words: string }
  ) => Promise<void>
}

/**
 * More was sold of a landing than comes: who was offered stands in line again, who has not paid need not, who has paid
 * gets her money back. Who came last goes first. A durable job, one unit for each buyer; run again it goes on.
 */
export function openShortages({
  store,
  jobs,
  goods,
  waits,
  tellIn,
  act,
  orderIn,
  closeUnpaid,
  moneyBackIn
}: {
  store: Store
  jobs: Jobs
  goods: Pick<Products, 'changed' | 'productsByIds'>
  waits: Pick<Waits, 'withdrawIn'>
  tellIn: (tx: Tx, news: News) => Promise<void>
} & Shortfall) {
  const lots = lotStore(store)
  jobs.on<{ lotId: string; reason: string }>('lot_short', ({ payload }) => makeGood(payload))

  async function makeGood({ lotId, reason }: { lotId: string; reason: string }) {
    const lot = await lots.one(store.read, lotId)
    if (!lot) return
    const title = (await goods.productsByIds([lot.productId])).get(lot.productId)?.title ?? ''
    for (const { specId } of await lots.specsOf(store.read, [lotId])) {
      while ((await shortIn(store.read, lotId, specId)) > 0) {
        const holderId = await lots.lastHolder(lotId, specId)
        if (holderId) await letGo(holderId, { lotId, title, reason })
      }
    }
    goods.changed([lot.productId])
  }

  async function letGo(holderId: string, short: { lotId: string; title: string; reason: string }) {
    const order = await orderIn(store.read, holderId)
    if (order?.state === 'pending') {
      await closeUnpaid(holderId, `${short.title}没能到岸`)
      await store.tx((tx) => tellLost(tx, order.memberId, holderId, short, false))
    } else if (order) await act((tx, tell) => payBackIn(tx, tell, holderId, short))
    else if (!(await store.tx((tx) => waits.withdrawIn(tx, holderId)))) {
      throw new Error(`${holderId} holds goods of a landing and is neither an order nor an offer`)
    }
  }

  async function payBackIn(
    tx: Tx,
    tell: Tell,
    orderId: string,
    short: { lotId: string; title: string; reason: string }
  ) {
    const order = await orderIn(tx, orderId)
    if (order?.state === 'pending') throw new Problem('busy')
    const missing: { use: UseRow; qty: number }[] = []
    for (const use of await lots.usesOf(tx, orderId)) {
      if (use.lotId !== short.lotId) continue
      const qty = Math.min(use.qty, await shortIn(tx, use.lotId, use.specId))
      if (qty > 0) missing.push({ use, qty })
    }
    for (const { use, qty } of missing) await lots.lowerUse(tx, use, qty)
    // What was packed all the same came from somewhere; it is on its way, and nothing is owed.
    if (order?.state !== 'paid' || !missing.length) return
    await moneyBackIn(tx, tell, {
      orderId,
      key: `lot-${short.lotId}`,
      lines: missing.map(({ use, qty }) => ({ specId: use.specId, qty })),
      words: `${short.title}没能到岸：${short.reason}`
    })
    await tellLost(tx, order.memberId, orderId, short, true)
  }

  async function shortIn(on: Tx | Reader, lotId: string, specId: string) {
    const part = await lots.partOf(on, lotId, specId)
    return part ? shortOf(part, await lots.used(on, lotId, specId)) : 0
  }

  async function tellLost(
    tx: Tx,
    memberId: string,
    orderId: string,
    { title, reason }: { title: string; reason: string },
    paid: boolean
  ) {
    const about = { title, reason, paid: paid ? 'yes' : 'no' }
    await tellIn(tx, { memberId, kind: 'lot_lost', about, href: `/me/orders/${orderId}` })
  }
}
