import { Object, String, Unsafe } from 'typebox'
import { contract } from '../../shared/contract.ts'
import { Problem } from '../../shared/problems.ts'
import type { Http } from '../http/http.ts'
import { isKey, isPrivate, type Objects } from './objects.ts'
import { rangeOf, sendObject } from './send.ts'

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
      if (!isKey(key) || isPrivate(key)) throw new Problem('not_found')
      const range = rangeOf(request.headers.range)
      const found = await objects.get(key, range)
      if (!found) throw new Problem('not_found')
      reply.header('access-control-allow-origin', '*').header('cross-origin-resource-policy', 'cross-origin')
      return sendObject(reply, found, range, 'public, max-age=31536000, immutable')
    }
  })
}
