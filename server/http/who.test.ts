import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { ROLES, type Role, type Who } from '../../shared/contract.ts'
import { banMember } from '../../shared/contracts/members.ts'
import type { ProblemAnswer } from '../../shared/problems.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type TestVillage } from '../testing/village.ts'
import type { NamedRoute } from './http.ts'

const CALLERS = ['guest', ...ROLES, 'banned'] as const
type CallerName = (typeof CALLERS)[number]

/** Status, code, and how many handlers it came to. */
const ANSWERS = {
  let_in: [204, 'let in', 1],
  sign_in_first: [401, 'sign_in_first', 0],
  role_missing: [403, 'role_missing', 0]
}

/** What a caller must be answered. Written a second time on purpose. */
function refusal(who: Who, caller: CallerName): keyof typeof ANSWERS {
  if (who === 'anyone') return 'let_in'
  // A ban ends the session, so to the edge the banned are guests.
  if (caller === 'guest' || caller === 'banned') return 'sign_in_first'
  if (who === 'member') return 'let_in'
  const roles: Role[] = ['buyer', caller]
  return roles.some((role) => who.includes(role)) ? 'let_in' : 'role_missing'
}

/** Any address of this kind, of things that do not exist. */
const somewhere = (url: string) => url.replace(/:\w+/g, 'nobody').replace(/\*/g, 'nothing')

describe('who may call what', () => {
  let village: TestVillage
  let routes: NamedRoute[]
  const cookies = new Map<CallerName, string>()
  const gate = { closed: false }
  let letIn = 0

  beforeAll(async () => {
    village = await testVillage({ engine: engines[0]! })
    routes = village.village.routes
    // Stands where the handlers begin: whoever comes this far was let in, and nothing happens to the village.
    village.village.http.addHook('onRequest', async (_request, reply) => {
      if (!gate.closed) return
      letIn++
      return reply.code(204).send()
    })
    for (const role of ROLES) cookies.set(role, (await village.signIn(role, role)).cookie)
    const banned = await village.signIn('banned', 'host', 'operator', 'trainer', 'officer')
    const officer = await village.signIn('another officer', 'officer')
    await officer.call(banMember, {
      params: { memberId: banned.me.id },
      body: { banned: true, reason: '' }
    })
    cookies.set('banned', banned.cookie)
    gate.closed = true
  })
  afterAll(() => village.close())

  const ask = ({ method, url }: NamedRoute, headers: Record<string, string>) =>
    village.village.http.inject({
      method: method as 'GET',
      url: somewhere(url),
      headers: { 'content-type': 'application/json', ...headers },
      ...(method !== 'GET' && { payload: '{ this is not even JSON' })
    })

  it('walks a village that has routes of every kind', () => {
    const kinds = new Set(routes.map(({ who }) => (typeof who === 'string' ? who : 'roles')))
    expect([...kinds].toSorted()).toEqual(['anyone', 'member', 'roles'])
  })

  it.each(CALLERS)('lets the %s in where she belongs and nowhere else', async (caller) => {
    const cookie = cookies.get(caller)
    for (const route of routes) {
      const { method, url, who } = route
      const before = letIn
      const answer = await ask(route, cookie ? { cookie } : {})
      const { code } = answer.statusCode === 204 ? { code: 'let in' } : answer.json<ProblemAnswer>()
      const expected = refusal(who, caller)
      const where = `${caller}: ${method} ${url}`
      expect([answer.statusCode, code, letIn - before], where).toEqual(ANSWERS[expected])
    }
  })

  it('lets no foreign page change anything, whoever is signed in', async () => {
    const cookie = cookies.get('officer')!
    for (const route of routes.filter(({ method }) => method !== 'GET')) {
      for (const headers of FOREIGN) {
        const before = letIn
        const answer = await ask(route, { cookie, ...headers })
        const where = `${route.method} ${route.url} ${JSON.stringify(headers)}`
        expect(answer.statusCode, where).toBe(403)
        expect(answer.json<ProblemAnswer>().code, where).toBe('foreign_origin')
        expect(letIn, where).toBe(before)
      }
    }
  })

  it('lets its own pages, and what is no browser, change things', async () => {
    const cookie = cookies.get('officer')!
    const route = routes.find(({ url, method }) => url === '/api/sign-out' && method === 'POST')!
    const own = village.village.settings.publicUrl
    const ours: Record<string, string>[] = [
      { origin: own },
      { origin: 'http://192.168.1.9:8080', host: '192.168.1.9:8080' },
      { 'sec-fetch-site': 'same-origin' },
      {}
    ]
    for (const headers of ours) {
      expect((await ask(route, { cookie, ...headers })).statusCode, JSON.stringify(headers)).toBe(204)
    }
  })

  it('answers a foreign page that opens a socket with a plain no', async () => {
    await village.village.http.listen({ port: 0, host: '127.0.0.1' })
    const { port } = village.village.http.server.address() as AddressInfo
    const sockets = routes.filter(({ url }) => url.startsWith('/ws/'))
    expect(sockets.length).toBeGreaterThan(1)
    for (const { url } of sockets) {
      const address = `ws://127.0.0.1:${port}${somewhere(url)}`
      for (const origin of ['https://evil.example', 'null']) {
        const socket = new WebSocket(address, { origin, headers: { cookie: cookies.get('officer')! } })
        const status = await new Promise((resolve) => {
          socket.on('unexpected-response', (request, answer) => {
            // The server hangs up by itself: a refused socket that stayed would cost it one for ever.
            request.socket?.once('close', () => resolve(answer.statusCode))
            answer.resume()
          })
          socket.on('open', () => resolve('open'))
          socket.on('error', () => {}) // follows the answer
        })
        expect(status, `${url} from ${origin}`).toBe(403)
      }
    }
  })

  it('refuses to open a village with a route that names nobody', async () => {
    const place = await engines[0]!.make()
    const { openVillage } = await import('../app.ts')
    const other = await openVillage({ ...village.village.settings, ...place })
    expect(() => other.http.get('/api/secrets', async () => ({}))).toThrow('does not say who may call it')
    await other.close()
    await place.drop()
  })
})

const FOREIGN: Record<string, string>[] = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: 'not an address' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' }
]
