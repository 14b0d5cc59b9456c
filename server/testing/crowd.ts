import { makeSignature } from 'better-auth/crypto'
import type { Village } from '../app.ts'
import { newId } from '../store/id.ts'

/** One phone of a crowd: who holds it, and the Cookie header of her session. */
export interface Phone {
  memberId: string
  cookie: string
}

/** Rows of one INSERT; a user has more columns than a session, and SQLite takes 32,766 values. */
const AT_ONCE = 500
const WEEK_MS = 7 * 86_400_000

/**
 * Buyers with real sessions, written as the sign-in library writes them: thousands cannot each wait for a text
 * message. The first cookie is tried, so a change of the library's format is seen at once.
 */
export async function crowd(village: Village, count: number): Promise<Phone[]> {
  const { store, clock, settings, members } = village
  const { user, session } = store.schema
  const now = new Date(clock.now())
  const people = Array.from({ length: count }, (_, i) => {
    return {
      id: newId(clock.now()),
      token: newId(clock.now()) + newId(clock.now()),
      phone: 17_000_000_000 + i
    }
  })
  for (let from = 0; from < count; from += AT_ONCE) {
    const some = people.slice(from, from + AT_ONCE)
    await store.tx(async (tx) => {
      await tx.insert(user).values(
        some.map(({ id, phone }) => ({
          id,
          name: '渔友',
          email: `${id}@crowd.invalid`,
          emailVerified: false,
          phoneNumber: `+86${phone}`,
          phoneNumberVerified: true,
          role: 'buyer',
          banned: false,
          banReason: '',
          createdAt: now,
          updatedAt: now
        }))
      )
      await tx.insert(session).values(
        some.map(({ id, token }) => ({
          id: newId(clock.now()),
          token,
          userId: id,
          expiresAt: new Date(clock.now() + WEEK_MS),
          createdAt: now,
          updatedAt: now
        }))
      )
    })
  }
  const phones = await Promise.all(
    people.map(async ({ id, token }) => {
      const signed = `${token}.${await makeSignature(token, settings.secret)}`
      return { memberId: id, cookie: `yujia.session_token=${encodeURIComponent(signed)}` }
    })
  )
  const first = await members.memberOf({ cookie: phones[0]!.cookie })
  if (first?.id !== phones[0]!.memberId) throw new Error('the crowd’s sessions are not known to the village')
  return phones
}
