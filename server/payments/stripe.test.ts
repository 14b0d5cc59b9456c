import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PayMethod } from '../../shared/contracts/orders.ts'
import { cancelOrder, HOLD_MS, myOrder, payOrder, quoteOrder } from '../../shared/contracts/orders.ts'
import { payState } from '../../shared/contracts/payments.ts'
import { systemClock } from '../clock.ts'
import { newId } from '../store/id.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import { STRIPE_KEY, stripeDouble, WEBHOOK_SECRET, type StripeDouble } from '../testing/stripe-double.ts'
import { ASK_AFTER_MS, ATTEMPT_MS, type Payment } from './payment.ts'
import { stripeGateway } from './stripe.ts'

const TOLERANCE_MS = 300_000

describe.each(engines)('Stripe on $name', (engine) => {
  let m: Market
  let stripe: StripeDouble
  const clock = settableClock()
  beforeEach(async () => {
    clock.set(Date.UTC(2026, 10, 22))
    stripe = await stripeDouble(clock)
    m = await market(engine, { stripe: stripe.settings, allowSandboxPay: false }, clock)
  })
  afterEach(async () => {
    await m.close()
    await stripe.close()
  })

  const pay = (orderId: string, method: PayMethod = 'alipay') =>
    m.buyer.call(payOrder, { params: { orderId }, body: { method } })
  const order = async (orderId: string) => (await m.buyer.call(myOrder, { params: { orderId } })).json.order

  async function opened(method: PayMethod = 'alipay') {
    const { id: orderId } = await m.order()
    const { status, json } = await pay(orderId, method)
    expect(status, JSON.stringify(json)).toBe(200)
    return { orderId, ...json }
  }

  async function knock(
    event: { payload: string; headers: Record<string, string> },
    { payload = event.payload, village = m.village } = {}
  ) {
    const answer = await village.http.inject({
      method: 'POST',
      url: '/api/notify/stripe',
      headers: event.headers,
      payload
    })
    return { status: answer.statusCode, json: answer.json() as Record<string, unknown> }
  }

  const alerts = async () =>
    (await m.village.store.read.select().from(m.village.store.schema.audit))
      .filter((line) => line.actorId === 'payments')
      .map((line) => line.action)

  it('is offered with its methods, and one that is not configured is refused', async () => {
    const { json } = await m.buyer.call(quoteOrder, { body: { lines: m.draft().lines } })
    expect(json.methods).toEqual(['card', 'alipay', 'wechat_pay'])
    const { id } = await m.order()
    expect((await pay(id, 'sandbox')).json.code).toBe('method_unavailable')
  })

  it('is asked for a session of our sum, under the key of order and attempt, and pays by its event', async () => {
    const { orderId, paymentId, payUrl } = await opened('wechat_pay')
    const session = stripe.newest()
    expect(payUrl).toBe(session.url)
    expect(stripe.asked).toEqual([{ path: '/v1/checkout/sessions', key: `order:${orderId}:1` }])
    expect(session).toMatchObject({
      amount_total: CLAM_FEN,
      currency: 'cny',
      client_reference_id: orderId,
      metadata: { paymentId, orderId },
      expires_at: (clock.now() + ATTEMPT_MS) / 1000,
      allowed_payment_method_types: ['wechat_pay']
    })
    const event = stripe.event('checkout.session.completed', stripe.pay())
    expect(await knock(event)).toEqual({ status: 200, json: { received: true } })
    for (let i = 0; i < 5; i++) {
      expect(await knock(event)).toEqual({ status: 200, json: { received: true, repeated: true } })
    }
    expect(await order(orderId)).toMatchObject({
      state: 'paid',
      test: true,
      changes: [{}, { state: 'paid' }]
    })
    expect((await pay(orderId)).json.code).toBe('order_paid')
  })

  it('is believed only with its own fresh signature over these very bytes', async () => {
    const { orderId } = await opened()
    const session = stripe.pay()
    const event = stripe.event('checkout.session.completed', session)
    const old = stripe.event('checkout.session.completed', session, { at: clock.now() - TOLERANCE_MS - 1000 })
    const forged = [
      await knock(event, { payload: event.payload.replace(`${CLAM_FEN}`, '1') }),
      await knock(event, { payload: `${event.payload}\n` }),
      await knock({ ...event, headers: { 'content-type': 'application/json' } }),
      await knock({ ...event, headers: { ...event.headers, 'stripe-signature': 't=1,v1=00' } }),
      await knock(old)
    ]
    for (const { status, json } of forged) {
      expect({ status, code: json.code }).toEqual({ status: 400, code: 'bad_signature' })
    }
    expect((await order(orderId)).state).toBe('pending')
    expect(await knock(event)).toMatchObject({ status: 200 })
    expect((await order(orderId)).state).toBe('paid')
  })

  it('may tell things in any order', async () => {
    const { orderId } = await opened()
    const waiting = { ...stripe.newest(), status: 'complete', payment_status: 'unpaid' }
    await knock(stripe.event('checkout.session.completed', waiting))
    expect((await order(orderId)).state).toBe('pending')
    await knock(stripe.event('checkout.session.async_payment_failed', waiting))
    await knock(stripe.event('checkout.session.expired', { ...waiting, status: 'expired' }))
    expect((await order(orderId)).state).toBe('pending')
    await knock(stripe.event('checkout.session.async_payment_succeeded', stripe.pay()))
    expect((await order(orderId)).state).toBe('paid')
    await knock(stripe.event('checkout.session.async_payment_failed', waiting))
    await knock(stripe.event('checkout.session.expired', { ...waiting, status: 'expired' }))
    expect(await order(orderId)).toMatchObject({ state: 'paid', changes: [{}, {}] })
    expect(await alerts()).toEqual([])
  })

  it('is not paid by another sum or in another currency', async () => {
    const { orderId } = await opened()
    const session = stripe.pay()
    await knock(stripe.event('checkout.session.completed', { ...session, amount_total: CLAM_FEN - 1 }))
    await knock(stripe.event('checkout.session.completed', { ...session, currency: 'hkd' }))
    expect((await order(orderId)).state).toBe('pending')
    expect(await alerts()).toEqual(['payment_mismatch', 'payment_mismatch'])
    clock.pass(HOLD_MS)
    await m.village.orders.expireOverdue()
    await m.village.orders.expireOverdue()
    expect((await order(orderId)).state).toBe('expired')
    expect(await alerts()).toHaveLength(2)
  })

  it('that says another sum when it is asked is listened to once', async () => {
    const { orderId, paymentId } = await opened()
    stripe.pay().amount_total = CLAM_FEN - 1
    for (let i = 0; i < 3; i++) {
      clock.pass(ASK_AFTER_MS)
      await m.buyer.call(payState, { params: { paymentId } })
    }
    clock.pass(HOLD_MS)
    await m.village.orders.expireOverdue()
    expect((await order(orderId)).state).toBe('expired')
    expect(await m.stock()).toBe(10)
    expect(await alerts()).toEqual(['payment_mismatch'])
  })

  it('is asked by the return page when its event does not come, at most every five seconds', async () => {
    const { orderId, paymentId } = await opened()
    clock.pass(ASK_AFTER_MS)
    const look = async () => (await m.buyer.call(payState, { params: { paymentId } })).json.state
    const before = stripe.asked.length
    expect(await Promise.all(Array.from({ length: 5 }, look))).toEqual(
      Array.from({ length: 5 }, () => 'open')
    )
    expect(stripe.asked.length - before).toBe(1)
    stripe.pay()
    expect(await look()).toBe('open')
    clock.pass(ASK_AFTER_MS)
    stripe.weather = 'down'
    expect(await look()).toBe('open')
    stripe.weather = 'fine'
    clock.pass(ASK_AFTER_MS)
    expect(await look()).toBe('paid')
    expect((await order(orderId)).state).toBe('paid')
  })

  it('opens one session although its answer was lost and the server died', async () => {
    const { id: orderId } = await m.order()
    stripe.weather = 'answers_lost'
    expect((await pay(orderId)).json.code).toBe('payment_unavailable')
    stripe.weather = 'fine'
    const next = await m.another()
    clock.pass(20_000)
    const again = await next.orders.pay(m.buyer.me, orderId, 'alipay')
    expect(stripe.sessions.size).toBe(1)
    expect(again.payUrl).toBe(stripe.newest().url)
    await knock(stripe.event('checkout.session.completed', stripe.pay()), { village: next })
    expect((await order(orderId)).state).toBe('paid')
  })

  it('closes the session of a lost answer before the goods go back, once', async () => {
    const { id: orderId } = await m.order()
    stripe.weather = 'answers_lost'
    await pay(orderId)
    stripe.weather = 'fine'
    const next = await m.another()
    clock.pass(HOLD_MS)
    await Promise.all([next.orders.expireOverdue(), m.village.orders.expireOverdue()])
    await next.orders.expireOverdue()
    expect(stripe.sessions.size).toBe(1)
    expect(stripe.newest().status).toBe('expired')
    expect(await order(orderId)).toMatchObject({ state: 'expired', changes: [{}, {}] })
    expect(await m.stock()).toBe(10)
  })

  it('that never heard of an attempt keeps nobody’s goods', async () => {
    const { id: orderId } = await m.order()
    stripe.weather = 'down'
    await pay(orderId)
    stripe.weather = 'fine'
    clock.pass(HOLD_MS)
    await m.village.orders.expireOverdue()
    expect(stripe.sessions.size).toBe(0)
    expect((await order(orderId)).state).toBe('expired')
    expect(await m.stock()).toBe(10)
  })

  it('that cannot be reached keeps its own order’s goods until its session is over, and nobody else’s', async () => {
    const { orderId } = await opened()
    const other = await m.order()
    stripe.weather = 'down'
    clock.pass(HOLD_MS)
    await m.village.orders.expireOverdue()
    expect((await order(orderId)).state).toBe('pending')
    expect((await order(other.id)).state).toBe('expired')
    expect((await m.buyer.call(cancelOrder, { params: { orderId } })).json.code).toBe('payment_unavailable')
    expect(await m.stock()).toBe(9)
    clock.pass(ATTEMPT_MS - HOLD_MS)
    await m.village.orders.expireOverdue()
    expect((await order(orderId)).state).toBe('expired')
    expect(await m.stock()).toBe(10)
  })

  it('gives back what came after the end, once, although the answer of the refund was lost', async () => {
    const { orderId } = await opened()
    stripe.weather = 'down'
    clock.pass(ATTEMPT_MS)
    await m.village.orders.expireOverdue()
    stripe.weather = 'fine'
    expect((await order(orderId)).state).toBe('expired')
    await knock(stripe.event('checkout.session.completed', stripe.pay()))
    expect((await order(orderId)).state).toBe('expired')
    expect(await alerts()).toEqual(['paid_too_late'])
    stripe.weather = 'answers_lost'
    await m.village.jobs.runDue()
    const { refunds } = m.village.store.schema
    const state = async () => (await m.village.store.read.select().from(refunds)).map((each) => each.state)
    expect(await state()).toEqual(['asked'])
    stripe.weather = 'fine'
    clock.pass(60_000)
    await m.village.jobs.runDue()
    expect(await state()).toEqual(['done'])
    expect(stripe.refunds).toMatchObject([
      { amount: CLAM_FEN, payment_intent: stripe.newest().payment_intent }
    ])
    const { payment_intent } = stripe.newest()
    await knock(stripe.event('charge.refunded', { payment_intent, amount_refunded: CLAM_FEN }))
    expect(await alerts()).toEqual(['paid_too_late'])
    expect(await m.stock()).toBe(10)
  })

  it('whose buyer was faster than the clock is paid, and keeps the goods', async () => {
    const { orderId } = await opened()
    stripe.pay()
    clock.pass(HOLD_MS)
    await m.village.orders.expireOverdue()
    expect((await order(orderId)).state).toBe('paid')
    expect(await m.stock()).toBe(9)
  })

  it('closes the page she left when she changes how to pay', async () => {
    const { orderId, payUrl } = await opened('alipay')
    const left = stripe.newest()
    const { json } = await pay(orderId, 'wechat_pay')
    expect(json.payUrl).not.toBe(payUrl)
    expect([left.status, stripe.newest().status]).toEqual(['expired', 'open'])
    const { orderId: second } = await opened('card')
    stripe.pay()
    expect((await pay(second, 'alipay')).json.code).toBe('order_paid')
    expect((await order(second)).state).toBe('paid')
  })

  it('pays back twice-paid money and keeps the order', async () => {
    const { orderId } = await opened('alipay')
    const first = stripe.newest()
    await pay(orderId, 'card')
    await knock(stripe.event('checkout.session.completed', stripe.pay()))
    await knock(stripe.event('checkout.session.completed', stripe.pay(first)))
    await m.village.jobs.runDue()
    expect(stripe.refunds).toMatchObject([{ payment_intent: first.payment_intent, amount: CLAM_FEN }])
    expect((await order(orderId)).state).toBe('paid')
  })

  it('tells of money that somebody paid back at its own desk, and of disputes', async () => {
    const { orderId } = await opened()
    const { payment_intent, ...session } = stripe.pay()
    await knock(stripe.event('checkout.session.completed', { ...session, payment_intent }))
    await knock(stripe.event('charge.dispute.created', { payment_intent, amount: CLAM_FEN }))
    await knock(stripe.event('charge.refunded', { payment_intent, amount_refunded: 100 }))
    expect((await order(orderId)).state).toBe('paid')
    await knock(stripe.event('charge.refunded', { payment_intent, amount_refunded: CLAM_FEN }))
    expect((await order(orderId)).state).toBe('refunded')
    expect(await alerts()).toEqual(['payment_disputed', 'refunded_elsewhere', 'refunded_elsewhere'])
  })
})

