import {
  addLot,
  closeLot,
  landLot,
  leaveWait,
  loseLot,
  moveLot,
  myLots,
  myWaits,
  productLandings,
  spreadLot,
  waitForSpec
} from '../../shared/contracts/lots.ts'
import type { Http } from '../http/http.ts'
import type { Landings } from './landings.ts'
import type { Waits } from './waits.ts'

export function lotRoutes(http: Http, { landings, waits }: { landings: Landings; waits: Waits }) {
  http.route({ ...myLots, handler: ({ me, query }) => landings.mine(me, query) })
  http.route({ ...addLot, handler: async ({ me, body }) => ({ lot: await landings.add(me, body) }) })
  http.route({
    ...spreadLot,
    handler: async ({ me, params, body }) => ({ lot: await landings.spread(me, params.lotId, body) })
  })
  http.route({
    ...landLot,
    handler: async ({ me, params, body }) => ({ lot: await landings.land(me, params.lotId, body) })
  })
  http.route({
    ...moveLot,
    handler: async ({ me, params, body }) => ({ lot: await landings.move(me, params.lotId, body) })
  })
  http.route({
    ...loseLot,
    handler: async ({ me, params, body }) => ({ lot: await landings.lose(me, params.lotId, body) })
  })
  http.route({
    ...closeLot,
    handler: async ({ me, params, body }) => ({ lot: await landings.close(me, params.lotId, body) })
  })
  http.route({
    ...productLandings,
    handler: async ({ params }) => ({ items: await landings.ofProduct(params.productId) })
  })

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
