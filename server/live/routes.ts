import type { FastifyReply, FastifyRequest } from 'fastify'
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
import type { Http } from '../http/http.ts'
import type { Member } from '../members/member.ts'
import type { Shows } from './shows.ts'
import type { Ready, Views } from './views.ts'

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
    config: { ...getRoom.config, ready: true },
    handler: (request, reply) => {
      const ready = views.of(request.params.showId)
      // Nobody waits for a promise whose room is public and lies ready.
      if (ready instanceof Promise || ready.closed) return answerLater(request, reply, ready) as never
      return answer(request, reply, ready) as never
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

  async function answerLater(request: FastifyRequest, reply: FastifyReply, making: Ready | Promise<Ready>) {
    const ready = await making
    if (ready.closed) await shows.refuseStranger(ready.closed, request.member)
    return answer(request, reply, ready)
  }
}

/**
 * Sends bytes that were made once and checked once, past everything that Fastify would do to an object. What the
 * edge says with every answer goes along.
 */
function answer({ headers }: FastifyRequest, reply: FastifyReply, ready: Ready) {
  const same = headers['if-none-match'] === ready.etag
  const gzip = headers['accept-encoding']?.includes('gzip') ?? false
  const kind = same ? 'unchanged' : gzip ? 'gzip' : 'body'
  ready.heads[kind] ??= headOf(reply, ready, kind)
  reply.hijack()
  reply.raw.writeHead(same ? 304 : 200, ready.heads[kind])
  if (same) reply.raw.end()
  else if (!gzip) reply.raw.end(ready.body)
  // As text, a letter a byte, these few bytes go out in one write together with their head.
  else reply.raw.end((ready.letters ??= ready.gzip.toString('latin1')), 'latin1')
  return reply
}

function headOf(reply: FastifyReply, { etag, gzip, body, closed }: Ready, kind: keyof Ready['heads']) {
  const head = {
    ...reply.server.safeHeaders,
    etag,
    'cache-control': closed ? 'private, no-cache' : 'no-cache',
    vary: closed ? 'accept-encoding, cookie' : 'accept-encoding',
    ...(kind !== 'unchanged' && {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String((kind === 'gzip' ? gzip : body).length)
    }),
    ...(kind === 'gzip' && { 'content-encoding': 'gzip' })
  }
  return Object.entries(head).flat()
}
