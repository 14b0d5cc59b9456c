import rateLimit from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import { Problem } from '../../shared/problems.ts'
import type { Http } from './http.ts'

/**
 * What one address may ask for. Generous, because a whole village may sit behind one router, each phone fetching a
 * few pieces of picture a second; what must be tight (codes, chat) is counted per phone and per member.
 */
const WINDOW_MS = 10_000
const READS_PER_WINDOW = 20_000
const CHANGES_PER_WINDOW = 2_000
/** Addresses that are counted at one moment; the one seen longest ago is forgotten first. */
const COUNTED_ADDRESSES = 20_000

/** Counts what every address asks for, and lets a route set a limit of its own (`config.rateLimit`). */
export async function countCallers(http: Http) {
  await http.register(rateLimit, {
    global: false,
    cache: COUNTED_ADDRESSES,
    timeWindow: WINDOW_MS,
    ipv6Subnet: 64, // a subscriber has a whole /64 to herself
    // A proxy beside us that does not name its callers would otherwise have the whole village locked out together.
    allowList: onThisMachine,
    addHeaders: NO_HEADERS,
    addHeadersOnExceeding: NO_HEADERS,
    errorResponseBuilder: (_request, { ttl }) => new Problem('too_fast', { waitMs: ttl })
  })
  const countRead = http.createRateLimit({ max: READS_PER_WINDOW })
  const countChange = http.createRateLimit({ max: CHANGES_PER_WINDOW })
  http.addHook('onRequest', (request, _reply, done) => {
    if (request.routeOptions.config.ready || onThisMachine(request)) return done()
    return count(request)
  })

  async function count(request: FastifyRequest) {
    const counted = await (changes(request) ? countChange : countRead)(request)
    if (!counted.isAllowed && counted.isExceeded) throw new Problem('too_fast', { waitMs: counted.ttl })
  }
}

const NO_HEADERS = {
  'x-ratelimit-limit': false,
  'x-ratelimit-remaining': false,
  'x-ratelimit-reset': false,
  'retry-after': false
}

const onThisMachine = ({ ip }: FastifyRequest) => /^(127\.|::1$|::ffff:127\.)/.test(ip)

export const changes = ({ method }: FastifyRequest) => !['GET', 'HEAD', 'OPTIONS'].includes(method)
