import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  addToRegister,
  changeRegister,
  exportRegister,
  findRegister,
  listBranches,
  listLooks,
  lookAtIdNumber,
  saveBranch
} from '../../shared/contracts/register.ts'
import type { Body } from '../../shared/contract.ts'
import { sendCode, signIn, whoAmI } from '../../shared/contracts/members.ts'
import { readSheet } from '../sheets/sheets.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { womanBorn } from './testing.ts'

type Draft = Body<typeof addToRegister>

describe.each(engines)('the register on $name', (engine) => {
  const clock = settableClock()
  let village: TestVillage
  let officer: SignedIn
  const branch = new Map<string, string>()

  const saved = async (name: string, parent = '', officerId = '') => {
    const body = { parentId: branch.get(parent) ?? '', name, officerId }
    const { json } = await officer.call(saveBranch, { body })
    branch.set(name, json.branch.id)
    return json.branch
  }
  beforeAll(async () => {
    village = await testVillage({ engine, clock })
    officer = await village.signIn('王主任', 'officer')
    await saved('渔家镇妇联')
    await saved('东港', '渔家镇妇联', officer.me.id)
    await saved('码头村', '东港')
    await saved('西港', '渔家镇妇联')
  })
  afterAll(() => village.close())
  beforeEach(() => clock.pass(1))

  let nth = 0
  const draft = (more: Partial<Draft> = {}): Draft => ({
    name: `女${++nth}`,
    branchId: branch.get('码头村')!,
    education: 'junior',
    joinedOn: '2019-03-08',
    ...more
  })
  const add = (more: Partial<Draft> = {}) => officer.call(addToRegister, { body: draft(more) })
  const find = (q: string, in_?: string) =>
    officer.call(findRegister, { query: { q, ...(in_ && { branchId: branch.get(in_)! }) } })

  it('has branches in a tree, each with the members of all below it', async () => {
    const before = (await officer.call(listBranches)).json.items
    expect(before.map(({ name, officerName }) => [name, officerName])).toEqual([
      ['渔家镇妇联', ''],
      ['东港', '王主任'],
      ['码头村', ''],
      ['西港', '']
    ])
    await add({ idNumber: womanBorn('1969-05-01', 1) })
    const after = (await officer.call(listBranches)).json.items
    const grew = after.filter((each, i) => each.members === before[i]!.members + 1)
    expect(grew.map(({ name }) => name)).toEqual(['渔家镇妇联', '东港', '码头村'])
  })

  it('lets no branch stand below itself, nor two of one name beside each other', async () => {
    const change = (name: string, parent: string, named = name) =>
      officer.call(saveBranch, {
        body: { id: branch.get(name)!, parentId: branch.get(parent) ?? parent, name: named, officerId: '' }
      })
    expect((await change('渔家镇妇联', '码头村')).json.code).toBe('branch_circle')
    expect((await change('东港', '东港')).json.code).toBe('branch_circle')
    expect((await change('西港', '渔家镇妇联', '东港')).json.code).toBe('branch_exists')
    expect((await change('西港', 'nowhere')).json.code).toBe('no_such_branch')
    expect(
      (await officer.call(saveBranch, { body: { parentId: '', name: '渔家镇妇联', officerId: '' } })).json
        .code
    ).toBe('branch_exists')
    const buyer = await village.signIn('买家')
    expect(
      (await officer.call(saveBranch, { body: { parentId: '', name: '新', officerId: buyer.me.id } })).json
        .code
    ).toBe('no_such_member')
    // The same name below another parent is another branch; a moved one takes everybody along.
    expect((await saved('码头村', '西港')).name).toBe('码头村')
    branch.set(
      '码头村',
      (await officer.call(listBranches)).json.items.find((each) => each.name === '码头村')!.id
    )
    expect((await change('东港', '西港')).status).toBe(200)
    expect((await change('东港', '渔家镇妇联')).status).toBe(200)
  })

  it('finds a woman by a part of her name, her whole phone, her whole ID number, her branch', async () => {
    const idNumber = womanBorn('1971-02-03', 2)
    const { json } = await add({ name: '孙玉珍', phone: '13711110001', idNumber })
    const row = {
      memberId: json.row.memberId,
      name: '孙玉珍',
      phone: '137****0001',
      idNumber: `3702**********${idNumber.slice(-4)}`,
      sex: 'f',
      branchId: branch.get('码头村'),
      branchName: '码头村',
      state: 'member',
      joinedOn: '2019-03-08',
      education: 'junior',
      roles: ['buyer']
    }
    expect(json.row).toEqual(row)
    for (const q of ['孙玉珍', '玉', '13711110001', ` ${idNumber} `, idNumber.toLowerCase()])
      expect((await find(q)).json, q).toEqual({ items: [row], total: 1 })
    for (const q of ['1371111', '0001', idNumber.slice(0, 17), '%', '_', '玉%'])
      expect((await find(q)).json, q).toEqual({ items: [], total: 0 })
    expect((await find('玉珍', '东港')).json.total).toBe(1)
    expect((await find('玉珍', '渔家镇妇联')).json.total).toBe(1)
    expect((await find('玉珍', '西港')).json.total).toBe(0)
  })

  it('is read page by page', async () => {
    for (let i = 0; i < 101; i++) {
      clock.pass(1)
      await add({ name: '许多人', idNumber: womanBorn('1966-06-06', i + 100) })
    }
    const first = (await find('许多人')).json
    expect([first.items.length, first.total]).toEqual([100, 101])
    const rest = await officer.call(findRegister, {
      query: { q: '许多人', after: first.items.at(-1)!.memberId }
    })
    expect(rest.json.items).toHaveLength(1)
    expect(first.items.map(({ memberId }) => memberId)).not.toContain(rest.json.items[0]!.memberId)
  })

  it('takes nobody twice, and says whom she meets', async () => {
    const idNumber = womanBorn('1972-03-04', 3)
    const first = (await add({ name: '李桂芳', phone: '13711110002', idNumber })).json.row
    const meets = { memberId: first.memberId, name: '李桂芳', branch: '码头村', meets: '李桂芳 · 码头村' }
    for (const twin of [
      { idNumber },
      { idNumber: idNumber.toLowerCase() },
      { phone: '13711110002' },
      { phone: '13711110002', idNumber: womanBorn('1972-03-04', 4) },
      { phone: '13711110003', idNumber }
    ]) {
      const { json } = await add(twin)
      expect([json.code, json.details], JSON.stringify(twin)).toEqual(['in_register', meets])
    }
    // Without a phone and an ID number only her name and her branch tell who she is.
    expect((await add({ name: '赵秀' })).status).toBe(200)
    expect((await add({ name: '赵秀' })).json.code).toBe('in_register')
    expect((await add({ name: '赵秀', branchId: branch.get('西港')! })).status).toBe(200)
    expect((await add({ name: '赵秀', idNumber: womanBorn('1973-03-04', 3) })).status).toBe(200)
    expect((await find('李桂芳')).json.total).toBe(1)
    // Nothing was left behind by those who were refused.
    expect(
      await village.village.members.peopleIn(village.village.store.read, { phones: ['13711110003'] })
    ).toEqual([])
  })

  it('knows a buyer by her phone, and keeps the name that she goes by in rooms', async () => {
    const buyer = await village.signIn('海边的风')
    const { json } = await add({ name: '周海燕', phone: buyer.phone })
    expect([json.row.memberId, json.row.name]).toEqual([buyer.me.id, '周海燕'])
    expect((await buyer.call(whoAmI)).json.me?.name).toBe('海边的风')
    // A phone of somebody who is no member is nobody else’s to take.
    const other = await village.signIn('别人')
    const taken = await officer.call(changeRegister, {
      params: { memberId: buyer.me.id },
      body: draft({ phone: other.phone })
    })
    expect([taken.json.code, taken.json.details]).toEqual([
      'in_register',
      { name: '别人', branch: '', meets: '别人' }
    ])
  })

  it('refuses what cannot be true', async () => {
    const good = womanBorn('1974-03-04', 3)
    const wrong = good.slice(0, 17) + (good[17] === '1' ? '2' : '1')
    expect((await add({ idNumber: wrong })).json.code).toBe('bad_id_number')
    expect((await add({ idNumber: womanBorn('2026-11-23', 1) })).json.code).toBe('bad_id_number')
    expect((await add({ idNumber: '123' })).json.code).toBe('bad_input')
    expect((await add({ joinedOn: '2026-11-23' })).json).toMatchObject({
      code: 'bad_input',
      details: { field: '/joinedOn' }
    })
    expect((await add({ joinedOn: '2026-02-30' })).json.code).toBe('bad_input')
    expect((await add({ branchId: 'nowhere' })).json.code).toBe('no_such_branch')
    expect((await add({ joinedOn: '2026-11-22' })).status).toBe(200)
  })

  it('is corrected by an officer: a name, a branch, an ID number, a phone that she signs in with', async () => {
    const { memberId } = (await add({ name: '吴小妹' })).json.row
    const change = (more: Partial<Draft>) =>
      officer.call(changeRegister, { params: { memberId }, body: draft({ name: '吴小妹', ...more }) })
    const idNumber = womanBorn('1975-03-04', 5)
    const { json } = await change({
      name: '吴晓梅',
      idNumber,
      phone: '13711110009',
      branchId: branch.get('西港')!
    })
    expect(json.row).toMatchObject({
      name: '吴晓梅',
      phone: '137****0009',
      idNumber: `3702**********${idNumber.slice(-4)}`,
      branchName: '西港'
    })
    // What is left out stays.
    const again = (await change({ name: '吴晓梅' })).json.row
    expect([again.phone, again.idNumber, again.branchName]).toEqual([
      '137****0009',
      json.row.idNumber,
      '码头村'
    ])

    await village.guest.call(sendCode, { body: { phone: '13711110009' } })
    const code = await village.codeOf('13711110009')
    const signed = await village.guest.call(signIn, { body: { phone: '13711110009', code } })
    expect(signed.json.me.id).toBe(memberId)

    const other = womanBorn('1975-03-04', 6)
    await add({ name: '另一个人', idNumber: other, phone: '13711110010' })
    expect((await change({ idNumber: other })).json).toMatchObject({
      code: 'in_register',
      details: { name: '另一个人' }
    })
    expect((await change({ phone: '13711110010' })).json).toMatchObject({ details: { name: '另一个人' } })
    const nobody = await officer.call(changeRegister, { params: { memberId: 'nobody' }, body: draft() })
    expect(nobody.json.code).toBe('not_in_register')
  })

  it('shows a whole ID number only to who says why, and writes every look down', async () => {
    const idNumber = womanBorn('1976-03-04', 7)
    const { memberId } = (await add({ name: '郑兰', idNumber })).json.row
    const unknown = (await add({ name: '没写号码的', phone: '13711110020' })).json.row.memberId
    const look = (whose: string, reason: string, by = officer) =>
      by.call(lookAtIdNumber, { params: { memberId: whose }, body: { reason } })
    const looks = async (whose?: string) =>
      (await officer.call(listLooks, { query: whose ? { memberId: whose } : {} })).json.items

    expect((await look(memberId, '')).json.code).toBe('bad_input')
    expect((await look(memberId, '   ')).json.code).toBe('bad_input')
    expect((await look(unknown, '核对')).json.code).toBe('id_unknown')
    expect((await look('nobody', '核对')).json.code).toBe('not_in_register')
    expect(await looks()).toEqual([])

    const seen = await look(memberId, '办健康证')
    expect([seen.json.idNumber, seen.headers['cache-control']]).toEqual([idNumber, 'no-store'])
    clock.pass(1_000)
    const second = await village.signIn('李主任', 'officer')
    await look(memberId, '核对身份', second)
    const lines = [
      { memberId, name: '郑兰', byName: '李主任', reason: '核对身份', at: clock.now() },
      { memberId, name: '郑兰', byName: '王主任', reason: '办健康证', at: clock.now() - 1_000 }
    ]
    expect(await looks()).toEqual(lines)
    expect(await looks(memberId)).toEqual(lines)
    expect(await looks(unknown)).toEqual([])
    const trainer = await village.signIn('讲师', 'trainer', 'host', 'operator')
    expect((await look(memberId, '好奇', trainer)).json.code).toBe('role_missing')
  })

  it('lies in the store sealed: a copy of it has no ID number', async () => {
    const idNumber = womanBorn('1977-07-07', 8)
    await add({ idNumber })
    const rows = await village.village.store.read.select().from(village.village.store.schema.register)
    const text = JSON.stringify(rows)
    expect(text).not.toContain(idNumber)
    expect(text).not.toContain(idNumber.slice(4, 14))
  })

  it('goes out as a sheet with phones and numbers masked, a branch with all below it', async () => {
    const idNumber = womanBorn('1978-07-07', 9)
    await add({ name: '=1+1', phone: '13711110030', idNumber })
    const answer = await officer.call(exportRegister, { query: { branchId: branch.get('东港')! } })
    expect(answer.headers['content-disposition']).toContain(encodeURIComponent('会员名册.xlsx'))
    const raw = await village.village.http.inject({
      url: `/api/register.xlsx?branchId=${branch.get('东港')}`,
      headers: { cookie: officer.cookie }
    })
    const rows = await readSheet(raw.rawPayload, {
      columns: { name: ['姓名'], phone: ['手机号'], id: ['身份证号'], branch: ['支会'], sex: ['性别'] },
      maxRows: 1_000
    })
    const hers = rows.find(({ cells }) => cells.phone === '137****0030')!
    expect(hers.cells).toEqual({
      name: "'=1+1",
      phone: '137****0030',
      id: `3702**********${idNumber.slice(-4)}`,
      branch: '码头村',
      sex: '女'
    })
    expect(new Set(rows.map(({ cells }) => cells.branch))).toEqual(new Set(['码头村']))
    expect((await officer.call(exportRegister, { query: { branchId: 'nowhere' } })).json.code).toBe(
      'no_such_branch'
    )
  })

  it('tells who asks by a door: whether the number is known, born when, a woman, of which branch', async () => {
    const { register } = village.village.school
    const { store } = village.village
    const { memberId } = (await add({ name: '钱月娥', idNumber: womanBorn('2009-11-22', 1) })).json.row
    expect(await register.personOf(store.read, memberId)).toEqual({
      name: '钱月娥',
      idKnown: true,
      bornOn: '2009-11-22',
      sex: 'f',
      branchId: branch.get('码头村'),
      branchName: '码头村',
      state: 'member'
    })
    expect(await store.tx((tx) => register.personOf(tx, 'nobody'))).toBeUndefined()
    expect(await register.sexOf(store.read, memberId)).toBe('f')
    expect(await register.sexOf(store.read, 'nobody')).toBe('')
    expect(await register.branchNamesOf([memberId, 'nobody', memberId])).toEqual(
      new Map([[memberId, '码头村']])
    )
  })

  it('gives a certificate the name of her papers, and the one she goes by where there are none', async () => {
    const { register } = village.village.school
    const [known, unknown] = [await village.signIn('月亮'), await village.signIn('星星')]
    await add({ name: '钱月', phone: known.phone })
    const names = await register.paperNamesOf([known.me.id, unknown.me.id, 'nobody'])
    expect(names.get(known.me.id)?.name).toBe('钱月')
    expect(names.get(unknown.me.id)?.name).toBe('星星')
    expect(names.size).toBe(2)
  })
})
