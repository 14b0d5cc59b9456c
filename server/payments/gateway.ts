import type { IncomingHttpHeaders } from 'node:http'
import type { PayMethod } from '../../shared/contracts/orders.ts'
import type { GatewayName, Payment, Said } from './payment.ts'
import type { Payer } from './payer.ts'

/** What we tell a gateway of an attempt; the same attempt is always told in the same words. */
export type Attempt = Pick<
  Payment,
  'id' | 'orderId' | 'attempt' | 'method' | 'scene' | 'amountFen' | 'endsAt' | 'gatewayRef' | 'captureRef'
>

/** One signed notification, understood. `eventId` is the gateway's and the same however often it is repeated. */
export type Notice = { eventId: string; type: string } & (
  | { about: 'attempt'; paymentId: string; said: Said }
  /** Paid back in all so far, by us or by somebody at the gateway's own desk. */
  | { about: 'refund'; captureRef: string; refundedFen: number }
  /** One refund by itself, under the name that we gave it, if we did. */
  | { about: 'one_refund'; captureRef: string; refundId: string; amountFen: number }
  /** Taken on, and then it could not be done: a person has to go to the gateway’s own desk. */
  | { about: 'refund_failed'; captureRef: string; refundId: string; amountFen: number; why: string }
  | { about: 'dispute'; captureRef: string; amountFen: number }
  | { about: 'nothing' }
)

/** One payment or refund in a gateway’s own list of a day. */
export interface Listed {
  kind: 'payment' | 'refund'
  /** Our name of the payment or the refund, as the gateway kept it; empty: nobody of us asked for it. */
  id: string
  /** The gateway’s own name for it; of a payment the one that refunds name (`captureRef`). */
  ref: string
  amountFen: number
}

/** A day with more than this is not compared by itself. */
export const MAX_LISTED = 20_000

/** The gateway understood and said no: asking again in the same words changes nothing. */
export class GatewayRefused extends Error {}

/**
 * Somebody who takes money. Every call may be repeated after a lost answer, because it carries the same key.
 * Throws GatewayRefused for a definite no; any other error leaves open what happened.
 */
export interface PayGateway {
  readonly name: GatewayName
  readonly methods: readonly PayMethod[]
  /** No real money moves here: orders are flagged `test`. */
  readonly test: boolean
  /** The address that it gives is dead before the attempt is: it is asked for another, in the same words. */
  readonly renews?: true
  /** How long after the end of a day its list is there. */
  readonly listAfterMs?: number
  /** Which of its ways to pay fits this screen; kept with the attempt. Problem open_in_browser. */
  sceneOf?(payer: Payer): string
  /** Opens the attempt and answers where the buyer pays; with the key of order and attempt. */
  create(attempt: Attempt): Promise<{ ref: string; payUrl: string }>
  query(attempt: Attempt): Promise<Said>
  /** Takes no more money for it, and answers what is true afterwards: `paid` if the buyer was faster. */
  close(attempt: Attempt): Promise<Said>
  refund(attempt: Attempt, refund: { id: string; amountFen: number }): Promise<void>
  /** Throws Problem bad_signature unless these very bytes were signed, and lately. */
  parseNotify(rawBody: Buffer, headers: IncomingHttpHeaders): Promise<Notice>
  /**
   * Everything that it took and paid back on one day of the village, `YYYY-MM-DD`, as its own books have it; at most
   * `MAX_LISTED`, else GatewayRefused. Throws as well while its list of that day is not there yet.
   */
  listDay(day: string): Promise<Listed[]>
}
