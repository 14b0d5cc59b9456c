import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  banMember,
  createFirstOfficer,
  devInbox,
  findMembers,
  firstRun,
  followHost,
  forgetAddress,
  grantRoles,
  myAddresses,
  rename,
  saveAddress,
  sendCode,
  signIn,
  signOut,
  unfollowHost,
  whoAmI
} from '../../shared/contracts/members.ts'
import { Problem } from '../../shared/problems.ts'
import type { Http } from '../http/http.ts'
import { inboxPage } from './inbox-page.ts'
import type { Members } from './members.ts'

/** Generous, because a whole village may sit behind one address; per phone the limits are tight (code.ts). */
const SIGN_INS_PER_ADDRESS = { max: 300, timeWindow: 10 * 60_000 }

export function memberRoutes(http: Http, members: Members, { devInboxOpen }: { devInboxOpen: boolean }) {
  http.route({
    ...sendCode,
    config: { ...sendCode.config, rateLimit: SIGN_INS_PER_ADDRESS },
    handler: ({ body }) => members.sendCode(body.phone)
  })
  http.route({
    ...signIn,
    config: { ...signIn.config, rateLimit: SIGN_INS_PER_ADDRESS },
    handler: async (request, reply) => {
      const { phone, code } = request.body
      return withCookies(reply, await members.signIn(phone, code, request.headers['user-agent']))
    }
  })
  http.route({
    ...signOut,
    handler: async (request, reply) => {
      const cookies = await members.signOut(request.me, request.headers.cookie ?? '')
      return withCookies(reply, { cookies })
    }
  })
  http.route({
    ...whoAmI,
    handler: async (request, reply) =>
      withCookies(reply, await members.whoAmI(request.member, request.headers.cookie ?? ''))
  })
  http.route({
    ...rename,
    handler: async ({ me, body }) => ({ me: await members.rename(me, body.name) })
  })

  http.route({
    ...followHost,
    handler: async ({ me, params }) => {
      await members.follow(me, params.hostId)
      return { following: true }
    }
  })
  http.route({
    ...unfollowHost,
    handler: async ({ me, params }) => {
      await members.unfollow(me, params.hostId)
      return { following: false }
    }
  })

  http.route({ ...myAddresses, handler: async ({ me }) => ({ items: await members.addressBook(me) }) })
  http.route({
    ...saveAddress,
    handler: async ({ me, body }) => ({ address: await members.saveAddress(me, body) })
  })
  http.route({
    ...forgetAddress,
    handler: async ({ me, params }) => {
      await members.forgetAddress(me, params.addressId)
      return {}
    }
  })

  http.route({ ...findMembers, handler: async ({ query }) => ({ items: await members.find(query) }) })
  http.route({
    ...grantRoles,
    handler: async ({ me, params, body }) => ({
      member: await members.grantRoles(me, params.memberId, body.roles)
    })
  })
  http.route({
    ...banMember,
    handler: async ({ me, params, body }) => ({
      member: await members.ban(me, params.memberId, body.banned, body.reason)
    })
  })

  http.route({ ...firstRun, handler: async () => ({ needed: await members.needsOfficer() }) })
  http.route({
    ...createFirstOfficer,
    config: { ...createFirstOfficer.config, rateLimit: SIGN_INS_PER_ADDRESS },
    handler: async (request, reply) =>
      withCookies(reply, await members.createFirstOfficer(request.body, request.headers['user-agent']))
  })

  if (!devInboxOpen) return
  http.route({
    ...devInbox,
    handler: async (request, reply) => {
      if (!fromThisMachine(request)) throw new Problem('not_found')
      const { phone } = request.query
      const texts = await members.inbox(phone)
      reply.header('cache-control', 'no-store')
      if (!phone || request.headers.accept?.includes('text/html')) {
        return reply.type('text/html; charset=utf-8').send(inboxPage(texts) as never)
      }
      const last = texts.find(({ code }) => code !== '')
      if (!last) throw new Problem('not_found')
      return last
    }
  })
}

function withCookies<Rest extends object>(
  reply: FastifyReply,
  { cookies, ...rest }: Rest & { cookies: string[] }
) {
  if (cookies.length) reply.header('set-cookie', cookies)
  reply.header('cache-control', 'no-store')
  return rest as Omit<Rest, 'cookies'>
}

/** What proxies add to what they pass on. */
const PROXIED = /^(x-forwarded-|x-real-ip$|forwarded$|via$|cf-)/

/**
 * Whether the asker sits at this very machine. The socket's address cannot be made up, but a proxy beside us has it
 * too, so a request that came through one is refused (one that adds nothing at all still speaks HTTP/1.0, which no
 * browser does); and a foreign page may point its own name at 127.0.0.1, so the name must be ours.
 */
function fromThisMachine({ socket, headers, raw }: FastifyRequest) {
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  const direct = raw.httpVersion !== '1.0' && !Object.keys(headers).some((name) => PROXIED.test(name))
  return (
    direct &&
    (address === '::1' || address.startsWith('127.')) &&
    /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(headers.host ?? '')
  )
}
