import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyBaseLogger } from 'fastify'
import type { Who } from '../../shared/contract.ts'
import { Problem, type ProblemCode } from '../../shared/problems.ts'
import type { Member } from '../members/member.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    who?: Who
  }
  interface FastifyRequest {
    /** The member the session belongs to; undefined for a guest. */
    member: Member | undefined
    /** The same, where the route lets nobody else in. */
    me: Member
  }
}

/** Fastify with our contracts' types: what `routes.ts` of a domain is given. */
export type Http = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** One route as the role × route test sees it. */
export interface NamedRoute {
  method: string
  url: string
  who: Who
}

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

/**
 * What every request meets, whatever it asks for: who she is, whether this route is for her, whether the request
 * came from our own pages, and one answer for everything that goes wrong.
 */
export function guardTheEdge(
  http: Http,
  {
    memberOf,
    origins
  }: {
    memberOf: (request: FastifyRequest) => Promise<Member | undefined>
    /** Origins whose pages may change something. */
    origins: (origin: string, host: string) => boolean
  }
) {
  const routes: NamedRoute[] = []

  http.addHook('onRoute', ({ method, url, config }) => {
    if (method === 'HEAD' || method === 'OPTIONS') return
    if (!config?.who) throw new Error(`${String(method)} ${url} does not say who may call it`)
    for (const each of [method].flat()) routes.push({ method: each, url, who: config.who })
  })

  http.decorateRequest('member', undefined)
  http.decorateRequest('me', {
    getter() {
      if (!this.member) throw new Problem('sign_in_first')
      return this.member
    }
  })

  http.addHook('onRequest', async (request) => {
    const { who } = request.routeOptions.config
    if (request.is404) throw new Problem('no_such_route')
    const upgrade = request.headers.upgrade !== undefined
    const changes = !['GET', 'HEAD', 'OPTIONS'].includes(request.method)
    const { origin, host = '' } = request.headers
    if ((changes || upgrade) && origin !== undefined && !origins(origin, host)) {
      throw new Problem('foreign_origin')
    }
    request.member = await memberOf(request)
    if (who === 'anyone' || who === undefined) return
    if (!request.member) throw new Problem('sign_in_first')
    if (who === 'member') return
    if (!who.some((role) => request.member!.roles.includes(role))) throw new Problem('role_missing')
  })

  http.setNotFoundHandler((_request, reply) => {
    const problem = new Problem('no_such_route')
    return reply.code(problem.status).send(problem.answer())
  })

  http.setErrorHandler((error: Error & { code?: string; validation?: unknown[] }, request, reply) => {
    const problem = problemOf(error)
    if (problem.code === 'broken') request.log.error({ err: error, url: request.url }, 'a bug answered 500')
    if (typeof problem.details?.waitMs === 'number') {
      reply.header('retry-after', Math.ceil(problem.details.waitMs / 1000))
    }
    return reply.code(problem.status).type('application/json; charset=utf-8').send(problem.answer())
  })

  return { routes }
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
  const known = FASTIFY_CODES[error.code ?? '']
  if (known) return new Problem(known)
  if (error.statusCode === 429) return new Problem('too_fast')
  if (error.statusCode && error.statusCode >= 400 && error.statusCode < 500) return new Problem('bad_input')
  return new Problem('broken')
}
