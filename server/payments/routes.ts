import { getSandboxPayment, notify, payState, playSandbox } from '../../shared/contracts/payments.ts'
import type { Http } from '../http/http.ts'
import type { Payments } from './payments.ts'

/** Far more than any gateway has to say. */
const NOTIFY_BYTES = 256 * 1024
/** 《异步通知说明》: unless it reads these very letters, it repeats itself for a day. */
const HEARD_BY_ALIPAY = 'success'

export async function paymentRoutes(http: Http, payments: Payments) {
  http.route({
    ...getSandboxPayment,
    handler: ({ me, params }) => payments.cashier(me, params.paymentId)
  })
  http.route({
    ...playSandbox,
    handler: ({ me, params, body }) => payments.play(me, params.paymentId, body.outcome)
  })
  http.route({
    ...payState,
    handler: async ({ me, params }) => {
      const { orderId, state, payUrl, gateway } = await payments.stateOf(me, params.paymentId)
      return { orderId, state, payUrl, test: gateway === 'sandbox' }
    }
  })
  await http.register(async (door: Http) => {
    // A signature is over bytes: in here, and only in here, nothing parses them before it has been checked.
    door.removeAllContentTypeParsers()
    door.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: NOTIFY_BYTES }, (_request, body, done) =>
      done(null, body)
    )
    door.route({
      ...notify,
      handler: async ({ params, body, headers }, reply) => {
        const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
        const heard = await payments.notify(params.gateway, raw, headers)
        if (params.gateway !== 'alipay') return heard
        void reply.type('text/plain')
        return HEARD_BY_ALIPAY
      }
    })
  })
}
