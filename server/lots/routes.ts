import { leaveWait, myWaits, waitForSpec } from '../../shared/contracts/lots.ts'
import type { Http } from '../http/http.ts'
import type { Waits } from './waits.ts'

export function lotRoutes(http: Http, { waits }: { waits: Waits }) {
  http.route({
    ...waitForSpec,
    handler: async ({ me, params, body }) => ({ wait: await waits.join(me, params.specId, body.qty) })
  })
  http.route({ ...myWaits, handler: async ({ me }) => ({ items: await waits.mine(me) }) })
  http.route({
    ...leaveWait,
    handler: async ({ me, params }) => {
      await waits.leave(me, params.waitId)
      return {}
    }
  })
}
