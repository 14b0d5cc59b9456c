import type { Role } from '../../shared/contract.ts'
import type { Me } from '../../shared/contracts/members.ts'
import { Problem } from '../../shared/problems.ts'
import type { Bus } from '../bus/bus.ts'
import type { Clock } from '../clock.ts'
import type { Settings } from '../settings.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { openAddresses } from './addresses.ts'
import { DAY_MS } from './code.ts'
import { openCodes } from './codes.ts'
import { openFollows } from './follows.ts'
import { isStaff, type Member } from './member.ts'
import { openOfficers } from './officers.ts'
import { openRecognition } from './recognition.ts'
import { openSessions } from './sessions.ts'
import { inboxStore, memberStore, sessionStore, type Newcomer, type Person } from './store.ts'
import { inboxSender, noSender, webhookSender } from './texts.ts'

const PEOPLE_AT_ONCE = 500
const INBOX_SHOWN = 50
const USER_AGENT_CHARS = 200

export type Members = Awaited<ReturnType<typeof openMembers>>

/** Who people are: sign-in, roles and bans, whom they follow and where their parcels go. */
export async function openMembers({
  store,
  clock,
  bus,
  settings
}: {
  store: Store
  clock: Clock
  bus: Pick<Bus, 'publish' | 'subscribe'>
  settings: Pick<Settings, 'secret' | 'publicUrl' | 'production' | 'sms' | 'allowDevSms'>
}) {
  const { secret, publicUrl, production, sms, allowDevSms } = settings
  const members = memberStore(store)
  const inbox = inboxStore(store)
  const carrier = sms ? webhookSender({ sms, clock }) : allowDevSms ? inboxSender({ store, clock }) : noSender
  const codes = openCodes({ store, clock, secret, sms: carrier })
  const secureCookies = production || publicUrl.startsWith('https:')
  const sessions = openSessions({ store, clock, codes, secret, publicUrl, secureCookies })
  const { memberOf, onEnded, changed, close } = await openRecognition({ sessions, bus, clock })
  const { createFirst, forgetOldLinks, ...officers } = openOfficers({
    store,
    clock,
    codes,
    changed,
    publicUrl
  })

  return {
    memberOf,
    onEnded,

    sendCode: codes.send,

    /** Who she is and the cookies to set. Throws `bad_code` and its kin, or `banned`. */
    signIn,

    /** Ends the session of this cookie; answers the cookies that make the browser forget it. */
    async signOut(member: Member, cookie: string): Promise<string[]> {
      const cookies = await sessions.end(cookie)
      changed(member.id, 'signed_out')
      return cookies
    },

    /** What she sees of herself. Opening the app makes everybody's session last again, but not that of staff. */
    async whoAmI(member: Member | undefined, cookie: string): Promise<{ me?: Me; cookies: string[] }> {
      if (!member) return { cookies: [] }
      const cookies = isStaff(member.roles) ? [] : await sessions.renew(cookie)
      return { me: await meOf(member.id), cookies }
    },

    async rename(member: Member, name: string): Promise<Me> {
      const person = await store.tx((tx) => members.rename(tx, member.id, name.trim()))
      if (!person) throw new Problem('no_such_member')
      changed(member.id)
      return seenByHerself(person)
    },

    /** Names and roles to show beside what people say and do. Unknown ids are missing from the answer. */
    async namesOf(ids: readonly string[]): Promise<Map<string, { id: string; name: string; roles: Role[] }>> {
      const names = new Map<string, { id: string; name: string; roles: Role[] }>()
      for (const some of inParts([...new Set(ids)])) {
        const people = await members.byIds(store.read, some)
        for (const { id, name, roles } of people) names.set(id, { id, name, roles })
      }
      return names
    },

    /** Puts somebody into the union's book without a sign-in: the demo village and the suites begin like this. */
    async enrol({
      id = newId(clock.now()),
      ...person
    }: Omit<Newcomer, 'id'> & { id?: string }): Promise<string> {
      const added = await store.tx((tx) => members.add(tx, [{ ...person, id }], clock.now()))
      if (!added.length) throw new Error(`${person.name} is in the book already`)
      return id
    },

    /** Part of the caller's unit: writes people in, with or without a phone. A phone that is taken is left out. */
    async enrolIn(tx: Tx, people: readonly Newcomer[]): Promise<Set<string>> {
      const added = new Set<string>()
      for (const some of inParts(people))
        for (const id of await members.add(tx, some, clock.now())) added.add(id)
      return added
    },

    /** Whole phones and all: for domains that ask about somebody by her phone, never to be shown as it is. */
    async peopleIn(
      on: Tx | Reader,
      { ids = [], phones = [] }: { ids?: readonly string[]; phones?: readonly string[] }
    ): Promise<Person[]> {
      const found: Person[] = []
      for (const some of inParts(ids)) found.push(...(await members.byIds(on, some)))
      for (const some of inParts(phones)) found.push(...(await members.byPhones(on, some)))
      return found
    },

    /** Whoever has a role now, by name. */
    async withRole(role: Role, limit: number): Promise<{ id: string; name: string }[]> {
      return (await members.withRole(store.read, role, limit)).map(({ id, name }) => ({ id, name }))
    },

    /**
     * Part of the caller's unit: other phones sign in as these people from now on, and none that is signed in stays so.
     * The caller knows that nobody has them, and says `recogniseAnew` when the unit is done.
     */
    async setPhonesIn(tx: Tx, people: readonly { id: string; phone: string }[]): Promise<void> {
      for (const some of inParts(people)) {
        await members.setPhones(tx, some)
        await sessionStore(store).endAll(
          tx,
          some.map(({ id }) => id)
        )
      }
    },

    /** Makes every server forget what it remembers of her. */
    recogniseAnew: (memberId: string) => changed(memberId, 'signed_out'),

    ...openFollows({ store, clock }),
    ...openAddresses({ store, clock }),
    ...officers,

    /** Makes the first officer by her one-time link and signs her in. Throws `setup_over`. */
    async createFirstOfficer(
      draft: { token: string; phone: string; name: string },
      userAgent = ''
    ): Promise<{ me: Me; cookies: string[] }> {
      return signIn(draft.phone, await createFirst(draft), userAgent)
    },

    /** Sends her a text message, if the union knows her phone. Throws `sms_failed`; a caller tries again later. */
    async textTo(memberId: string, text: string): Promise<void> {
      const [person] = await members.byIds(store.read, [memberId])
      if (person?.phone && !person.banned) await carrier.send({ phone: person.phone, text, code: '' })
    },

    /** The texts that the demo village did not send, newest first. */
    inbox: (phone?: string) => inbox.newest(phone, INBOX_SHOWN),

    /** Forgets codes, texts, links and sessions that are over. Harmless to run at any time. */
    async sweep(): Promise<void> {
      await store.tx(async (tx) => {
        await codes.forgetOld(tx)
        await inbox.forgetBefore(tx, clock.now() - DAY_MS)
        await forgetOldLinks(tx)
        await sessionStore(store).forgetEndedBefore(tx, clock.now())
      })
    },

    close
  }

  async function signIn(phone: string, code: string, userAgent = ''): Promise<{ me: Me; cookies: string[] }> {
    const { memberId, cookies } = await sessions.begin(phone, code, userAgent.slice(0, USER_AGENT_CHARS))
    return { me: await meOf(memberId), cookies }
  }

  async function meOf(id: string): Promise<Me> {
    const [person] = await members.byIds(store.read, [id])
    if (!person) throw new Problem('no_such_member')
    return seenByHerself(person)
  }
}

const seenByHerself = ({ id, name, phone, roles }: Person): Me => ({ id, name, phone, roles })

function* inParts<Each>(all: readonly Each[]) {
  for (let i = 0; i < all.length; i += PEOPLE_AT_ONCE) yield all.slice(i, i + PEOPLE_AT_ONCE)
}
