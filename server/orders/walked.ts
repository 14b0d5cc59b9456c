import { eq } from 'drizzle-orm'
import type { Answer, Contract } from '../../shared/contract.ts'
import { payBack } from '../../shared/contracts/aftersale.ts'
import { cancelOrder, HOLD_MS, payOrder, placeOrder, quoteOrder } from '../../shared/contracts/orders.ts'
import { packParcels, receiveOrder, shipParcel } from '../../shared/contracts/packing.ts'
import { playSandbox } from '../../shared/contracts/payments.ts'
import type { Village } from '../app.ts'
import type { settableClock } from '../testing/clock.ts'
import type { Begun } from '../testing/life/begun.ts'
import type { Sent } from '../testing/village.ts'

/** Who plays in a story, with their sessions. */
export interface Cast {
  begun: Begun
  cookies: Record<'buyer' | 'host' | 'officer', string>
}

/** What somebody was told: from then on it is true. */
export type Told =
  | { what: 'placed'; billId: string }
  | { what: 'opened'; paymentId: string }
  | { what: 'paid'; billId: string }
  | { what: 'cancelled'; billId: string }
  | { what: 'paid back'; refundId: string }
  | { what: 'moved'; orderId: string; to: string }

type Story = (
  village: Village,
  clock: ReturnType<typeof settableClock>,
  cast: Cast,
  tell: (told: Told) => void
) => Promise<void>

/** The first refund of a story: what it gives back was not packed yet. */
export const EARLY = 'early-refund'
const LATE = 'later-refund'
const ROUNDS = 4

/** From a tap to the last fen, over HTTP, one request after the other. */
export const STORIES = {
  async 'bought, paid back in part, sent, and paid back'(village, clock, cast, tell) {
    const { placed, paying, call, gateway } = actor(village, clock, cast, tell)
    const { begun } = cast
    const bill = await placed()
    const { paymentId } = await paying(bill.id)
    await call('buyer', playSandbox, { params: { paymentId }, body: { outcome: 'repeated' } })
    tell({ what: 'paid', billId: bill.id })
    const { id: orderId, freightFen, lines } = bill.orders.find(({ shopId }) => shopId === begun.shopIds[0])!
    const refund = async (key: string, asked: { specId: string; qty: number }[], freight: number) => {
      const body = { key, cause: 'asked' as const, lines: asked, freightFen: freight, words: '退给您' }
      const { refund: row } = await call('officer', payBack, { params: { orderId }, body })
      tell({ what: 'paid back', refundId: row.id })
    }
    await refund(EARLY, [{ specId: begun.wares[0].specId, qty: 1 }], 0)
    await gateway()
    const { parcels } = await call('host', packParcels, { body: { boxes: [{ orderIds: [orderId] }] } })
    tell({ what: 'moved', orderId, to: 'packed' })
    const tracked = { carrier: 'sf' as const, trackingNo: 'SF1234567890123' }
    await call('host', shipParcel, { params: { parcelId: parcels[0]!.id }, body: tracked })
    tell({ what: 'moved', orderId, to: 'shipped' })
    await call('buyer', receiveOrder, { params: { orderId } })
    tell({ what: 'moved', orderId, to: 'received' })
    const rest = lines.map(({ specId, qty }) => ({
      specId,
      qty: specId === begun.wares[0].specId ? qty - 1 : qty
    }))
    await refund(LATE, rest, freightFen)
    tell({ what: 'moved', orderId, to: 'refunded' })
    await gateway()
  },

  async 'cancelled while she was paying, and paid all the same'(village, clock, cast, tell) {
    const { placed, paying, call, gateway } = actor(village, clock, cast, tell)
    const bill = await placed()
    const { paymentId } = await paying(bill.id)
    await call('buyer', cancelOrder, { params: { orderId: bill.id } })
    tell({ what: 'cancelled', billId: bill.id })
    // What the gateway said that it had closed it took all the same.
    const { sandboxPayments: till } = village.store.schema
    await village.store.tx((tx) =>
      tx.update(till).set({ state: 'paid' }).where(eq(till.id, paymentId)).returning()
    )
    await call('buyer', playSandbox, { params: { paymentId }, body: { outcome: 'paid' } })
    await gateway()
  },

  async 'paid without a word, and found out when its time was over'(village, clock, cast, tell) {
    const { placed, paying, call, gateway } = actor(village, clock, cast, tell)
    const bill = await placed()
    const { paymentId } = await paying(bill.id)
    await call('buyer', playSandbox, { params: { paymentId }, body: { outcome: 'silent' } })
    clock.pass(HOLD_MS)
    await village.orders.expireOverdue()
    await gateway()
  }
} satisfies Record<string, Story>

function actor(
  village: Village,
  clock: ReturnType<typeof settableClock>,
  { begun, cookies }: Cast,
  tell: (told: Told) => void
) {
  async function call<C extends Contract>(
    who: keyof Cast['cookies'],
    contract: C,
    sent: Sent<C>
  ): Promise<Answer<C>> {
    clock.pass(1_000)
    const params = (sent.params ?? {}) as Record<string, string>
    const answer = await village.http.inject({
      method: contract.method,
      url: contract.url.replace(/:(\w+)/g, (_, name: string) => params[name]!),
      headers: { cookie: cookies[who] },
      ...(sent.body !== undefined && { payload: sent.body as object })
    })
    if (answer.statusCode !== 200) throw new Error(`${contract.url}: ${answer.body}`)
    return answer.json()
  }

  return {
    call,

    /** Goods of both shops, with every coupon that there is for them. */
    async placed() {
      const [shop, , other, union] = begun.couponIds
      const qtys = [2, 1, 1]
      const { addressId } = begun
      const lines = begun.wares.map(({ specId }, i) => ({ specId, qty: qtys[i]! }))
      const picks = [shop, other, union].map((couponId) => ({ couponId: couponId!, nth: 1 }))
      const { payFen } = await call('buyer', quoteOrder, { body: { lines, picks, addressId } })
      const body = {
        key: `${begun.id}-the-order`,
        lines: lines.map((line) => ({ ...line, agreed: true })),
        picks,
        addressId,
        payFen
      }
      const { bill } = await call('buyer', placeOrder, { body })
      tell({ what: 'placed', billId: bill.id })
      return bill
    },

    async paying(billId: string) {
      const body = { method: 'sandbox' as const }
      const { paymentId } = await call('buyer', payOrder, { params: { orderId: billId }, body })
      tell({ what: 'opened', paymentId })
      return { paymentId }
    },

    /** What waits for the gateway is carried out, each job in units of its own. */
    async gateway() {
      clock.pass(1_000)
      for (let n = 0; n < ROUNDS; n++) if ((await village.jobs.runDue()) === 0) return
    }
  }
}
