import type { IncomingHttpHeaders } from 'node:http'
import type { Body } from '../../shared/contract.ts'
import type { PayMethod } from '../../shared/contracts/orders.ts'
import type { playSandbox, SandboxPayment } from '../../shared/contracts/payments.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Member } from '../members/member.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { GatewayRefused, type PayGateway } from './gateway.ts'
import {
  askNow,
  ASK_EVERY_MS,
  ATTEMPT_MS,
  heard,
  MAX_ATTEMPTS,
  usable,
  type GatewayName,
  type Payment,
  type Said
} from './payment.ts'
import { AT_A_DESK, type Payer } from './payer.ts'
import type { Sandbox } from './sandbox.ts'
import { paymentStore } from './store.ts'

/** What is to be paid, and by whom. */
export interface Bill {
  orderId: string
  memberId: string
  amountFen: number
}

/** A payment that has arrived, as its order hears of it. `test`: no real money has moved. */
export type Arrived = Payment & { test: boolean }

/** What became of a refund. */
export interface PaidBack {
  forId: string
  paymentId: string
  amountFen: number
  state: 'done' | 'failed'
  why: string
}

/** What payments ask of the rest of the village. `Tell` is whatever `act` hands out; payments only pass it on. */
export interface Neighbours<Tell> {
  act: <T>(unit: (tx: Tx, tell: Tell) => Promise<T>) => Promise<T>
  /** The money is here, once per payment. `late`: nobody waits for it any more, so it goes back. */
  onPaid: (tx: Tx, tell: Tell, payment: Arrived) => Promise<'taken' | 'late'>
  /** All of it has been paid back, and not because one of ours asked for it under a name (`forId`). */
  onRefunded: (tx: Tx, tell: Tell, payment: Arrived) => Promise<void>
  /** What became of a refund that was asked for under a name, once; whoever asked rings the bell. `why`: the gateway’s no. */
  onPaidBack: (tx: Tx, tell: Tell, told: PaidBack) => Promise<void>
  /** Something about money that a person has to look at. */
  alert: (tx: Tx, line: Ring) => Promise<void>
  /** The same of what lasts: not again while it is open. */
  alertOnce: (tx: Tx, line: Ring) => Promise<void>
  /** What was said of a subject under this name is over. */
  alertOver: (tx: Tx, about: Pick<Ring, 'action' | 'subject'>, words: string) => Promise<void>
}

interface Ring {
  action: string
  subject: string
  details: Record<string, unknown>
}

/** After so many tries, about eight hours, somebody hears that a refund waits; then it is tried from the beginning. */
const TRIES_TO_PAY_BACK = 20
const TRY_AGAIN_MS = 3_600_000

/** What became of an order's open attempts. `unsure`: the gateway did not answer; ask again later. */
export type Closed = 'closed' | 'paid' | 'unsure'

export interface Payments {
  /** How one can pay here. */
  methods(): PayMethod[]
  /** Whether no real money can move here at all. */
  testOnly(): boolean
  /**
   * Opens an attempt, or answers the one that is open already. `bill` reads what is to be paid inside the unit that
   * reserves the attempt, and throws when nothing is. Problems: method_unavailable, payment_unavailable,
   * order_paid, too_many_attempts, open_in_browser.
   */
  start(
    bill: (tx: Tx) => Promise<Bill>,
    method: PayMethod,
    payer?: Payer
  ): Promise<{ paymentId: string; payUrl: string }>
  /** Tells the gateways to take no more money for an order; a buyer who was faster is paid for. Not in a unit. */
  closeFor(orderId: string): Promise<Closed>
  /** Whether some attempt for the order may still take money. */
  openIn(tx: Tx, orderId: string): Promise<boolean>
  /** A gateway's notification, as it came. Problems: bad_signature, sandbox_off, not_found. */
  notify(
    gateway: GatewayName,
    rawBody: Buffer,
    headers: IncomingHttpHeaders
  ): Promise<{ received: true; repeated?: true }>
  /** My payment; when no notification has come for a while, what the gateway says. Problem no_such_payment. */
  stateOf(me: Member, paymentId: string): Promise<Payment>
  /** One payment, whoever made it. */
  paymentIn(on: Tx | Reader, paymentId: string): Promise<Payment | undefined>
  byIds(on: Tx | Reader, paymentIds: readonly string[]): Promise<Payment[]>
  /**
   * Asks for a refund; a durable job carries it out. The store refuses more than was paid. Under a name (`forId`) what
   * becomes of it is told to `onPaidBack`.
   */
  refundIn(tx: Tx, payment: Payment, amountFen: number, reason: string, forId?: string): Promise<void>
  /** What the demo cashier shows. Problems: no_such_payment, sandbox_off. */
  cashier(me: Member, paymentId: string): Promise<SandboxPayment>
  play(me: Member, paymentId: string, outcome: Body<typeof playSandbox>['outcome']): Promise<SandboxPayment>
}

