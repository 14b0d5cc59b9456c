import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  decideCase,
  getCase,
  listCases,
  takeCase,
  withdrawCase,
  writeToCase
} from '../../shared/contracts/cases.ts'
import { banMember } from '../../shared/contracts/members.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import { askToJoin, saveBranch } from '../../shared/contracts/register.ts'
import { womanBorn } from '../register/testing.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { LINES } from './case.ts'

const DAY = 86_400_000

describe.each(engines)('cases on $name', (engine) => {
  const clock = settableClock()
  let village: TestVillage
  let officer: SignedIn
  let branchId: string
  beforeAll(async () => {
    village = await testVillage({ engine, clock })
    officer = await village.signIn('王主任', 'officer')
    const body = { parentId: '', name: '东港', officerId: '' }
    branchId = (await officer.call(saveBranch, { body })).json.branch.id
  })
  afterAll(() => village.close())
  beforeEach(() => clock.pass(1))

  let born = 0
  /** A woman who has asked to join, and her case. */
  async function asking(name: string, ...roles: Parameters<TestVillage['signIn']>[1][]) {
    const woman = await village.signIn(name, ...roles)
    const idNumber = womanBorn('1970-01-01', ++born)
    const body = { name, idNumber, branchId, education: 'junior' as const }
    const { json } = await woman.call(askToJoin, { body })
    return { woman, idNumber, caseId: json.waiting!.caseId }
  }
  const seen = async (caseId: string, by = officer) =>
    (await by.call(getCase, { params: { caseId } })).json.case
  const write = (by: SignedIn, caseId: string, words: string, fileIds: string[] = []) =>
    by.call(writeToCase, { params: { caseId }, body: { words, fileIds } })
  const decide = (by: SignedIn, caseId: string, version: number, approve = true, words = '') =>
    by.call(decideCase, { params: { caseId }, body: { version, approve, words } })
  const take = (by: SignedIn, caseId: string, ownerId: string) =>
    by.call(takeCase, { params: { caseId }, body: { ownerId } })
  const list = async (which: 'open' | 'closed', more: object = {}) =>
    (await officer.call(listCases, { query: { list: which, ...more } })).json
  const told = async (woman: SignedIn) => (await woman.call(myNotices)).json.items

  it('are decided also with words that are too long for a notice just where an emoji stands', async () => {
    const { woman, caseId } = await asking('刘长话')
    const words = `${'好'.repeat(199)}🦪${'好'.repeat(50)}`
    expect((await decide(officer, caseId, 1, false, words)).json.case.lines.at(-1)!.words).toBe(words)
    expect((await told(woman))[0]!.about['words']).toBe('好'.repeat(199))
  })

  it('go to and fro until an officer decides, and every word is kept', async () => {
    const { woman, caseId, idNumber } = await asking('王秀英')
    expect(await seen(caseId, woman)).toMatchObject({
      kind: 'join',
      state: 'open',
      by: { id: woman.me.id, name: '王秀英' },
      owner: { id: '', name: '' },
      version: 1,
      overdue: false,
      form: [
        { name: '姓名', value: '王秀英' },
        { name: '身份证号', value: `3702**********${idNumber.slice(-4)}` },
        { name: '支会', value: '东港' },
        { name: '文化程度', value: '初中' }
      ]
    })
    expect((await take(officer, caseId, officer.me.id)).json.case.owner.name).toBe('王主任')
    expect((await write(officer, caseId, '您住哪个村？')).json.case.state).toBe('asked')
    expect(await told(woman)).toMatchObject([
      { kind: 'case_asked', about: { kind: 'join', words: '您住哪个村？' }, href: '/me/membership' }
    ])
    const answered = (await write(woman, caseId, '码头村')).json.case
    expect([answered.state, answered.version]).toEqual(['open', 4])
    clock.pass(1)
    const decided = (await decide(officer, caseId, 4, true, '欢迎')).json.case
    expect(decided.lines.map(({ n, what, byName, words }) => [n, what, byName, words])).toEqual([
      [1, 'opened', '王秀英', ''],
      [2, 'assigned', '王主任', '王主任'],
      [3, 'asked', '王主任', '您住哪个村？'],
      [4, 'answered', '王秀英', '码头村'],
      [5, 'approved', '王主任', '欢迎']
    ])
    expect((await told(woman))[0]).toMatchObject({
      kind: 'case_decided',
      about: { kind: 'join', decision: 'approved', words: '欢迎' }
    })
  })

  it('are decided as the officer saw them, once, and never by who asked', async () => {
    const { woman, caseId } = await asking('李桂芳', 'officer')
    expect((await decide(woman, caseId, 1)).json.code).toBe('case_own')
    expect((await take(officer, caseId, woman.me.id)).json.code).toBe('case_own')
    await write(woman, caseId, '我换了手机')
    expect((await decide(officer, caseId, 1)).json.code).toBe('case_changed')
    expect((await seen(caseId)).state).toBe('open')
    expect((await decide(officer, caseId, 2, false, '请先来一趟')).json.case.state).toBe('refused')
    for (const late of [
      decide(officer, caseId, 3),
      write(woman, caseId, '?'),
      take(officer, caseId, officer.me.id)
    ])
      expect((await late).json.code).toBe('case_closed')
    expect((await woman.call(withdrawCase, { params: { caseId } })).json.code).toBe('case_closed')
  })

  it('are answered by one of two officers who decide at the same moment', async () => {
    const { woman, caseId } = await asking('赵海燕')
    const other = await village.signIn('李主任', 'officer')
    const answers = await Promise.all([decide(officer, caseId, 1), decide(other, caseId, 1, false)])
    const codes = answers.map(({ json }) => json.code ?? 'answered').toSorted()
    expect(codes).toEqual(['answered', expect.stringMatching(/^case_(closed|changed)$/)])
    expect((await seen(caseId)).lines).toHaveLength(2)
    expect(await told(woman)).toHaveLength(1)
  })

  it('are taken back by who asked and by nobody else; then she may ask again', async () => {
    const { woman, caseId } = await asking('周玉')
    const other = await village.signIn('别人')
    const withdraw = (by: SignedIn) => by.call(withdrawCase, { params: { caseId } })
    expect((await withdraw(other)).json.code).toBe('no_such_case')
    expect((await withdraw(officer)).json.code).toBe('no_such_case')
    const again = { name: '周玉', idNumber: womanBorn('1970-01-02', 1), branchId, education: '' as const }
    const twice = await woman.call(askToJoin, { body: again })
    expect([twice.json.code, twice.json.details]).toEqual(['case_open', { caseId }])
    expect((await withdraw(woman)).json.case.state).toBe('withdrawn')
    expect(await told(woman)).toEqual([])
    expect((await woman.call(askToJoin, { body: again })).status).toBe(200)
  })

  it('are nobody’s business but hers and the officers’', async () => {
    const { caseId } = await asking('孙兰')
    const other = await village.signIn('邻居', 'trainer', 'operator', 'host')
    expect((await other.call(getCase, { params: { caseId } })).json.code).toBe('no_such_case')
    expect((await write(other, caseId, '让我看看')).json.code).toBe('no_such_case')
    expect((await officer.call(getCase, { params: { caseId: 'nothing' } })).json.code).toBe('no_such_case')
  })

  it('take no file that is not hers', async () => {
    const { woman, caseId } = await asking('吴梅')
    expect((await write(woman, caseId, '照片', ['nothing'])).json.code).toBe('no_such_file')
    expect((await seen(caseId)).lines).toHaveLength(1)
  })

  it('are handed only to somebody who may decide', async () => {
    const { caseId } = await asking('郑霞')
    const trainer = await village.signIn('讲师', 'trainer')
    expect((await take(officer, caseId, trainer.me.id)).json.code).toBe('no_such_member')
    expect((await take(officer, caseId, 'nobody')).json.code).toBe('no_such_member')
    const other = await village.signIn('陈主任', 'officer')
    expect((await take(officer, caseId, other.me.id)).json.case.owner).toEqual({
      id: other.me.id,
      name: '陈主任'
    })
  })

  it('come to an end: after a hundred lines nothing but a decision', async () => {
    const { woman, caseId } = await asking('话多的')
    for (let n = 2; n <= LINES; n++) await write(n % 2 ? woman : officer, caseId, `第${n}句`)
    const full = await seen(caseId)
    expect(full.lines).toHaveLength(LINES)
    expect((await write(woman, caseId, '还有一句')).json.code).toBe('case_full')
    expect((await decide(officer, caseId, full.version)).status).toBe(200)
    expect((await seen(caseId)).lines).toHaveLength(LINES + 1)
  })

  it('keep nothing sealed once they are closed', async () => {
    const { caseId, idNumber } = await asking('钱芳')
    const stored = async () => {
      const { cases } = village.village.store.schema
      const rows = await village.village.store.read.select().from(cases)
      return rows.find(({ id }) => id === caseId)!.form
    }
    expect(Object.keys(await stored())).toContain('_sealedId')
    expect(JSON.stringify(await stored())).not.toContain(idNumber.slice(4, 14))
    await decide(officer, caseId, 1, false, '资料不全')
    expect(Object.keys(await stored()).toSorted()).toEqual(['_order', '姓名', '支会', '文化程度', '身份证号'])
  })

  it('are listed by their deadline, and late ones are counted from the first moment of the next day', async () => {
    const before = await list('open')
    const first = await asking('先来的')
    clock.pass(DAY)
    const second = await asking('后来的')
    const { items, open, overdue } = await list('open')
    expect([open, overdue]).toEqual([before.open + 2, 0])
    const ids = items.map(({ id }) => id)
    expect(ids.indexOf(first.caseId)).toBeLessThan(ids.indexOf(second.caseId))
    const dues = items.map(({ dueAt }) => dueAt)
    expect(dues).toEqual(dues.toSorted((a, b) => a - b))

    const { dueAt } = await seen(first.caseId)
    clock.set(dueAt)
    expect((await list('open')).overdue).toBe(0)
    clock.pass(1)
    const late = await list('open')
    expect([late.overdue, late.open]).toEqual([before.open + 1, before.open + 2])
    expect(late.items.find(({ id }) => id === first.caseId)!.overdue).toBe(true)
    expect(late.items.find(({ id }) => id === second.caseId)!.overdue).toBe(false)

    await decide(officer, first.caseId, 1)
    expect((await list('closed')).items[0]).toMatchObject({
      id: first.caseId,
      overdue: false,
      state: 'approved'
    })
    expect((await list('open')).items.map(({ id }) => id)).not.toContain(first.caseId)
    expect((await list('open', { kind: 'leave' })).items).toEqual([])
    const rest = await list('closed', { after: first.caseId })
    expect(rest.items.map(({ id }) => id)).not.toContain(first.caseId)
    expect(rest.items.length).toBeGreaterThan(3)
    const nowhere = await officer.call(listCases, { query: { list: 'open', after: 'nothing' } })
    expect(nowhere.json.code).toBe('bad_input')
  })

  it('are not opened for somebody whose session has ended', async () => {
    const { woman, caseId } = await asking('被封的')
    await officer.call(banMember, { params: { memberId: woman.me.id }, body: { banned: true, reason: '' } })
    expect((await woman.call(getCase, { params: { caseId } })).json.code).toBe('sign_in_first')
  })
})
