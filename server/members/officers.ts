import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Role } from '../../shared/contract.ts'
import type { MemberRow } from '../../shared/contracts/members.ts'
import { PAGE_SIZE } from '../../shared/schemas.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import { newId } from '../store/id.ts'
import type { Store, Tx } from '../store/store.ts'
import type { Codes } from './codes.ts'
import { isStaff, maskedPhone, type Member } from './member.ts'
import type { EndedBecause } from './recognition.ts'
import { STAFF_SESSION_MS } from './sessions.ts'
import { auditStore, memberStore, sessionStore, setupStore, type Person } from './store.ts'

const SETUP_LINK_MS = 60 * 60_000
/** Links that are good at one moment: every start of a server without an officer makes one. */
const SETUP_LINKS = 20

/** What union officers do: find members, give roles, ban; and how a union gets its first officer. */
export function openOfficers({
  store,
  clock,
  codes,
  changed,
  publicUrl
}: {
  store: Store
  clock: Clock
  codes: Codes
  changed: (memberId: string, because: EndedBecause) => void
  publicUrl: string
}) {
  const members = memberStore(store)
  const sessions = sessionStore(store)
  const links = setupStore(store)
  const lines = auditStore(store)

  return {
    /** Newest first; phones are masked. */
    async find({
      q = '',
      after
    }: {
      q?: string | undefined
      after?: string | undefined
    }): Promise<MemberRow[]> {
      return (await members.find(store.read, q.trim(), after, PAGE_SIZE)).map(rowOf)
    },

    /** Gives exactly these roles. Throws `last_officer` where the union would be left without one. */
    async grantRoles(officer: Member, memberId: string, roles: Role[]): Promise<MemberRow> {
      const row = await store.tx(async (tx) => {
        const [before] = await members.byIds(tx, [memberId])
        const after = await members.setRoles(tx, memberId, roles)
        if (!before || !after) throw new Problem('no_such_member')
        await keepAnOfficer(tx)
        if (isStaff(after.roles)) await sessions.shorten(tx, memberId, STAFF_SESSION_MS)
        const details = { before: before.roles, after: after.roles }
        await audit(tx, { actorId: officer.id, action: 'roles_granted', subject: memberId, details })
        return rowOf(after)
      })
      changed(memberId, 'roles')
      return row
    },

    /**
     * Gives one more role, as part of the caller's unit of work. True: she had not got it; then the caller says
     * `rolesChanged` when the unit is done.
     */
    async giveRoleIn(
      tx: Tx,
      { actorId, memberId, role }: { actorId: string; memberId: string; role: Role }
    ): Promise<boolean> {
      const [before] = await members.byIds(tx, [memberId])
      if (!before) throw new Problem('no_such_member')
      if (before.roles.includes(role)) return false
      const after = await members.setRoles(tx, memberId, [...before.roles, role])
      if (after && isStaff(after.roles)) await sessions.shorten(tx, memberId, STAFF_SESSION_MS)
      const details = { before: before.roles, after: after?.roles ?? [] }
      await audit(tx, { actorId, action: 'roles_granted', subject: memberId, details })
      return true
    },

    /** Every server asks anew who she is, and her sockets come back as who she is now. */
    rolesChanged: (memberId: string) => changed(memberId, 'roles'),

    /** Bans, which ends her sessions and sockets at once, or lifts the ban. */
    async ban(officer: Member, memberId: string, banned: boolean, reason: string): Promise<MemberRow> {
      const row = await store.tx(async (tx) => {
        const after = await members.setBan(tx, memberId, banned, reason)
        if (!after) throw new Problem('no_such_member')
        await keepAnOfficer(tx)
        if (banned) await sessions.endAll(tx, [memberId])
        const action = banned ? 'member_banned' : 'ban_lifted'
        await audit(tx, { actorId: officer.id, action, subject: memberId, details: { reason } })
        return rowOf(after)
      })
      if (banned) changed(memberId, 'banned')
      return row
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
        await links.add(tx, { id: newId(now), digest: digestOf(token), endsAt: now + SETUP_LINK_MS })
        return true
      })
      return needed ? `${publicUrl}/setup?token=${token}` : undefined
    },

    /**
     * Makes the first officer and answers the code that signs her in. Of two who come at once, one is refused:
     * throws `setup_over` for a link that is used, too old or made up.
     */
    async createFirst({
      token,
      phone,
      name
    }: {
      token: string
      phone: string
      name: string
    }): Promise<string> {
      const now = clock.now()
      return store.tx(
        async (tx) => {
          const open = await links.open(tx, now, SETUP_LINKS)
          const good = open.some((digest) => sameText(digest, digestOf(token)))
          if (!good || (await members.officers(tx)) > 0) throw new Problem('setup_over')
          const [known] = await members.byPhones(tx, [phone])
          if (known?.banned) throw new Problem('banned')
          const id = known?.id ?? newId(now)
          if (known) {
            await members.setRoles(tx, id, [...known.roles, 'officer'])
            await members.rename(tx, id, name.trim())
          } else await members.add(tx, [{ id, name: name.trim(), phone, roles: ['officer'] }], now)
          await links.close(tx)
          await audit(tx, { actorId: id, action: 'first_officer_created', subject: id, details: {} })
          return codes.issueIn(tx, phone)
        },
        { hot: 'first-officer' }
      )
    },

    audit,

    /** What was done to somebody, or to something of hers, newest first. */
    auditOf: (subjects: readonly string[], actions: readonly string[], limit: number) =>
      lines.aboutQuery(subjects, actions, limit),

    forgetOldLinks: (tx: Tx) => links.forgetBefore(tx, clock.now())
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
    await lines.add(tx, { id: newId(at), at, ...line })
  }
}

const rowOf = ({ id, name, phone, roles, banned }: Person): MemberRow => ({
  id,
  name,
  phone: phone && maskedPhone(phone),
  roles,
  banned
})

const digestOf = (token: string) => createHash('sha256').update(token).digest('base64url')

const sameText = (a: string, b: string) =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
