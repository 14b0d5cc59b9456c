import type { PayMethod } from '../../shared/contracts/orders.ts'

export type GatewayName = 'sandbox' | 'stripe' | 'wechat' | 'alipay'
export type PaymentState = 'open' | 'paid' | 'failed' | 'closed'

/** One attempt to pay one order. */
export interface Payment {
  id: string
  orderId: string
  memberId: string
  attempt: number
  gateway: GatewayName
  method: PayMethod
  /** Which of the gateway’s ways it was opened for, where it has several: by the screen that she pays at. */
  scene: string
  amountFen: number
  refundedFen: number
  state: PaymentState
  gatewayRef: string
  payUrl: string
  captureRef: string
  createdAt: number
  endsAt: number
  askedAt: number
  paidAt: number | null
}

/** All our prices are in fen; another currency is a mistake somewhere. */
export const CURRENCY = 'cny'
/** Stripe refuses sessions shorter than 30 minutes, and its clock is not ours. */
export const ATTEMPT_MS = 31 * 60_000
/** A notification that is late by more than this is asked for. */
export const ASK_AFTER_MS = 5_000
/** A return page that polls does not poll the gateway. */
export const ASK_EVERY_MS = 5_000
/** Nobody changes her mind about how to pay more often than this. */
export const MAX_ATTEMPTS = 20

/** What a gateway says of an attempt: asked, or by itself. */
export interface Said {
  state: PaymentState
  amountFen: number
  currency: string
  /** Needed for refunds; empty while there is no money. */
  captureRef: string
}

/**
 * What a gateway's word changes. `paid` counts whatever we thought before: money that came is money. Everything
 * else is news only of an attempt that is still open.
 */
export function heard(
  payment: Pick<Payment, 'state' | 'amountFen'>,
  said: Pick<Said, 'state' | 'amountFen' | 'currency'>
): 'nothing' | 'mismatch' | 'paid' | 'failed' | 'closed' {
  if (said.state === 'open' || payment.state === 'paid') return 'nothing'
  if (said.state !== 'paid') return payment.state === 'open' ? said.state : 'nothing'
  return said.amountFen === payment.amountFen && said.currency === CURRENCY ? 'paid' : 'mismatch'
}

/** Whether an open attempt may still take money for this bill in this way. */
export const usable = (
  payment: Pick<Payment, 'state' | 'gateway' | 'method' | 'scene' | 'amountFen' | 'endsAt'>,
  bill: { amountFen: number },
  way: Pick<Payment, 'gateway' | 'method' | 'scene'>,
  now: number
) =>
  payment.state === 'open' &&
  payment.gateway === way.gateway &&
  payment.method === way.method &&
  payment.scene === way.scene &&
  payment.amountFen === bill.amountFen &&
  payment.endsAt > now

/** Whether the return page's question goes on to the gateway. */
export const askNow = ({ state, createdAt, askedAt }: Payment, now: number) =>
  state === 'open' && now - createdAt >= ASK_AFTER_MS && now - askedAt >= ASK_EVERY_MS
