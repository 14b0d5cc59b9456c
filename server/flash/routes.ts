import { endFlash, startFlash } from '../../shared/contracts/flash.ts'
import type { Http } from '../http/http.ts'
import type { FlashSales } from './sales.ts'

export function flashRoutes(http: Http, flash: FlashSales) {
  http.route({
    ...startFlash,
    handler: async ({ me, params, body }) => ({ flash: await flash.start(me, params.showId, body) })
  })
  http.route({
    ...endFlash,
    handler: async ({ me, params }) => {
      await flash.end(me, params.showId, params.flashId)
      return {}
    }
  })
}
