import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { cancelOrder, myOrder, payOrder, quoteOrder } from '../../shared/contracts/orders.ts'
import { payState } from '../../shared/contracts/payments.ts'
import { boundsOf, DAY_MS, dayOf } from '../../shared/day.ts'
import { alipayDouble, type AlipayDouble } from '../testing/alipay-double.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import { attemptAt, type Till } from '../testing/tills.ts'
import { wechatDouble, type WechatDouble } from '../testing/wechat-double.ts'
import { ALIPAY_LIST_AFTER_MS, alipayGateway } from './alipay.ts'
import { rawOf } from './alipay-api.ts'
import { alipayListed } from './alipay-bill.ts'
import { GatewayRefused, type PayGateway } from './gateway.ts'
import { ASK_AFTER_MS } from './payment.ts'

const DESK = 'Mozilla/5.0 (X11; Linux x86_64) Chrome/153'
const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1'

describe('支付宝', () => {
  const clock = settableClock()
  let alipay: AlipayDouble
  let wechat: WechatDouble
  let m: Market
  let gateway: PayGateway
  let goods: Awaited<ReturnType<Market['goods']>>
  beforeAll(async () => {
    alipay = await alipayDouble(clock)
    wechat = await wechatDouble(clock)
    const stripe = {
      secretKey: 'sk_test_x',
      webhookSecret: 'whsec_x',
      apiBase: 'http://127.0.0.1:1',
      methods: ['card', 'alipay', 'wechat_pay']
    }
    const settings = { alipay: alipay.settings, wechat: wechat.settings, stripe, allowSandboxPay: false }
    m = await market(engines[0]!, settings, clock)
    goods = await m.goods(m.host, { title: '海蛎子', stock: 100 })
    gateway = alipayGateway({ alipay: alipay.settings, publicUrl: 'https://shop.example', clock })
  })
  afterEach(() => {
    alipay.spoil = (reply) => reply
  })
  afterAll(async () => {
    await m.close()
    await alipay.close()
    await wechat.close()
  })

  const order = async (orderId: string) => (await m.buyer.call(myOrder, { params: { orderId } })).json.order
  const start = (orderId: string, agent = DESK) =>
    m.buyer.call(payOrder, {
      params: { orderId },
      body: { method: 'alipay' },
      headers: { 'user-agent': agent }
    })
  const placed = async () => (await m.order({ lines: [{ specId: goods.specId, qty: 1 }] })).id

  async function opened(agent = DESK) {
    const orderId = await placed()
    const { status, json } = await start(orderId, agent)
    expect(status, JSON.stringify(json)).toBe(200)
    return { orderId, ...json }
  }

  async function knock({ payload, headers }: { payload: string; headers: Record<string, string> }) {
    const answer = await m.village.http.inject({
      method: 'POST',
      url: '/api/notify/alipay',
      headers,
      payload
    })
    return { status: answer.statusCode, type: answer.headers['content-type'], text: answer.body }
  }

  async function paid() {
    const { orderId, paymentId, payUrl } = await opened()
    alipay.visit(payUrl)
    alipay.pay(paymentId)
    expect(await knock(alipay.told(paymentId))).toMatchObject({ status: 200, text: 'success' })
    return { orderId, paymentId }
  }

  const alerts = async (paymentId: string) =>
    (await m.village.store.read.select().from(m.village.store.schema.audit))
      .filter((line) => line.actorId === 'payments' && line.subject === paymentId)
      .map((line) => line.action)

  const payment = async (paymentId: string) =>
    (await m.village.payments.byIds(m.village.store.read, [paymentId]))[0]!

  it('and 微信支付 by accounts of our own come before the same through Stripe, each shown once', async () => {
    const { json } = await m.buyer.call(quoteOrder, { body: { lines: m.draft().lines } })
    expect(json.methods).toEqual(['wechat_pay', 'alipay', 'card'])
    const { paymentId } = await opened()
    expect((await payment(paymentId)).gateway).toBe('alipay')
  })

  it('opens its own page at a desk and the app’s on a phone, with our sum and our end', async () => {
    const pages = []
    for (const agent of [DESK, PHONE]) {
      const { orderId, paymentId, payUrl } = await opened(agent)
      const { searchParams: words } = new URL(payUrl)
      const { quit_url, ...biz } = JSON.parse(words.get('biz_content')!) as Record<string, string>
      expect(biz).toMatchObject({
        out_trade_no: paymentId,
        total_amount: '39.90',
        time_expire: '2026-11-22 08:31:00'
      })
      expect(words.get('return_url')).toMatch(new RegExp(`/pay/${paymentId}/back$`))
      expect(words.get('notify_url')).toMatch(/\/api\/notify\/alipay$/)
      expect(alipay.visit(payUrl).no).toBe(paymentId)
      pages.push([words.get('method'), quit_url?.endsWith(`/me/orders/${orderId}`) ?? false])
    }
    expect(pages).toEqual([
      ['alipay.trade.page.pay', false],
      ['alipay.trade.wap.pay', true]
    ])
    const orderId = await placed()
    expect((await start(orderId, `${PHONE} MicroMessenger/8`)).json.code).toBe('open_in_browser')
  })

  it('knows nothing of a page to which nobody came, and such an order can be cancelled', async () => {
    const { orderId, paymentId, payUrl } = await opened()
    clock.pass(ASK_AFTER_MS)
    expect((await m.buyer.call(payState, { params: { paymentId } })).json.state).toBe('open')
    expect((await m.buyer.call(cancelOrder, { params: { orderId } })).status).toBe(200)
    // She still has the page open, and pays there.
    alipay.visit(payUrl)
    alipay.pay(paymentId)
    await knock(alipay.told(paymentId))
    expect(await alerts(paymentId)).toEqual(['paid_too_late'])
    await m.village.jobs.runDue()
    expect(alipay.refunds.find(({ outTradeNo }) => outTradeNo === paymentId)!.fen).toBe(CLAM_FEN)
    expect((await order(orderId)).state).toBe('cancelled')
  })

  it('closes what it knows, so that nobody pays for it any more', async () => {
    const { orderId, paymentId, payUrl } = await opened()
    alipay.visit(payUrl)
    expect((await m.buyer.call(cancelOrder, { params: { orderId } })).status).toBe(200)
    expect(alipay.trades.get(paymentId)!.state).toBe('TRADE_CLOSED')
  })

  it('tells us nothing of another application’s or another seller’s money, nor in two voices', async () => {
    const { orderId, paymentId, payUrl } = await opened()
    alipay.visit(payUrl)
    alipay.pay(paymentId)
    const told = alipay.told(paymentId)
    const untrue = [
      alipay.told(paymentId, { app_id: '2021000000000002' }),
      alipay.told(paymentId, { seller_id: '2088000000000002' }),
      alipay.told(paymentId, { notify_time: 'now' }),
      { ...told, payload: `${told.payload}&total_amount=39.90` },
      { ...told, payload: told.payload.replace('RSA2', 'RSA') }
    ]
    for (const each of untrue) expect((await knock(each)).text).toContain('bad_signature')
    expect((await order(orderId)).state).toBe('pending')
    expect(await knock(told)).toMatchObject({ type: expect.stringContaining('text/plain'), text: 'success' })
    expect((await order(orderId)).state).toBe('paid')
  })

  it('is not paid by another sum', async () => {
    const { orderId, paymentId, payUrl } = await opened()
    alipay.visit(payUrl)
    alipay.pay(paymentId)
    await knock(alipay.told(paymentId, { total_amount: '39.89' }))
    expect((await order(orderId)).state).toBe('pending')
    expect(await alerts(paymentId)).toEqual(['payment_mismatch'])
  })

  it('is not believed without its own signature, whatever it answers', async () => {
    const { paymentId, payUrl } = await opened()
    alipay.visit(payUrl)
    alipay.pay(paymentId)
    const look = async () => {
      clock.pass(ASK_AFTER_MS)
      return (await m.buyer.call(payState, { params: { paymentId } })).json.state
    }
    const changes: ((body: string) => string)[] = [
      (body) => body.replace('39.90', '39.91'),
      (body) => body.replace(/"sign":"[^"]*"/, '"sign":""'),
      (body) => body.replace(/,"sign":"[^"]*"/, ''),
      (body) => body.replace('alipay_trade_query_response', 'error_response'),
      () => '<html>'
    ]
    for (const change of changes) {
      alipay.spoil = (reply) => ({ ...reply, body: change(String(reply.body)) })
      expect(await look()).toBe('open')
    }
    alipay.spoil = (reply) => reply
    expect(await look()).toBe('paid')
  })

  it('tells of all that went back so far: ours is no news, what went back at its desk is', async () => {
    const { orderId, paymentId } = await paid()
    const taken = await payment(paymentId)
    await m.village.store.tx((tx) => m.village.payments.refundIn(tx, taken, 500, 'test'))
    await m.village.jobs.runDue()
    await knock(alipay.refunded(paymentId))
    expect(await alerts(paymentId)).toEqual([])
    alipay.payBackAtDesk(paymentId, 100)
    await knock(alipay.refunded(paymentId))
    expect((await payment(paymentId)).refundedFen).toBe(600)
    expect(await alerts(paymentId)).toEqual(['refunded_elsewhere'])
    // All of it back closes the trade there, which is not the same as never paid.
    alipay.payBackAtDesk(paymentId, CLAM_FEN - 600)
    expect(await gateway.query(await payment(paymentId))).toMatchObject({ state: 'paid' })
    await knock(alipay.refunded(paymentId))
    expect((await order(orderId)).state).toBe('refunded')
  })

  describe('its driver', () => {
    const till = { method: 'alipay' } as Till
    async function attemptPaid() {
      const attempt = attemptAt(till, clock.now())
      alipay.visit((await gateway.create(attempt)).payUrl)
      alipay.pay(attempt.id)
      return attempt
    }

    it('waits where asking again may help, and takes a no for a no', async () => {
      const attempt = await attemptPaid()
      const isRefused = () =>
        gateway.refund(attempt, { id: `wait${attempt.id}`, amountFen: 1 }).then(
          () => 'done',
          (error: unknown) => error instanceof GatewayRefused
        )
      alipay.weather = 'down'
      expect(await isRefused()).toBe(false)
      alipay.weather = 'fine'
      const nobody = { ...attempt, id: 'nobody' }
      await expect(gateway.refund(nobody, { id: 'x', amountFen: 1 })).rejects.toThrow(GatewayRefused)
      const other = { id: `same${attempt.id}`, amountFen: 5 }
      await gateway.refund(attempt, other)
      await expect(gateway.refund(attempt, { ...other, amountFen: 6 })).rejects.toThrow(GatewayRefused)
    })

    it('asks for the list of a day after ten; that there is none is believed a day later', async () => {
      clock.pass(3 * DAY_MS)
      const day = dayOf(clock.now())
      clock.set(boundsOf(day).to + ALIPAY_LIST_AFTER_MS - 1000)
      const asked = alipay.asked.length
      await expect(gateway.listDay(day)).rejects.toThrow('yet')
      expect(alipay.asked.length).toBe(asked)
      clock.pass(1000)
      await expect(gateway.listDay(day)).rejects.toThrow('bill_not_exist')
      clock.set(boundsOf(day).to + DAY_MS)
      expect(await gateway.listDay(day)).toEqual([])
    })
  })
})

