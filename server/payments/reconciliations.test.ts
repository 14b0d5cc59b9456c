import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { payOrder } from '../../shared/contracts/orders.ts'
import { playSandbox } from '../../shared/contracts/payments.ts'
import {
  listReconciliations,
  reconcileAgain,
  settleReconciliation
} from '../../shared/contracts/reconcile.ts'
import { boundsOf, DAY_MS, dayOf } from '../../shared/day.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import { stripeDouble, type StripeDouble } from '../testing/stripe-double.ts'
import type { SignedIn } from '../testing/village.ts'

const HOUR = 3_600_000
const TODAY = Date.UTC(2026, 10, 22, 2)

describe.each(engines)('a day with the gateways on $name', (engine) => {
  let m: Market
  let stripe: StripeDouble
  let officer: SignedIn
  const clock = settableClock()
  beforeEach(async () => {
    clock.set(TODAY)
    stripe = await stripeDouble(clock)
    m = await market(engine, { stripe: stripe.settings }, clock)
  })
  afterEach(async () => {
    await m.close()
    await stripe.close()
  })

  async function paidAtCashier() {
    const { id: orderId } = await m.order()
    const { json } = await m.buyer.call(payOrder, { params: { orderId }, body: { method: 'sandbox' } })
    await m.buyer.call(playSandbox, { params: { paymentId: json.paymentId }, body: { outcome: 'paid' } })
    return json.paymentId
  }
  async function paidAtStripe(tell = true) {
    const { id: orderId } = await m.order()
    const { json } = await m.buyer.call(payOrder, { params: { orderId }, body: { method: 'alipay' } })
    const event = stripe.event('checkout.session.completed', stripe.pay())
    if (tell)
      await m.village.http.inject({
        method: 'POST',
        url: '/api/notify/stripe',
        headers: event.headers,
        payload: event.payload
      })
    return json.paymentId
  }
  const refund = async (paymentId: string, fen: number) => {
    const { payments } = m.village.store.schema
    const [payment] = await m.village.store.read.select().from(payments).where(eq(payments.id, paymentId))
    await m.village.store.tx((tx) => m.village.payments.refundIn(tx, payment!, fen, 'test'))
    await m.village.jobs.runDue()
  }
  /** Four hours after the day is over; staff are signed in for a working day only. */
  async function nextMorning() {
    clock.set(boundsOf(dayOf(clock.now())).to + 4 * HOUR)
    await m.village.jobs.runDue()
    officer = await m.signIn(`王主任${clock.now()}`, 'officer')
  }
  const days = async () => (await officer.call(listReconciliations)).json.items
  const shown = async () =>
    (await days()).map(({ gateway, day, state, oursFen, theirsFen }) => [
      gateway,
      day,
      state,
      oursFen,
      theirsFen
    ])
  const alerts = async () =>
    (await m.village.store.read.select().from(m.village.store.schema.moneyAlerts)).filter(
      ({ action }) => action === 'reconcile_differs'
    )

  it('is compared the night after, payment by payment and refund by refund, and nobody is alarmed', async () => {
    await refund(await paidAtCashier(), 100)
    await refund(await paidAtStripe(), 300)
    await paidAtStripe()
    await nextMorning()
    expect(await shown()).toEqual([
      ['sandbox', '2026-11-22', 'equal', CLAM_FEN - 100, CLAM_FEN - 100],
      ['stripe', '2026-11-22', 'equal', 2 * CLAM_FEN - 300, 2 * CLAM_FEN - 300]
    ])
    expect((await days()).map(({ test }) => test)).toEqual([true, true])
    expect(await alerts()).toEqual([])
    const asked = stripe.asked.length
    for (let i = 0; i < 3; i++) await m.village.jobs.runDue()
    expect(stripe.asked).toHaveLength(asked)
  })

  it('says what a gateway took that we never heard of, once, until somebody says what it was', async () => {
    const paymentId = await paidAtStripe(false)
    const { payments } = m.village.store.schema
    // Of an attempt that is open we would ask, and hear of it.
    await m.village.store.tx((tx) => tx.update(payments).set({ state: 'failed' }).returning())
    stripe.charges.push({
      ...stripe.charges[0]!,
      id: 'ch_strange',
      payment_intent: 'pi_strange',
      metadata: {},
      amount: 100
    })
    await nextMorning()
    const day = (await days()).find(({ gateway }) => gateway === 'stripe')!
    expect(day).toMatchObject({ state: 'differs', oursFen: 0, theirsFen: CLAM_FEN + 100, settledByName: '' })
    expect(day.differences).toHaveLength(2)
    expect(day.differences).toContainEqual(
      expect.objectContaining({
        paymentId,
        orderId: expect.stringMatching(/\w/),
        oursFen: 0,
        theirsFen: CLAM_FEN
      })
    )
    expect(day.differences).toContainEqual(
      expect.objectContaining({ ref: 'pi_strange', orderId: '', oursFen: 0, theirsFen: 100 })
    )
    expect(await alerts()).toMatchObject([{ subject: 'stripe', details: { differences: 2 } }])
    const params = { gateway: 'stripe' as const, day: day.day }
    await officer.call(reconcileAgain, { params })
    expect(await alerts()).toHaveLength(1)
    const body = { words: '手工收的一笔' }
    const settled = await officer.call(settleReconciliation, { params, body })
    expect(settled.json.reconciliation).toMatchObject({ words: body.words, settledByName: officer.me.name })
    expect((await officer.call(settleReconciliation, { params, body })).json.code).toBe('reconciled')
    expect((await officer.call(reconcileAgain, { params })).json.reconciliation.words).toBe(body.words)
    stripe.charges.pop()
    const again = (await officer.call(reconcileAgain, { params })).json.reconciliation
    expect(again).toMatchObject({ state: 'differs', words: '', settledByName: '' })
    expect(again.differences).toHaveLength(1)
  })

  it('says what we think was paid and the gateway does not', async () => {
    const paymentId = await paidAtCashier()
    const { sandboxPayments } = m.village.store.schema
    await m.village.store.tx((tx) => tx.update(sandboxPayments).set({ state: 'failed' }).returning())
    await nextMorning()
    expect(await days()).toMatchObject([
      { state: 'differs', differences: [{ paymentId, oursFen: CLAM_FEN, theirsFen: 0 }] }
    ])
  })

  it('does not mind on which side of midnight either of them heard of a payment', async () => {
    clock.set(boundsOf('2026-11-22').to - 1000)
    const { id: orderId } = await m.order()
    await m.buyer.call(payOrder, { params: { orderId }, body: { method: 'alipay' } })
    const event = stripe.event('checkout.session.completed', stripe.pay())
    clock.pass(2000)
    const { headers, payload } = event
    await m.village.http.inject({ method: 'POST', url: '/api/notify/stripe', headers, payload })
    await m.village.jobs.runDue()
    clock.set(boundsOf('2026-11-23').from + 4 * HOUR)
    await m.village.jobs.runDue()
    await nextMorning()
    expect(await shown()).toEqual([
      ['stripe', '2026-11-23', 'equal', 0, 0],
      ['stripe', '2026-11-22', 'equal', CLAM_FEN, CLAM_FEN]
    ])
  })

  it('is asked for again where the gateway did not answer, and says so until it did', async () => {
    await paidAtStripe()
    stripe.weather = 'down'
    await nextMorning()
    expect(await shown()).toEqual([['stripe', '2026-11-22', 'failed', 0, 0]])
    const params = { gateway: 'stripe' as const, day: '2026-11-22' }
    expect((await officer.call(reconcileAgain, { params })).json.code).toBe('payment_unavailable')
    stripe.weather = 'fine'
    clock.pass(HOUR)
    await m.village.jobs.runDue()
    expect(await shown()).toEqual([['stripe', '2026-11-22', 'equal', CLAM_FEN, CLAM_FEN]])
  })

  it('is made up for when the server was away, and never asked for before it is over', async () => {
    await paidAtCashier()
    await m.village.jobs.runDue()
    clock.set(TODAY + 3 * DAY_MS)
    await m.village.jobs.runDue()
    officer = await m.signIn('李主任', 'officer')
    expect((await days()).map(({ day }) => day)).toEqual(['2026-11-24', '2026-11-23', '2026-11-22'])
    const params = { gateway: 'sandbox' as const, day: dayOf(clock.now()) }
    expect((await officer.call(reconcileAgain, { params })).json.code).toBe('bad_input')
    const nowhere = { gateway: 'wechat' as const, day: '2026-11-22' }
    expect((await officer.call(reconcileAgain, { params: nowhere })).json.code).toBe('method_unavailable')
  })

  it('of a gateway that lists page after page is read to its end', async () => {
    await paidAtStripe()
    const [charge] = stripe.charges
    for (let i = 0; i < 250; i++)
      stripe.charges.push({ ...charge!, id: `ch_${i}`, payment_intent: `pi_${i}`, metadata: {}, amount: 1 })
    await nextMorning()
    expect(await days()).toMatchObject([{ state: 'differs', theirsFen: CLAM_FEN + 250, oursFen: CLAM_FEN }])
    expect((await days())[0]!.differences).toHaveLength(200)
  })
})
