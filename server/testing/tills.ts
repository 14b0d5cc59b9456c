import { eq } from 'drizzle-orm'
import type { PayMethod } from '../../shared/contracts/orders.ts'
import { alipayGateway } from '../payments/alipay.ts'
import type { Attempt, PayGateway } from '../payments/gateway.ts'
import { CURRENCY } from '../payments/payment.ts'
import { sandboxGateway, sandboxSigner, SIGNATURE_HEADER } from '../payments/sandbox.ts'
import { stripeGateway } from '../payments/stripe.ts'
import { wechatGateway } from '../payments/wechat.ts'
import type { Settings } from '../settings.ts'
import type { Store } from '../store/store.ts'
import { alipayDouble } from './alipay-double.ts'
import type { settableClock } from './clock.ts'
import type { Weather } from './gateway-server.ts'
import { SECRET } from './market.ts'
import { stripeDouble } from './stripe-double.ts'
import { wechatDouble } from './wechat-double.ts'

export type TillClock = ReturnType<typeof settableClock>

export interface Told {
  payload: string
  headers: Record<string, string>
}

/** Where an attempt was opened: what a buyer has in her hands. */
export interface Opened {
  paymentId: string
  payUrl: string
}

/** One way to be paid, seen from the other side of the counter: what buyers and the gateway itself do. */
export interface Till {
  name: 'sandbox' | 'stripe' | 'wechat' | 'alipay'
  method: PayMethod
  settings: Partial<Settings>
  /** Whether it hears of an attempt at once; else the buyer brings it our words. */
  opensByCall: boolean
  /** A driver of its own, beside the village’s. */
  gateway(store: Store): PayGateway
  /** She pays there, and nobody tells us. */
  pay(opened: Opened, store: Store): Promise<void>
  /** What it sends about the payment now; `at`: when it says that it sent it. */
  paid(opened: Opened, at?: number): Told
  /** What may come besides, in any order, and takes nothing back. */
  gossip(opened: Opened): Told[]
  /** The same words with another sum. */
  forged(told: Told, fen: number): Told
  /** Fen that it has paid back of this payment. */
  paidBackFen(opened: Opened, store: Store): Promise<number>
  weather(now: Weather): void
  close(): Promise<void>
}

const PUBLIC_URL = 'https://shop.example'
const ALONE = { allowSandboxPay: false, stripe: undefined, wechat: undefined, alipay: undefined }

async function sandboxTill(clock: TillClock): Promise<Till> {
  const sign = sandboxSigner(SECRET)
  const gateway = (store: Store) =>
    sandboxGateway({ store, clock, secret: SECRET, deliver: async () => undefined })
  let sums = new Map<string, number>()
  const told = (paymentId: string, state: 'paid' | 'failed' | 'closed', at = clock.now()): Told => {
    const said = { state, amountFen: sums.get(paymentId), currency: CURRENCY, captureRef: paymentId }
    const payload = JSON.stringify({ id: `${paymentId}-${state}`, type: state, paymentId, said })
    return { payload, headers: { 'content-type': 'application/json', [SIGNATURE_HEADER]: sign(payload, at) } }
  }
  return {
    name: 'sandbox',
    method: 'sandbox',
    settings: { ...ALONE, allowSandboxPay: true },
    opensByCall: false,
    gateway,
    async pay({ paymentId }, store) {
      const { sandboxPayments } = store.schema
      const books = await store.read.select().from(sandboxPayments)
      sums = new Map(books.map(({ id, amountFen }) => [id, amountFen]))
      // Its buttons are dead once it is closed, and money that is under way looks at no button.
      await store.tx(async (tx) => {
        const paid = { state: 'paid' as const, paidAt: clock.now() }
        await tx.update(sandboxPayments).set(paid).where(eq(sandboxPayments.id, paymentId))
      })
    },
    paid: ({ paymentId }, at) => told(paymentId, 'paid', at),
    gossip: ({ paymentId }) => [told(paymentId, 'failed'), told(paymentId, 'closed')],
    forged: ({ payload, headers }, fen) => ({
      headers,
      payload: payload.replace(/"amountFen":\d+/, `"amountFen":${fen}`)
    }),
    async paidBackFen({ paymentId }, store) {
      const all = await store.read.select().from(store.schema.sandboxRefunds)
      return sumOf(all.filter((each) => each.paymentId === paymentId).map(({ amountFen }) => amountFen))
    },
    weather: () => {}, // its books lie in our own store: no answer is lost on the way
    close: async () => {}
  }
}