describe('what 支付宝 signs', () => {
  it('is cut out to the letter', () => {
    const inner = '{"a":"}\\"{","b":{"c":1}}'
    expect(rawOf(`{"x_response":${inner},"sign":"s"}`, 'x_response')).toBe(inner)
    expect(rawOf(`{"sign":"s","x_response": ${inner}}`, 'x_response')).toBe(inner)
    expect(() => rawOf('{"x_response":{"a":1', 'x_response')).toThrow('torn')
  })
})

describe('a list of 支付宝', () => {
  const list = (...lines: string[]) => {
    // The headings that count, in GBK.
    const bytes = Buffer.concat([gbkHeads, Buffer.from(`\r\n${lines.join('\r\n')}\r\n`, 'latin1')])
    return alipayListed([Buffer.from('#\r\n\xb6\xd4,\xd5\xcb\r\n', 'latin1'), bytes])
  }
  // 支付宝交易号,商户订单号,业务类型,订单金额（元）,退款批次号/请求号
  const gbkHeads = Buffer.from(
    'd6a7b8b6b1a6bdbbd2d7bac52cc9ccbba7b6a9b5a5bac52cd2b5cef1c0e0d0cd2cb6a9b5a5bdf0b6eea3a8d4aaa3a92ccdcbbfeec5fab4cebac52fc7ebc7f3bac5',
    'hex'
  )
  const PAID = '\xbd\xbb\xd2\xd7' // 交易
  const BACK = '\xcd\xcb\xbf\xee' // 退款

  it('is found by its headings, whatever its file is called', () => {
    expect(list(`t1\t,a\t,${PAID},39.90,`, `t1\t,a\t,${BACK},-0.05,b\t`)).toEqual([
      { kind: 'payment', id: 'a', ref: 't1', amountFen: 3990 },
      { kind: 'refund', id: 'b', ref: 't1/b', amountFen: 5 }
    ])
  })

  it.each([
    ['a word too few', `t1,a,${PAID},39.90`, 'another length'],
    ['a sum that is none', `t1,a,${PAID},39.905,`, 'no yuan and fen'],
    ['a kind that nobody knows', 't1,a,x,39.90,', 'a kind'],
    ['a quote without its end', `"t1,a,${PAID},39.90,`, 'torn']
  ])('with %s is not read at all', (_, line, why) => {
    expect(() => list(line)).toThrow(why)
  })

  it('that is not there is not empty', () => {
    expect(() => alipayListed([])).toThrow('not among its files')
  })
})
