import {
  checkDocument,
  getLicenceRules,
  handInDocument,
  listDocuments,
  myLicence,
  setLicenceRules,
  setSale,
  showPermit
} from '../../shared/contracts/licences.ts'
import type { Http } from '../http/http.ts'
import type { Licences } from './licences.ts'

export function licenceRoutes(http: Http, { rules, documents, ...licences }: Licences) {
  http.route({ ...myLicence, handler: ({ me }) => licences.mine(me) })
  http.route({ ...showPermit, handler: ({ me, params }) => licences.permitOf(me, params.showId) })
  http.route({
    ...setSale,
    handler: async ({ me, params, body }) => {
      await licences.setSale(me, params.showId, body)
      return {}
    }
  })
  http.route({
    ...handInDocument,
    handler: async ({ me, body }) => ({ document: await documents.handIn(me, body) })
  })
  http.route({ ...listDocuments, handler: ({ query }) => documents.list(query) })
  http.route({
    ...checkDocument,
    handler: async ({ me, params, body }) => ({
      document: await documents.check(me, params.documentId, body)
    })
  })
  http.route({ ...getLicenceRules, handler: () => rules.pack() })
  http.route({
    ...setLicenceRules,
    handler: ({ me, body }) => rules.change(me, body.version, body.rules)
  })
}
