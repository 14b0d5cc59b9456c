import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cancelOrder, HOLD_MS, myOrder, payOrder } from '../../shared/contracts/orders.ts'
import { getSandboxPayment, payState, playSandbox } from '../../shared/contracts/payments.ts'
import { readSettings } from '../settings.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, SECRET, type Market } from '../testing/market.ts'
import { ASK_AFTER_MS, CURRENCY } from './payment.ts'
import { SIGNATURE_HEADER, sandboxSigner, TOLERANCE_MS } from './sandbox.ts'

const sign = sandboxSigner(SECRET)

/** Which of the tables' own rules refused it; PostgreSQL's words come wrapped. */
const brokenRule = (name: string) => (error: Error) =>
  `${error.message} ${String(error.cause)}`.includes(name)

describe.each(engines)('the demo cashier on $name', (engine) => {
  let m: Market
  beforeEach(async () => {
    m = await market(engine)
  })
  afterEach(() => m.close())

  /** What is on disk. */
  const rows = () => ({ schema: m.village.store.schema, read: m.village.store.read })

  async function opened() {
    const { id: orderId } = await m.order()
    const { json } = await m.buyer.call(payOrder, { params: { orderId }, body: { method: 'sandbox' } })
    return { orderId, paymentId: json.paymentId, payUrl: json.payUrl }
  }

  const play = (paymentId: string, outcome: 'paid' | 'failed' | 'repeated' | 'silent', who = m.buyer) =>
    who.call(playSandbox, { params: { paymentId }, body: { outcome } })

  const order = async (orderId: string) => (await m.buyer.call(myOrder, { params: { orderId } })).json.order

  /** A notification as the cashier would write it, or as somebody would who has learnt to write. */
  function told(
    paymentId: string,
    more: { id?: string; amountFen?: number; currency?: string; state?: string } = {}
  ) {
    const { id = `${paymentId}-paid`, amountFen = CLAM_FEN, currency = CURRENCY, state = 'paid' } = more
    return JSON.stringify({
      id,
      type: state,
      paymentId,
      said: { state, amountFen, currency, captureRef: paymentId }
    })
  }

  async function knock(payload: string, signature = sign(payload, m.clock.now()), village = m.village) {
    const answer = await village.http.inject({
      method: 'POST',
      url: '/api/notify/sandbox',
      headers: { 'content-type': 'application/json', ...(signature && { [SIGNATURE_HEADER]: signature }) },
      payload
    })
    return { status: answer.statusCode, json: answer.json() as Record<string, unknown> }
  }

  const alerts = async () =>
    (await m.village.store.read.select().from(m.village.store.schema.audit))
      .filter((line) => line.actorId === 'payments')
      .map((line) => line.action)
  const refunds = () => m.village.store.read.select().from(m.village.store.schema.refunds)
  const payments = () => m.village.store.read.select().from(m.village.store.schema.payments)

  it('pays an order once, whatever is repeated, and says that it was a test', async () => {
    const { orderId, paymentId, payUrl } = await opened()
    expect(payUrl).toBe(`/pay/${paymentId}`)
    const shown = await m.buyer.call(getSandboxPayment, { params: { paymentId } })
    expect(shown.json).toEqual({ paymentId, orderId, amountFen: CLAM_FEN, state: 'open' })
    expect((await play(paymentId, 'repeated')).json.state).toBe('paid')
    for (const again of ['paid', 'repeated', 'failed', 'silent'] as const) await play(paymentId, again)
    for (let i = 0; i < 5; i++) {
      expect(await knock(told(paymentId))).toEqual({ status: 200, json: { received: true, repeated: true } })
    }
    const paid = await order(orderId)
    expect(paid).toMatchObject({ state: 'paid', test: true, paidAt: m.clock.now() })
    expect(paid.changes.map(({ state }) => state)).toEqual(['pending', 'paid'])
    expect(await m.stock()).toBe(9)
    expect(await refunds()).toEqual([])
    expect(await rows().read.select().from(rows().schema.paymentEvents)).toHaveLength(1)
  })

  it('pays five times at the same moment on two servers, and once in the end', async () => {
    const { orderId, paymentId } = await opened()
    const second = await m.another()
    const body = told(paymentId)
    const answers = await Promise.all(
      [m.village, second, m.village, second, m.village].map((village) => knock(body, undefined, village))
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(answers.filter(({ json }) => !json.repeated)).toHaveLength(1)
    expect((await order(orderId)).changes).toHaveLength(2)
  })

  it('pays by the notification alone, when the browser is long gone', async () => {
    const { orderId, paymentId } = await opened()
    const next = await m.another()
    expect(await knock(told(paymentId), undefined, next)).toMatchObject({ status: 200 })
    expect((await order(orderId)).state).toBe('paid')
  })

  it('refuses what was not signed by it, was changed on the way, or is old', async () => {
    const { orderId, paymentId } = await opened()
    const body = told(paymentId)
    const now = m.clock.now()
    const forged: [name: string, payload: string, signature: string][] = [
      ['no signature', body, ''],
      ['nonsense', body, 'v1=nonsense'],
      ['another key', body, sandboxSigner('x'.repeat(32))(body, now)],
      ['another sum', told(paymentId, { amountFen: 1 }), sign(body, now)],
      ['one more byte', `${body} `, sign(body, now)],
      ['another time', body, sign(body, now).replace(`t=${now}`, `t=${now + 1}`)],
      ['from yesterday', body, sign(body, now - TOLERANCE_MS - 1)],
      ['from tomorrow', body, sign(body, now + TOLERANCE_MS + 1)],
      ['empty', '', sign('another body', now)]
    ]
    for (const [name, payload, signature] of forged) {
      const { status, json } = await knock(payload, signature)
      expect({ name, status, code: json.code }).toEqual({ name, status: 400, code: 'bad_signature' })
    }
    expect((await order(orderId)).state).toBe('pending')
    expect(await knock(body, sign(body, now - TOLERANCE_MS))).toMatchObject({ status: 200 })
    expect((await order(orderId)).state).toBe('paid')
  })

  it('lets a failed attempt be followed by another, and hears of the failure too late without harm', async () => {
    const { orderId, paymentId } = await opened()
    await play(paymentId, 'failed')
    expect((await order(orderId)).state).toBe('pending')
    const again = await m.buyer.call(payOrder, { params: { orderId }, body: { method: 'sandbox' } })
    expect(again.json.paymentId).not.toBe(paymentId)
    await play(again.json.paymentId, 'paid')
    expect((await order(orderId)).state).toBe('paid')
    await knock(told(again.json.paymentId, { id: 'late-failure', state: 'failed' }))
    await knock(told(again.json.paymentId, { id: 'late-end', state: 'closed' }))
    expect((await order(orderId)).state).toBe('paid')
    expect(Object.fromEntries((await payments()).map(({ attempt, state }) => [attempt, state]))).toEqual({
      1: 'failed',
      2: 'paid'
    })
  })

  it('answers the page that is open already instead of opening a second', async () => {
    const { orderId, paymentId } = await opened()
    const taps = await Promise.all(
      Array.from({ length: 4 }, () =>
        m.buyer.call(payOrder, { params: { orderId }, body: { method: 'sandbox' } })
      )
    )
    expect(new Set(taps.map(({ json }) => json.paymentId))).toEqual(new Set([paymentId]))
    expect(await payments()).toHaveLength(1)
  })

  it('is asked when it stays silent, and not before its notification is late', async () => {
    const { orderId, paymentId } = await opened()
    expect((await play(paymentId, 'silent')).json.state).toBe('paid')
    const look = () => m.buyer.call(payState, { params: { paymentId } })
    m.clock.pass(ASK_AFTER_MS - 1)
    expect((await look()).json).toEqual({ orderId, state: 'open', payUrl: `/pay/${paymentId}`, test: true })
    expect((await order(orderId)).state).toBe('pending')
    m.clock.pass(1)
    expect((await look()).json.state).toBe('paid')
    expect((await order(orderId)).state).toBe('paid')
    expect(await knock(told(paymentId))).toMatchObject({ status: 200 }) // it comes after all
    expect((await order(orderId)).changes).toHaveLength(2)
  })

  it('is asked before an order expires: who has paid in silence keeps what she bought', async () => {
    const { orderId, paymentId } = await opened()
    await play(paymentId, 'silent')
    m.clock.pass(HOLD_MS)
    await m.village.orders.expireOverdue()
    expect((await order(orderId)).state).toBe('paid')
    expect(await m.stock()).toBe(9)
    const cancel = await m.buyer.call(cancelOrder, { params: { orderId } })
    expect(cancel.json.code).toBe('order_paid')
  })

  it('takes no money for an order that is over', async () => {
    const { orderId, paymentId } = await opened()
    m.clock.pass(HOLD_MS)
    await m.village.orders.expireOverdue()
    expect((await play(paymentId, 'paid')).json.state).toBe('closed')
    expect(await order(orderId)).toMatchObject({ state: 'expired' })
  })

  it('pays money back that came too late, once, and tells the union', async () => {
    const { orderId, paymentId } = await opened()
    const { sandboxPayments, payments } = rows().schema
    // The buyer's thumb was faster than our closing, and the gateway said otherwise.
    await m.village.store.tx(async (tx) => {
      await tx.update(sandboxPayments).set({ state: 'paid' })
      await tx.update(payments).set({ state: 'closed' })
    })
    m.clock.pass(HOLD_MS)
    await m.village.orders.expireOverdue()
    expect((await order(orderId)).state).toBe('expired')
    await knock(told(paymentId))
    await knock(told(paymentId, { id: 'the same by another name' }))
    expect(await order(orderId)).toMatchObject({ state: 'expired', changes: [{}, {}, { state: 'expired' }] })
    expect(await m.stock()).toBe(10)
    expect(await alerts()).toEqual(['paid_too_late'])
    expect(await refunds()).toMatchObject([{ amountFen: CLAM_FEN, state: 'asked', reason: 'late' }])
    // The server dies between asking and paying back; the job is still there for the next one.
    const next = await m.another()
    await next.jobs.runDue()
    await next.jobs.runDue()
    expect(await refunds()).toMatchObject([{ state: 'done', doneAt: m.clock.now() }])
    expect(await rows().read.select().from(rows().schema.sandboxPayments)).toMatchObject([
      { refundedFen: CLAM_FEN }
    ])
    expect((await order(orderId)).state).toBe('expired')
  })

  it('takes no other sum and no other currency for the right one', async () => {
    const { orderId, paymentId } = await opened()
    await knock(told(paymentId, { id: 'less', amountFen: CLAM_FEN - 1 }))
    await knock(told(paymentId, { id: 'dollars', currency: 'usd' }))
    expect((await order(orderId)).state).toBe('pending')
    expect(await alerts()).toEqual(['payment_mismatch', 'payment_mismatch'])
    await knock(told('nobody-has-this', { id: 'unknown' }))
    expect((await alerts()).at(-1)).toBe('payment_unknown')
  })

  it('never pays back more than it took', async () => {
    const { paymentId } = await opened()
    await play(paymentId, 'paid')
    const [payment] = await payments()
    const giveBack = (fen: number) =>
      m.village.store.tx((tx) => m.village.payments.refundIn(tx, payment!, fen, 'test'))
    await giveBack(CLAM_FEN - 1)
    await expect(giveBack(2)).rejects.toSatisfy(brokenRule('payments_refunded'))
    await expect(giveBack(0)).rejects.toSatisfy(brokenRule('refunds_amount'))
    expect(await refunds()).toHaveLength(1)
    await giveBack(1)
    await m.village.jobs.runDue()
    expect(await payments()).toMatchObject([{ refundedFen: CLAM_FEN }])
    expect((await order(payment!.orderId)).state).toBe('refunded')
  })

  it('shows and takes nobody else’s payment', async () => {
    const { paymentId, orderId } = await opened()
    const stranger = await m.signIn('孙燕')
    for (const refused of [
      await stranger.call(getSandboxPayment, { params: { paymentId } }),
      await stranger.call(payState, { params: { paymentId } }),
      await play(paymentId, 'paid', stranger),
      await play('nobody-has-this', 'paid')
    ]) {
      expect({ status: refused.status, code: refused.json.code }).toEqual({
        status: 404,
        code: 'no_such_payment'
      })
    }
    expect((await order(orderId)).state).toBe('pending')
  })

  it('is closed in production unless it is allowed by name', async () => {
    const production = { NODE_ENV: 'production', SECRET, ALLOW_DEV_SMS: '1' }
    expect(readSettings(production).allowSandboxPay).toBe(false)
    expect(readSettings({ ...production, ALLOW_SANDBOX_PAY: '1' }).allowSandboxPay).toBe(true)
    const { orderId, paymentId } = await opened()
    await m.close()
    m = await market(engine, { allowSandboxPay: false })
    const closed = await m.order()
    const pay = await m.buyer.call(payOrder, { params: { orderId: closed.id }, body: { method: 'sandbox' } })
    expect(pay.json.code).toBe('method_unavailable')
    expect((await play(paymentId, 'paid')).json.code).toBe('sandbox_off')
    expect(await knock(told(paymentId))).toMatchObject({ status: 403, json: { code: 'sandbox_off' } })
    expect(orderId).not.toBe(closed.id)
  })
})
