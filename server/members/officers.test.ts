import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  banMember,
  createFirstOfficer,
  findMembers,
  firstRun,
  grantRoles,
  sendCode,
  signIn,
  whoAmI
} from '../../shared/contracts/members.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import type { EndedBecause } from './recognition.ts'

const HOUR_MS = 60 * 60_000

describe.each(engines)('officers on $name', (engine) => {
  const clock = settableClock()
  let village: TestVillage
  let officer: SignedIn
  const ended: [string, EndedBecause][] = []
  beforeAll(async () => {
    village = await testVillage({ engine, clock })
    officer = await village.signIn('王主任', 'officer')
    village.village.members.onEnded((...what) => ended.push(what))
  })
  afterAll(() => village.close())

  const audited = async (subject: string) => {
    const { audit } = village.village.store.schema
    return village.village.store.read.select().from(audit).where(eq(audit.subject, subject))
  }

  it('give a role that works at the next request, and sockets begin again with it', async () => {
    const person = await village.signIn('玉珍')
    expect((await person.call(findMembers)).json.code).toBe('role_missing')
    const { json } = await officer.call(grantRoles, {
      params: { memberId: person.me.id },
      body: { roles: ['officer', 'host'] }
    })
    expect(json.member.roles).toEqual(['buyer', 'host', 'officer'])
    expect((await person.call(findMembers)).status).toBe(200)
    expect(ended).toContainEqual([person.me.id, 'roles'])
    expect(await audited(person.me.id)).toMatchObject([
      {
        actorId: officer.me.id,
        action: 'roles_granted',
        details: { before: ['buyer'], after: ['buyer', 'host', 'officer'] }
      }
    ])

    await officer.call(grantRoles, { params: { memberId: person.me.id }, body: { roles: [] } })
    expect((await person.call(findMembers)).json.code).toBe('role_missing')
  })

  it('shorten the sessions of somebody who becomes staff', async () => {
    const person = await village.signIn('老陈')
    const { session } = village.village.store.schema
    const params = { memberId: person.me.id }
    await officer.call(grantRoles, { params, body: { roles: ['trainer'] } })
    const [row] = await village.village.store.read
      .select()
      .from(session)
      .where(eq(session.userId, person.me.id))
    expect(+row!.expiresAt - +row!.createdAt).toBe(8 * HOUR_MS)
  })

  it('end somebody’s sessions and sockets with a ban, and let her back when it is lifted', async () => {
    const person = await village.signIn('捣乱的', 'host')
    const params = { memberId: person.me.id }
    await person.call(whoAmI)
    const { json } = await officer.call(banMember, { params, body: { banned: true, reason: '骂人' } })
    expect(json.member.banned).toBe(true)
    expect((await person.call(whoAmI)).json).toEqual({})
    expect(ended).toContainEqual([person.me.id, 'banned'])

    clock.pass(HOUR_MS)
    const comeBack = async () => {
      await village.guest.call(sendCode, { body: { phone: person.phone } })
      const code = await village.codeOf(person.phone)
      return village.guest.call(signIn, { body: { phone: person.phone, code } })
    }
    const refused = await comeBack()
    expect(refused.json.code).toBe('banned')
    expect(refused.status).toBe(403)
    expect(refused.headers['set-cookie']).toBeUndefined()

    await officer.call(banMember, { params, body: { banned: false, reason: '' } })
    clock.pass(HOUR_MS)
    expect((await comeBack()).status).toBe(200)
    expect((await audited(person.me.id)).map(({ action, details }) => [action, details])).toEqual([
      ['member_banned', { reason: '骂人' }],
      ['ban_lifted', { reason: '' }]
    ])
  })

  it('always leave the union an officer', async () => {
    const params = { memberId: officer.me.id }
    const refused = await officer.call(grantRoles, { params, body: { roles: ['operator'] } })
    expect(refused.json.code).toBe('last_officer')
    const ban = await officer.call(banMember, { params, body: { banned: true, reason: '' } })
    expect(ban.json.code).toBe('last_officer')
    expect((await officer.call(findMembers)).status).toBe(200)
    expect(await audited(officer.me.id)).toEqual([])
  })

  it('refuse what names nobody, or a role there is not', async () => {
    const body = { roles: ['host' as const] }
    expect((await officer.call(grantRoles, { params: { memberId: 'nobody' }, body })).json.code).toBe(
      'no_such_member'
    )
    const ban = { banned: true, reason: '' }
    expect((await officer.call(banMember, { params: { memberId: 'nobody' }, body: ban })).json.code).toBe(
      'no_such_member'
    )
    const params = { memberId: officer.me.id }
    const queen = { roles: ['queen' as 'host'] }
    expect((await officer.call(grantRoles, { params, body: queen })).json.code).toBe('bad_input')
  })

  it('find members by a part of the name or the whole phone, and see no phone in full', async () => {
    const person = await village.signIn('Ann_50%')
    const found = async (q: string) => (await officer.call(findMembers, { query: { q } })).json.items
    const masked = `${person.phone.slice(0, 3)}****${person.phone.slice(-4)}`
    const row = { id: person.me.id, name: 'Ann_50%', phone: masked, roles: ['buyer'], banned: false }
    expect(await found('ann')).toEqual([row])
    expect(await found('_50%')).toEqual([row])
    expect(await found('ann%50')).toEqual([])
    expect(await found(person.phone)).toEqual([row])
    expect(await found(person.phone.slice(1))).toEqual([])
    const all = await officer.call(findMembers)
    expect(all.json.items.length).toBeGreaterThan(3)
    expect(all.text).not.toMatch(/1[3-9]\d{9}/)
  })

  it('find a woman who has no phone, and give her one that she signs in with', async () => {
    const { members, store } = village.village
    const id = await members.enrol({ name: '没手机的孙婆婆', roles: [] })
    clock.pass(1)
    const another = await members.enrol({ name: '没手机的周婆婆', roles: [] })
    const { json } = await officer.call(findMembers, { query: { q: '婆婆' } })
    expect(json.items).toEqual([
      { id: another, name: '没手机的周婆婆', phone: '', roles: ['buyer'], banned: false },
      { id, name: '没手机的孙婆婆', phone: '', roles: ['buyer'], banned: false }
    ])

    await store.tx((tx) => members.setPhonesIn(tx, [{ id, phone: '13611110001' }]))
    await village.guest.call(sendCode, { body: { phone: '13611110001' } })
    const code = await village.codeOf('13611110001')
    const signed = await village.guest.call(signIn, { body: { phone: '13611110001', code } })
    expect(signed.json.me).toEqual({ id, name: '没手机的孙婆婆', phone: '13611110001', roles: ['buyer'] })
  })

  it('let whoever had the wrong phone in her hand be somebody else', async () => {
    const { members, store } = village.village
    const person = await village.signIn('海燕')
    await store.tx((tx) => members.setPhonesIn(tx, [{ id: person.me.id, phone: '13611110002' }]))
    members.recogniseAnew(person.me.id)
    expect((await person.call(whoAmI)).json.me).toBeUndefined()
    clock.pass(2 * 60_000)
    await village.guest.call(sendCode, { body: { phone: person.phone } })
    const code = await village.codeOf(person.phone)
    const { json } = await village.guest.call(signIn, { body: { phone: person.phone, code } })
    expect(json.me.id).not.toBe(person.me.id)
  })

  it('write nobody in twice with one phone', async () => {
    const { members, store } = village.village
    const people = ['a', 'b'].map((id) => ({ id: `twice-${id}`, name: id, phone: '13611110003', roles: [] }))
    expect(await store.tx((tx) => members.enrolIn(tx, people))).toEqual(new Set(['twice-a']))
    await expect(members.enrol({ name: 'c', phone: '13611110003', roles: [] })).rejects.toThrow('already')
  })

  it('read the list page by page, newest first', async () => {
    const { items } = (await officer.call(findMembers)).json
    const after = items[1]!.id
    expect((await officer.call(findMembers, { query: { after } })).json.items).toEqual(items.slice(2))
  })
})

