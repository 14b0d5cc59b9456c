import type { Answer } from '../../shared/contract.ts'
import {
  changeShow,
  endShow,
  getDesk,
  getRoom,
  goLive,
  listShows,
  myRoom,
  myShows,
  pinProduct,
  scheduleShow,
  setShelf
} from '../../shared/contracts/live.ts'
import type { Http } from '../http/edge.ts'
import type { Member } from '../members/member.ts'
import type { Shows } from './shows.ts'
import type { Views } from './views.ts'

export function liveRoutes(
  http: Http,
  {
    shows,
    views,
    mine,
    desk
  }: {
    shows: Shows
    views: Views
    /** What only she sees of a room. */
    mine: (me: Member, showId: string) => Promise<Answer<typeof myRoom>>
    /** The numbers of a show she runs. */
    desk: (me: Member, showId: string) => Promise<Answer<typeof getDesk>>
  }
) {
  http.route({
    ...listShows,
    handler: async ({ query }) => ({ items: await shows.list(query.state, query.after) })
  })
  http.route({
    ...getRoom,
    handler: async ({ params, headers }, reply) => {
      const ready = await views.of(params.showId)
      reply.header('etag', ready.etag).header('cache-control', 'no-cache').header('vary', 'accept-encoding')
      if (headers['if-none-match'] === ready.etag) return reply.code(304 as 200).send(undefined as never)
      reply.type('application/json; charset=utf-8')
      const gzip = headers['accept-encoding']?.includes('gzip')
      if (gzip) reply.header('content-encoding', 'gzip')
      // Bytes that were made once and checked once are sent as they are.
      return reply.send((gzip ? ready.gzip : ready.body) as never)
    }
  })
  http.route({ ...myRoom, handler: ({ me, params }) => mine(me, params.showId) })
  http.route({ ...myShows, handler: async ({ me }) => ({ items: await shows.mine(me) }) })
  http.route({ ...scheduleShow, handler: async ({ me, body }) => ({ show: await shows.schedule(me, body) }) })
  http.route({
    ...changeShow,
    handler: async ({ me, params, body }) => ({ show: await shows.change(me, params.showId, body) })
  })
  http.route({
    ...setShelf,
    handler: async ({ me, params, body }) => ({
      items: await shows.setShelf(me, params.showId, body.productIds)
    })
  })
  http.route({
    ...pinProduct,
    handler: async ({ me, params, body }) => {
      await shows.pin(me, params.showId, body.productId)
      return {}
    }
  })
  http.route({ ...goLive, handler: ({ me, params }) => shows.goLive(me, params.showId) })
  http.route({
    ...endShow,
    handler: async ({ me, params }) => ({ show: await shows.end(me, params.showId) })
  })
  http.route({ ...getDesk, handler: ({ me, params }) => desk(me, params.showId) })
}
