import { acceptCard, debriefSheet, getDebrief, listDebriefs } from '../../shared/contracts/debriefs.ts'
import type { Http } from '../http/http.ts'
import type { Debriefs } from './debriefs.ts'
import { csvOf } from './sheet.ts'

export function debriefRoutes(
  http: Http,
  debriefs: Debriefs,
  { timeOf, harmless }: { timeOf: (at: number) => string; harmless: (text: string) => string }
) {
  http.route({
    ...listDebriefs,
    handler: async ({ me, query }) => ({ items: await debriefs.list(me, query) })
  })
  http.route({ ...getDebrief, handler: ({ me, params }) => debriefs.of(me, params.showId) })
  http.route({
    ...debriefSheet,
    handler: async ({ me, params }, reply) => {
      const sheet = csvOf(await debriefs.of(me, params.showId), timeOf, harmless)
      return reply
        .header('content-disposition', 'attachment; filename="debrief.csv"')
        .header('cache-control', 'no-store')
        .type('text/csv; charset=utf-8')
        .send(sheet as never)
    }
  })
  http.route({
    ...acceptCard,
    handler: async ({ me, params, body }) => ({
      accepted: await debriefs.accept(me, params.showId, params.rule, body.words)
    })
  })
}
