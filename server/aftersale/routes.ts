import * as contracts from '../../shared/contracts/aftersale.ts'
import type { Http } from '../http/http.ts'
import type { Aftersale } from './open.ts'

export function aftersaleRoutes(http: Http, aftersale: Aftersale) {
  const { alerts, rules, refunds, compensations, returns, files } = aftersale

  http.route({
    ...contracts.orderAftersale,
    handler: async ({ me, params }) => ({ aftersale: await files.mine(me, params.orderId) })
  })
  http.route({
    ...contracts.cancelPaid,
    async handler({ me, params }) {
      await refunds.cancelPaid(me, params.orderId)
      return { aftersale: await files.mine(me, params.orderId) }
    }
  })
  http.route({
    ...contracts.photoCode,
    handler: ({ me, params }) => compensations.codeFor(me, params.orderId)
  })
  http.route({
    ...contracts.reportBad,
    handler: async ({ me, params, body }) => ({
      compensation: await compensations.report(me, params.orderId, body)
    })
  })
  http.route({
    ...contracts.askReturn,
    async handler({ me, params, body }) {
      await returns.ask(me, params.orderId, body.lines)
      return { aftersale: await files.mine(me, params.orderId) }
    }
  })
  http.route({
    ...contracts.sendReturn,
    async handler({ me, params, body }) {
      const orderId = await returns.send(me, params.returnId, body.parcel)
      return { aftersale: await files.mine(me, orderId) }
    }
  })
  http.route({ ...contracts.orderFile, handler: ({ me, params }) => files.file(me, params.orderId) })

  http.route({ ...contracts.aftersaleWaits, handler: () => aftersale.waits() })
  http.route({
    ...contracts.deskCompensations,
    handler: async ({ me, query }) => ({ items: await compensations.list(me, query.list, query.after) })
  })
  http.route({
    ...contracts.decideCompensation,
    handler: async ({ me, params, body }) => ({
      item: await compensations.decide(me, params.compensationId, body)
    })
  })
  http.route({
    ...contracts.deskReturns,
    handler: async ({ query }) => ({ items: await returns.list(query.list, query.after) })
  })
  http.route({
    ...contracts.settleReturn,
    handler: async ({ me, params, body }) => ({ item: await returns.settle(me, params.returnId, body) })
  })
  http.route({
    ...contracts.deskRefunds,
    handler: async ({ query }) => ({ items: await refunds.list(query.list, query.after) })
  })
  http.route({
    ...contracts.payBack,
    handler: async ({ me, params, body }) => ({
      refund: await refunds.payBack(me, params.orderId, body),
      aftersale: await files.of(params.orderId)
    })
  })
  http.route({
    ...contracts.refundAgain,
    handler: async ({ me, params }) => ({ refund: await refunds.again(me, params.refundId) })
  })
  http.route({
    ...contracts.refundByHand,
    handler: async ({ me, params, body }) => ({
      refund: await refunds.byHand(me, params.refundId, body.words)
    })
  })
  http.route({
    ...contracts.moneyAlerts,
    handler: async ({ query }) => ({ items: await alerts.list(query.list, query.after) })
  })
  http.route({
    ...contracts.settleAlert,
    handler: async ({ me, params, body }) => ({ alert: await alerts.settle(me, params.alertId, body.words) })
  })
  http.route({ ...contracts.shopAftersale, handler: ({ me }) => aftersale.ofMyShop(me) })
  http.route({ ...contracts.getAftersaleRules, handler: () => rules.pack() })
  http.route({
    ...contracts.setAftersaleRules,
    handler: ({ me, body }) => rules.change(me, body.version, body.rules)
  })
}
