import type {} from '@fastify/swagger'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../../shared/problems.ts'
import type { Http } from '../http/http.ts'
import { HIDDEN, PLAIN } from './addresses.ts'
import type { Answer, Pages } from './pages.ts'
import type { Sendable } from './web.ts'

const LASTING = 'public, max-age=31536000, immutable'
const ASK_AGAIN = 'no-cache'

/** The web app, its files and what a stranger's preview reads. None of it is an API, so OpenAPI doesn't list it. */
export function pageRoutes(http: Http, pages: Pages) {
  const open = { config: { who: 'anyone' }, schema: { hide: true } } as const
  const send = async (request: FastifyRequest, reply: FastifyReply, body: Sendable, status = 200) => {
    const { bytes, encoding } = await body.for(request.headers['accept-encoding'])
    const etag = encoding === 'identity' ? body.etag : `${body.etag.slice(0, -1)}-${encoding}"`
    reply
      .header('cache-control', body.lasting ? LASTING : ASK_AGAIN)
      .header('etag', etag)
      .header('vary', 'accept-encoding')
    if (status === 200 && knows(request.headers['if-none-match'], etag)) return reply.code(304).send()
    if (encoding !== 'identity') reply.header('content-encoding', encoding)
    return reply.code(status).type(body.type).send(bytes)
  }
  const answer = async (request: FastifyRequest, reply: FastifyReply, made: Promise<Answer>) => {
    const { body, status } = await made
    return send(request, reply, body, status)
  }

  http.get('/', open, (request, reply) => answer(request, reply, pages.faced('storefront', '/')))
  for (const [kind, folder] of [
    ['room', 'show'],
    ['product', 'product'],
    ['shop', 'shop']
  ] as const) {
    http.get<{ Params: { id: string } }>(`/${folder}/:id`, open, (request, reply) => {
      const { id } = request.params
      return answer(request, reply, pages.faced(kind, `/${folder}/${encodeURIComponent(id)}`, id))
    })
  }
  for (const url of PLAIN) {
    http.get(url, open, (request, reply) => answer(request, reply, pages.plain()))
  }

  const robots = ['User-agent: *', ...HIDDEN.map((folder) => `Disallow: ${folder}`), ''].join('\n')
  http.get('/robots.txt', open, (_request, reply) => reply.type('text/plain; charset=utf-8').send(robots))

  http.get('/*', open, async (request, reply) => {
    const path = request.url.split('?', 1)[0]!
    const file = pages.file(path)
    if (file) return send(request, reply, file)
    const person = request.headers.accept?.includes('text/html') && !path.startsWith('/api/')
    if (!person) throw new Problem('no_such_route')
    return answer(request, reply, pages.lost())
  })
}

/** `W/` is what proxies make of a tag when they repack the body. */
const knows = (header: string | undefined, etag: string) =>
  header !== undefined &&
  (header === '*' || header.split(',').some((each) => each.trim().replace(/^W\//, '') === etag))
