import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { banMember } from '../../shared/contracts/members.ts'
import { revokeCertificate } from '../../shared/contracts/practice.ts'
import { hostFile } from '../../shared/contracts/register.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { planOf } from '../testing/plan.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'

describe.each(engines)('the file of a host on $name', (engine) => {
  const clock = settableClock()
  let village: TestVillage
  let officer: SignedIn
  let host: SignedIn
  beforeAll(async () => {
    village = await testVillage({ engine, clock })
    officer = await village.signIn('王主任', 'officer')
    host = await village.signIn('王秀英', 'host')
  })
  afterAll(() => village.close())
  const fileOf = (memberId: string, by = officer) => by.call(hostFile, { params: { memberId } })

  async function hasHad(kind: 'public' | 'rehearsal' | 'class', title: string, openedAt: number | null) {
    const { store } = village.village
    clock.pass(1)
    await store.tx((tx) =>
      tx.insert(store.schema.shows).values({
        id: `show-${clock.now()}`,
        hostId: host.me.id,
        title,
        cover: '',
        startsAt: clock.now(),
        state: openedAt === null ? 'coming' : 'ended',
        openedAt,
        endedAt: openedAt && openedAt + 1_000,
        peakViewers: 7,
        demo: false,
        createdAt: clock.now(),
        kind
      })
    )
  }

  it('is what every part of the village knows of her: papers, shows of all kinds, what went wrong', async () => {
    await hasHad('rehearsal', '彩排一次', 1_000)
    await hasHad('public', '第一场', 2_000)
    await hasHad('public', '还没开的', null)
    const before = (await fileOf(host.me.id)).json
    expect(before).toMatchObject({ printedAt: clock.now(), name: '王秀英', shopName: '', incidents: [] })
    expect(before.row).toMatchObject({ memberId: host.me.id, state: 'member' })
    expect(before.documents.length).toBeGreaterThan(2)
    expect(before.certificates.length).toBeGreaterThan(1)
    expect(
      before.shows.map(({ kind, title, openedAt, endedAt, peakViewers }) => [
        kind,
        title,
        openedAt,
        endedAt,
        peakViewers
      ])
    ).toEqual([
      ['public', '第一场', 2_000, 3_000, 7],
      ['rehearsal', '彩排一次', 1_000, 2_000, 7]
    ])

    const { store, members } = village.village
    const note = (action: string, subject: string, details: Record<string, unknown>) => {
      clock.pass(1)
      return store.tx((tx) => members.audit(tx, { actorId: officer.me.id, action, subject, details }))
    }
    await note('sale_stopped', host.me.id, { title: '第一场', reason: '价格不对' })
    await note('sale_stopped', officer.me.id, { title: '别人的' })
    await note('roles_granted', host.me.id, { before: [], after: [] })
    clock.pass(1)
    const { code } = before.certificates[0]!
    await officer.call(revokeCertificate, { params: { code }, body: { reason: '发错了' } })
    clock.pass(1)
    await officer.call(banMember, {
      params: { memberId: host.me.id },
      body: { banned: true, reason: '卖假货' }
    })
    const after = (await fileOf(host.me.id)).json
    expect(after.incidents.map(({ what, words, byName }) => [what, words, byName])).toEqual([
      ['封号', '卖假货', '王主任'],
      ['撤销证书', '发错了', '王主任'],
      ['停售', '第一场：价格不对', '王主任']
    ])
    expect(after.certificates.find((each) => each.code === code)!.state).toBe('revoked')
  })

  it('of somebody who is no host is short, of nobody there is none, and only officers read one', async () => {
    const buyer = await village.signIn('买家')
    const { json } = await fileOf(buyer.me.id)
    expect(json.row).toBeUndefined()
    expect([json.documents, json.certificates, json.mentorships, json.classes, json.shows]).toEqual([
      [],
      [],
      [],
      [],
      []
    ])
    expect((await fileOf('nobody')).json.code).toBe('no_such_member')
    const trainer = await village.signIn('讲师', 'trainer', 'operator')
    expect((await fileOf(buyer.me.id, trainer)).json.code).toBe('role_missing')
  })

  it.runIf(engine.name === 'sqlite')('looks into the book by whom it is about', () => {
    const query = village.village.members.auditOf(['a', 'b'], ['sale_stopped'], 200)
    const plan = planOf(village.village.settings.dataDir, query.toSQL())
    expect(plan).toContain('SEARCH audit USING INDEX audit_subject (subject=?)')
  })
})
