import { Integer, Object, Optional, String, Unsafe } from 'typebox'
import type { FastifyReply } from 'fastify'
import { contract } from '../../shared/contract.ts'
import { Problem } from '../../shared/problems.ts'
import { Id } from '../../shared/schemas.ts'
import { ingestPath } from '../../shared/video.ts'
import type { Http } from '../http/http.ts'
import type { Member } from '../members/member.ts'
import type { Films } from './films.ts'
import { ingest } from './ingest.ts'
import { RENDITION } from './playlist.ts'
import type { MediaName } from './screen.ts'

const PLAYLIST = 'application/vnd.apple.mpegurl'
const FOR_EVER = 'public, max-age=31536000, immutable'
const THUMBNAIL_S = 10
/** More segments and parts than any show has: what is beyond is not an address of ours. */
const MAX_NUMBER = 10_000_000
const MAX_PART = 100

const bytes = { 200: Unsafe<unknown>({}) }
const session = Object({ sessionId: Id })

const master = contract({
  method: 'GET',
  url: '/live/:sessionId/master.m3u8',
  schema: { summary: 'HLS of a film: its renditions.', params: session, response: bytes },
  config: { who: 'anyone' }
})

const index = contract({
  method: 'GET',
  url: `/live/:sessionId/${RENDITION}/index.m3u8`,
  schema: {
    summary:
      'Low-latency HLS; with `_HLS_msn` and `_HLS_part` answered when that part is there, or after 1.4 s.',
    params: session,
    querystring: Object({
      _HLS_msn: Optional(Integer({ minimum: 0, maximum: MAX_NUMBER })),
      _HLS_part: Optional(Integer({ minimum: 0, maximum: MAX_PART }))
    }),
    response: bytes
  },
  config: { who: 'anyone' }
})

const media = contract({
  method: 'GET',
  url: `/live/:sessionId/${RENDITION}/:name`,
  schema: {
    summary: 'init-N.mp4, seg-N.m4s or part-N-K.m4s; never changes under its address.',
    params: Object({ sessionId: Id, name: String({ maxLength: 40 }) }),
    response: bytes
  },
  config: { who: 'anyone' }
})

const replay = contract({
  method: 'GET',
  url: '/live/:sessionId/replay.m3u8',
  schema: { summary: 'HLS of the recording, from its beginning.', params: session, response: bytes },
  config: { who: 'anyone' }
})

const thumbnail = contract({
  method: 'GET',
  url: '/live/:sessionId/thumb.jpg',
  schema: { summary: 'A picture of the last ten seconds.', params: session, response: bytes },
  config: { who: 'anyone' }
})

/**
 * The picture at the edge. A CDN or a second origin may serve it, so every origin may read it; but for the film of a
 * closed show, which is for who may watch that show and kept by nobody on the way.
 */
export function filmRoutes(
  http: Http,
  films: Films,
  { mayWatch }: { mayWatch: (showId: string, member: Member | undefined) => Promise<boolean> }
) {
  http.route({
    ...master,
    handler: async ({ params, url, member }, reply) =>
      (await elsewhere(params.sessionId, url, reply)) ??
      playlist(await admitted(params.sessionId, member, reply), await films.master(params.sessionId))
  })
  http.route({
    ...index,
    handler: async ({ params, query, url, member }, reply) =>
      (await elsewhere(params.sessionId, url, reply)) ??
      playlist(
        await admitted(params.sessionId, member, reply),
        await films.index(params.sessionId, {
          ...(query._HLS_msn !== undefined && { msn: query._HLS_msn }),
          ...(query._HLS_part !== undefined && { part: query._HLS_part })
        })
      )
  })
  http.route({
    ...media,
    async handler({ params, member }, reply) {
      const answer = await admitted(params.sessionId, member, reply)
      const found = await films.media(params.sessionId, nameOf(params.name))
      return answer(FOR_EVER).type('video/mp4').send(found)
    }
  })
  http.route({
    ...replay,
    handler: async ({ params, member }, reply) =>
      playlist(await admitted(params.sessionId, member, reply), await films.replay(params.sessionId))
  })
  http.route({
    ...thumbnail,
    async handler({ params, member }, reply) {
      const answer = await admitted(params.sessionId, member, reply)
      const found = await films.thumbnail(params.sessionId)
      return answer(`public, max-age=${THUMBNAIL_S}`).type('image/jpeg').send(found)
    }
  })
  http.get<{ Params: { sessionId: string } }>(
    ingestPath(':sessionId'),
    // Learners rehearse and trainers hold classes, so it is not for hosts alone: it asks whose film it is.
    { websocket: true, config: { who: 'member' } },
    (socket, request) => void ingest(socket, request.me, request.params.sessionId, films)
  )

  /** The reply with the headers of this film: who may read it, and how long a public one is kept. */
  async function admitted(
    sessionId: string,
    member: Member | undefined,
    reply: FastifyReply
  ): Promise<Headed> {
    const asked = films.closedShow(sessionId)
    const showId = asked instanceof Promise ? await asked : asked
    if (showId === undefined) return (cache) => open(reply).header('cache-control', cache)
    if (!(await mayWatch(showId, member))) throw new Problem(member ? 'no_such_session' : 'sign_in_first')
    return () => reply.header('cache-control', 'private, no-store')
  }

  async function elsewhere(sessionId: string, url: string, reply: FastifyReply) {
    const origin = await films.elsewhere(sessionId)
    return (
      origin &&
      open(reply)
        .header('cache-control', 'no-cache')
        .redirect(origin + url, 307)
    )
  }
}

const open = (reply: FastifyReply) =>
  reply.header('access-control-allow-origin', '*').header('cross-origin-resource-policy', 'cross-origin')

type Headed = (cache: string) => FastifyReply

const playlist = (answer: Headed, text: string | Buffer) => answer('no-cache').type(PLAYLIST).send(text)

function nameOf(name: string): MediaName {
  const [, init, segment, msn, part] =
    /^(?:init-(\d{1,8})\.mp4|seg-(\d{1,8})\.m4s|part-(\d{1,8})-(\d{1,3})\.m4s)$/.exec(name) ?? []
  if (init) return { init: Number(init) }
  if (segment) return { msn: Number(segment) }
  if (msn && part) return { msn: Number(msn), part: Number(part) }
  throw new Problem('segment_gone')
}
