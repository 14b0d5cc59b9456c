import multipart from '@fastify/multipart'
import { CLIP_BYTES, getFile, keepFile } from '../../shared/contracts/files.ts'
import { Problem } from '../../shared/problems.ts'
import type { Http } from '../http/http.ts'
import { rangeOf, sendObject } from '../objects/send.ts'
import type { Files } from './files.ts'

/** A lesson is played at sea, but papers with a name on them stay in no browser at a desk that others use too. */
const KEPT = 'private, max-age=31536000, immutable'
const NOT_KEPT = 'private, no-store'

/** The boundary and the headers around a file. */
const ENVELOPE_BYTES = 64 * 1024

export function fileRoutes(http: Http, files: Files) {
  // One byte more than is taken: then the one who takes it sees that it was too big.
  const limits = { files: 1, fields: 2, parts: 3, fileSize: CLIP_BYTES + 1 }
  http.register(async (uploads: Http) => {
    await uploads.register(multipart, { limits, throwFileSizeLimit: false })
    uploads.route({
      ...keepFile,
      bodyLimit: CLIP_BYTES + ENVELOPE_BYTES,
      handler: async (request) => {
        if (!request.isMultipart()) throw new Problem('file_unknown')
        const part = await request.file()
        if (part?.fieldname !== 'file') throw new Problem('file_unknown')
        try {
          return { file: await files.keep(request.me, { ...request.query, upload: part.file }) }
        } catch (error) {
          // A phone that lost its signal in the middle hears nothing of this, and it is no bug either.
          throw request.raw.errored ? new Problem('bad_input') : error
        }
      }
    })
  })

  http.route({
    ...getFile,
    async handler({ me, params: { fileId }, headers }, reply) {
      const range = rangeOf(headers.range)
      const { file, ending, object } = await files.open(me, fileId, range)
      // A PDF is handed to the phone's own reader: in a sandbox no browser shows it.
      const shown = file.type === 'application/pdf' ? 'attachment' : 'inline'
      reply
        .header('content-disposition', `${shown}; filename="${fileId}.${ending}"`)
        .header('cross-origin-resource-policy', 'same-origin')
      const papers = file.kind === 'document' || file.kind === 'sheet'
      return sendObject(reply, object, range, papers ? NOT_KEPT : KEPT)
    }
  })
}
