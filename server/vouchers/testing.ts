import type { Body } from '../../shared/contract.ts'
import { payOrder } from '../../shared/contracts/orders.ts'
import { playSandbox } from '../../shared/contracts/payments.ts'
import {
  orderVouchers,
  redeemVoucher,
  refundVoucher,
  syncRedemptions,
  undoRedemption,
  type MyVoucher
} from '../../shared/contracts/vouchers.ts'
import { CLAM_FEN, type Market } from '../testing/market.ts'
import type { SignedIn } from '../testing/village.ts'

export const MEAL_FEN = 1000

let acts = 0
/** An id as a gate makes it. */
export const actId = () => `act-${String(++acts).padStart(6, '0')}`

/** What suites of vouchers do in a market that sells meals. */
export async function guests(m: Market, { validDays = 30 } = {}) {
  const meal = await m.goods(m.host, {
    title: '渔家宴',
    stock: 10_000,
    priceFen: MEAL_FEN,
    kind: 'voucher',
    perishable: false,
    validDays
  })
  const gate = { gateId: 'gate-at-the-pier', gateName: '码头' }

  const pay = async (orderId: string, who: SignedIn = m.buyer) => {
    const { json } = await who.call(payOrder, { params: { orderId }, body: { method: 'sandbox' } })
    await who.call(playSandbox, { params: { paymentId: json.paymentId }, body: { outcome: 'paid' } })
  }
  const vouchersOf = async (orderId: string, who: SignedIn = m.buyer): Promise<MyVoucher[]> =>
    (await who.call(orderVouchers, { params: { orderId }, query: {} })).json.items

  /** So many meals, paid for; with clams in the same order where a test wants them. */
  async function bought(qty = 1, { clams = 0, who = m.buyer, specId = meal.specId } = {}) {
    const lines = [{ specId, qty }, ...(clams ? [{ specId: m.clams.specId, qty: clams }] : [])]
    const order = await m.order({ lines, payFen: qty * MEAL_FEN + clams * CLAM_FEN }, who)
    await pay(order.id, who)
    return { orderId: order.id, vouchers: await vouchersOf(order.id, who) }
  }

  const redeem = async (text: string, more: Partial<Body<typeof redeemVoucher>> = {}, who = m.host) =>
    (
      await who.call(redeemVoucher, {
        body: { ...gate, id: actId(), text, at: m.clock.now(), ...more }
      })
    ).json.tried

  const sync = async (
    items: Partial<Body<typeof syncRedemptions>['items'][number]>[],
    more: Partial<Body<typeof syncRedemptions>> = {},
    who = m.host
  ) =>
    (
      await who.call(syncRedemptions, {
        body: {
          ...gate,
          gateId: 'gate-on-the-flat',
          gateName: '滩上',
          items: items.map((item) => ({ id: actId(), text: '', at: m.clock.now(), ...item })),
          ...more
        }
      })
    ).json.items

  return {
    meal,
    gate,
    pay,
    bought,
    vouchersOf,
    redeem,
    sync,
    undo: (redemptionId: string, words = '按错了', who = m.host) =>
      who.call(undoRedemption, { params: { redemptionId }, body: { words } }),
    giveBack: (voucherId: string, who: SignedIn = m.buyer) =>
      who.call(refundVoucher, { params: { voucherId } }),
    orderOf: async (orderId: string) => (await m.village.orders.rowIn(m.village.store.read, orderId))!,
    /** What the books say is wrong. */
    troubles: async () => (await m.village.shop.ledger.checks.now()).troubles
  }
}
