import {
  decideCase,
  getCase,
  listCases,
  takeCase,
  withdrawCase,
  writeToCase
} from '../../shared/contracts/cases.ts'
import type { Http } from '../http/http.ts'
import type { Cases } from './cases.ts'

export function caseRoutes(http: Http, cases: Cases) {
  http.route({ ...listCases, handler: ({ me, query }) => cases.list(me, query) })
  http.route({
    ...getCase,
    handler: async ({ me, params }) => ({ case: await cases.get(me, params.caseId) })
  })
  http.route({
    ...decideCase,
    handler: async ({ me, params, body }) => ({ case: await cases.decide(me, params.caseId, body) })
  })
  http.route({
    ...writeToCase,
    handler: async ({ me, params, body }) => ({ case: await cases.write(me, params.caseId, body) })
  })
  http.route({
    ...takeCase,
    handler: async ({ me, params, body }) => ({ case: await cases.take(me, params.caseId, body.ownerId) })
  })
  http.route({
    ...withdrawCase,
    handler: async ({ me, params }) => ({ case: await cases.withdraw(me, params.caseId) })
  })
}
