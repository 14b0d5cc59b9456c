import type { FastifyRequest } from 'fastify'
import type { Who } from '../../shared/contract.ts'
import { Problem } from '../../shared/problems.ts'
import type { Member } from '../members/member.ts'
import type { Settings } from '../settings.ts'
import { answerProblem } from './answers.ts'
import { safeHeaders } from './headers.ts'
import type { Http, NamedRoute } from './http.ts'
import { changes, countCallers } from './limits.ts'
import { describeRoutes } from './openapi.ts'

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
    memberOf: (request: FastifyRequest) => Member | undefined | Promise<Member | undefined>
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

  // These hooks call back where they can: a guest who reads waits for nothing, and most requests are that.
  http.decorate('safeHeaders', headers.ofData)
  http.addHook('onRequest', (request, reply, done) => {
    if (!request.routeOptions.config.ready)
      reply.headers(request.url.startsWith('/api/') ? headers.ofData : headers.ofPages)
    done()
  })

  await countCallers(http)

  http.addHook('onRequest', (request, _reply, done) => {
    const { who = 'anyone' } = request.routeOptions.config
    const upgrade = request.headers.upgrade !== undefined
    if (request.is404) return done(new Problem('no_such_route'))
    if (request.url.includes('%00')) return done(new Problem('bad_input'))
    if ((changes(request) || upgrade) && fromElsewhere(request)) return done(new Problem('foreign_origin'))
    const member = memberOf(request)
    if (member instanceof Promise) return recognise(request, who, member)
    request.member = member
    done(refusal(who, member))
  })

  async function recognise(request: FastifyRequest, who: Who, member: Promise<Member | undefined>) {
    request.member = await member
    const refused = refusal(who, request.member)
    if (refused) throw refused
  }

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

/** Why this route is not for her; undefined: it is. */
function refusal(who: Who, member: Member | undefined): Problem | undefined {
  if (who === 'anyone') return undefined
  if (!member) return new Problem('sign_in_first')
  if (who === 'member' || who.some((role) => member.roles.includes(role))) return undefined
  return new Problem('role_missing')
}

/** A zero character, which no keyboard writes and PostgreSQL does not keep. Escaped twice it is only six letters. */
const ZERO = /(?<!\\)(?:\\\\)*\\u0000/

/** Half of a sign, as it is left where somebody cut an emoji in two: PostgreSQL keeps none in its JSON either. */
const HALF = /(?<!\\)(?:\\\\)*\\ud[89a-f]/

function hasHalfSign(text: string): boolean {
  if (!/\\ud[89a-f]/i.test(text)) return false
  try {
    return HALF.test(JSON.stringify(JSON.parse(text))) // which writes whole signs as they are, halves as escapes
  } catch {
    return false // whoever parses it says that it is no JSON
  }
}

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
    if (ZERO.test(text) || hasHalfSign(text)) return done(new Problem('bad_input'))
    void parse(request, text, done)
  })
}
