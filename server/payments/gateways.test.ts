import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOLD_MS, myOrder, payOrder } from '../../shared/contracts/orders.ts'
import { payState } from '../../shared/contracts/payments.ts'
import { DAY_MS, dayOf } from '../../shared/day.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import { attemptAt, tills, type Opened, type Till, type Told } from '../testing/tills.ts'
import { GatewayRefused, type Attempt, type PayGateway } from './gateway.ts'
import { ASK_AFTER_MS, type Said } from './payment.ts'

const TOLERANCE_MS = 5 * 60_000
const TEN_HOURS_MS = 10 * 3_600_000

/** What every gateway has to keep, whoever is behind it. Each sentence has an order of its own. */
describe.each(tills)('$name', ({ open }) => {
  const clock = settableClock()
  let till: Till
  let m: Market
  let gateway: PayGateway
  let goods: Awaited<ReturnType<Market['goods']>>
  beforeAll(async () => {
    till = await open(clock)
    m = await market(engines[0]!, till.settings, clock)
    goods = await m.goods(m.host, { title: '海蛎子', stock: 100 })
    gateway = till.gateway(m.village.store)
  })
  afterAll(async () => {
    await m.close()
    await till.close()
  })

  const order = async (orderId: string) => (await m.buyer.call(myOrder, { params: { orderId } })).json.order
  const start = (orderId: string) =>
    m.buyer.call(payOrder, { params: { orderId }, body: { method: till.method } })
  const placed = async () => (await m.order({ lines: [{ specId: goods.specId, qty: 1 }] })).id

  async function opened(): Promise<Opened & { orderId: string }> {
    const orderId = await placed()
    const { status, json } = await start(orderId)
    expect(status, JSON.stringify(json)).toBe(200)
    return { orderId, ...json }
  }

  async function knock({ payload, headers }: Told) {
    const url = `/api/notify/${till.name}`
    const answer = await m.village.http.inject({ method: 'POST', url, headers, payload })
    return { status: answer.statusCode, text: answer.body }
  }

  const alerts = async (paymentId: string) =>
    (await m.village.store.read.select().from(m.village.store.schema.audit))
      .filter((line) => line.actorId === 'payments' && line.subject === paymentId)
      .map((line) => line.action)

  /** An attempt of the driver’s own, paid; as payments would know it then. */
  async function paidAttempt(amountFen = 3990): Promise<Attempt & { said: Said }> {
    const attempt = attemptAt(till, clock.now(), amountFen)
    const { ref, payUrl } = await gateway.create(attempt)
    await till.pay({ paymentId: attempt.id, payUrl }, m.village.store)
    const said = await gateway.query({ ...attempt, gatewayRef: ref })
    return { ...attempt, gatewayRef: ref, captureRef: said.captureRef, said }
  }
  const openedBy = ({ id }: Attempt): Opened => ({ paymentId: id, payUrl: '' })

  it('pays an order by its own word, once, though it says so six times', async () => {
    const paid = await opened()
    await till.pay(paid, m.village.store)
    const told = till.paid(paid)
    for (let i = 0; i < 6; i++) {
      const { status, text } = await knock(told)
      expect(status).toBe(200)
      expect(text).toBe(
        till.name === 'alipay' ? 'success' : i ? '{"received":true,"repeated":true}' : '{"received":true}'
      )
    }
    expect(await order(paid.orderId)).toMatchObject({
      state: 'paid',
      changes: [{ state: 'pending' }, { state: 'paid' }]
    })
    expect((await start(paid.orderId)).json.code).toBe('order_paid')
    expect(await alerts(paid.paymentId)).toEqual([])
  })

  it('is believed only with its own fresh signature over these very bytes', async () => {
    const paid = await opened()
    await till.pay(paid, m.village.store)
    const told = till.paid(paid)
    const { 'content-type': type } = told.headers
    const untrue: Told[] = [
      till.forged(told, 1),
      { ...told, payload: `${told.payload} ` },
      { ...told, payload: '' },
      ...(till.name === 'alipay' ? [] : [{ ...told, headers: { 'content-type': type! } }]),
      till.paid(paid, clock.now() - TOLERANCE_MS - 1000)
    ]
    for (const each of untrue) {
      const { status, text } = await knock(each)
      expect({ status, code: JSON.parse(text).code }).toEqual({ status: 400, code: 'bad_signature' })
    }
    expect((await order(paid.orderId)).state).toBe('pending')
    expect(await knock(told)).toMatchObject({ status: 200 })
    expect((await order(paid.orderId)).state).toBe('paid')
  })

  it('may tell things in any order', async () => {
    for (const first of ['gossip', 'money']) {
      const paid = await opened()
      await till.pay(paid, m.village.store)
      const gossip = till.gossip(paid)
      const all = first === 'gossip' ? [...gossip, till.paid(paid)] : [till.paid(paid), ...gossip]
      for (const each of all) expect((await knock(each)).status).toBe(200)
      expect(await order(paid.orderId)).toMatchObject({ state: 'paid', changes: [{}, {}] })
      expect(await alerts(paid.paymentId)).toEqual([])
    }
  })

  it('is asked when it tells nothing', async () => {
    const paid = await opened()
    await till.pay(paid, m.village.store)
    clock.pass(ASK_AFTER_MS)
    const { json } = await m.buyer.call(payState, { params: { paymentId: paid.paymentId } })
    expect(json.state).toBe('paid')
    expect((await order(paid.orderId)).state).toBe('paid')
  })

  it('opens one attempt although its answer was lost', async () => {
    const orderId = await placed()
    till.weather('answers_lost')
    const first = await start(orderId)
    till.weather('fine')
    const { status, json } = await start(orderId)
    expect(status).toBe(200)
    const lost = [503, 'payment_unavailable']
    expect([first.status, first.json.code]).toEqual(till.opensByCall ? lost : [200, undefined])
    await till.pay(json, m.village.store)
    await knock(till.paid(json))
    expect((await order(orderId)).state).toBe('paid')
    expect(await m.village.payments.byIds(m.village.store.read, [json.paymentId])).toMatchObject([
      { attempt: 1, state: 'paid' }
    ])
  })

  it('gives the money back, once, when she pays after the end', async () => {
    const late = await opened()
    clock.pass(HOLD_MS)
    await m.village.orders.expireOverdue()
    expect((await order(late.orderId)).state).toBe('expired')
    await till.pay(late, m.village.store)
    for (let i = 0; i < 2; i++) expect((await knock(till.paid(late))).status).toBe(200)
    expect((await order(late.orderId)).state).toBe('expired')
    expect(await alerts(late.paymentId)).toEqual(['paid_too_late'])
    till.weather('answers_lost')
    await m.village.jobs.runDue()
    till.weather('fine')
    clock.pass(60_000)
    await m.village.jobs.runDue()
    expect(await till.paidBackFen(late, m.village.store)).toBe(CLAM_FEN)
    expect(await m.village.payments.byIds(m.village.store.read, [late.paymentId])).toMatchObject([
      { state: 'paid', refundedFen: CLAM_FEN }
    ])
    expect(await alerts(late.paymentId)).toEqual(['paid_too_late'])
  })

  it('says open, paid and closed as it is, with the sum and a name for the money', async () => {
    const attempt = attemptAt(till, clock.now())
    const { ref, payUrl } = await gateway.create(attempt)
    const known = { ...attempt, gatewayRef: ref }
    expect((await gateway.create(attempt)).ref).toBe(ref)
    expect(await gateway.query(known)).toMatchObject({ state: 'open', amountFen: 3990, captureRef: '' })
    await till.pay({ paymentId: attempt.id, payUrl }, m.village.store)
    const said = { state: 'paid', amountFen: 3990, currency: 'cny' }
    expect(await gateway.query(known)).toMatchObject(said)
    expect((await gateway.query(known)).captureRef).not.toBe('')
    // A buyer who was faster is paid for.
    expect(await gateway.close(known)).toMatchObject(said)

    const left = attemptAt(till, clock.now())
    const { ref: leftRef } = await gateway.create(left)
    for (let i = 0; i < 2; i++)
      expect(await gateway.close({ ...left, gatewayRef: leftRef })).toMatchObject({ state: 'closed' })
  })

  it('pays back once under one name, although two ask at once and the answer is lost', async () => {
    const attempt = await paidAttempt()
    const refund = { id: `refund${attempt.id}`, amountFen: 1990 }
    till.weather('answers_lost')
    await gateway.refund(attempt, refund).catch(() => {})
    till.weather('fine')
    await Promise.all([gateway.refund(attempt, refund), gateway.refund(attempt, refund)])
    expect(await till.paidBackFen(openedBy(attempt), m.village.store)).toBe(1990)
    await gateway.refund(attempt, { id: `second${attempt.id}`, amountFen: 2000 })
    expect(await till.paidBackFen(openedBy(attempt), m.village.store)).toBe(3990)
  })

  it('refuses for good what is more than was paid', async () => {
    const attempt = await paidAttempt(1001)
    await gateway.refund(attempt, { id: `most${attempt.id}`, amountFen: 1000 })
    const more = gateway.refund(attempt, { id: `more${attempt.id}`, amountFen: 2 })
    await expect(more).rejects.toThrow(GatewayRefused)
    expect(await till.paidBackFen(openedBy(attempt), m.village.store)).toBe(1000)
    await gateway.refund(attempt, { id: `last${attempt.id}`, amountFen: 1 })
  })

  it('that cannot be reached says neither yes nor no', async () => {
    const attempt = await paidAttempt()
    till.weather('down')
    const calls = [
      gateway.query(attempt),
      gateway.close(attempt),
      gateway.refund(attempt, { id: `down${attempt.id}`, amountFen: 1 })
    ]
    const ends = await Promise.allSettled(calls)
    till.weather('fine')
    const words = ends.map((end) =>
      end.status === 'fulfilled' ? 'yes' : end.reason instanceof GatewayRefused ? 'no' : 'unsure'
    )
    const all = till.name === 'sandbox' ? 'yes' : 'unsure' // nobody has to reach what lies in our own store
    expect(words).toEqual([all, all, all])
  })

  it('lists what happened in a day, to the fen, and nothing of another day', async () => {
    clock.pass(2 * DAY_MS)
    const day = dayOf(clock.now())
    const first = await paidAttempt(1999)
    const second = await paidAttempt(5)
    await gateway.create(attemptAt(till, clock.now()))
    await gateway.refund(first, { id: `back${first.id}`, amountFen: 999 })
    clock.pass(DAY_MS + TEN_HOURS_MS)
    const sorted = (all: readonly { kind: string; id: string; amountFen: number }[]) =>
      all.map(({ kind, id, amountFen }) => `${kind} ${id} ${amountFen}`).toSorted()
    expect(sorted(await gateway.listDay(day))).toEqual(
      sorted([
        { kind: 'payment', id: first.id, amountFen: 1999 },
        { kind: 'payment', id: second.id, amountFen: 5 },
        { kind: 'refund', id: `back${first.id}`, amountFen: 999 }
      ])
    )
    const payment = (await gateway.listDay(day)).find(({ id }) => id === first.id)
    expect(payment!.ref).toBe(first.captureRef)
    clock.pass(2 * DAY_MS)
    expect(await gateway.listDay(dayOf(clock.now() - 2 * DAY_MS))).toEqual([])
  })
})
