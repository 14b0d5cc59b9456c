import { and, asc, count, desc, eq, gt, inArray, like, lt, or, sql } from 'drizzle-orm'
import type { Role } from '../../shared/contract.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { rolesFromText, rolesToText } from './member.ts'

/** Somebody to be written into the union's book; not every woman has a phone. */
export interface Newcomer {
  id: string
  name: string
  phone?: string | undefined
  roles: readonly Role[]
}

/** What is known of a member; `phone` without the country's +86, empty where she has none. */
export interface Person {
  id: string
  name: string
  phone: string
  roles: Role[]
  banned: boolean
}

/** Each row looks through all the cases of its statement, so a thousand at once would look a million times. */
const PHONES_AT_ONCE = 100

/** Members in the library's `user` table. Its dates come from outside, as everywhere. */
export function memberStore({ schema }: Store) {
  const { user } = schema
  const person = {
    id: user.id,
    name: user.name,
    phoneNumber: user.phoneNumber,
    role: user.role,
    banned: user.banned
  }
  const personOf = (row: {
    id: string
    name: string
    phoneNumber: string | null
    role: string
    banned: boolean
  }): Person => ({
    id: row.id,
    name: row.name,
    phone: (row.phoneNumber ?? '').replace(/^\+86/, ''),
    roles: rolesFromText(row.role),
    banned: row.banned
  })
  const officers = () => and(like(user.role, '%officer%'), eq(user.banned, false))

  return {
    async byIds(on: Tx | Reader, ids: string[]): Promise<Person[]> {
      return (await on.select(person).from(user).where(inArray(user.id, ids))).map(personOf)
    },
    async byPhones(on: Tx | Reader, phones: string[]): Promise<Person[]> {
      const numbers = phones.map((phone) => `+86${phone}`)
      return (await on.select(person).from(user).where(inArray(user.phoneNumber, numbers))).map(personOf)
    },
    /** Newest first. `q` is a part of a name or a whole phone number. */
    async find(on: Tx | Reader, q: string, after: string | undefined, limit: number): Promise<Person[]> {
      const pattern = `%${q.replace(/[\\%_]/g, '\\$&')}%`
      const wanted = q
        ? or(sql`lower(${user.name}) like lower(${pattern}) escape '\\'`, eq(user.phoneNumber, `+86${q}`))
        : undefined
      const rows = await on
        .select(person)
        .from(user)
        .where(and(wanted, after ? lt(user.id, after) : undefined))
        .orderBy(desc(user.id))
        .limit(limit)
      return rows.map(personOf)
    },
    /** Many at once; whoever has a phone or an id that somebody has already is left out of the answer. */
    async add(tx: Tx, people: Newcomer[], at: number): Promise<string[]> {
      if (!people.length) return []
      const now = new Date(at)
      const added = await tx
        .insert(user)
        .values(
          people.map(({ id, name, phone, roles }) => ({
            id,
            name,
            email: phone ? temporaryEmail(phone) : emailWithoutPhone(id),
            emailVerified: false,
            createdAt: now,
            updatedAt: now,
            phoneNumber: phone ? `+86${phone}` : null,
            phoneNumberVerified: Boolean(phone),
            role: rolesToText(roles),
            banned: false,
            banReason: ''
          }))
        )
        .onConflictDoNothing()
        .returning({ id: user.id })
      return added.map(({ id }) => id)
    },
    /** The address goes with the phone: whoever gets the old number later must not find it taken. */
    async setPhones(tx: Tx, all: readonly { id: string; phone: string }[]): Promise<void> {
      for (let from = 0; from < all.length; from += PHONES_AT_ONCE) {
        const people = all.slice(from, from + PHONES_AT_ONCE)
        const hers = (value: (phone: string) => string) =>
          sql`case ${user.id} ${sql.join(
            people.map(({ id, phone }) => sql`when ${id} then ${value(phone)}`),
            sql` `
          )} end`
        await tx
          .update(user)
          .set({
            phoneNumber: hers((phone) => `+86${phone}`),
            email: hers(temporaryEmail),
            phoneNumberVerified: false
          })
          .where(
            inArray(
              user.id,
              people.map(({ id }) => id)
            )
          )
      }
    },
    async rename(tx: Tx, id: string, name: string): Promise<Person | undefined> {
      return (await tx.update(user).set({ name }).where(eq(user.id, id)).returning(person)).map(personOf)[0]
    },
    async setRoles(tx: Tx, id: string, roles: readonly Role[]): Promise<Person | undefined> {
      const rows = await tx
        .update(user)
        .set({ role: rolesToText(roles) })
        .where(eq(user.id, id))
        .returning(person)
      return rows.map(personOf)[0]
    },
    async setBan(tx: Tx, id: string, banned: boolean, reason: string): Promise<Person | undefined> {
      const rows = await tx
        .update(user)
        .set({ banned, banReason: banned ? reason : '' })
        .where(eq(user.id, id))
        .returning(person)
      return rows.map(personOf)[0]
    },
    /** Roles are words of one text, none of which is a part of another. */
    async withRole(on: Tx | Reader, role: Role, limit: number): Promise<Person[]> {
      const rows = await on
        .select(person)
        .from(user)
        .where(and(like(user.role, `%${role}%`), eq(user.banned, false)))
        .orderBy(asc(user.name), asc(user.id))
        .limit(limit)
      return rows.map(personOf)
    },
    async officers(on: Tx | Reader): Promise<number> {
      const rows = await on.select({ n: count() }).from(user).where(officers())
      return rows[0]?.n ?? 0
    }
  }
}

