import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Body } from '../../shared/contract.ts'
import type { playSandbox } from '../../shared/contracts/payments.ts'
import { boundsOf } from '../../shared/day.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Store } from '../store/store.ts'
import {
  GatewayRefused,
  MAX_LISTED,
  type Attempt,
  type Listed,
  type Notice,
  type PayGateway
} from './gateway.ts'
import { CURRENCY, type PaymentState, type Said } from './payment.ts'
import { sandboxStore } from './store.ts'

export const SIGNATURE_HEADER = 'x-sandbox-signature'
/** An older notification is refused, as Stripe's is: who recorded one cannot play it tomorrow. */
export const TOLERANCE_MS = 5 * 60_000
const REFUND_KEY = 'refund:'
/** How often 重复通知 tells the same thing. */
const REPEATS = 2

type Outcome = Body<typeof playSandbox>['outcome']

interface Told {
  id: string
  type: string
  paymentId: string
  said: Said
}

export type Sandbox = ReturnType<typeof sandboxGateway>

/**
 * 演示收银台: a gateway that moves no money and otherwise behaves like one. It keeps books of its own, signs what it
 * tells, and tells it through the same door as any other.
 */
export function sandboxGateway({
  store,
  clock,
  secret,
  deliver
}: {
  store: Store
  clock: Clock
  secret: string
  /** Sends a notification to our own /api/notify/sandbox; what becomes of it is not the gateway's business. */
  deliver: (rawBody: string, headers: Record<string, string>) => Promise<unknown>
}) {
  const books = sandboxStore(store)
  const sign = sandboxSigner(secret)

  async function said(id: string): Promise<Said> {
    const entry = await books.one(store.read, id)
    if (!entry) throw new GatewayRefused('the demo cashier does not know this payment')
    const state = entry.state === 'open' && entry.endsAt <= clock.now() ? 'closed' : entry.state
    return { state, amountFen: entry.amountFen, currency: CURRENCY, captureRef: state === 'paid' ? id : '' }
  }

  const move = (id: string, state: PaymentState) => store.tx((tx) => books.move(tx, id, state, clock.now()))

  async function tell(paymentId: string, type: string) {
    const told: Told = { id: `${paymentId}-${type}`, type, paymentId, said: await said(paymentId) }
    const body = JSON.stringify(told)
    await deliver(body, { [SIGNATURE_HEADER]: sign(body, clock.now()) })
  }

  const gateway: PayGateway = {
    name: 'sandbox',
    methods: ['sandbox'],
    test: true,
    async create({ id, amountFen, endsAt }: Attempt) {
      await store.tx((tx) =>
        books.open(tx, { id, amountFen, endsAt, refundedFen: 0, state: 'open', paidAt: 0 })
      )
      return { ref: id, payUrl: `/pay/${id}` }
    },
    query: ({ id }) => said(id),
    async close({ id }) {
      await move(id, 'closed')
      return said(id)
    },
    refund: ({ id }, { id: refundId, amountFen }) =>
      store.tx(async (tx) => {
        const refund = { key: `${REFUND_KEY}${refundId}`, paymentId: id, amountFen, at: clock.now() }
        if (!(await books.refund(tx, refund))) throw new GatewayRefused('演示收银台上剩的钱不够退')
      }),
    async parseNotify(rawBody, headers): Promise<Notice> {
      checkSignature(rawBody, headers)
      const { id, type, paymentId, said } = JSON.parse(rawBody.toString()) as Told
      return { eventId: id, type, about: 'attempt', paymentId, said }
    },
    async listDay(day): Promise<Listed[]> {
      const { payments, refunds } = await books.ofDay(boundsOf(day), MAX_LISTED)
      if (payments.length + refunds.length > MAX_LISTED) throw new GatewayRefused('too much for one list')
      return [
        ...payments.map(({ id, amountFen }) => ({ kind: 'payment' as const, id, ref: id, amountFen })),
        ...refunds.map(({ key, amountFen }) => ({
          kind: 'refund' as const,
          id: key.startsWith(REFUND_KEY) ? key.slice(REFUND_KEY.length) : '',
          ref: key,
          amountFen
        }))
      ]
    }
  }

  function checkSignature(rawBody: Buffer, headers: IncomingHttpHeaders) {
    const header = [headers[SIGNATURE_HEADER] ?? ''].flat()[0] ?? ''
    const at = Number(/^t=(\d{1,15}),/.exec(header)?.[1])
    const expected = Buffer.from(sign(rawBody, at))
    const given = Buffer.from(header)
    const genuine = given.length === expected.length && timingSafeEqual(given, expected)
    if (!genuine || Math.abs(clock.now() - at) > TOLERANCE_MS) throw new Problem('bad_signature')
  }

  return {
    ...gateway,

    /** What the cashier's page shows: the gateway's own view, not ours. */
    state: async (paymentId: string) => (await said(paymentId)).state,

    /**
     * A button of the cashier's page. `silent` pays and tells nobody: we have to ask. On a payment that is over, a
     * button only tells again what has already happened.
     */
    async play(paymentId: string, outcome: Outcome): Promise<void> {
      if ((await said(paymentId)).state === 'open') {
        await move(paymentId, outcome === 'failed' ? 'failed' : 'paid')
      }
      if (outcome === 'silent') return
      const { state } = await said(paymentId)
      if (state !== 'paid' && state !== 'failed') return
      for (let i = 0; i < (outcome === 'repeated' ? REPEATS : 1); i++) await tell(paymentId, state)
    }
  }
}

/** `t=<ms>,v1=<HMAC-SHA256 of "ms.body">`, with a key that is good for nothing else. */
export function sandboxSigner(secret: string) {
  const key = createHmac('sha256', secret).update('sandbox notifications').digest()
  return (body: string | Buffer, at: number) =>
    `t=${at},v1=${createHmac('sha256', key).update(`${at}.`).update(body).digest('hex')}`
}
