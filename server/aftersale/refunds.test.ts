import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  aftersaleWaits,
  cancelPaid,
  deskRefunds,
  moneyAlerts,
  orderAftersale,
  payBack,
  refundAgain,
  refundByHand,
  settleAlert
} from '../../shared/contracts/aftersale.ts'
import { addFreight } from '../../shared/contracts/freight.ts'
import { getStatement } from '../../shared/contracts/ledger.ts'
import { HOLD_MS, myOrder, payOrder } from '../../shared/contracts/orders.ts'
import { playSandbox } from '../../shared/contracts/payments.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import { findParcel, packParcels } from '../../shared/contracts/packing.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import type { SignedIn } from '../testing/village.ts'
import { afterwards } from './testing.ts'

let keys = 0
const key = () => `refund-${String(++keys).padStart(6, '0')}`

describe.each(engines)('refunds on $name', (engine) => {
  let m: Market
  let after: ReturnType<typeof afterwards>
  let officer: SignedIn
  let operator: SignedIn
  beforeEach(async () => {
    m = await market(engine)
    after = afterwards(m)
    officer = await m.signIn('王主任', 'officer')
    operator = await m.signIn('小周', 'operator')
  })
  afterEach(() => m.close())

  const give = (
    who: SignedIn,
    orderId: string,
    more: Partial<NonNullable<Parameters<typeof who.call<typeof payBack>>[1]>['body']> = {}
  ) =>
    who.call(payBack, {
      params: { orderId },
      body: { key: key(), cause: 'asked', lines: [], freightFen: 0, words: '少了一份，退给您', ...more }
    })
  const state = async (orderId: string) =>
    (await m.buyer.call(orderAftersale, { params: { orderId } })).json.aftersale
  const two = () => ({ lines: [{ specId: m.clams.specId, qty: 2, agreed: true }], payFen: 2 * CLAM_FEN })

  it('of what is paid and not packed are hers to take, once, and the goods go back on the shelf', async () => {
    const { id: orderId } = await after.paid(two())
    expect(await m.stock()).toBe(8)
    expect(await state(orderId)).toMatchObject({ canCancel: true, cancelFen: 2 * CLAM_FEN })
    const taps = await Promise.all([1, 2, 3].map(() => m.buyer.call(cancelPaid, { params: { orderId } })))
    expect(taps.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(await state(orderId)).toMatchObject({
      state: 'refunded',
      canCancel: false,
      refundedFen: 2 * CLAM_FEN,
      refunds: [{ cause: 'cancelled', state: 'asked', goodsFen: 2 * CLAM_FEN, freightFen: 0 }]
    })
    expect(await m.stock()).toBe(10)
    await m.village.jobs.runDue()
    expect(await state(orderId)).toMatchObject({ refunds: [{ state: 'done', doneAt: m.clock.now() }] })
    expect(await after.payments()).toMatchObject([{ refundedFen: 2 * CLAM_FEN }])
    expect((await m.buyer.call(myNotices)).json.items).toMatchObject([
      { kind: 'refunded', about: { yuan: '79.80' }, href: `/me/orders/${orderId}` }
    ])
    expect((await m.buyer.call(myOrder, { params: { orderId } })).json.order.changes.at(-1)).toMatchObject({
      state: 'refunded',
      note: '您取消了还没装箱的货'
    })
  })

  it('of what is packed, not paid or somebody else’s are refused with the reason', async () => {
    const unpaid = await m.order()
    const cancel = (orderId: string, who = m.buyer) => who.call(cancelPaid, { params: { orderId } })
    expect((await cancel(unpaid.id)).json.code).toBe('order_unpaid')
    expect((await give(officer, unpaid.id, { lines: [{ specId: m.clams.specId, qty: 1 }] })).json.code).toBe(
      'order_unpaid'
    )
    const { id } = await after.paid()
    expect((await cancel(id, await m.signIn('孙燕'))).json.code).toBe('no_such_order')
    await after.moved(id, 'packed')
    expect(await state(id)).toMatchObject({ canCancel: false, cancelFen: 0 })
    expect((await cancel(id)).json.code).toBe('order_packed')
    expect(await after.payments()).toMatchObject([{ refundedFen: 0 }])
  })

  it('are given by staff with words: pieces, money, the rest, and never a fen too much', async () => {
    const { id: orderId } = await after.paid(two())
    await after.moved(orderId, 'packed', 'shipped', 'received')
    const { specId } = m.clams
    const same = { key: key(), lines: [{ specId, qty: 1 }] }
    const first = await give(operator, orderId, same)
    expect(first.json.refund).toMatchObject({
      cause: 'asked',
      goodsFen: CLAM_FEN,
      words: '少了一份，退给您',
      byName: '小周',
      lines: [{ specId, qty: 1, fen: CLAM_FEN }]
    })
    expect((await give(operator, orderId, same)).json.refund.id).toBe(first.json.refund.id)
    expect((await give(officer, orderId, { lines: [{ specId, qty: 0, fen: 90 }] })).status).toBe(200)
    for (const lines of [[{ specId, qty: 2 }], [{ specId, qty: 0, fen: CLAM_FEN - 89 }]]) {
      expect((await give(officer, orderId, { lines })).json.code).toBe('refund_too_much')
    }
    expect((await give(officer, orderId, { freightFen: 1 })).json.code).toBe('refund_too_much')
    expect((await give(officer, orderId)).json.code).toBe('refund_nothing')
    expect((await state(orderId)).lines).toMatchObject([{ leftQty: 1, leftFen: CLAM_FEN - 90 }])
    const last = await give(officer, orderId, { lines: [{ specId, qty: 1 }] })
    expect(last.json.refund.goodsFen).toBe(CLAM_FEN - 90)
    expect(await after.rowOf(orderId)).toMatchObject({ state: 'refunded', refundedFen: 2 * CLAM_FEN })
    expect(await m.stock()).toBe(8) // what was sent is on no shelf
    await m.village.jobs.runDue()
    expect(await after.payments()).toMatchObject([{ refundedFen: 2 * CLAM_FEN }])
  })

  it('are given by nobody to herself, and by no host', async () => {
    const buying = await m.signIn('周干部', 'officer')
    const addressId = await m.addressOf(buying)
    const { id: orderId } = await after.paid({ addressId }, buying)
    const lines = [{ specId: m.clams.specId, qty: 1 }]
    expect((await give(buying, orderId, { lines })).json.code).toBe('case_own')
    expect((await give(m.host, orderId, { lines })).json.code).toBe('role_missing')
    expect((await give(m.buyer, orderId, { lines })).json.code).toBe('role_missing')
  })

  it('of part of an order that is not packed put those pieces back', async () => {
    const { id: orderId } = await after.paid(two())
    await give(officer, orderId, { lines: [{ specId: m.clams.specId, qty: 1 }] })
    expect(await m.stock()).toBe(9)
    expect(await after.rowOf(orderId)).toMatchObject({ state: 'paid', refundedFen: CLAM_FEN })
    await m.buyer.call(cancelPaid, { params: { orderId } })
    expect(await m.stock()).toBe(10)
    expect(await after.rowOf(orderId)).toMatchObject({ state: 'refunded', refundedFen: 2 * CLAM_FEN })
  })

  it('of all goods but not of the freight leave nothing to pack: the order is done, and her freight is due', async () => {
    const flat = { firstGrams: 1000, firstFen: 800, moreGrams: 1000, moreFen: 0, freeFromFen: 0 }
    const { json } = await m.host.call(addFreight, {
      body: {
        name: '冷链',
        zones: [{ provinces: [], ...flat }],
        refused: [],
        chilledFen: 0,
        frozenFen: 0,
        cutoffMinute: 0
      }
    })
    const oysters = await m.goods(m.host, { title: '海蛎子', stock: 9, freightId: json.template.id })
    const lines = [{ specId: oysters.specId, qty: 2 }]
    const payFen = 2 * CLAM_FEN + 800
    const { id: orderId } = await after.paid({ lines, payFen })
    await give(officer, orderId, { lines: [{ specId: oysters.specId, qty: 1 }] })
    expect(await after.rowOf(orderId)).toMatchObject({ state: 'paid' })
    await give(officer, orderId, { lines: [{ specId: oysters.specId, qty: 1 }] })
    expect(await after.rowOf(orderId)).toMatchObject({ state: 'done', refundedFen: 2 * CLAM_FEN })
    expect(await m.stock(oysters)).toBe(9)
    const due = async () => (await m.host.call(getStatement)).json.due.fen
    await m.village.jobs.runDue()
    expect(await due()).toBe(800)

    const { id: packed } = await after.paid({ lines, payFen })
    const { parcels } = (await m.host.call(packParcels, { body: { boxes: [{ orderIds: [packed] }] } })).json
    await give(officer, packed, { lines })
    expect(await after.rowOf(packed)).toMatchObject({ state: 'done', refundedFen: 2 * CLAM_FEN })
    const { json: box } = await m.host.call(findParcel, { query: { text: parcels[0]!.code } })
    expect(box.parcel).toMatchObject({ state: 'undone', undoneWords: '里面的订单都退款了' })

    // What is left of it may still go back.
    await give(officer, orderId, { freightFen: 800 })
    expect(await after.rowOf(orderId)).toMatchObject({ state: 'refunded', refundedFen: payFen })
    await m.village.jobs.runDue()
    expect(await due()).toBe(800)
  })

  it('of what cost nothing need no gateway', async () => {
    const gift = await m.goods(m.host, { title: '试吃', stock: 5 })
    const { specs } = m.village.store.schema
    await m.village.store.tx((tx) => tx.update(specs).set({ priceFen: 0 }).where(eq(specs.id, gift.specId)))
    const { id: orderId } = await after.paid({
      lines: [{ specId: gift.specId, qty: 1, agreed: true }],
      payFen: 0
    })
    expect((await m.buyer.call(cancelPaid, { params: { orderId } })).json.aftersale).toMatchObject({
      state: 'refunded',
      refunds: [{ state: 'nothing', goodsFen: 0 }]
    })
    expect(await m.stock(gift)).toBe(5)
  })

  it('that the gateway refuses stand on the desk until somebody has dealt with them, once', async () => {
    const { id: orderId } = await after.paid()
    await after.moved(orderId, 'packed')
    await give(officer, orderId, { lines: [{ specId: m.clams.specId, qty: 1 }] })
    const refunds = () => operator.call(deskRefunds, { query: { list: 'failed' } })
    await failing(m, () => m.village.jobs.runDue())
    const { items } = (await refunds()).json
    expect(items).toMatchObject([
      { refund: { state: 'failed' }, why: '演示收银台上剩的钱不够退', shopName: '秀兰海鲜' }
    ])
    const { id: refundId } = items[0]!.refund
    expect((await operator.call(aftersaleWaits)).json).toMatchObject({ failed: 1, alerts: 1 })
    // What failed is still owed, and no more than it.
    expect(await after.payments()).toMatchObject([{ refundedFen: 0 }])
    expect((await give(officer, orderId, { lines: [{ specId: m.clams.specId, qty: 1 }] })).json.code).toBe(
      'refund_nothing'
    )
    const again = await Promise.all([1, 2].map(() => operator.call(refundAgain, { params: { refundId } })))
    expect(again.map(({ json }) => json.code ?? json.refund.state).toSorted()).toEqual([
      'asked',
      'refund_settled'
    ])
    await m.village.jobs.runDue()
    expect((await refunds()).json.items).toEqual([])
    expect((await operator.call(aftersaleWaits)).json).toMatchObject({ failed: 0, alerts: 0 })
    expect(await after.payments()).toMatchObject([{ refundedFen: CLAM_FEN }])
    const late = await officer.call(refundByHand, { params: { refundId }, body: { words: '银行转账' } })
    expect(late.json.code).toBe('refund_settled')
  })

  it('that no gateway can pay back are paid by hand, and she is told', async () => {
    const { id: orderId } = await after.paid()
    await after.moved(orderId, 'packed')
    const { payments } = m.village.store.schema
    // Somebody paid back most of it at the gateway’s own desk.
    await m.village.store.tx((tx) => tx.update(payments).set({ refundedFen: CLAM_FEN - 1 }))
    const { refund } = (await give(officer, orderId, { lines: [{ specId: m.clams.specId, qty: 1 }] })).json
    expect(refund.state).toBe('failed')
    expect((await operator.call(refundAgain, { params: { refundId: refund.id } })).json.code).toBe(
      'payment_drained'
    )
    const byHand = (who: SignedIn) =>
      who.call(refundByHand, { params: { refundId: refund.id }, body: { words: '7月3日银行转账' } })
    expect((await byHand(operator)).json.code).toBe('role_missing')
    expect((await byHand(officer)).json.refund).toMatchObject({
      state: 'done',
      words: '少了一份，退给您（线下退款：7月3日银行转账）'
    })
    expect((await m.buyer.call(myNotices)).json.items).toMatchObject([{ kind: 'refunded' }])
  })

  it('that were all made at the gateway’s own desk close the orders of the bill', async () => {
    const { id: orderId } = await after.paid(two())
    await give(officer, orderId, { lines: [{ specId: m.clams.specId, qty: 1 }] })
    await m.village.jobs.runDue()
    m.clock.pass(1)
    const [payment] = await after.payments()
    await m.village.store.tx((tx) =>
      m.village.payments.refundIn(tx, payment!, CLAM_FEN, 'by somebody at the gateway')
    )
    await m.village.jobs.runDue()
    expect(await state(orderId)).toMatchObject({
      state: 'refunded',
      refundedFen: 2 * CLAM_FEN,
      refunds: [
        { state: 'done', goodsFen: CLAM_FEN },
        { state: 'done', goodsFen: CLAM_FEN, words: '支付平台上已经全部退款', byName: '' }
      ]
    })
  })

  it('of money that came too late ring a bell that somebody sees and answers', async () => {
    // The buyer’s thumb was faster than our closing: the gateway has the money, the order is over.
    const { payments } = m.village.store.schema
    const late = await m.order()
    const opened = await openedPage(m, late.id)
    await m.village.store.tx((tx) =>
      tx.update(payments).set({ state: 'closed' }).where(eq(payments.id, opened))
    )
    m.clock.pass(HOLD_MS)
    await m.village.orders.expireOverdue()
    await play(m, opened)
    const alerts = (list: 'open' | 'settled', who = operator) => who.call(moneyAlerts, { query: { list } })
    const { items } = (await alerts('open')).json
    expect(items).toMatchObject([{ action: 'paid_too_late', subject: opened, settledByName: '' }])
    expect(items[0]!.details).toContainEqual({ name: 'amountFen', value: '¥39.90' })
    expect((await alerts('open', m.buyer)).json.code).toBe('role_missing')
    await m.village.jobs.runDue()
    const rows = (await after.payments()).find(({ id }) => id === opened)
    expect(rows).toMatchObject({ refundedFen: CLAM_FEN })
    const settle = () =>
      operator.call(settleAlert, { params: { alertId: items[0]!.id }, body: { words: '钱退了，买家知道' } })
    expect((await settle()).json.alert).toMatchObject({ settledByName: '小周', words: '钱退了，买家知道' })
    expect((await settle()).json.code).toBe('no_such_alert')
    expect((await alerts('open')).json.items).toEqual([])
    expect((await alerts('settled')).json.items).toHaveLength(1)
  })
})

/** The demo cashier has nothing left of what it took while this runs, and says no. */
async function failing(m: Market, work: () => Promise<unknown>) {
  const { sandboxPayments } = m.village.store.schema
  const left = (refundedFen: number) =>
    m.village.store.tx((tx) => tx.update(sandboxPayments).set({ refundedFen }))
  await left(CLAM_FEN)
  await work()
  await left(0)
}

async function openedPage(m: Market, orderId: string): Promise<string> {
  return (await m.buyer.call(payOrder, { params: { orderId }, body: { method: 'sandbox' } })).json.paymentId
}

async function play(m: Market, paymentId: string) {
  await m.buyer.call(playSandbox, { params: { paymentId }, body: { outcome: 'paid' } })
}
