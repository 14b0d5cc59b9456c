import { Object, String, Unsafe } from 'typebox'
import { contract } from '../../shared/contract.ts'
import { Problem } from '../../shared/problems.ts'
import type { Http } from '../http/http.ts'
import { isKey, type ByteRange, type Objects } from './objects.ts'

/** Where this server serves what it keeps, whether that lies on its disk or in a private bucket. */
export const MEDIA = '/media'

const media = contract({
  method: 'GET',
  url: `${MEDIA}/*`,
  schema: {
    summary: 'A photo, a segment or a recording; understands `Range: bytes=from-to`.',
    params: Object({ '*': String() }),
    response: { 200: Unsafe<unknown>({}) }
  },
  config: { who: 'anyone' }
})

/** What is kept never changes under its key, so a browser need not ask twice. */
export function objectRoutes(http: Http, objects: Objects) {
  http.route({
    ...media,
    async handler(request, reply) {
      const key = request.params['*']
      if (!isKey(key)) throw new Problem('not_found')
      const range = rangeOf(request.headers.range)
      const found = await objects.get(key, range)
      if (!found) throw new Problem('not_found')
      const { body, size, from, to, type } = found
      reply
        .header('accept-ranges', 'bytes')
        .header('access-control-allow-origin', '*')
        .header('cross-origin-resource-policy', 'cross-origin')
        // A picture that was sent to us is shown, never run.
        .header('content-security-policy', "sandbox; default-src 'none'")
        .header('x-content-type-options', 'nosniff')
      if (range && from >= size) {
        body.destroy()
        reply.statusCode = 416
        return reply.header('content-range', `bytes */${size}`).send()
      }
      if (range) {
        reply.statusCode = 206
        reply.header('content-range', `bytes ${from}-${to}/${size}`)
      }
      return reply
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('content-length', to - from + 1)
        .type(type)
        .send(body)
    }
  })
}

/** One range with a beginning. Whatever else a client asks for, it is sent the whole, which HTTP allows. */
export function rangeOf(header: string | undefined): ByteRange | undefined {
  const parts = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(header ?? '')
  if (!parts) return undefined
  const from = Number(parts[1])
  if (parts[2] === undefined) return { from }
  const to = Number(parts[2])
  return to < from ? undefined : { from, to }
}
