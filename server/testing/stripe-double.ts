import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import StripeClient from 'stripe'
import type Stripe from 'stripe'
import type { Clock } from '../clock.ts'
import { freePort } from './ports.ts'

export const STRIPE_KEY = 'sk_test_double'
export const WEBHOOK_SECRET = 'whsec_double'
/** Stripe's own rule for `expires_at`. */
const SHORTEST_S = 30 * 60

type Session = Pick<
  Stripe.Checkout.Session,
  | 'id'
  | 'object'
  | 'url'
  | 'status'
  | 'payment_status'
  | 'payment_intent'
  | 'amount_total'
  | 'currency'
  | 'client_reference_id'
  | 'metadata'
  | 'expires_at'
  | 'allowed_payment_method_types'
  | 'livemode'
>
type Refund = Pick<
  Stripe.Refund,
  'id' | 'object' | 'amount' | 'currency' | 'payment_intent' | 'status' | 'metadata' | 'created'
>
type Charge = Pick<
  Stripe.Charge,
  'id' | 'object' | 'amount' | 'currency' | 'payment_intent' | 'status' | 'captured' | 'metadata' | 'created'
>
type EventType = Extract<
  Stripe.Event['type'],
  | `checkout.session.${'completed' | 'expired' | 'async_payment_succeeded' | 'async_payment_failed'}`
  | 'charge.refunded'
  | 'charge.dispute.created'
>

interface Signed {
  payload: string
  headers: Record<string, string>
}

class Declined extends Error {
  readonly type: 'invalid_request_error' | 'idempotency_error'
  constructor(message: string, type: Declined['type'] = 'invalid_request_error') {
    super(message)
    this.type = type
  }
}

export type StripeDouble = Awaited<ReturnType<typeof stripeDouble>>

/**
 * Stripe as far as we use it, on loopback and over real HTTP: Checkout Sessions, refunds, idempotency keys, signed
 * events. It is strict where Stripe is: short sessions, other words under a known key, closing what is not open.
 */
