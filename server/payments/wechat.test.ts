import { gzipSync } from 'node:zlib'
import { and, asc, eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { cancelOrder, HOLD_MS, myOrder, payOrder, quoteOrder } from '../../shared/contracts/orders.ts'
import { payState } from '../../shared/contracts/payments.ts'
import { cancelPaid, orderAftersale } from '../../shared/contracts/aftersale.ts'
import { boundsOf, dayOf } from '../../shared/day.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import { attemptAt, type Till } from '../testing/tills.ts'
import { wechatDouble, type WechatDouble } from '../testing/wechat-double.ts'
import { GatewayRefused, type PayGateway } from './gateway.ts'
import { ASK_AFTER_MS } from './payment.ts'
import { WECHAT_LIST_AFTER_MS, wechatGateway } from './wechat.ts'
import { wechatListed } from './wechat-bill.ts'

const HOUR_MS = 3_600_000
/** Longer than a job tries by itself. */
const WAITS_HOURS = 30
const DESK = 'Mozilla/5.0 (X11; Linux x86_64) Chrome/153'
const PHONE = 'Mozilla/5.0 (Linux; Android 14; PGT-AN00) Mobile Chrome/120'
const IN_WECHAT = `${PHONE} MicroMessenger/8.0.50`

describe('微信支付', () => {
  const clock = settableClock()
  let wechat: WechatDouble
  let m: Market
  let gateway: PayGateway
  let goods: Awaited<ReturnType<Market['goods']>>
  beforeAll(async () => {
    wechat = await wechatDouble(clock)
    m = await market(engines[0]!, { wechat: wechat.settings, allowSandboxPay: false }, clock)
    goods = await m.goods(m.host, { title: '海蛎子', stock: 100 })
    gateway = wechatGateway({ wechat: wechat.settings, publicUrl: 'https://shop.example', clock })
  })
  afterEach(() => {
    wechat.spoil = (reply) => reply
    wechat.refundStatus = 'SUCCESS'
  })
  afterAll(async () => {
    await m.close()
    await wechat.close()
  })

  const order = async (orderId: string) => (await m.buyer.call(myOrder, { params: { orderId } })).json.order
  const start = (orderId: string, agent = DESK) =>
    m.buyer.call(payOrder, {
      params: { orderId },
      body: { method: 'wechat_pay' },
      headers: { 'user-agent': agent }
    })
  const placed = async () => (await m.order({ lines: [{ specId: goods.specId, qty: 1 }] })).id
  const wordsOf = (paymentId: string) =>
    JSON.parse(wechat.trades.get(paymentId)!.words) as Record<string, unknown>

  async function opened(agent = DESK) {
    const orderId = await placed()
    const { status, json } = await start(orderId, agent)
    expect(status, JSON.stringify(json)).toBe(200)
    return { orderId, ...json }
  }

  async function paid() {
    const { orderId, paymentId } = await opened()
    wechat.pay(paymentId)
    await knock(wechat.paid(paymentId))
    return { orderId, paymentId }
  }

  async function knock({ payload, headers }: { payload: string; headers: Record<string, string> }) {
    const answer = await m.village.http.inject({
      method: 'POST',
      url: '/api/notify/wechat',
      headers,
      payload
    })
    return { status: answer.statusCode, json: answer.json() as Record<string, unknown> }
  }

  const alerts = async (paymentId: string) =>
    (await m.village.store.read.select().from(m.village.store.schema.audit))
      .filter((line) => line.actorId === 'payments' && line.subject === paymentId)
      .map((line) => line.action)

  /** What nobody has settled yet. */
  const bellOf = async (subject: string) => {
    const { store } = m.village
    const { moneyAlerts } = store.schema
    const about = and(eq(moneyAlerts.subject, subject), eq(moneyAlerts.settledAt, 0))
    const open = await store.read.select().from(moneyAlerts).where(about).orderBy(asc(moneyAlerts.id))
    return open.map(({ action }) => action)
  }
  const hoursPass = async (hours: number) => {
    for (let hour = 0; hour < hours; hour++, clock.pass(HOUR_MS)) await m.village.jobs.runDue()
  }
  const emptyPurse = () => ({ status: 403, body: JSON.stringify({ code: 'NOT_ENOUGH', message: '…' }) })

  const payment = async (paymentId: string) =>
    (await m.village.payments.byIds(m.village.store.read, [paymentId]))[0]!

  it('is offered, and nothing else is', async () => {
    const { json } = await m.buyer.call(quoteOrder, { body: { lines: m.draft().lines } })
    expect(json.methods).toEqual(['wechat_pay'])
  })

  it('shows a code at a desk, for our sum and under our name', async () => {
    const { orderId, paymentId, payUrl } = await opened()
    expect(payUrl).toMatch(/^weixin:\/\/wxpay\/bizpayurl\?pr=/)
    expect(wordsOf(paymentId)).toMatchObject({
      out_trade_no: paymentId,
      amount: { total: CLAM_FEN, currency: 'CNY' },
      notify_url: expect.stringMatching(/\/api\/notify\/wechat$/),
      time_expire: '2026-11-22T08:31:00+08:00'
    })
    // The code dies before the attempt does: another one for the same trade.
    const again = await start(orderId)
    expect(again.json.paymentId).toBe(paymentId)
    expect(again.json.payUrl).not.toBe(payUrl)
    const { json } = await m.buyer.call(payState, { params: { paymentId } })
    expect(json.payUrl).toBe(again.json.payUrl)
  })

  it('opens the app from a phone’s browser and brings her back', async () => {
    const { paymentId, payUrl } = await opened(PHONE)
    expect(payUrl).toMatch(/^https:.*&redirect_url=http.*%2Fpay%2F\w+%2Fback$/)
    expect(wordsOf(paymentId).scene_info).toEqual({
      payer_client_ip: '127.0.0.1',
      h5_info: { type: 'Wap' }
    })
  })

  it('sends her out of WeChat’s own browser, where nothing is opened', async () => {
    const orderId = await placed()
    expect((await start(orderId, IN_WECHAT)).json.code).toBe('open_in_browser')
    const { payments } = m.village.store.schema
    const all = await m.village.store.read.select().from(payments)
    expect(all.filter((each) => each.orderId === orderId)).toEqual([])
  })

  it('closes the code at the desk when she goes on at her phone', async () => {
    const { orderId, paymentId } = await opened(DESK)
    const { json } = await start(orderId, PHONE)
    expect(json.paymentId).not.toBe(paymentId)
    expect(wechat.trades.get(paymentId)!.state).toBe('CLOSED')
    expect(wechat.trades.get(json.paymentId)!.state).toBe('NOTPAY')
    expect((await m.buyer.call(cancelOrder, { params: { orderId } })).status).toBe(200)
    expect(wechat.trades.get(json.paymentId)!.state).toBe('CLOSED')
  })

  it('that is paid while we open it once more says neither yes nor no', async () => {
    const { orderId, paymentId } = await opened()
    wechat.pay(paymentId)
    expect((await start(orderId)).json.code).toBe('payment_unavailable')
    expect((await payment(paymentId)).state).toBe('open')
    clock.pass(ASK_AFTER_MS)
    expect((await m.buyer.call(payState, { params: { paymentId } })).json.state).toBe('paid')
  })

  it('is not believed without its own signature, whatever it answers', async () => {
    const { paymentId } = await opened()
    wechat.pay(paymentId)
    const look = async () => {
      clock.pass(ASK_AFTER_MS)
      return (await m.buyer.call(payState, { params: { paymentId } })).json.state
    }
    wechat.spoil = (reply) => ({ ...reply, body: `${String(reply.body)} ` })
    expect(await look()).toBe('open')
    wechat.spoil = ({ headers: _signature, ...reply }) => reply
    expect(await look()).toBe('open')
    wechat.spoil = (reply) => ({
      ...reply,
      headers: { ...reply.headers, 'wechatpay-serial': 'PUB_KEY_ID_X' }
    })
    expect(await look()).toBe('open')
    wechat.spoil = (reply) => ({ ...reply, body: Buffer.alloc(300 * 1024, 32) })
    expect(await look()).toBe('open')
    wechat.spoil = (reply) => reply
    expect(await look()).toBe('paid')
  })

  it('tells us nothing of another merchant’s money, nor when it only tests us', async () => {
    const { orderId, paymentId } = await opened()
    const told = wechat.paid(paymentId)
    const test = `WECHATPAY/SIGNTEST/${told.headers['wechatpay-signature']}`
    const untrue = [
      wechat.paid(paymentId, { mchid: '1900000002' }),
      { ...told, headers: { ...told.headers, 'wechatpay-signature': test } }
    ]
    for (const each of untrue) expect((await knock(each)).json.code).toBe('bad_signature')
    expect((await order(orderId)).state).toBe('pending')
  })

  it('is not paid by another sum or in another currency', async () => {
    const { orderId, paymentId } = await opened()
    await knock(wechat.paid(paymentId, { total: CLAM_FEN - 1 }))
    await knock(wechat.paid(paymentId, { currency: 'HKD' }))
    expect((await order(orderId)).state).toBe('pending')
    expect(await alerts(paymentId)).toEqual(['payment_mismatch', 'payment_mismatch'])
  })

  it('tells of what somebody paid back at its own desk, and that counts once', async () => {
    const { orderId, paymentId } = await paid()
    const refund = wechat.payBackAtDesk(paymentId, 1000)
    // The same refund under two ids of notifications, and repeated.
    for (const told of [wechat.refunded(refund), wechat.refunded(refund)]) await knock(told)
    expect((await payment(paymentId)).refundedFen).toBe(1000)
    expect(await alerts(paymentId)).toEqual(['refunded_elsewhere'])
    expect((await order(orderId)).state).toBe('paid')
    await knock(wechat.refunded(wechat.payBackAtDesk(paymentId, CLAM_FEN - 1000)))
    expect((await order(orderId)).state).toBe('refunded')
  })

  it('repeats our own refund to us, which is no news; one that got stuck rings', async () => {
    const { paymentId } = await paid()
    const taken = await payment(paymentId)
    await m.village.store.tx((tx) => m.village.payments.refundIn(tx, taken, 500, 'test'))
    await m.village.jobs.runDue()
    const [refund] = wechat.refunds.filter(({ tradeNo }) => tradeNo === paymentId)
    expect(refund!.fen).toBe(500)
    await knock(wechat.refunded(refund!))
    expect((await payment(paymentId)).refundedFen).toBe(500)
    expect(await alerts(paymentId)).toEqual([])
    await knock(wechat.refunded(refund!, 'ABNORMAL'))
    expect(await alerts(paymentId)).toEqual(['refund_failed'])
  })

  it('is asked for a refund until its purse is full, and somebody hears that it is not', async () => {
    const { orderId, paymentId } = await paid()
    wechat.spoil = emptyPurse
    expect((await m.buyer.call(cancelPaid, { params: { orderId } })).status).toBe(200)
    const [refund] = (await m.buyer.call(orderAftersale, { params: { orderId } })).json.aftersale.refunds
    const { jobs } = m.village
    const bell = () => bellOf(refund!.id)
    for (let hour = 0; hour < 6; hour++, clock.pass(HOUR_MS)) await jobs.runDue()
    expect(await bell()).toEqual([])
    // Longer than a job tries by itself.
    for (let hour = 0; hour < 72; hour++, clock.pass(HOUR_MS)) await jobs.runDue()
    expect(await bell()).toEqual(['refund_waits'])
    wechat.spoil = (reply) => reply
    clock.pass(HOUR_MS)
    await jobs.runDue()
    expect(wechat.refunds.filter(({ tradeNo }) => tradeNo === paymentId)).toMatchObject([{ fen: CLAM_FEN }])
    expect(await bell()).toEqual([])
  })

  it('rings of a refund that fails after it has waited, and no more of its waiting', async () => {
    const { orderId } = await paid()
    wechat.spoil = emptyPurse
    await m.buyer.call(cancelPaid, { params: { orderId } })
    const [refund] = (await m.buyer.call(orderAftersale, { params: { orderId } })).json.aftersale.refunds
    await hoursPass(WAITS_HOURS)
    expect(await bellOf(refund!.id)).toEqual(['refund_waits'])
    wechat.spoil = () => ({
      status: 403,
      body: JSON.stringify({ code: 'USER_ACCOUNT_ABNORMAL', message: '…' })
    })
    await hoursPass(2)
    expect(await bellOf(refund!.id)).toEqual(['refund_failed'])
  })

  it('rings no more of what came too late once that has gone back', async () => {
    const { orderId, paymentId } = await opened()
    clock.pass(HOLD_MS)
    await m.village.orders.expireOverdue()
    expect((await order(orderId)).state).toBe('expired')
    wechat.pay(paymentId)
    wechat.spoil = emptyPurse
    await knock(wechat.paid(paymentId))
    await hoursPass(WAITS_HOURS)
    expect(await bellOf(paymentId)).toEqual(['paid_too_late', 'refund_waits'])
    wechat.spoil = (reply) => reply
    await hoursPass(2)
    expect((await payment(paymentId)).refundedFen).toBe(CLAM_FEN)
    expect(await bellOf(paymentId)).toEqual(['paid_too_late'])
  })

  describe('its driver', () => {
    const till = { method: 'wechat_pay' } as Till
    async function attemptPaid() {
      const attempt = attemptAt(till, clock.now())
      await gateway.create(attempt)
      wechat.pay(attempt.id)
      return { ...attempt, captureRef: (await gateway.query(attempt)).captureRef }
    }

    it('waits while the purse is empty, and takes a no for a no', async () => {
      const attempt = await attemptPaid()
      const refund = { id: `purse${attempt.id}`, amountFen: 1 }
      const says = (status: number, code: string) => {
        wechat.spoil = () => ({ status, body: JSON.stringify({ code, message: '…' }) })
      }
      const isRefused = (id = refund.id) =>
        gateway.refund(attempt, { ...refund, id }).then(
          () => 'done',
          (error: unknown) => error instanceof GatewayRefused
        )
      says(403, 'NOT_ENOUGH')
      expect(await isRefused()).toBe(false)
      says(429, 'FREQUENCY_LIMITED')
      expect(await isRefused()).toBe(false)
      says(401, 'SIGN_ERROR')
      expect(await isRefused()).toBe(false)
      says(500, 'PARAM_ERROR')
      expect(await isRefused()).toBe(false)
      says(403, 'USER_ACCOUNT_ABNORMAL')
      expect(await isRefused()).toBe(true)
      wechat.spoil = (reply) => reply
      wechat.refundStatus = 'CLOSED'
      expect(await isRefused(`closed${attempt.id}`)).toBe(true)
      wechat.refundStatus = 'PROCESSING'
      await gateway.refund(attempt, { ...refund, id: `slow${attempt.id}` })
    })

    it('says no secret of ours when something goes wrong', async () => {
      const attempt = await attemptPaid()
      wechat.spoil = () => ({ status: 500, body: '{"code":"SYSTEM_ERROR","message":"系统异常"}' })
      const error = await gateway.query(attempt).catch((error: Error) => error)
      expect(String(error)).toBe('Error: 微信支付 answered 500 SYSTEM_ERROR 系统异常')
    })

    it('asks for the list of a day after ten, and holds it against its sum', async () => {
      const day = dayOf(clock.now())
      await attemptPaid()
      clock.set(boundsOf(day).to + WECHAT_LIST_AFTER_MS - 1000)
      const asked = wechat.asked.length
      await expect(gateway.listDay(day)).rejects.toThrow('yet')
      expect(wechat.asked.length).toBe(asked)
      clock.pass(1000)
      wechat.spoil = (reply) =>
        Buffer.isBuffer(reply.body) ? { ...reply, body: gzipSync('交易时间') } : reply
      await expect(gateway.listDay(day)).rejects.toThrow('not the one that it named')
      wechat.spoil = () => ({ status: 400, body: '{"code":"STATEMENT_CREATING"}' })
      await expect(gateway.listDay(day)).rejects.toThrow('STATEMENT_CREATING')
    })
  })
})

describe('a list of 微信支付', () => {
  const heads =
    '微信订单号,商户订单号,交易状态,货币种类,微信退款单号,商户退款单号,退款状态,商品名称,订单金额,申请退款金额'
  const sums = '总交易单数\n`1'
  const list = (...lines: string[]) => wechatListed([heads, ...lines, sums].join('\n'))

  it('is read by its headings, and commas in people’s words cut nothing', () => {
    expect(
      list(
        '`t1,`a,`SUCCESS,`CNY,`0,`0,`,`蛤蜊, 三斤,`39.90,`0.00',
        '`t1,`a,`REFUND,`CNY,`r1,`b,`PROCESSING,`蛤蜊,`39.90,`0.05',
        '`t1,`a,`REFUND,`CNY,`r2,`c,`FAIL,`蛤蜊,`39.90,`0.05',
        '`t2,`d,`SUCCESS,`HKD,`0,`0,`,`蛤蜊,`39.90,`0.00'
      )
    ).toEqual([
      { kind: 'payment', id: 'a', ref: 't1', amountFen: 3990 },
      { kind: 'refund', id: 'b', ref: 'r1', amountFen: 5 },
      { kind: 'payment', id: 'd', ref: 't2', amountFen: 0 }
    ])
  })

  it.each([
    ['a word too few', '`t1,`a,`SUCCESS', 'another length'],
    ['a sum that is none', '`t1,`a,`SUCCESS,`CNY,`0,`0,`,`蛤蜊,`39.905,`0.00', 'no yuan and fen'],
    ['a state that nobody knows', '`t1,`a,`LOST,`CNY,`0,`0,`,`蛤蜊,`39.90,`0.00', 'a state']
  ])('with %s is not read at all', (_, line, why) => {
    expect(() => list(line)).toThrow(why)
  })

  it('without its end is torn', () => {
    expect(() => wechatListed(`${heads}\n\`t1,\`a,\`SUCCESS,\`CNY,\`0,\`0,\`,\`x,\`1.00,\`0.00`)).toThrow(
      'torn'
    )
  })
})