describe.each(engines)('a new union on $name', (engine) => {
  const clock = settableClock()
  let village: TestVillage
  const tokenOf = (link: string | undefined) => new URL(link!).searchParams.get('token')!
  const create = (token: string, phone: string) =>
    village.guest.call(createFirstOfficer, { body: { token, phone, name: '王主任' } })
  beforeAll(async () => {
    village = await testVillage({ engine, clock })
  })
  afterAll(() => village.close())

  it('gets its first officer by a link that works for an hour, once, for one of those who race', async () => {
    const { members } = village.village
    expect((await village.guest.call(firstRun)).json).toEqual({ needed: true })
    expect((await create('made-up', '13600000001')).json.code).toBe('setup_over')

    const old = tokenOf(await members.setupLink())
    clock.pass(HOUR_MS)
    expect((await create(old, '13600000001')).json.code).toBe('setup_over')

    const another = tokenOf(await members.setupLink())
    const link = await members.setupLink()
    expect(link).toContain(`${village.village.settings.publicUrl}/setup?token=`)
    const token = tokenOf(link)
    const racers = await Promise.all([1, 2, 3, 4].map((n) => create(token, `1360000000${n}`)))
    const winners = racers.filter(({ status }) => status === 200)
    expect(winners).toHaveLength(1)
    expect(racers.filter(({ json, status }) => status === 410 && json.code === 'setup_over')).toHaveLength(3)
    expect(winners[0]!.json.me).toMatchObject({ name: '王主任', roles: ['buyer', 'officer'] })

    const cookie = [winners[0]!.headers['set-cookie'] ?? []].flat()[0]!.split(';')[0]!
    const list = await village.guest.call(findMembers, { headers: { cookie } })
    expect(list.json.items).toHaveLength(1)

    expect((await village.guest.call(firstRun)).json).toEqual({ needed: false })
    expect((await create(another, '13600000009')).json.code).toBe('setup_over')
    expect(await members.setupLink()).toBeUndefined()
  })

  it('keeps only a digest of the link', async () => {
    const other = await testVillage({ engine })
    const token = tokenOf(await other.village.members.setupLink())
    const { store } = other.village
    const rows = await store.read.select().from(store.schema.verification)
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(token)
    await other.close()
  })
})
