import { randomInt } from 'node:crypto'
import { betterAuth } from 'better-auth'
import { isAPIError } from 'better-auth/api'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { phoneNumber } from 'better-auth/plugins/phone-number'
import { eq } from 'drizzle-orm'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import { newId } from '../store/id.ts'
import type { Store } from '../store/store.ts'
import type { Codes } from './codes.ts'
import { isStaff, rolesFromText } from './member.ts'
import { temporaryEmail } from './store.ts'

const DAY_S = 24 * 60 * 60
const SESSION_S = 7 * DAY_S
/** How old a session must be before opening the app makes it last seven days again. */
const RENEW_AFTER_S = DAY_S
/** Staff sign in every working day. */
export const STAFF_SESSION_MS = 8 * 60 * 60_000

/** Whose session a cookie belongs to. */
export interface SessionOwner {
  id: string
  name: string
  role: string
  banned: boolean
}

export type Sessions = ReturnType<typeof openSessions>

/**
 * The sign-in library, behind four verbs. It makes and checks sessions and keeps their cookie; its own routes are
 * not served, so what the world can ask of it is exactly what is below.
 */
export function openSessions({
  store,
  clock,
  codes,
  secret,
  publicUrl,
  secureCookies
}: {
  store: Store
  clock: Clock
  codes: Codes
  secret: string
  publicUrl: string
  secureCookies: boolean
}) {
  // Reads go to committed data; only writes queue with the shop's other writers.
  const database = Object.create(store.each, {
    select: { value: store.read.select.bind(store.read) }
  }) as typeof store.each
  const auth = betterAuth({
    database: drizzleAdapter(database, {
      provider: store.engine === 'sqlite' ? 'sqlite' : 'pg',
      schema: store.schema,
      transaction: false
    }),
    secret,
    baseURL: publicUrl,
    telemetry: { enabled: false },
    logger: { level: 'error' },
    rateLimit: { enabled: false },
    user: {
      additionalFields: {
        role: { type: 'string', required: true, defaultValue: 'buyer', input: false },
        banned: { type: 'boolean', required: true, defaultValue: false, input: false },
        banReason: { type: 'string', required: true, defaultValue: '', input: false, returned: false }
      }
    },
    session: { expiresIn: SESSION_S, updateAge: RENEW_AFTER_S },
    advanced: {
      cookiePrefix: 'yujia',
      useSecureCookies: secureCookies,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      database: { generateId: () => newId(clock.now()) },
      ipAddress: { disableIpTracking: true } // nobody needs to know where she was
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session) => {
            const owner = await ownerOf(session.userId)
            if (owner?.banned) throw new Problem('banned')
            if (!owner || !isStaff(rolesFromText(owner.role))) return
            return { data: { expiresAt: new Date(session.createdAt.getTime() + STAFF_SESSION_MS) } }
          }
        }
      }
    },
    plugins: [
      phoneNumber({
        // We send and check codes ourselves (codes.ts): the library would keep them in clear.
        sendOTP: () => {
          throw new Error('codes are sent by codes.ts')
        },
        verifyOTP: async ({ phoneNumber, code }) => {
          await codes.spend(phoneNumber.replace('+86', ''), code)
          return true
        },
        signUpOnVerification: {
          getTempEmail: (phone) => temporaryEmail(phone.replace('+86', '')),
          getTempName: () => `渔友${randomInt(1000, 10_000)}`
        }
      })
    ]
  })

  const { user } = store.schema
  const sessionCookie = auth.$context.then(({ authCookies }) => authCookies.sessionToken.name)

  async function ownerOf(id: string) {
    const rows = await store.read
      .select({ role: user.role, banned: user.banned })
      .from(user)
      .where(eq(user.id, id))
    return rows[0]
  }

  return {
    cookieName: sessionCookie,

    /** Signs in, and up where the phone is new. Answers the cookies to set; throws what the code deserves. */
    async begin(
      phone: string,
      code: string,
      userAgent: string
    ): Promise<{ memberId: string; cookies: string[] }> {
      const { headers, response } = await auth.api.verifyPhoneNumber({
        body: { phoneNumber: `+86${phone}`, code },
        headers: new Headers({ 'user-agent': userAgent }),
        returnHeaders: true
      })
      return { memberId: response.user.id, cookies: headers.getSetCookie() }
    },

    /** Whose session this cookie is; undefined for one that is forged, over or ended. */
    async owner(cookie: string): Promise<SessionOwner | undefined> {
      const found = await auth.api.getSession({
        headers: new Headers({ cookie }),
        query: { disableRefresh: true }
      })
      if (!found) return undefined
      const { id, name, role, banned } = found.user
      return { id, name, role, banned }
    },

    /** Makes a session last seven days from now if it is a day old; answers the cookies to set. */
    async renew(cookie: string): Promise<string[]> {
      try {
        const { headers } = await auth.api.getSession({
          headers: new Headers({ cookie }),
          returnHeaders: true
        })
        return headers.getSetCookie()
      } catch (error) {
        if (isAPIError(error)) return [] // it was ended in the same moment
        throw error
      }
    },

    /** Ends the session; answers the cookies that make the browser forget it. */
    async end(cookie: string): Promise<string[]> {
      const { headers } = await auth.api.signOut({ headers: new Headers({ cookie }), returnHeaders: true })
      return headers.getSetCookie()
    }
  }
}