async function stripeTill(clock: TillClock): Promise<Till> {
  const double = await stripeDouble(clock)
  const sessionOf = ({ paymentId }: Opened) =>
    [...double.sessions.values()].find(({ metadata }) => metadata?.paymentId === paymentId)!
  return {
    name: 'stripe',
    method: 'alipay',
    settings: { ...ALONE, stripe: double.settings },
    opensByCall: true,
    gateway: () => stripeGateway({ stripe: double.settings, publicUrl: PUBLIC_URL, clock }),
    pay: async (opened) => void double.pay(sessionOf(opened)),
    paid: (opened, at = clock.now()) =>
      double.event('checkout.session.completed', sessionOf(opened), { at, id: `evt_${opened.paymentId}` }),
    gossip(opened) {
      const unpaid = { ...sessionOf(opened), payment_status: 'unpaid' }
      return [
        double.event('checkout.session.async_payment_failed', unpaid),
        double.event('checkout.session.expired', { ...unpaid, status: 'expired' })
      ]
    },
    forged: ({ payload, headers }, fen) => ({
      headers,
      payload: payload.replace(/"amount_total":\d+/, `"amount_total":${fen}`)
    }),
    paidBackFen: async (opened) => {
      const { payment_intent: intent } = sessionOf(opened)
      return sumOf(
        double.refunds.filter((each) => each.payment_intent === intent).map(({ amount }) => amount)
      )
    },
    weather: (now) => void (double.weather = now),
    close: double.close
  }
}

async function wechatTill(clock: TillClock): Promise<Till> {
  const double = await wechatDouble(clock)
  return {
    name: 'wechat',
    method: 'wechat_pay',
    settings: { ...ALONE, wechat: double.settings },
    opensByCall: true,
    gateway: () => wechatGateway({ wechat: double.settings, publicUrl: PUBLIC_URL, clock }),
    pay: async ({ paymentId }) => double.pay(paymentId),
    paid: ({ paymentId }, at = clock.now()) => double.paid(paymentId, { id: `evt-of-${paymentId}`, at }),
    // It tells of nothing but money that came and went.
    gossip: () => [],
    forged({ payload, headers }) {
      // Nobody without the key changes the sum: one letter of the sealed words is all that one can do.
      const forged = payload.replace(
        /"ciphertext":"(.)/,
        (_, first) => `"ciphertext":"${first === 'A' ? 'B' : 'A'}`
      )
      return { headers, payload: forged }
    },
    paidBackFen: async ({ paymentId }) =>
      sumOf(double.refunds.filter(({ tradeNo }) => tradeNo === paymentId).map(({ fen }) => fen)),
    weather: (now) => void (double.weather = now),
    close: double.close
  }
}

async function alipayTill(clock: TillClock): Promise<Till> {
  const double = await alipayDouble(clock)
  return {
    name: 'alipay',
    method: 'alipay',
    settings: { ...ALONE, alipay: double.settings },
    opensByCall: false,
    gateway: () => alipayGateway({ alipay: double.settings, publicUrl: PUBLIC_URL, clock }),
    async pay({ paymentId, payUrl }) {
      double.visit(payUrl)
      double.pay(paymentId)
    },
    paid: ({ paymentId }, at) => double.told(paymentId, {}, at, `ac05${paymentId}`),
    gossip: ({ paymentId }) => [
      double.told(paymentId, { trade_status: 'WAIT_BUYER_PAY', gmt_payment: '' }),
      double.told(paymentId, { trade_status: 'TRADE_CLOSED', gmt_payment: '' }),
      double.told(paymentId, { trade_status: 'TRADE_FINISHED' })
    ],
    forged: ({ payload, headers }, fen) => ({
      headers,
      payload: payload.replace(/total_amount=[\d.]+/, `total_amount=0.0${fen}`)
    }),
    paidBackFen: async ({ paymentId }) =>
      sumOf(double.refunds.filter(({ outTradeNo }) => outTradeNo === paymentId).map(({ fen }) => fen)),
    weather: (now) => void (double.weather = now),
    close: double.close
  }
}

const sumOf = (all: readonly number[]) => all.reduce((sum, fen) => sum + fen, 0)

/** Every gateway there is: a rule that holds for some of them only is no rule. */
export const tills = [
  { name: '演示收银台', open: sandboxTill },
  { name: 'Stripe', open: stripeTill },
  { name: '微信支付', open: wechatTill },
  { name: '支付宝', open: alipayTill }
]

let made = 0

/** An attempt as payments would write it down, for a driver that is asked directly. */
export const attemptAt = (till: Till, now: number, amountFen = 3990): Attempt => {
  const id = `attempt${String(++made).padStart(6, '0')}`
  return {
    id,
    orderId: `order${id}`,
    attempt: 1,
    method: till.method,
    scene: '',
    amountFen,
    endsAt: now + 31 * 60_000,
    gatewayRef: '',
    captureRef: ''
  }
}