/** Money: attempts to pay, what gateways say of them, refunds. Knows nothing of what is paid for. */
export function openPayments<Tell>({
  store,
  clock,
  jobs,
  gateways,
  sandbox,
  report,
  act,
  onPaid,
  onRefunded,
  onPaidBack,
  alert,
  alertOnce,
  alertOver
}: {
  store: Store
  clock: Clock
  jobs: Jobs
  gateways: readonly PayGateway[]
  /** Present exactly while the demo cashier is open. */
  sandbox: Sandbox | undefined
  report: (error: unknown, what: string) => void
} & Neighbours<Tell>): Payments {
  const rows = paymentStore(store)
  const gatewayOf = new Map<GatewayName, PayGateway>(gateways.map((gateway) => [gateway.name, gateway]))
  const arrived = (payment: Payment): Arrived => ({
    ...payment,
    test: gatewayOf.get(payment.gateway)?.test ?? false
  })

  jobs.on<{ refundId: string }>('refund', ({ payload, attempt }) => payBack(payload.refundId, attempt))

  return {
    methods: () => [...new Set(gateways.flatMap((gateway) => gateway.methods))],
    testOnly: () => gateways.length > 0 && gateways.every((gateway) => gateway.test),

    async start(bill, method, payer = AT_A_DESK) {
      const gateway = gateways.find((each) => each.methods.includes(method))
      if (!gateway) throw new Problem('method_unavailable')
      const way = { gateway: gateway.name, method, scene: gateway.sceneOf?.(payer) ?? '' }
      let { payment, others } = await reserve(bill, way)
      if (!payment) {
        // Two open pages could both be paid, so the one she left is closed before she gets another.
        for (const other of others) refuseUnlessClosed(await close(other))
        ;({ payment, others } = await reserve(bill, way))
      }
      if (!payment) throw new Problem('payment_unavailable') // a third page was opened in between
      const { id, payUrl } = payment.payUrl && !gateway.renews ? payment : await openAt(gateway, payment)
      return { paymentId: id, payUrl }
    },

    async closeFor(orderId) {
      const all: Closed[] = []
      for (const each of await rows.attempts(store.read, orderId)) {
        if (each.state === 'open') all.push(await close(each))
      }
      return all.find((each) => each === 'paid') ?? all.find((each) => each === 'unsure') ?? 'closed'
    },

    openIn: async (tx, orderId) => (await rows.attempts(tx, orderId)).some(({ state }) => state === 'open'),

    async notify(name, rawBody, headers) {
      const gateway = gatewayOf.get(name)
      if (!gateway) throw new Problem(name === 'sandbox' ? 'sandbox_off' : 'not_found')
      const notice = await gateway.parseNotify(rawBody, headers)
      const { eventId, type } = notice
      const fresh = await act(async (tx, tell) => {
        const payment =
          notice.about === 'attempt'
            ? await rows.one(tx, notice.paymentId)
            : notice.about === 'nothing'
              ? undefined
              : await rows.captured(tx, name, notice.captureRef)
        const event = { gateway: name, eventId, type, paymentId: payment?.id ?? '', receivedAt: clock.now() }
        if (!(await rows.firstHeard(tx, event))) return false
        if (notice.about === 'nothing') return true
        if (payment?.gateway !== name) {
          await alert(tx, { action: 'payment_unknown', subject: eventId, details: { ...notice } })
        } else if (notice.about === 'attempt') await hear(tx, tell, payment, notice.said)
        else if (notice.about === 'refund') await hearRefund(tx, tell, payment, notice.refundedFen)
        else if (notice.about === 'one_refund') await hearOneRefund(tx, tell, payment, notice)
        else if (notice.about === 'refund_failed') {
          const { amountFen, why } = notice
          const details = { orderId: payment.orderId, amountFen, why }
          await alert(tx, { action: 'refund_failed', subject: payment.id, details })
        } else {
          const details = { amountFen: notice.amountFen, orderId: payment.orderId }
          await alert(tx, { action: 'payment_disputed', subject: payment.id, details })
        }
        return true
      })
      return fresh ? { received: true } : { received: true, repeated: true }
    },

    async stateOf(me, paymentId) {
      const payment = await mine(me, paymentId)
      const gateway = gatewayOf.get(payment.gateway)
      const now = clock.now()
      if (!gateway || !payment.gatewayRef || !askNow(payment, now)) return payment
      if (!(await store.tx((tx) => rows.takeTurn(tx, payment.id, now, ASK_EVERY_MS)))) return payment
      try {
        await settle(payment.id, await gateway.query(payment))
      } catch (error) {
        report(error, `asking ${payment.gateway} about payment ${payment.id}`)
      }
      return mine(me, paymentId)
    },

    paymentIn: rows.one,
    byIds: rows.byIds,
    refundIn,

    cashier: async (me, paymentId) => cashierOf(await openedHere(me, paymentId)),

    async play(me, paymentId, outcome) {
      const payment = await openedHere(me, paymentId)
      await sandbox!.play(payment.id, outcome)
      return cashierOf(payment)
    }
  }

  async function mine(me: Member, paymentId: string) {
    const payment = await rows.one(store.read, paymentId)
    if (payment?.memberId !== me.id) throw new Problem('no_such_payment')
    return payment
  }

  async function openedHere(me: Member, paymentId: string) {
    if (!sandbox) throw new Problem('sandbox_off')
    const payment = await mine(me, paymentId)
    if (payment.gateway !== 'sandbox' || !payment.gatewayRef) throw new Problem('no_such_payment')
    return payment
  }

  async function cashierOf({ id, orderId, amountFen }: Payment): Promise<SandboxPayment> {
    return { paymentId: id, orderId, amountFen, state: await sandbox!.state(id) }
  }

  /** Writes the attempt down before anybody outside hears of it, so that a crash leaves nothing unknown. */
  function reserve(
    bill: (tx: Tx) => Promise<Bill>,
    way: Pick<Payment, 'gateway' | 'method' | 'scene'>
  ): Promise<{ payment?: Payment; others: Payment[] }> {
    return store.tx(async (tx) => {
      const owed = await bill(tx)
      const now = clock.now()
      const before = await rows.attempts(tx, owed.orderId)
      const open = before.filter((each) => each.state === 'open')
      const same = open.find((each) => usable(each, owed, way, now))
      const others = open.filter((each) => each !== same)
      if (others.length) return { others }
      if (same) return { payment: same, others }
      if (before.length >= MAX_ATTEMPTS) throw new Problem('too_many_attempts')
      const payment: Payment = {
        id: newId(now),
        ...owed,
        attempt: (before[0]?.attempt ?? 0) + 1,
        ...way,
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
      await rows.reserve(tx, payment)
      return { payment, others }
    })
  }

  async function openAt(gateway: PayGateway, payment: Payment): Promise<Payment> {
    const opened = await gateway.create(payment).catch(async (error: unknown) => {
      report(error, `opening payment ${payment.id} at ${gateway.name}`)
      if (error instanceof GatewayRefused) {
        await store.tx((tx) => rows.move(tx, payment.id, ['open'], { state: 'failed' }))
      }
      throw new Problem('payment_unavailable')
    })
    const known = await store.tx((tx) => rows.opened(tx, payment.id, opened))
    if (!known) throw new Problem('order_closed') // cancelled while the gateway was thinking
    return known
  }

  async function close(payment: Payment): Promise<Closed> {
    const said = await askToClose(payment)
    if (!said) return 'unsure'
    const { state } = await settle(payment.id, said)
    return state === 'paid' ? 'paid' : state === 'open' ? 'unsure' : 'closed'
  }

  /** What the gateway says once it takes no more money; undefined while that is not sure. */
  async function askToClose(payment: Payment): Promise<Said | undefined> {
    const over: Said = { state: 'closed', amountFen: payment.amountFen, currency: '', captureRef: '' }
    const gateway = gatewayOf.get(payment.gateway)
    const ended = payment.endsAt <= clock.now()
    if (!gateway) return ended ? over : undefined
    try {
      // An attempt whose answer was lost is opened once more under the same key: that tells its name.
      const gatewayRef = payment.gatewayRef || (await gateway.create(payment)).ref
      const said = await gateway.close({ ...payment, gatewayRef })
      return said.state !== 'open' ? said : ended ? over : undefined
    } catch (error) {
      if (error instanceof GatewayRefused) return over // it knows of no such attempt
      report(error, `closing payment ${payment.id} at ${gateway.name}`)
      return ended ? over : undefined
    }
  }

  async function settle(paymentId: string, said: Said): Promise<Payment> {
    return act(async (tx, tell) => {
      await hear(tx, tell, (await rows.one(tx, paymentId))!, said)
      return (await rows.one(tx, paymentId))!
    })
  }

  async function hear(tx: Tx, tell: Tell, payment: Payment, said: Said) {
    const news = heard(payment, said)
    if (news === 'failed' || news === 'closed') await rows.move(tx, payment.id, ['open'], { state: news })
    if (news === 'mismatch') {
      // Nothing right can come of this attempt by asking again; her order is free to be paid by another.
      await rows.move(tx, payment.id, ['open'], { state: 'failed' })
      const details = { expectedFen: payment.amountFen, said: { ...said }, orderId: payment.orderId }
      await alert(tx, { action: 'payment_mismatch', subject: payment.id, details })
    }
    if (news !== 'paid') return
    const paid = { state: 'paid', paidAt: clock.now(), captureRef: said.captureRef } as const
    const moved = await rows.move(tx, payment.id, ['open', 'failed', 'closed'], paid)
    if (!moved || (await onPaid(tx, tell, arrived(moved))) === 'taken') return
    await refundIn(tx, moved, moved.amountFen, 'late')
    const details = { orderId: moved.orderId, amountFen: moved.amountFen }
    await alert(tx, { action: 'paid_too_late', subject: moved.id, details })
  }

  async function hearRefund(tx: Tx, tell: Tell, payment: Payment, refundedFen: number) {
    if (refundedFen <= payment.refundedFen) return // our own refund coming back to us
    const sum = Math.min(refundedFen, payment.amountFen)
    await rows.refundedElsewhere(tx, payment.id, sum)
    const details = { refundedFen, orderId: payment.orderId }
    await alert(tx, { action: 'refunded_elsewhere', subject: payment.id, details })
    if (sum === payment.amountFen) await onRefunded(tx, tell, arrived(payment))
  }

  async function hearOneRefund(
    tx: Tx,
    tell: Tell,
    payment: Payment,
    { refundId, amountFen }: { refundId: string; amountFen: number }
  ) {
    const ours = await rows.refund(tx, refundId)
    if (ours && ours.state !== 'failed') return
    await hearRefund(tx, tell, payment, payment.refundedFen + amountFen)
  }

  async function refundIn(tx: Tx, payment: Payment, amountFen: number, reason: string, forId = '') {
    const id = newId(clock.now())
    await rows.askRefund(tx, { id, paymentId: payment.id, amountFen, reason, forId, createdAt: clock.now() })
    await jobs.add(tx, 'refund', { refundId: id }, { id: `refund-${id}` })
  }

  async function tellBack(
    tx: Tx,
    tell: Tell,
    { forId, paymentId, amountFen }: { forId: string; paymentId: string; amountFen: number },
    state: PaidBack['state'],
    why = ''
  ) {
    await onPaidBack(tx, tell, { forId, paymentId, amountFen, state, why })
  }

  /** The job: runs at least once, and the key makes the gateway pay once. */
  async function payBack(refundId: string, attempt: number) {
    const refund = await rows.refund(store.read, refundId)
    if (refund?.state !== 'asked') return
    const payment = (await rows.one(store.read, refund.paymentId))!
    const waits = { action: 'refund_waits', subject: refund.forId || payment.id }
    try {
      const gateway = gatewayOf.get(payment.gateway)
      if (!gateway) throw new Error(`${payment.gateway} is not configured, so ${refundId} has to wait`)
      await gateway.refund(payment, refund)
    } catch (error) {
      const { orderId } = payment
      const { amountFen, forId } = refund
      const details = { orderId, amountFen, why: (error as Error).message }
      if (!(error instanceof GatewayRefused)) {
        if (attempt < TRIES_TO_PAY_BACK) throw error
        report(error, `paying back ${refundId}`)
        await store.tx(async (tx) => {
          const runAt = clock.now() + TRY_AGAIN_MS
          await jobs.add(tx, 'refund', { refundId }, { id: `refund-${refundId}-${runAt}`, runAt })
          await alertOnce(tx, { ...waits, details })
        })
        return
      }
      await act(async (tx, tell) => {
        if (!(await rows.refundFailed(tx, refundId, clock.now()))) return
        if (forId) return tellBack(tx, tell, refund, 'failed', details.why)
        await alertOver(tx, waits, '没有退成，另有一条')
        await alert(tx, { action: 'refund_failed', subject: payment.id, details })
      })
      return
    }
    await act(async (tx, tell) => {
      if (!(await rows.refundDone(tx, refundId, clock.now()))) return
      if (refund.forId) return tellBack(tx, tell, refund, 'done')
      await alertOver(tx, waits, '后来退成了')
      const now = (await rows.one(tx, payment.id))!
      if (now.refundedFen === now.amountFen) await onRefunded(tx, tell, arrived(now))
    })
  }
}

function refuseUnlessClosed(closed: Closed) {
  if (closed === 'paid') throw new Problem('order_paid')
  if (closed === 'unsure') throw new Problem('payment_unavailable')
}