export async function stripeDouble(clock: Clock) {
  const sessions = new Map<string, Session>()
  const refunds: Refund[] = []
  const charges: Charge[] = []
  const answers = new Map<string, { words: string; status: number; body: string }>()
  const asked: { path: string; key: string }[] = []
  let made = 0
  let weather: 'fine' | 'down' | 'answers_lost' = 'fine'

  const server = createServer((request, response) => void answer(request, response))
  const port = await freePort(16_200)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const { webhooks } = new StripeClient(STRIPE_KEY)

  async function answer(request: IncomingMessage, response: ServerResponse) {
    if (weather === 'down') {
      request.socket.destroy()
      return
    }
    const words = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString()
    const path = request.url ?? ''
    const key = String(request.headers['idempotency-key'] ?? '')
    asked.push({ path, key })
    const result =
      request.method === 'POST' && key ? underKey(key, path, words) : run(request.method!, path, words)
    if (weather === 'answers_lost') request.socket.destroy()
    else response.writeHead(result.status, { 'content-type': 'application/json' }).end(result.body)
  }

  /** The same key answers the same; with other words it is a mistake. */
  function underKey(key: string, path: string, words: string) {
    const known = answers.get(key)
    if (known && known.words !== path + words) {
      return failure(new Declined('Keys can only be used with the same parameters', 'idempotency_error'))
    }
    if (known) return known
    const result = run('POST', path, words)
    // What was refused before anything began is not kept under its key.
    if (result.status < 400) answers.set(key, { words: path + words, ...result })
    return result
  }

  function run(method: string, path: string, words: string) {
    try {
      const form = new URLSearchParams(words)
      const { pathname, searchParams: asked } = new URL(path, 'http://stripe')
      if (method === 'GET' && pathname === '/v1/charges') return success(listOf(charges, pathname, asked))
      if (method === 'GET' && pathname === '/v1/refunds') return success(listOf(refunds, pathname, asked))
      const [, session, expire] = /^\/v1\/checkout\/sessions\/(\w+)(\/expire)?$/.exec(path) ?? []
      if (method === 'POST' && path === '/v1/checkout/sessions') return success(open(form))
      if (method === 'POST' && session && expire) return success(expired(session))
      if (method === 'GET' && session) return success(sessionOf(session))
      if (method === 'POST' && path === '/v1/refunds') return success(payBack(form))
      throw new Declined(`Unrecognized request URL (${method}: ${path})`)
    } catch (error) {
      if (error instanceof Declined) return failure(error)
      throw error
    }
  }

  function open(form: URLSearchParams): Session {
    const expiresAt = Number(form.get('expires_at'))
    if (expiresAt < Math.floor(clock.now() / 1000) + SHORTEST_S) {
      throw new Declined(
        'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.'
      )
    }
    const id = `cs_test_${++made}`
    const session: Session = {
      id,
      object: 'checkout.session',
      url: `http://127.0.0.1:${port}/pay/${id}`,
      status: 'open',
      payment_status: 'unpaid',
      payment_intent: null,
      amount_total: Number(form.get('line_items[0][price_data][unit_amount]')),
      currency: form.get('line_items[0][price_data][currency]'),
      client_reference_id: form.get('client_reference_id'),
      metadata: {
        paymentId: form.get('metadata[paymentId]') ?? '',
        orderId: form.get('metadata[orderId]') ?? ''
      },
      expires_at: expiresAt,
      allowed_payment_method_types: form.getAll('allowed_payment_method_types[0]'),
      livemode: false
    }
    sessions.set(id, session)
    return session
  }

  function sessionOf(id: string): Session {
    const session = sessions.get(id)
    if (!session) throw new Declined(`No such checkout.session: ${id}`)
    if (session.status === 'open' && session.expires_at * 1000 <= clock.now()) session.status = 'expired'
    return session
  }

  function expired(id: string): Session {
    const session = sessionOf(id)
    if (session.status !== 'open')
      throw new Declined('Only Checkout Sessions with a status in ["open"] can be expired.')
    session.status = 'expired'
    return session
  }

  function payBack(form: URLSearchParams): Refund {
    const intent = form.get('payment_intent') ?? ''
    const session = [...sessions.values()].find((each) => each.payment_intent === intent)
    if (!session) throw new Declined(`No such payment_intent: ${intent}`)
    const amount = Number(form.get('amount'))
    const before = refunds.filter((each) => each.payment_intent === intent)
    const left = session.amount_total! - before.reduce((sum, each) => sum + each.amount, 0)
    if (amount > left) throw new Declined('Refund amount is greater than unrefunded amount on charge')
    const refund: Refund = {
      id: `re_${++made}`,
      object: 'refund',
      amount,
      currency: 'cny',
      created: Math.floor(clock.now() / 1000),
      payment_intent: intent,
      status: 'succeeded',
      metadata: { refundId: form.get('metadata[refundId]') ?? '' }
    }
    refunds.push(refund)
    return refund
  }

  /** Newest first, a page at a time, of a time whose end is not in it. */
  function listOf(all: readonly (Charge | Refund)[], url: string, asked: URLSearchParams) {
    const [from, to] = [Number(asked.get('created[gte]')), Number(asked.get('created[lt]'))]
    const found = all.filter(({ created }) => created >= from && created < to).toReversed()
    const after = asked.get('starting_after')
    const begin = after ? found.findIndex(({ id }) => id === after) + 1 : 0
    const data = found.slice(begin, begin + Number(asked.get('limit')))
    return { object: 'list', url, data, has_more: begin + data.length < found.length }
  }

  const newest = () => {
    const session = [...sessions.values()].at(-1)
    if (!session) throw new Error('nobody has opened a session')
    return session
  }

  return {
    settings: {
      secretKey: STRIPE_KEY,
      webhookSecret: WEBHOOK_SECRET,
      apiBase: `http://127.0.0.1:${port}`,
      methods: ['card', 'alipay', 'wechat_pay']
    },
    sessions,
    refunds,
    charges,
    /** Every call that arrived, with its idempotency key. */
    asked,
    newest,
    /** `down`: calls do nothing. `answers_lost`: they do what they do, and nobody hears of it. */
    set weather(now: typeof weather) {
      weather = now
    },
    /** The buyer pays on Stripe's page, however late: money that is under way does not look at our clock. */
    pay(session = newest()) {
      session.status = 'complete'
      session.payment_status = 'paid'
      session.payment_intent = `pi_${session.id}`
      charges.push({
        id: `ch_${session.id}`,
        object: 'charge',
        amount: session.amount_total!,
        currency: session.currency!,
        payment_intent: session.payment_intent,
        status: 'succeeded',
        captured: true,
        metadata: { ...session.metadata },
        created: Math.floor(clock.now() / 1000)
      })
      return session
    },
    /** What Stripe would send about it now, signed. */
    event(type: EventType, object: object, { id = `evt_${++made}`, at = clock.now() } = {}): Signed {
      const payload = JSON.stringify({
        id,
        object: 'event',
        type,
        created: Math.floor(at / 1000),
        livemode: false,
        data: { object }
      })
      const timestamp = Math.floor(at / 1000)
      const signature = webhooks.generateTestHeaderString({ payload, secret: WEBHOOK_SECRET, timestamp })
      return { payload, headers: { 'stripe-signature': signature, 'content-type': 'application/json' } }
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  }
}

const success = (object: object) => ({ status: 200, body: JSON.stringify(object) })
const failure = ({ type, message }: Declined) => ({
  status: 400,
  body: JSON.stringify({ error: { type, message } })
})
