import { Array, Boolean, Object, Optional, String, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Line, Millis, oneOf, Text } from '../schemas.ts'
import { SumFen } from './ledger.ts'

/** 对账: a gateway’s own list of one day, held against ours. */
export const GATEWAYS = ['sandbox', 'stripe', 'wechat', 'alipay'] as const
export const MAX_DIFFERENCES = 200
const OFFICER = ['officer'] as const
/** A day of the village. */
const Day = String({ pattern: '^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' })

export const Reconciliation = Object({
  gateway: oneOf(GATEWAYS),
  day: Day,
  /** failed: the gateway has not told its list; it is asked again. */
  state: oneOf(['equal', 'differs', 'failed']),
  /** What came in less what went back. */
  oursFen: SumFen,
  theirsFen: SumFen,
  /** No real money moves there. */
  test: Boolean(),
  differences: Array(
    Object({
      kind: oneOf(['payment', 'refund']),
      /** The gateway’s own name for it. */
      ref: Text(120),
      paymentId: Text(40),
      orderId: Text(40),
      /** 0: we do not know of it. */
      oursFen: SumFen,
      /** 0: the gateway does not know of it. */
      theirsFen: SumFen
    }),
    { maxItems: MAX_DIFFERENCES }
  ),
  doneAt: Millis,
  /** Who has looked into what differs; empty: nobody. */
  settledByName: Text(40),
  words: Text(200)
})
export type Reconciliation = Static<typeof Reconciliation>

export const listReconciliations = contract({
  method: 'GET',
  url: '/api/reconciliations',
  schema: {
    summary: 'Every day that was compared with a gateway, the latest first; whole days at a time.',
    querystring: Object({ before: Optional(Day) }),
    response: { 200: Object({ items: Array(Reconciliation, { maxItems: 60 }), more: Boolean() }) }
  },
  config: { who: OFFICER }
})

const params = Object({ gateway: oneOf(GATEWAYS), day: Day })

export const reconcileAgain = contract({
  method: 'POST',
  url: '/api/reconciliations/:gateway/:day/again',
  schema: {
    summary: 'Asks the gateway for its list of a day once more, and compares.',
    params,
    response: { 200: Object({ reconciliation: Reconciliation }) }
  },
  config: { who: OFFICER }
})

export const settleReconciliation = contract({
  method: 'POST',
  url: '/api/reconciliations/:gateway/:day/settle',
  schema: {
    summary: 'Says what was found about the differences of a day.',
    params,
    body: Object({ words: Line(200) }),
    response: { 200: Object({ reconciliation: Reconciliation }) }
  },
  config: { who: OFFICER }
})