const testKey = process.env.STRIPE_TEST_KEY ?? ''
if (!testKey) console.log('skipped: Stripe’s own test mode; no STRIPE_TEST_KEY')

it.skipIf(!testKey)('Stripe’s own test mode agrees with our double', async () => {
  expect(STRIPE_KEY).not.toBe(testKey)
  const now = systemClock.now()
  const gateway = stripeGateway({
    stripe: { secretKey: testKey, webhookSecret: WEBHOOK_SECRET, apiBase: '', methods: ['card'] },
    publicUrl: 'https://shop.example',
    clock: systemClock
  })
  const attempt: Payment = {
    id: newId(now),
    orderId: newId(now),
    memberId: 'm',
    attempt: 1,
    gateway: 'stripe',
    method: 'card',
    scene: '',
    amountFen: 3990,
    refundedFen: 0,
    state: 'open',
    gatewayRef: '',
    payUrl: '',
    captureRef: '',
    createdAt: now,
    endsAt: now + ATTEMPT_MS,
    askedAt: 0,
    paidAt: null
  }
  const { ref } = await gateway.create(attempt)
  expect(await gateway.create(attempt)).toMatchObject({ ref })
  const known = { ...attempt, gatewayRef: ref }
  expect(await gateway.query(known)).toMatchObject({ state: 'open', amountFen: 3990, currency: 'cny' })
  expect(await gateway.close(known)).toMatchObject({ state: 'closed' })
  expect(await gateway.close(known)).toMatchObject({ state: 'closed' })
})
