import { afterEach, describe, expect, inject, it, vi } from 'vitest'
import { eq } from 'drizzle-orm'
import { findMembers, sendCode, signIn, whoAmI } from '../../shared/contracts/members.ts'
import { openVillage, type Village } from '../app.ts'
import { readSettings } from '../settings.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { people, testVillage } from '../testing/village.ts'
import type { EndedListener } from './recognition.ts'

const REMEMBER_MS = 15_000

describe.each(engines)('recognising a member on $name', (engine) => {
  it('asks the store once in fifteen seconds', async () => {
    const clock = settableClock()
    const village = await testVillage({ engine, clock })
    const person = await village.signIn('海燕')
    const { store } = village.village
    const { user } = store.schema
    expect((await person.call(findMembers)).json.code).toBe('role_missing')
    // Past every face of ours, as an officer with a database console might.
    await store.tx(async (tx) => {
      await tx.update(user).set({ role: 'buyer,officer' }).where(eq(user.id, person.me.id))
    })
    clock.pass(REMEMBER_MS)
    expect((await person.call(findMembers)).json.code).toBe('role_missing')
    clock.pass(1)
    expect((await person.call(findMembers)).status).toBe(200)
    await village.close()
  })
})

describe.runIf(inject('redisUrl'))('two servers of one village', () => {
  const closing: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close()
  })

  async function twoServers() {
    const place = await engines[1]!.make()
    closing.push(() => place.drop())
    const settings = {
      ...readSettings({ DEMO: '0', LOG_LEVEL: 'error' }),
      ...place,
      redisUrl: inject('redisUrl'),
      secret: 'the same secret on both of the servers'
    }
    const open = async (): Promise<Village> => {
      const village = await openVillage(settings)
      closing.push(() => village.close())
      return village
    }
    return [await open(), await open()] as const
  }

  it('both hear of a ban, a role and a sign-out at once, long before they would ask again', async () => {
    const [here, there] = await twoServers()
    const elsewhere = people(there)
    const officer = await people(here).signIn('王主任', 'officer')
    const ended = vi.fn<EndedListener>()
    there.members.onEnded(ended)

    const person = await people(here).signIn('小林')
    const sees = async () =>
      (await elsewhere.guest.call(whoAmI, { headers: { cookie: person.cookie } })).json.me
    expect(await sees()).toMatchObject({ roles: ['buyer'] })
    await here.members.grantRoles(officer.me, person.me.id, ['operator'])
    await vi.waitFor(() => expect(ended).toHaveBeenCalledWith(person.me.id, 'roles'))
    expect((await there.members.memberOf({ cookie: person.cookie }))?.roles).toEqual(['buyer', 'operator'])

    await here.members.ban(officer.me, person.me.id, true, '')
    await vi.waitFor(() => expect(ended).toHaveBeenCalledWith(person.me.id, 'banned'))
    expect(await there.members.memberOf({ cookie: person.cookie })).toBeUndefined()

    const another = await people(here).signIn('小周')
    expect(await there.members.memberOf({ cookie: another.cookie })).toMatchObject({ name: '小周' })
    await here.members.signOut(another.me, another.cookie)
    await vi.waitFor(() => expect(ended).toHaveBeenCalledWith(another.me.id, 'signed_out'))
    expect(await there.members.memberOf({ cookie: another.cookie })).toBeUndefined()
  })

  it('count the guesses at a code together, and send it once', async () => {
    const servers = await twoServers()
    const guests = servers.map((server) => people(server).guest)
    const phone = '13512345678'
    const sent = await Promise.all(guests.map((guest) => guest.call(sendCode, { body: { phone } })))
    expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([200, 429]))
    const code = await people(servers[0]).codeOf(phone)
    const wrong = code === '000000' ? '111111' : '000000'
    const guess = (n: number, code: string) => guests[n % 2]!.call(signIn, { body: { phone, code } })
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => guess(n, wrong)))
    const codes = answers.map(({ json }) => json.code)
    expect(codes.filter((code) => code === 'bad_code')).toHaveLength(2)
    expect(codes.filter((code) => code === 'code_too_many')).toHaveLength(10)
    expect((await guess(0, code)).json.code).toBe('code_too_many')
  })
})
