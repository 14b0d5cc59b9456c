import type { Listed } from './gateway.ts'
import type { PaymentState } from './payment.ts'

/** One payment or refund on which two books differ; 0 where one of them does not know it. */
export interface Difference {
  kind: 'payment' | 'refund'
  ref: string
  paymentId: string
  orderId: string
  oursFen: number
  theirsFen: number
}

export interface OurPayment {
  id: string
  orderId: string
  amountFen: number
  state: PaymentState
  captureRef: string
}

export interface OurRefund {
  id: string
  paymentId: string
  orderId: string
  amountFen: number
  state: 'asked' | 'done' | 'failed'
}

/** What we know: whatever the gateway lists, and what we heard of in the day. */
export interface Ours {
  payments: readonly OurPayment[]
  refunds: readonly OurRefund[]
}

export interface Compared {
  differences: Difference[]
  /** What came in less what went back. */
  oursFen: number
  theirsFen: number
}

/**
 * Two books of one day. Whatever the gateway lists we have to know, whenever we heard of it; what we heard of in the day
 * has to be in its list of that day or of the day before, for we hear of things after they happen.
 */
export function compared(
  theirs: readonly Listed[],
  known: Ours,
  ofDay: Ours,
  before: readonly Listed[]
): Compared {
  const listed = [...gathered(theirs).values()]
  const found = [...paymentsIn(listed, known.payments), ...refundsIn(listed, known.refunds)]
  const seen = new Set(
    [...listed, ...gathered(before).values()].flatMap(({ kind, id, ref }) => [
      `${kind}:${id}`,
      `${kind}:${ref}`
    ])
  )
  const missing: Difference[] = [
    ...ofDay.payments
      .filter(({ id, captureRef }) => !seen.has(`payment:${id}`) && !seen.has(`payment:${captureRef}`))
      .map(({ id, orderId, amountFen, captureRef }) => ({
        kind: 'payment' as const,
        ref: captureRef,
        paymentId: id,
        orderId,
        oursFen: amountFen,
        theirsFen: 0
      })),
    ...ofDay.refunds
      .filter(({ id }) => !seen.has(`refund:${id}`))
      .map(({ id, paymentId, orderId, amountFen }) => ({
        kind: 'refund' as const,
        ref: id,
        paymentId,
        orderId,
        oursFen: amountFen,
        theirsFen: 0
      }))
  ]
  const all = [...found, ...missing]
  const net = (of: (each: Difference) => number) =>
    all.reduce((sum, each) => sum + (each.kind === 'payment' ? of(each) : -of(each)), 0)
  return {
    differences: all.filter(({ oursFen, theirsFen }) => oursFen !== theirsFen),
    oursFen: net(({ oursFen }) => oursFen),
    theirsFen: net(({ theirsFen }) => theirsFen)
  }
}

/** Whether it is what was known already; a store keeps the fields in an order of its own. */
export const isSame = (a: readonly Difference[], b: readonly Difference[]) =>
  a.length === b.length && a.every((each, i) => sign(each) === sign(b[i]!))

const sign = ({ kind, ref, paymentId, oursFen, theirsFen }: Difference) =>
  [kind, ref, paymentId, oursFen, theirsFen].join('\n')

function paymentsIn(listed: readonly Listed[], known: readonly OurPayment[]): Difference[] {
  const byId = new Map(known.map((payment) => [payment.id, payment]))
  const byRef = new Map(known.map((payment) => [payment.captureRef, payment]))
  return listed
    .filter(({ kind }) => kind === 'payment')
    .map(({ id, ref, amountFen }) => {
      const ours = byId.get(id) ?? (ref ? byRef.get(ref) : undefined)
      return {
        kind: 'payment',
        ref,
        paymentId: ours?.id ?? id,
        orderId: ours?.orderId ?? '',
        oursFen: ours?.state === 'paid' ? ours.amountFen : 0,
        theirsFen: amountFen
      }
    })
}

function refundsIn(listed: readonly Listed[], known: readonly OurRefund[]): Difference[] {
  const byId = new Map(known.map((refund) => [refund.id, refund]))
  return listed
    .filter(({ kind }) => kind === 'refund')
    .map(({ id, ref, amountFen }) => {
      const ours = byId.get(id)
      return {
        kind: 'refund',
        ref,
        paymentId: ours?.paymentId ?? '',
        orderId: ours?.orderId ?? '',
        // One that is on its way is one that we know of.
        oursFen: ours && ours.state !== 'failed' ? ours.amountFen : 0,
        theirsFen: amountFen
      }
    })
}

/** What a gateway lists twice, it took twice. */
function gathered(listed: readonly Listed[]): Map<string, Listed> {
  const found = new Map<string, Listed>()
  for (const each of listed) {
    const key = `${each.kind}:${each.id || each.ref}`
    const before = found.get(key)
    found.set(key, before ? { ...before, amountFen: before.amountFen + each.amountFen } : each)
  }
  return found
}
