import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  getLicenceRules,
  myLicence,
  setLicenceRules,
  type LicenceRules
} from '../../shared/contracts/licences.ts'
import { goLive } from '../../shared/contracts/live.ts'
import { newShow } from '../live/testing.ts'
import { engines } from '../testing/engines.ts'
import { FRESH, license } from '../testing/licensed.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'

describe.each(engines)('the rule pack on $name', (engine) => {
  let v: TestVillage
  let officer: SignedIn
  let host: SignedIn

  beforeAll(async () => {
    v = await testVillage({ engine })
    officer = await v.signIn('王主任', 'officer')
    host = await v.learner('桂兰')
    await license(v.village, host.me.id, '桂兰', FRESH)
  })
  afterAll(() => v.close())

  const pack = async (who = host) => (await who.call(getLicenceRules)).json
  const set = async (version: number, changes: Partial<LicenceRules>, who = officer) =>
    who.call(setLicenceRules, { body: { version, rules: { ...(await pack()).rules, ...changes } } })

  it('begins with what the law asks, each class of goods with its reason, for every member to read', async () => {
    const { version, rules, changedAt } = await pack()
    expect([version, changedAt]).toEqual([0, 0])
    expect(rules).toMatchObject({ minAge: 16, adultAge: 18, refreshMonths: 6, mentorAwaySeconds: 120 })
    expect(rules.goods).toHaveLength(5)
    for (const { because } of rules.goods) expect(because).toContain('法')
  })

  it('is changed by an officer, holds from that moment, and says in the audit what it was', async () => {
    const showId = await newShow(v, host)
    const { rules: before } = await pack()
    const show = { topics: ['live_selling', 'food_safety', 'short_video'], documents: ['health' as const] }
    expect((await set(0, { show }, host)).json.code).toBe('role_missing')
    const { status, json } = await set(0, { show })
    expect([status, json.version, json.changedByName]).toEqual([200, 1, '王主任'])
    expect((await host.call(myLicence)).json.show).toMatchObject([{ topic: 'short_video' }])
    expect((await host.call(goLive, { params: { showId } })).json.code).toBe('not_licensed')
    expect((await set(1, { show: before.show })).json.version).toBe(2)
    expect((await host.call(goLive, { params: { showId } })).status).toBe(200)
    const { audit } = v.village.store.schema
    const lines = await v.village.store.read.select().from(audit).where(eq(audit.action, 'rules_changed'))
    expect(lines.map(({ actorId, details }) => [actorId, details.version])).toEqual([
      [officer.me.id, 1],
      [officer.me.id, 2]
    ])
    expect(lines[0]!.details.before).toEqual(before)
  })

  it('is not changed by two officers at once, nor by one who saw an older version', async () => {
    const { version } = await pack()
    const both = await Promise.all([set(version, { minAge: 17 }), set(version, { minAge: 18 })])
    expect(both.map(({ json }) => json.code).toSorted()).toEqual(['rules_changed', undefined])
    expect((await set(version, { minAge: 16 })).json.code).toBe('rules_changed')
    expect((await set(version + 1, { minAge: 16 })).status).toBe(200)
  })

  it.each([
    ['an adult younger than the youngest host', { minAge: 20, adultAge: 18 }],
    ['a topic that the school does not know', { show: { topics: ['magic'], documents: [] } }],
    ['the same warning twice', { warnDays: [7, 7] }],
    [
      'a class of goods twice',
      {
        goods: ['', ''].map(() => ({
          goodsClass: 'fresh' as const,
          topics: [],
          documents: [],
          because: ''
        }))
      }
    ]
  ])('is refused with %s', async (_what, changes) => {
    const { version, rules } = await pack()
    expect((await set(version, changes)).json.code).toBe('bad_input')
    expect((await pack()).rules).toEqual(rules)
  })
})
