import { LRUCache } from 'lru-cache'
import type { Bus } from '../bus/bus.ts'
import { openNews } from '../bus/news.ts'
import type { Clock } from '../clock.ts'
import { rolesFromText, type Member } from './member.ts'
import type { Sessions } from './sessions.ts'

/** A role or a ban works at once; only a change that the bus lost may take this long. */
const REMEMBER_MS = 15_000
const REMEMBERED = 10_000
const CHANNEL = 'members'

/** Why a member's sockets end: they close, and she comes back as who she is now. */
export type EndedBecause = 'banned' | 'roles' | 'signed_out'
export type EndedListener = (memberId: string, because: EndedBecause) => void

/** A question to the store and, once it has answered, whom it was about. */
interface Remembered {
  asked: Promise<Member | undefined>
  member?: Member
}

/** Whose cookie is this? Asked at every request, so the answers are remembered for a moment. */
export async function openRecognition({
  sessions,
  bus,
  clock
}: {
  sessions: Sessions
  bus: Pick<Bus, 'publish' | 'subscribe'>
  clock: Clock
}) {
  const cookieName = await sessions.cookieName
  const remembered = new LRUCache<string, Remembered>({
    max: REMEMBERED,
    ttl: REMEMBER_MS,
    ttlResolution: 0,
    perf: clock
  })
  const listeners = new Set<EndedListener>()
  const news = await openNews<{ memberId: string; because?: EndedBecause | undefined }>(
    bus,
    CHANNEL,
    ({ memberId, because }) => {
      forget(memberId)
      if (because) for (const listener of listeners) listener(memberId, because)
    }
  )

  return {
    /** Who sent a request with these headers; undefined for a guest. Whoever is remembered waits for nothing. */
    memberOf({ cookie }: { cookie?: string | undefined }): Member | undefined | Promise<Member | undefined> {
      const value = cookie && valueOf(cookie, cookieName)
      if (!value) return undefined
      const known = remembered.get(value)
      return known ? (known.member ?? known.asked) : meet(value)
    },

    /** Tells when somebody's sockets must end, whichever server it was decided on. Answers how to stop listening. */
    onEnded(listener: EndedListener): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },

    /** Something about her changed: asks the store again from now on, here at once and on the other servers. */
    changed: (memberId: string, because?: EndedBecause) => news.tell({ memberId, because }),

    close: news.close
  }

  async function meet(value: string) {
    const question: Remembered = { asked: ask(`${cookieName}=${value}`) }
    remembered.set(value, question)
    const member = await question.asked.catch((error: unknown) => {
      drop(value, question)
      throw error
    })
    // Guests are not remembered: somebody may fill the memory with cookies she made up.
    if (member) question.member = member
    else drop(value, question)
    return member
  }

  async function ask(cookie: string): Promise<Member | undefined> {
    const owner = await sessions.owner(cookie)
    if (!owner || owner.banned) return undefined
    return { id: owner.id, name: owner.name, roles: rolesFromText(owner.role) }
  }

  function drop(value: string, question: Remembered) {
    if (remembered.peek(value) === question) remembered.delete(value)
  }

  function forget(memberId: string) {
    for (const [value, { member }] of remembered.entries()) {
      // A question still on its way may have been answered before the change.
      if (!member || member.id === memberId) remembered.delete(value)
    }
  }
}

/** The value of one cookie in a Cookie header. */
function valueOf(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return undefined
}
