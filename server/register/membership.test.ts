import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { decideCase, getCase, listCases } from '../../shared/contracts/cases.ts'
import { whoAmI } from '../../shared/contracts/members.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import {
  addToRegister,
  askToJoin,
  askToLeave,
  askToMove,
  findRegister,
  myMembership,
  saveBranch
} from '../../shared/contracts/register.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { womanBorn } from './testing.ts'

describe.each(engines)('joining, moving and leaving on $name', (engine) => {
  const clock = settableClock()
  let village: TestVillage
  let officer: SignedIn
  let east: string
  let west: string
  beforeAll(async () => {
    village = await testVillage({ engine, clock })
    officer = await village.signIn('王主任', 'officer')
    const save = async (name: string) =>
      (await officer.call(saveBranch, { body: { parentId: '', name, officerId: '' } })).json.branch.id
    ;[east, west] = [await save('东港'), await save('西港')]
  })
  afterAll(() => village.close())
  beforeEach(() => clock.pass(1))

  let born = 0
  const fresh = () => womanBorn('1970-01-01', ++born)
  const join = (by: SignedIn, idNumber: string, name = by.me.name, branchId = east) =>
    by.call(askToJoin, { body: { name, idNumber, branchId, education: 'junior' } })
  const decide = (caseId: string, approve = true, words = '') =>
    officer.call(decideCase, { params: { caseId }, body: { version: 1, approve, words } })
  const mine = async (by: SignedIn) => (await by.call(myMembership)).json
  const waitingOf = async (by: SignedIn) => (await mine(by)).waiting!.caseId
  /** A member of the union since a moment ago. */
  async function joined(name: string) {
    const woman = await village.signIn(name)
    await join(woman, fresh())
    await decide(await waitingOf(woman))
    clock.pass(1)
    return woman
  }

  it('writes her in when an officer approves, with her real name; in rooms she keeps the one she chose', async () => {
    const woman = await village.signIn('海边的风')
    expect(await mine(woman)).toEqual({ history: [] })
    const idNumber = fresh()
    const asked = await join(woman, idNumber.toLowerCase(), ' 王秀英 ')
    expect(asked.json).toEqual({
      waiting: { caseId: asked.json.waiting!.caseId, kind: 'join', at: clock.now() },
      history: []
    })
    clock.pass(1)
    const decided = await decide(asked.json.waiting!.caseId, true, '欢迎')
    expect(decided.status).toBe(200)
    expect(await mine(woman)).toEqual({
      row: {
        memberId: woman.me.id,
        name: '王秀英',
        phone: `${woman.phone.slice(0, 3)}****${woman.phone.slice(-4)}`,
        idNumber: `3702**********${idNumber.slice(-4)}`,
        sex: 'f',
        branchId: east,
        branchName: '东港',
        state: 'member',
        joinedOn: '2026-11-22',
        education: 'junior',
        roles: ['buyer']
      },
      history: [{ what: 'joined', branchName: '东港', at: clock.now() }]
    })
    expect((await woman.call(whoAmI)).json.me?.name).toBe('海边的风')
    const found = await officer.call(findRegister, { query: { q: idNumber } })
    expect(found.json.items.map(({ memberId }) => memberId)).toEqual([woman.me.id])
    expect((await join(woman, idNumber)).json.code).toBe('in_register')
  })

  it('changes nothing when an officer refuses, and tells her why', async () => {
    const woman = await village.signIn('李桂芳')
    await join(woman, fresh())
    await decide(await waitingOf(woman), false, '请带身份证来一趟')
    expect(await mine(woman)).toEqual({ history: [] })
    const [notice] = (await woman.call(myNotices)).json.items
    expect(notice).toMatchObject({
      kind: 'case_decided',
      about: { decision: 'refused', words: '请带身份证来一趟' }
    })
    expect((await join(woman, fresh())).status).toBe(200)
  })

  it('does not let her try out whose number is in the register: the officer sees it, she does not', async () => {
    const idNumber = fresh()
    await officer.call(addToRegister, {
      body: { name: '孙玉珍', idNumber, branchId: west, education: '', joinedOn: '2019-03-08' }
    })
    const woman = await village.signIn('别人')
    const answer = await join(woman, idNumber)
    expect(answer.status).toBe(200)
    expect(answer.text).not.toContain('孙玉珍')
    const decided = await decide(answer.json.waiting!.caseId)
    expect([decided.json.code, decided.json.details]).toMatchObject([
      'in_register',
      { name: '孙玉珍', branch: '西港', meets: '孙玉珍 · 西港' }
    ])
    // The refusal undid the whole decision: the case waits as it was, and the officer can say no.
    const { json } = await officer.call(getCase, { params: { caseId: answer.json.waiting!.caseId } })
    expect([json.case.state, json.case.version, json.case.lines.length]).toEqual(['open', 1, 1])
    expect((await woman.call(myNotices)).json.items).toEqual([])
    expect((await decide(answer.json.waiting!.caseId, false)).status).toBe(200)
  })

  it('refuses a number that nobody can have, and a branch that there is not', async () => {
    const woman = await village.signIn('赵梅')
    const good = fresh()
    const wrong = good.slice(0, 17) + (good[17] === '1' ? '2' : '1')
    expect((await join(woman, wrong)).json.code).toBe('bad_id_number')
    expect((await join(woman, good, '赵梅', 'nowhere')).json.code).toBe('no_such_branch')
    expect(await mine(woman)).toEqual({ history: [] })
  })

  it('moves her to another branch, and keeps where she was', async () => {
    const woman = await joined('周玉兰')
    const move = (branchId: string) => woman.call(askToMove, { body: { branchId, words: '嫁到西港了' } })
    expect((await move(east)).json.code).toBe('bad_input')
    expect((await move('nowhere')).json.code).toBe('no_such_branch')
    const { caseId, kind } = (await move(west)).json.waiting!
    expect(kind).toBe('transfer')
    const seen = (await officer.call(getCase, { params: { caseId } })).json.case
    expect(seen.form).toEqual([
      { name: '姓名', value: '周玉兰' },
      { name: '原支会', value: '东港' },
      { name: '转到', value: '西港' },
      { name: '说明', value: '嫁到西港了' }
    ])
    await decide(caseId)
    const { row, history } = await mine(woman)
    expect(row!.branchName).toBe('西港')
    expect(history.map(({ what, branchName }) => [what, branchName])).toEqual([
      ['joined', '东港'],
      ['moved', '西港']
    ])
  })

  it('lets her leave, and come back', async () => {
    const woman = await joined('吴小妹')
    await woman.call(askToLeave, { body: { words: '搬走了' } })
    await decide(await waitingOf(woman))
    expect((await mine(woman)).row!.state).toBe('left')
    expect((await village.village.school.register.branchNamesOf([woman.me.id])).size).toBe(0)
    for (const refused of [
      await woman.call(askToLeave, { body: { words: '' } }),
      await woman.call(askToMove, { body: { branchId: west, words: '' } })
    ])
      expect(refused.json.code).toBe('not_in_register')
    clock.pass(1)
    await join(woman, fresh(), '吴晓梅', west)
    await decide(await waitingOf(woman))
    const { row, history } = await mine(woman)
    expect([row!.state, row!.name, row!.branchName]).toEqual(['member', '吴晓梅', '西港'])
    expect(history.map(({ what, branchName }) => [what, branchName])).toEqual([
      ['joined', '东港'],
      ['left', '东港'],
      ['joined', '西港']
    ])
  })

  it('has one request of hers at a time', async () => {
    const woman = await joined('郑秀')
    await woman.call(askToLeave, { body: { words: '' } })
    const caseId = await waitingOf(woman)
    const second = await woman.call(askToMove, { body: { branchId: west, words: '' } })
    expect([second.json.code, second.json.details]).toEqual(['case_open', { caseId }])
    const stranger = await village.signIn('外人')
    expect((await stranger.call(askToLeave, { body: { words: '' } })).json.code).toBe('not_in_register')
    const twice = await Promise.all([join(stranger, fresh()), join(stranger, fresh())])
    expect(twice.map(({ json }) => json.code ?? 'asked').toSorted()).toEqual(['asked', 'case_open'])
  })

  it('decides by what is true by then: who has left meanwhile is not moved', async () => {
    const woman = await joined('钱芳')
    await woman.call(askToMove, { body: { branchId: west, words: '' } })
    const { store } = village.village
    const { register } = store.schema
    await store.tx((tx) => tx.update(register).set({ state: 'left' }))
    expect((await decide(await waitingOf(woman))).json.code).toBe('not_in_register')
    expect(
      (await officer.call(listCases, { query: { list: 'open', kind: 'transfer' } })).json.items
    ).toHaveLength(1)
  })
})
