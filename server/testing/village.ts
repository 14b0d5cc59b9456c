import type { LightMyRequestResponse } from 'fastify'
import type { Answer, Body, Contract, Params, QueryOf, Role } from '../../shared/contract.ts'
import { sendCode, signIn as signInContract, type Me } from '../../shared/contracts/members.ts'
import type { ProblemAnswer } from '../../shared/problems.ts'
import { openVillage, type Village } from '../app.ts'
import type { Clock } from '../clock.ts'
import { readSettings, type Settings } from '../settings.ts'
import type { Engine } from './engines.ts'
import { license } from './licensed.ts'

/** What goes with a call; every part is as free as a stranger's request would be. */
export interface Sent<C extends Contract> {
  params?: Partial<Params<C>>
  query?: QueryOf<C>
  body?: Body<C>
  headers?: Record<string, string>
}

/** An answer, or a refusal: a test knows which of the two it asked for. */
export interface Got<C extends Contract> {
  status: number
  json: Answer<C> & ProblemAnswer
  headers: LightMyRequestResponse['headers']
  /** The answer as it went over the wire, to see what must not be in it. */
  text: string
}

export interface Caller {
  call<C extends Contract>(contract: C, sent?: Sent<C>): Promise<Got<C>>
}

export interface SignedIn extends Caller {
  me: Me
  /** The Cookie header of her session: for sockets. */
  cookie: string
  phone: string
}

export interface TestVillage {
  village: Village
  guest: Caller
  /** A person with these roles, signed in through a code from the dev inbox; a host holds every licence there is. */
  signIn(name: string, ...roles: Role[]): Promise<SignedIn>
  /** A host who has no certificate, no document and no entry in the register yet. */
  learner(name: string, ...roles: Role[]): Promise<SignedIn>
  /** The code that a phone was sent last. */
  codeOf(phone: string): Promise<string>
  close(): Promise<void>
}

/** A whole village of its own on one engine, without the demo people. */
export async function testVillage({
  engine,
  settings = {},
  clock
}: {
  engine: Engine
  settings?: Partial<Settings>
  clock?: Clock
}): Promise<TestVillage> {
  const place = await engine.make()
  const standard = readSettings({ DEMO: '0', LOG_LEVEL: 'error' })
  const village = await openVillage({ ...standard, ...place, ...settings }, clock && { clock })
  const close = async () => {
    await village.close()
    await place.drop()
  }
  return { ...people(village), village, close }
}

let phones = 0

/** Callers of a village that was opened elsewhere (a second server on the same store, say). */
export function people(village: Village) {
  const callerWith = (cookie?: string): Caller => ({
    async call(contract, sent = {}) {
      const answer = await village.http.inject({
        method: contract.method,
        url: addressOf(contract.url, sent.params ?? {}),
        query: (sent.query ?? {}) as Record<string, string>,
        headers: { ...(cookie && { cookie }), ...sent.headers },
        ...(sent.body !== undefined && { payload: sent.body as object })
      })
      const json = answer.headers['content-type']?.includes('json') ? answer.json() : undefined
      return { status: answer.statusCode, json, headers: answer.headers, text: answer.body }
    }
  })
  const guest = callerWith()

  async function codeOf(phone: string) {
    const last = (await village.members.inbox(phone)).find(({ code }) => code !== '')
    if (!last) throw new Error(`nothing was sent to ${phone}`)
    return last.code
  }

  async function signIn(name: string, ...roles: Role[]): Promise<SignedIn> {
    const someone = await enter(name, roles)
    if (roles.includes('host')) await license(village, someone.me.id, name)
    return someone
  }

  const learner = (name: string, ...roles: Role[]) => enter(name, ['host', ...roles])

  async function enter(name: string, roles: Role[]): Promise<SignedIn> {
    const phone = `139${String(++phones).padStart(8, '0')}`
    await village.members.enrol({ name, phone, roles })
    await guest.call(sendCode, { body: { phone } })
    const { status, json, headers } = await guest.call(signInContract, {
      body: { phone, code: await codeOf(phone) }
    })
    if (status !== 200) throw new Error(`${name} could not sign in: ${json.message}`)
    const cookie = [headers['set-cookie'] ?? []]
      .flat()
      .map((line) => line.split(';')[0])
      .join('; ')
    return { ...callerWith(cookie), me: json.me, cookie, phone }
  }

  return { guest, signIn, learner, codeOf }
}

const addressOf = (url: string, params: Record<string, unknown>) =>
  url.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name] ?? 'nobody')))
