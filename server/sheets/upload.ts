import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { Problem } from '../../shared/problems.ts'
import type { Http } from '../http/http.ts'

const ENVELOPE_BYTES = 64 * 1024

/**
 * Routes that take a sheet (multipart, field `sheet`), which no other route does: `sheetOf(request)` are its bytes.
 * What is bigger than `maxBytes` is refused with `too_big` before it is all there.
 */
export function takesSheets(
  http: Http,
  maxBytes: number,
  routes: (uploads: Http, sheetOf: (request: FastifyRequest) => Promise<Buffer>, bodyLimit: number) => void
) {
  http.register(async (uploads) => {
    await uploads.register(multipart, { limits: { files: 1, fields: 2, fileSize: maxBytes, parts: 3 } })
    routes(uploads as Http, sheetOf, maxBytes + ENVELOPE_BYTES)
  })
}

async function sheetOf(request: FastifyRequest): Promise<Buffer> {
  const part = request.isMultipart() ? await request.file() : undefined
  if (part?.fieldname !== 'sheet') throw new Problem('sheet_unreadable', { why: 'no field `sheet`' })
  return part.toBuffer()
}