export function sessionStore({ schema }: Store) {
  const { session } = schema
  return {
    async endAll(tx: Tx, memberIds: readonly string[]): Promise<void> {
      await tx.delete(session).where(inArray(session.userId, memberIds))
    },
    /** Sessions begun as a buyer must not outlive a working day once she is staff. */
    async shorten(tx: Tx, memberId: string, lengthMs: number): Promise<void> {
      const rows = await tx.select().from(session).where(eq(session.userId, memberId))
      for (const { id, createdAt, expiresAt } of rows) {
        const end = new Date(Math.min(createdAt.getTime() + lengthMs, expiresAt.getTime()))
        await tx.update(session).set({ expiresAt: end }).where(eq(session.id, id))
      }
    },
    async forgetEndedBefore(tx: Tx, at: number): Promise<void> {
      await tx.delete(session).where(lt(session.expiresAt, new Date(at)))
    }
  }
}

export function followStore({ schema }: Store) {
  const { follows } = schema
  const both = (memberId: string, hostId: string) =>
    and(eq(follows.memberId, memberId), eq(follows.hostId, hostId))
  return {
    async add(tx: Tx, follow: typeof follows.$inferInsert): Promise<void> {
      await tx.insert(follows).values(follow).onConflictDoNothing()
    },
    async remove(tx: Tx, memberId: string, hostId: string): Promise<void> {
      await tx.delete(follows).where(both(memberId, hostId))
    },
    async has(on: Tx | Reader, memberId: string, hostId: string): Promise<boolean> {
      const rows = await on.select({ hostId: follows.hostId }).from(follows).where(both(memberId, hostId))
      return rows.length > 0
    },
    async count(on: Tx | Reader, hostId: string): Promise<number> {
      const rows = await on.select({ n: count() }).from(follows).where(eq(follows.hostId, hostId))
      return rows[0]?.n ?? 0
    }
  }
}

/** What every order goes through is compiled once. */
export function addressStore(store: Store) {
  const { addresses } = store.schema
  const value = sql.placeholder
  const whichIsHers = and(eq(addresses.id, value('id')), eq(addresses.memberId, value('memberId')))
  const oneStatement = store.statement((query) => query.select().from(addresses).where(whichIsHers))
  const useStatement = store.statement((query) =>
    query
      .update(addresses)
      .set({ usedAt: sql`${value('usedAt')}` })
      .where(whichIsHers)
      .returning({ id: addresses.id })
  )
  const hers = (memberId: string, id: string) => and(eq(addresses.id, id), eq(addresses.memberId, memberId))
  return {
    /** Last used first. */
    async of(on: Tx | Reader, memberId: string, limit: number) {
      return on
        .select()
        .from(addresses)
        .where(eq(addresses.memberId, memberId))
        .orderBy(desc(addresses.usedAt), asc(addresses.id))
        .limit(limit)
    },
    async one(on: Tx | Reader, memberId: string, id: string) {
      return (await oneStatement(on, { memberId, id }))[0]
    },
    async use(tx: Tx, memberId: string, id: string, usedAt: number): Promise<void> {
      await useStatement(tx, { memberId, id, usedAt })
    },
    async add(tx: Tx, address: typeof addresses.$inferInsert): Promise<void> {
      await tx.insert(addresses).values(address)
    },
    async change(
      tx: Tx,
      memberId: string,
      id: string,
      change: Partial<typeof addresses.$inferInsert>
    ): Promise<boolean> {
      const rows = await tx
        .update(addresses)
        .set(change)
        .where(hers(memberId, id))
        .returning({ id: addresses.id })
      return rows.length > 0
    },
    async remove(tx: Tx, memberId: string, id: string): Promise<boolean> {
      const rows = await tx.delete(addresses).where(hers(memberId, id)).returning({ id: addresses.id })
      return rows.length > 0
    }
  }
}

