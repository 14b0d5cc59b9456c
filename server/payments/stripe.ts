import type Stripe from 'stripe'
import type { PayMethod } from '../../shared/contracts/orders.ts'
import { boundsOf } from '../../shared/day.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Settings } from '../settings.ts'
import {
  GatewayRefused,
  MAX_LISTED,
  type Attempt,
  type Listed,
  type Notice,
  type PayGateway
} from './gateway.ts'
import { CURRENCY, type PaymentState, type Said } from './payment.ts'

/** Longer than Stripe's own slowest answers, shorter than a buyer's patience. */
const TIMEOUT_MS = 10_000
/** The library repeats a lost call with the same idempotency key. */
const RETRIES = 1
const TOLERANCE_S = 300
/** As many as Stripe lists at once; the library asks for page after page. */
const LIST_PAGE = 100
const METHODS: readonly PayMethod[] = ['card', 'alipay', 'wechat_pay']

/** Stripe Checkout: the buyer pays on Stripe's own page by card, Alipay or WeChat Pay. */
export function stripeGateway({
  stripe: { secretKey, webhookSecret, apiBase, methods },
  publicUrl,
  clock
}: {
  stripe: NonNullable<Settings['stripe']>
  publicUrl: string
  clock: Clock
}): PayGateway {
  let loaded: Promise<Stripe> | undefined
  /** A village without Stripe never loads the library. */
  const stripe = () => (loaded ??= load(secretKey, apiBase))

  async function ask<T>(call: (stripe: Stripe) => Promise<T>): Promise<T> {
    const client = await stripe()
    try {
      return await call(client)
    } catch (error) {
      if (isNo(error)) throw new GatewayRefused(error.message, { cause: error })
      throw error
    }
  }

  const query = ({ gatewayRef }: Attempt) =>
    ask(async ({ checkout }) => saidBy(await checkout.sessions.retrieve(gatewayRef)))

  return {
    name: 'stripe',
    methods: METHODS.filter((method) => methods.includes(method)),
    test: /^[rs]k_test_/.test(secretKey),

    async create(attempt) {
      const session = await ask(({ checkout }) =>
        checkout.sessions.create(wordsFor(attempt, publicUrl), {
          idempotencyKey: `order:${attempt.orderId}:${attempt.attempt}`
        })
      )
      if (!session.url) throw new GatewayRefused('the session is over already')
      return { ref: session.id, payUrl: session.url }
    },

    query,

    async close(attempt) {
      try {
        return await ask(async ({ checkout }) => saidBy(await checkout.sessions.expire(attempt.gatewayRef)))
      } catch (error) {
        // Only an open session can be expired; this one is complete or over, and says which when asked.
        if (error instanceof GatewayRefused) return query(attempt)
        throw error
      }
    },

    async refund({ captureRef }, { id, amountFen }) {
      const refund = await ask(({ refunds }) =>
        refunds.create(
          { payment_intent: captureRef, amount: amountFen, metadata: { refundId: id } },
          { idempotencyKey: `refund:${id}` }
        )
      )
      if (refund.status === 'failed' || refund.status === 'canceled') {
        throw new GatewayRefused(`Stripe could not pay back: ${refund.failure_reason ?? refund.status}`)
      }
    },

    async parseNotify(rawBody, headers) {
      const { webhooks } = await stripe()
      const signature = headers['stripe-signature'] ?? ''
      let event: Stripe.Event
      try {
        event = webhooks.constructEvent(
          rawBody,
          signature,
          webhookSecret,
          TOLERANCE_S,
          undefined,
          clock.now()
        )
      } catch {
        throw new Problem('bad_signature')
      }
      return { eventId: event.id, type: event.type, ...understood(event) }
    },

    async listDay(day) {
      const { from, to } = boundsOf(day)
      const created = { gte: from / 1000, lt: to / 1000 }
      return ask(async ({ charges, refunds }) => {
        const listed: Listed[] = []
        for await (const charge of charges.list({ created, limit: LIST_PAGE })) {
          if (charge.status === 'succeeded' && charge.captured) note(listed, chargeListed(charge))
        }
        for await (const refund of refunds.list({ created, limit: LIST_PAGE })) {
          if (refund.status !== 'failed' && refund.status !== 'canceled') note(listed, refundListed(refund))
        }
        return listed
      })
    }
  }
}

