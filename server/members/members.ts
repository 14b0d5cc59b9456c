import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Role } from '../../shared/contract.ts'
import type { Address, Me, MemberRow } from '../../shared/contracts/members.ts'
import { Problem } from '../../shared/problems.ts'
import type { Bus } from '../bus/bus.ts'
import type { Clock } from '../clock.ts'
import type { Settings } from '../settings.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { DAY_MS } from './code.ts'
import { openCodes } from './codes.ts'
import { isStaff, maskedPhone, rolesFromText, type Member } from './member.ts'
import { openSessions, STAFF_SESSION_MS } from './sessions.ts'
import { inboxStore, memberStore, setupStore, type Person } from './store.ts'
import { inboxSender, webhookSender, type SmsSender } from './texts.ts'

/** A role or a ban works at once; only a change that the bus lost may take this long. */
const REMEMBER_MS = 15_000
const REMEMBERED = 10_000
const FOUND = 100
const ADDRESSES = 20
const NAMES_AT_ONCE = 500
const INBOX_SHOWN = 50
const SETUP_LINK_MS = 60 * 60_000
const SETUP_LINKS = 20
const CHANNEL = 'members'

/** Why a member's sockets end: the listener closes them, and she comes back as who she is now. */
export type EndedBecause = 'banned' | 'roles' | 'signed_out'
type EndedListener = (memberId: string, because: EndedBecause) => void

export type Members = ReturnType<typeof openMembers>

interface Remembered {
  owner: Promise<Member | undefined>
  /** Known once the store has answered. */
  memberId?: string
}

