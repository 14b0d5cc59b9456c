import rateLimit from '@fastify/rate-limit'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawServerDefault
} from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Who } from '../../shared/contract.ts'
import { Problem, type ProblemCode } from '../../shared/problems.ts'
import type { Member } from '../members/member.ts'
import { isBusy } from '../store/store.ts'
import type { Settings } from '../settings.ts'
import { safeHeaders } from './headers.ts'
import { describeRoutes } from './openapi.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    who?: Who
    /** An answer that lies ready costs no more than saying “too fast”, so it is not counted. */
    uncounted?: boolean
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

/**
 * What one address may ask for. Generous, because a whole village may sit behind one router, each phone fetching a
 * few pieces of picture a second; what must be tight (codes, chat) is counted per phone and per member.
 */
const WINDOW_MS = 10_000
const READS_PER_WINDOW = 20_000
const CHANGES_PER_WINDOW = 2_000
/** Addresses that are counted at one moment; the one seen longest ago is forgotten first. */
const COUNTED_ADDRESSES = 20_000

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

/**
 * What every request meets, whatever it asks for: how much one address may ask, who she is, whether this route is
 * for her, whether the request came from our own pages, and one answer for everything that goes wrong.
 */
export async function guardTheEdge(
  http: Http,
  {
    memberOf,
    origins,
    settings
  }: {
    memberOf: (request: FastifyRequest) => Promise<Member | undefined>
    /** Origins whose pages may change something. */
    origins: (origin: string, host: string) => boolean
    settings: Pick<Settings, 'publicUrl' | 'mediaBase' | 'mediaUrl' | 's3'>
  }
) {
  const routes: NamedRoute[] = []
  const headers = safeHeaders(settings)

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

  http.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers)
    done()
  })

  await http.register(rateLimit, {
    global: false,
    cache: COUNTED_ADDRESSES,
    timeWindow: WINDOW_MS,
    ipv6Subnet: 64, // a subscriber has a whole /64 to herself
    // A proxy beside us that does not name its callers would otherwise have the whole village locked out together.
    allowList: (request) => /^(127\.|::1$|::ffff:127\.)/.test(request.ip),
    addHeaders: NO_HEADERS,
    addHeadersOnExceeding: NO_HEADERS,
    errorResponseBuilder: (_request, { ttl }) => new Problem('too_fast', { waitMs: ttl })
  })
  const countRead = http.createRateLimit({ max: READS_PER_WINDOW })
  const countChange = http.createRateLimit({ max: CHANGES_PER_WINDOW })
  http.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.uncounted) return
    const counted = await (changes(request) ? countChange : countRead)(request)
    if (!counted.isAllowed && counted.isExceeded) throw new Problem('too_fast', { waitMs: counted.ttl })
  })

  http.addHook('onRequest', async (request) => {
    if (request.is404) throw new Problem('no_such_route')
    const upgrade = request.headers.upgrade !== undefined
    if ((changes(request) || upgrade) && fromElsewhere(request)) throw new Problem('foreign_origin')
    const { who } = request.routeOptions.config
    if (request.headers.cookie) request.member = await memberOf(request)
    if (who === 'anyone' || who === undefined) return
    if (!request.member) throw new Problem('sign_in_first')
    if (who === 'member') return
    if (!who.some((role) => request.member!.roles.includes(role))) throw new Problem('role_missing')
  })

  /**
   * Browsers name the page that a change comes from; whoever names none is not a browser and has no cookie of ours
   * to misuse. A page that hides its name (`Origin: null`) is not ours.
   */
  function fromElsewhere({ headers }: FastifyRequest) {
    const { origin, host = '', 'sec-fetch-site': site } = headers
    if (origin !== undefined) return !origins(origin, host)
    return site !== undefined && site !== 'same-origin' && site !== 'none'
  }

  readOnlyGoodJson(http)
  await describeRoutes(http)

  http.setNotFoundHandler((_request, reply) => {
    const problem = new Problem('no_such_route')
    return reply.code(problem.status).send(problem.answer())
  })
  http.setErrorHandler(answerProblem)

  return { routes }
}

/** Says no the same way everywhere: a code, a sentence, and how long to wait where that helps. */
export function answerProblem(error: Error, request: FastifyRequest, reply: FastifyReply) {
  const problem = problemOf(error)
  if (problem.code === 'broken') request.log.error({ err: error, url: request.url }, 'a bug answered 500')
  if (typeof problem.details?.waitMs === 'number') {
    reply.header('retry-after', Math.ceil(problem.details.waitMs / 1000))
  }
  return reply.code(problem.status).type('application/json; charset=utf-8').send(problem.answer())
}

const NO_HEADERS = {
  'x-ratelimit-limit': false,
  'x-ratelimit-remaining': false,
  'x-ratelimit-reset': false,
  'retry-after': false
}

const changes = ({ method }: FastifyRequest) => !['GET', 'HEAD', 'OPTIONS'].includes(method)

/** JSON that is not UTF-8, or that reaches for an object's prototype, is refused instead of repaired. */
function readOnlyGoodJson(http: Http) {
  const parse = http.getDefaultJsonParser('error', 'error')
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  http.removeContentTypeParser('application/json')
  http.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    let text
    try {
      text = utf8.decode(body as Buffer)
    } catch {
      return done(new Problem('bad_json'))
    }
    void parse(request, text, done)
  })
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