export function auditStore({ schema, read }: Store) {
  const { audit } = schema
  return {
    async add(tx: Tx, line: typeof audit.$inferInsert): Promise<void> {
      await tx.insert(audit).values(line)
    },
    /** What was done to any of these, newest first. */
    aboutQuery: (subjects: readonly string[], actions: readonly string[], limit: number) =>
      read
        .select()
        .from(audit)
        .where(and(inArray(audit.subject, subjects), inArray(audit.action, actions)))
        .orderBy(desc(audit.at), desc(audit.id))
        .limit(limit)
  }
}

/** The library wants an address for everybody; these can never receive anything. */
export const temporaryEmail = (phone: string) => `${phone}@phone.invalid`
const emailWithoutPhone = (id: string) => `${id}@member.invalid`

export function codeStore({ schema, read }: Store) {
  const { signInCodes } = schema
  return {
    async of(on: Tx | Reader, phone: string) {
      return (await on.select().from(signInCodes).where(eq(signInCodes.phone, phone)))[0]
    },
    async keep(tx: Tx, code: typeof signInCodes.$inferInsert): Promise<void> {
      await tx.insert(signInCodes).values(code).onConflictDoUpdate({ target: signInCodes.phone, set: code })
    },
    async use(tx: Tx, phone: string): Promise<void> {
      await tx.update(signInCodes).set({ digest: '' }).where(eq(signInCodes.phone, phone))
    },
    async countGuess(tx: Tx, phone: string): Promise<void> {
      await tx
        .update(signInCodes)
        .set({ triesLeft: sql`${signInCodes.triesLeft} - 1` })
        .where(eq(signInCodes.phone, phone))
    },
    async phonesTextedSince(at: number): Promise<number> {
      const rows = await read.select({ n: count() }).from(signInCodes).where(gt(signInCodes.lastSentAt, at))
      return rows[0]?.n ?? 0
    },
    async forgetBefore(tx: Tx, at: number): Promise<void> {
      await tx.delete(signInCodes).where(lt(signInCodes.lastSentAt, at))
    }
  }
}

export function inboxStore({ schema, read }: Store) {
  const { devInbox } = schema
  return {
    async put(tx: Tx, text: typeof devInbox.$inferInsert): Promise<void> {
      await tx.insert(devInbox).values(text)
    },
    /** Newest first. */
    async newest(phone: string | undefined, limit: number) {
      return read
        .select()
        .from(devInbox)
        .where(phone ? eq(devInbox.phone, phone) : undefined)
        .orderBy(desc(devInbox.sentAt), desc(devInbox.id))
        .limit(limit)
    },
    async forgetBefore(tx: Tx, at: number): Promise<void> {
      await tx.delete(devInbox).where(lt(devInbox.sentAt, at))
    }
  }
}

const FIRST_OFFICER = 'first-officer'

/** The one-time links that a union without an officer may be set up with, in the library's table for such things. */
export function setupStore({ schema }: Store) {
  const { verification } = schema
  return {
    async add(tx: Tx, link: { id: string; digest: string; endsAt: number }): Promise<void> {
      await tx.insert(verification).values({
        id: link.id,
        identifier: FIRST_OFFICER,
        value: link.digest,
        expiresAt: new Date(link.endsAt)
      })
    },
    async open(tx: Tx, now: number, limit: number): Promise<string[]> {
      const rows = await tx
        .select({ digest: verification.value })
        .from(verification)
        .where(and(eq(verification.identifier, FIRST_OFFICER), gt(verification.expiresAt, new Date(now))))
        .orderBy(desc(verification.expiresAt))
        .limit(limit)
      return rows.map(({ digest }) => digest)
    },
    async close(tx: Tx): Promise<void> {
      await tx.delete(verification).where(eq(verification.identifier, FIRST_OFFICER))
    },
    async forgetBefore(tx: Tx, at: number): Promise<void> {
      await tx.delete(verification).where(lt(verification.expiresAt, new Date(at)))
    }
  }
}