/** Who people are: sign-in, roles, bans, whom they follow and where their parcels go. */
export function openMembers({
  store,
  clock,
  bus,
  settings,
  sms = settings.sms ? webhookSender({ sms: settings.sms, clock }) : inboxSender({ store, clock })
}: {
  store: Store
  clock: Clock
  bus: Pick<Bus, 'publish' | 'subscribe'>
  settings: Pick<Settings, 'secret' | 'publicUrl' | 'production' | 'sms'>
  sms?: SmsSender
}) {
  const members = memberStore(store)
  const links = setupStore(store)
  const inbox = inboxStore(store)
  const codes = openCodes({ store, clock, secret: settings.secret, sms })
  const sessions = openSessions({
    store,
    clock,
    codes,
    secret: settings.secret,
    publicUrl: settings.publicUrl,
    secureCookies: settings.production || settings.publicUrl.startsWith('https:')
  })
  const remembered = new LRUCache<string, Remembered>({
    max: REMEMBERED,
    ttl: REMEMBER_MS,
    perf: clock
  })
  const ended = new Set<EndedListener>()
  const listening = bus.subscribe(CHANNEL, undefined, ({ body }) => {
    const { memberId, because } = JSON.parse(body) as { memberId: string; because: EndedBecause }
    forget(memberId)
    for (const listener of ended) listener(memberId, because)
  })

  return {
    /** Who sent this request; undefined for a guest. Asks the store at most every 15 s. */
    async memberOf({ cookie }: { cookie?: string | undefined }): Promise<Member | undefined> {
      const value = cookie && valueOf(cookie, await sessions.cookieName)
      if (!value) return undefined
      const known = remembered.get(value)
      if (known) return known.owner
      const fresh: Remembered = { owner: ask(cookie) }
      remembered.set(value, fresh)
      const forgetMe = () => {
        if (remembered.peek(value) === fresh) remembered.delete(value)
      }
      try {
        const member = await fresh.owner
        if (member) fresh.memberId = member.id
        else forgetMe()
        return member
      } catch (error) {
        forgetMe()
        throw error
      }

      async function ask(cookie: string): Promise<Member | undefined> {
        const owner = await sessions.owner(cookie)
        if (!owner || owner.banned) return undefined
        return { id: owner.id, name: owner.name, roles: rolesFromText(owner.role) }
      }
    },

    /** Tells when somebody's sockets must end, whichever server it was decided on. */
    onEnded(listener: EndedListener): () => void {
      ended.add(listener)
      return () => ended.delete(listener)
    },

    sendCode: (phone: string) => codes.send(phone),

    /** Answers the cookies to set besides who she is. Throws `bad_code` and its kin, or `banned`. */
    async signIn(phone: string, code: string, userAgent = ''): Promise<{ me: Me; cookies: string[] }> {
      const { memberId, cookies } = await sessions.begin(phone, code, userAgent.slice(0, 200))
      return { me: meOf(await personOf(memberId)), cookies }
    },

    async signOut(member: Member, cookie: string): Promise<string[]> {
      const cookies = await sessions.end(cookie)
      await tell(member.id, 'signed_out')
      return cookies
    },

    /** What she sees of herself. Opening the app renews the session of everyone but staff. */
    async whoAmI(member: Member | undefined, cookie: string): Promise<{ me?: Me; cookies: string[] }> {
      if (!member) return { cookies: [] }
      const cookies = isStaff(member.roles) ? [] : await sessions.renew(cookie)
      return { me: meOf(await personOf(member.id)), cookies }
    },

    async rename(member: Member, name: string): Promise<Me> {
      const person = await store.tx((tx) => members.rename(tx, member.id, name.trim()))
      if (!person) throw new Problem('no_such_member')
      forget(member.id)
      return meOf(person)
    },

    async follow(member: Member, hostId: string): Promise<void> {
      await store.tx(async (tx) => {
        const [host] = await members.byIds(tx, [hostId])
        if (!host?.roles.includes('host')) throw new Problem('no_such_member')
        await members.follow(tx, member.id, hostId, clock.now())
      })
    },
    async unfollow(member: Member, hostId: string): Promise<void> {
      await store.tx((tx) => members.unfollow(tx, member.id, hostId))
    },
    followsIn: (on: Tx | Reader, memberId: string, hostId: string) => members.follows(on, memberId, hostId),
    followerCount: (hostId: string) => members.followers(store.read, hostId),

    /** Names and roles to show beside what people say and do. Unknown ids are missing from the answer. */
    async namesOf(ids: readonly string[]): Promise<Map<string, { id: string; name: string; roles: Role[] }>> {
      const names = new Map<string, { id: string; name: string; roles: Role[] }>()
      const wanted = [...new Set(ids)]
      for (let i = 0; i < wanted.length; i += NAMES_AT_ONCE) {
        const people = await members.byIds(store.read, wanted.slice(i, i + NAMES_AT_ONCE))
        for (const { id, name, roles } of people) names.set(id, { id, name, roles })
      }
      return names
    },

    async addressBook(member: Member): Promise<Address[]> {
      return (await members.addressesOf(store.read, member.id, ADDRESSES)).map(addressOnly)
    },
    /** Adds an address, or changes hers with this id. */
    async saveAddress(
      member: Member,
      { id, ...lines }: Omit<Address, 'id'> & { id?: string }
    ): Promise<Address> {
      const now = clock.now()
      return store.tx(async (tx) => {
        if (id) {
          const changed = await members.changeAddress(tx, member.id, id, { ...lines, usedAt: now })
          if (!changed) throw new Problem('no_such_address')
          return { id, ...lines }
        }
        const book = await members.addressesOf(tx, member.id, ADDRESSES)
        if (book.length >= ADDRESSES) throw new Problem('address_book_full')
        const address = { id: newId(now), ...lines }
        await members.addAddress(tx, { ...address, memberId: member.id, usedAt: now })
        return address
      })
    },
    async forgetAddress(member: Member, addressId: string): Promise<void> {
      const gone = await store.tx((tx) => members.forgetAddress(tx, member.id, addressId))
      if (!gone) throw new Problem('no_such_address')
    },
    /** Her address with this id, or `no_such_address`. */
    async addressOf(on: Tx | Reader, memberId: string, addressId: string): Promise<Address> {
      const address = await members.address(on, memberId, addressId)
      if (!address) throw new Problem('no_such_address')
      return addressOnly(address)
    },
    /** Puts an address first in her book, because a parcel goes there. */
    async useAddressIn(tx: Tx, memberId: string, addressId: string): Promise<void> {
      await members.changeAddress(tx, memberId, addressId, { usedAt: clock.now() })
    },
    async lastAddress(memberId: string): Promise<Address | undefined> {
      return (await members.addressesOf(store.read, memberId, 1)).map(addressOnly)[0]
    },

    async find({
      q = '',
      after
    }: {
      q?: string | undefined
      after?: string | undefined
    }): Promise<MemberRow[]> {
      return (await members.find(store.read, q.trim(), after, FOUND)).map(rowOf)
    },
    /** Gives exactly these roles; the union always keeps an officer. */
    async grantRoles(officer: Member, memberId: string, roles: Role[]): Promise<MemberRow> {
      const row = await store.tx(async (tx) => {
        const [before] = await members.byIds(tx, [memberId])
        const after = await members.setRoles(tx, memberId, roles)
        if (!before || !after) throw new Problem('no_such_member')
        await keepAnOfficer(tx)
        if (isStaff(after.roles)) await members.shortenSessions(tx, memberId, STAFF_SESSION_MS)
        const details = { before: before.roles, after: after.roles }
        await audit(tx, { actorId: officer.id, action: 'roles_granted', subject: memberId, details })
        return rowOf(after)
      })
      await tell(memberId, 'roles')
      return row
    },
    /** Bans or lifts a ban; her sessions end with it. */
    async ban(officer: Member, memberId: string, banned: boolean, reason: string): Promise<MemberRow> {
      const row = await store.tx(async (tx) => {
        const after = await members.setBan(tx, memberId, banned, reason)
        if (!after) throw new Problem('no_such_member')
        await keepAnOfficer(tx)
        if (banned) await members.endSessions(tx, memberId)
        const action = banned ? 'member_banned' : 'ban_lifted'
        await audit(tx, { actorId: officer.id, action, subject: memberId, details: { reason } })
        return rowOf(after)
      })
      if (banned) await tell(memberId, 'banned')
      return row
    },

    /** Puts somebody into the union's book without a sign-in: the demo village and the suites begin like this. */
    async enrol({
      id = newId(clock.now()),
      ...person
    }: {
      id?: string
      name: string
      phone: string
      roles: Role[]
    }): Promise<string> {
      await store.tx((tx) => members.add(tx, { id, ...person, at: clock.now() }))
      return id
    },

    async needsOfficer(): Promise<boolean> {
      return (await members.officers(store.read)) === 0
    },
    /** A one-time link for a union without an officer; undefined where there is one. */
    async setupLink(): Promise<string | undefined> {
      const token = randomBytes(24).toString('base64url')
      const now = clock.now()
      const needed = await store.tx(async (tx) => {
        if ((await members.officers(tx)) > 0) return false
        await links.add(tx, { id: newId(now), digest: sha256(token), endsAt: now + SETUP_LINK_MS })
        return true
      })
      return needed ? `${settings.publicUrl}/setup?token=${token}` : undefined
    },
    /** Makes the first officer and signs her in. Of two who race, one gets `setup_over`. */
    async createFirstOfficer(
      { token, phone, name }: { token: string; phone: string; name: string },
      userAgent = ''
    ): Promise<{ me: Me; cookies: string[] }> {
      const now = clock.now()
      const code = await store.tx(
        async (tx) => {
          const open = await links.open(tx, now, SETUP_LINKS)
          if (!open.some((digest) => sameText(digest, sha256(token)))) throw new Problem('setup_over')
          if ((await members.officers(tx)) > 0) throw new Problem('setup_over')
          const known = await members.byPhone(tx, phone)
          const id = known?.id ?? newId(now)
          if (known) {
            await members.setRoles(tx, id, [...known.roles, 'officer'])
            await members.rename(tx, id, name.trim())
          } else await members.add(tx, { id, name: name.trim(), phone, roles: ['officer'], at: now })
          await links.close(tx)
          await audit(tx, { actorId: id, action: 'first_officer_created', subject: id, details: {} })
          return codes.issueIn(tx, phone)
        },
        { hot: 'first-officer' }
      )
      return this.signIn(phone, code, userAgent)
    },

    audit,

    /** The texts that the demo village did not send, newest first. */
    inbox: (phone?: string) => inbox.newest(phone, INBOX_SHOWN),

    /** Forgets codes, texts and sessions that are over. Harmless to run at any time. */
    async sweep(): Promise<void> {
      await codes.sweep()
      await store.tx(async (tx) => {
        await inbox.forgetBefore(tx, clock.now() - DAY_MS)
        await members.forgetSessionsEndedBefore(tx, clock.now())
      })
    },

    async close(): Promise<void> {
      ;(await listening).close()
    }
  }

  async function personOf(id: string): Promise<Person> {
    const [person] = await members.byIds(store.read, [id])
    if (!person) throw new Problem('no_such_member')
    return person
  }

  async function keepAnOfficer(tx: Tx) {
    if ((await members.officers(tx)) === 0) throw new Problem('last_officer')
  }

  /** Part of the caller's unit of work: no deed without its line, no line without its deed. */
  async function audit(
    tx: Tx,
    line: { actorId: string; action: string; subject: string; details: Record<string, unknown> }
  ): Promise<void> {
    const at = clock.now()
    await members.audit(tx, { id: newId(at), at, ...line })
  }

  /** Here at once, on the other servers as soon as the bus brings it. */
  async function tell(memberId: string, because: EndedBecause) {
    forget(memberId)
    await bus.publish(CHANNEL, JSON.stringify({ memberId, because }))
  }

  function forget(memberId: string) {
    for (const [value, entry] of remembered.entries()) {
      // A question still on its way may have been answered before the change.
      if (entry.memberId === undefined || entry.memberId === memberId) remembered.delete(value)
    }
  }
}

const meOf = ({ id, name, phone, roles }: Person): Me => ({ id, name, phone, roles })

const rowOf = ({ id, name, phone, roles, banned }: Person): MemberRow => ({
  id,
  name,
  phone: maskedPhone(phone),
  roles,
  banned
})

const addressOnly = ({ id, receiver, phone, region, detail }: Address): Address => ({
  id,
  receiver,
  phone,
  region,
  detail
})

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url')

const sameText = (a: string, b: string) =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

/** The value of one cookie in a Cookie header. */
function valueOf(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return undefined
}