function note(listed: Listed[], each: Listed) {
  if (listed.length >= MAX_LISTED) throw new GatewayRefused('too much for one list')
  listed.push(each)
}

/** What we wrote on the session’s payment stands on its charge too. */
const chargeListed = ({ metadata, payment_intent, amount, currency }: Stripe.Charge): Listed => ({
  kind: 'payment',
  id: metadata.paymentId ?? '',
  ref: nameOf(payment_intent),
  // Another currency is no sum of ours, so that it never agrees.
  amountFen: currency === CURRENCY ? amount : 0
})

const refundListed = ({ id, metadata, amount, currency }: Stripe.Refund): Listed => ({
  kind: 'refund',
  id: metadata?.refundId ?? '',
  ref: id,
  amountFen: currency === CURRENCY ? amount : 0
})

async function load(secretKey: string, apiBase: string): Promise<Stripe> {
  const { default: StripeClient } = await import('stripe')
  const common = { timeout: TIMEOUT_MS, maxNetworkRetries: RETRIES, telemetry: false }
  if (!apiBase) return new StripeClient(secretKey, common)
  const { hostname, port, protocol } = new URL(apiBase)
  return new StripeClient(secretKey, {
    ...common,
    maxNetworkRetries: 0,
    host: hostname,
    protocol: protocol === 'https:' ? 'https' : 'http',
    ...(port && { port })
  })
}

/**
 * Stripe understood and declined, so nothing happened. A lost connection may have done it after all, and a key that
 * is refused today may have been good when the attempt was opened.
 */
function isNo(error: unknown): error is Error {
  const type = error instanceof Error && 'type' in error ? error.type : ''
  return type === 'StripeInvalidRequestError' || type === 'StripeCardError'
}

/** Only from what never changes: the same key with other words is refused. */
function wordsFor(
  { id, orderId, method, amountFen, endsAt }: Attempt,
  publicUrl: string
): Stripe.Checkout.SessionCreateParams {
  const metadata = { paymentId: id, orderId }
  return {
    mode: 'payment',
    client_reference_id: orderId,
    metadata,
    payment_intent_data: { metadata },
    allowed_payment_method_types: [method as 'card' | 'alipay' | 'wechat_pay'],
    adaptive_pricing: { enabled: false }, // she pays the sum that our screen showed, in its currency
    ...(method === 'wechat_pay' && { payment_method_options: { wechat_pay: { client: 'web' } } }),
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: CURRENCY,
          unit_amount: amountFen,
          product_data: { name: `渔家直播 订单 ${orderId}` }
        }
      }
    ],
    expires_at: Math.ceil(endsAt / 1000),
    success_url: `${publicUrl}/pay/${id}/back`,
    cancel_url: `${publicUrl}/me/orders/${orderId}`
  }
}

const nameOf = (ref: string | { id: string } | null) => (typeof ref === 'string' ? ref : (ref?.id ?? ''))

function saidBy(session: Stripe.Checkout.Session, state = stateOf(session)): Said {
  return {
    state,
    amountFen: session.amount_total ?? 0,
    currency: session.currency ?? '',
    captureRef: nameOf(session.payment_intent)
  }
}

/** A complete session without money is on its way: some methods take a while. */
function stateOf({ status, payment_status }: Stripe.Checkout.Session): PaymentState {
  if (status === 'expired') return 'closed'
  return status === 'complete' && payment_status === 'paid' ? 'paid' : 'open'
}

type Understood = Notice extends infer Each
  ? Each extends Notice
    ? Omit<Each, 'eventId' | 'type'>
    : never
  : never

function understood(event: Stripe.Event): Understood {
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.expired':
      return aboutSession(event.data.object)
    case 'checkout.session.async_payment_failed':
      return aboutSession(event.data.object, 'failed')
    case 'charge.refunded': {
      const { payment_intent, amount_refunded } = event.data.object
      return { about: 'refund', captureRef: nameOf(payment_intent), refundedFen: amount_refunded }
    }
    case 'charge.dispute.created': {
      const { payment_intent, amount } = event.data.object
      return { about: 'dispute', captureRef: nameOf(payment_intent), amountFen: amount }
    }
    default:
      return { about: 'nothing' }
  }
}

function aboutSession(session: Stripe.Checkout.Session, state?: PaymentState): Understood {
  return {
    about: 'attempt',
    paymentId: session.metadata?.paymentId ?? '',
    said: saidBy(session, state)
  }
}
