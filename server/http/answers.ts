import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem, type ProblemCode } from '../../shared/problems.ts'
import { isBusy } from '../store/store.ts'
import { pathOf } from './log.ts'

/** When a phone that was told `busy` may try again. */
const BUSY_MS = 2_000

/** Fastify's own refusals, in our words. */
const FASTIFY_CODES: Record<string, ProblemCode> = {
  FST_ERR_VALIDATION: 'bad_input',
  FST_ERR_CTP_INVALID_JSON_BODY: 'bad_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'bad_json',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'bad_input',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad_input',
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_big',
  FST_REQ_FILE_TOO_LARGE: 'too_big',
  FST_ERR_BAD_URL: 'bad_input',
  FST_ERR_MAX_PARAM_LENGTH: 'bad_input'
}

/** Says no the same way everywhere: a code, a sentence, and how long to wait where that helps. */
export function answerProblem(error: Error, request: FastifyRequest, reply: FastifyReply) {
  const problem = problemOf(error)
  if (problem.code === 'broken')
    request.log.error({ err: error, url: pathOf(request.url) }, 'a bug answered 500')
  // Somebody outside let us down; she reads a sentence, and whoever runs this server why.
  else if (problem === error && error.cause) request.log.warn({ err: error.cause }, problem.code)
  if (typeof problem.details?.waitMs === 'number') {
    reply.header('retry-after', Math.ceil(problem.details.waitMs / 1000))
  }
  return reply.code(problem.status).type('application/json; charset=utf-8').send(problem.answer())
}

/** Any error as one of our refusals; what we do not know is a bug and says nothing of its inside. */
export function problemOf(
  error: Error & { code?: string; validation?: unknown; statusCode?: number }
): Problem {
  if (error instanceof Problem) return error
  if (error.validation) {
    const [first] = error.validation as { instancePath?: string; message?: string }[]
    return new Problem('bad_input', { field: first?.instancePath ?? '', rule: first?.message ?? '' })
  }
  if (isBusy(error)) return new Problem('busy', { waitMs: BUSY_MS })
  const known = FASTIFY_CODES[error.code ?? '']
  if (known) return new Problem(known)
  if (error.statusCode === 429) return new Problem('too_fast')
  if (error.statusCode && error.statusCode >= 400 && error.statusCode < 500) return new Problem('bad_input')
  return new Problem('broken')
}
