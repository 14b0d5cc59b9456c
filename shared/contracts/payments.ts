import { Boolean, Literal, Object, Optional, String, Union, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Fen, Id, oneOf, Text } from '../schemas.ts'

/** The sandbox cashier’s page: 演示收银台 · 不会真正扣款. */
export const SandboxPayment = Object({
  paymentId: Id,
  orderId: Id,
  amountFen: Fen,
  state: oneOf(['open', 'paid', 'failed', 'closed'])
})
export type SandboxPayment = Static<typeof SandboxPayment>

const params = Object({ paymentId: Id })

export const getSandboxPayment = contract({
  method: 'GET',
  url: '/api/sandbox/payments/:paymentId',
  schema: { summary: 'What the demo cashier shows.', params, response: { 200: SandboxPayment } },
  config: { who: 'member' }
})

/** The buttons of the demo cashier; each sends signed notifications through the same door as a real gateway. */
export const playSandbox = contract({
  method: 'POST',
  url: '/api/sandbox/payments/:paymentId/play',
  schema: {
    summary: 'Demo cashier: pays, fails, repeats the notification, or stays silent.',
    params,
    body: Object({ outcome: oneOf(['paid', 'failed', 'repeated', 'silent']) }),
    response: { 200: SandboxPayment }
  },
  config: { who: 'member' }
})

/** Raw body; the signature is checked against the bytes. 400 on a bad one, 200 on a repeated event. */
export const notify = contract({
  method: 'POST',
  url: '/api/notify/:gateway',
  schema: {
    summary: 'Where gateways tell what happened to a payment; signed.',
    params: Object({ gateway: oneOf(['sandbox', 'stripe', 'wechat', 'alipay']) }),
    // 支付宝 reads nothing but its own word, as plain text.
    response: {
      200: Union([Object({ received: Boolean(), repeated: Optional(Boolean()) }), Literal('success')])
    }
  },
  config: { who: 'anyone' }
})

export const payState = contract({
  method: 'GET',
  url: '/api/payments/:paymentId',
  schema: {
    summary: 'My payment, asked by the return page; asks the gateway when no notification has come.',
    params,
    response: { 200: Object({ orderId: Id, state: Text(20), payUrl: String(), test: Boolean() }) }
  },
  config: { who: 'member' }
})
