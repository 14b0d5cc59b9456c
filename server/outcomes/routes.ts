import { exportOutcomes, getOutcomes, outcomePeople } from '../../shared/contracts/outcomes.ts'
import type { Http } from '../http/http.ts'
import type { Outcomes } from './outcomes.ts'
import { outcomeSheet } from './handed-on.ts'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export function outcomeRoutes(http: Http, outcomes: Outcomes) {
  http.route({ ...getOutcomes, handler: ({ query }) => outcomes.board(query) })
  http.route({
    ...outcomePeople,
    handler: async ({ params, query }) => ({
      items: await outcomes.people(params.step, query, query.after)
    })
  })
  http.route({
    ...exportOutcomes,
    handler: async ({ query }, reply) => {
      const sheet = await outcomeSheet(await outcomes.everybody(query))
      return reply
        .header('content-disposition', 'attachment; filename="outcomes.xlsx"')
        .header('cache-control', 'no-store')
        .type(XLSX)
        .send(sheet as never)
    }
  })
}
