import {
  listReconciliations,
  reconcileAgain,
  settleReconciliation
} from '../../shared/contracts/reconcile.ts'
import type { Http } from '../http/http.ts'
import type { Reconciliations } from './reconciliations.ts'

export function reconcileRoutes(http: Http, reconciliations: Reconciliations) {
  http.route({
    ...listReconciliations,
    handler: ({ query }) => reconciliations.list(query.before)
  })
  http.route({
    ...reconcileAgain,
    handler: async ({ params }) => ({
      reconciliation: await reconciliations.again(params.gateway, params.day)
    })
  })
  http.route({
    ...settleReconciliation,
    handler: async ({ me, params, body }) => ({
      reconciliation: await reconciliations.settle(me, params.gateway, params.day, body.words)
    })
  })
}
