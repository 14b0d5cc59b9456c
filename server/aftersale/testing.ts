import sharp from 'sharp'
import { photoCode, reportBad, type BadWhat } from '../../shared/contracts/aftersale.ts'
import { payOrder } from '../../shared/contracts/orders.ts'
import { playSandbox } from '../../shared/contracts/payments.ts'
import { brought } from '../testing/bring.ts'
import type { Market } from '../testing/market.ts'

const photo = await sharp({ create: { width: 40, height: 40, channels: 3, background: '#357' } })
  .png()
  .toBuffer()

/** What suites of what comes after a sale do with orders of a market. */
export function afterwards(m: Market) {
  const { orders } = m.village

  const pay = async (orderId: string, who = m.buyer) => {
    const { json } = await who.call(payOrder, { params: { orderId }, body: { method: 'sandbox' } })
    await who.call(playSandbox, { params: { paymentId: json.paymentId }, body: { outcome: 'paid' } })
  }

  /** Moves it as packing does. */
  const moved = async (orderId: string, ...states: ('packed' | 'shipped' | 'received' | 'done')[]) => {
    for (const to of states) {
      const done = await m.village.rooms.act((tx, tell) =>
        orders.moveIn(tx, tell, orderId, to, { actorId: m.host.me.id, note: '' })
      )
      if (!done) throw new Error(`not ${to}`)
    }
  }

  /** An order of hers that she has paid. */
  const paid = async (more: Parameters<Market['order']>[0] = {}, who = m.buyer) => {
    const order = await m.order(more, who)
    if (order.payFen > 0) await pay(order.id, who)
    return order
  }

  const photoOf = async (who = m.buyer) =>
    (await brought(m.village, who, 'bad_goods', photo, { forId: m.host.me.id })).id

  const report = async (
    orderId: string,
    {
      specId = m.clams.specId,
      what = 'dead',
      qty = 1,
      percent = 100,
      words = '',
      ...more
    }: {
      specId?: string
      what?: BadWhat
      qty?: number
      percent?: number
      words?: string
      code?: string
      fileIds?: string[]
    } = {},
    who = m.buyer
  ) => {
    const code = more.code ?? (await who.call(photoCode, { params: { orderId } })).json.code
    const fileIds = more.fileIds ?? [await photoOf(who)]
    return who.call(reportBad, {
      params: { orderId },
      body: { specId, what, qty, percent, words, code, fileIds }
    })
  }

  const rowOf = async (orderId: string) => (await orders.rowIn(m.village.store.read, orderId))!
  const payments = async () => {
    const { store } = m.village
    return store.read.select().from(store.schema.payments)
  }

  return { pay, paid, moved, photoOf, report, rowOf, payments }
}
