import type { FastifyReply } from 'fastify'
import type { ByteRange, StoredObject } from './objects.ts'

/** Sends an object, or the part of it that was asked for: to be shown, never to be run. */
export function sendObject(
  reply: FastifyReply,
  found: StoredObject,
  range: ByteRange | undefined,
  cacheControl: string
) {
  const { body, size, from, to, type } = found
  reply
    .header('accept-ranges', 'bytes')
    .header('content-security-policy', "sandbox; default-src 'none'")
    .header('x-content-type-options', 'nosniff')
  if (range && from >= size) {
    body.destroy()
    return reply.code(416).header('content-range', `bytes */${size}`).send()
  }
  if (range) reply.code(206).header('content-range', `bytes ${from}-${to}/${size}`)
  return reply
    .header('cache-control', cacheControl)
    .header('content-length', to - from + 1)
    .type(type)
    .send(body)
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
