import { eq } from 'drizzle-orm'
import writeXlsx from 'write-excel-file/node'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  addToRegister,
  confirmImport,
  findRegister,
  listBranches,
  previewImport,
  REGISTER_BYTES,
  saveBranch
} from '../../shared/contracts/register.ts'
import type { Answer } from '../../shared/contract.ts'
import type { ProblemAnswer } from '../../shared/problems.ts'
import { uploadOf } from '../sheets/testing.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { womanBorn } from './testing.ts'

const HEADINGS = ['姓名', '手机号', '身份证号', '支会', '入会日期', '文化程度']
type Value = string | number | { formula: string }
type Preview = Answer<typeof previewImport> & ProblemAnswer

const sheetOf = (rows: Value[][], headings: Value[] = HEADINGS) =>
  writeXlsx(
    [headings, ...rows].map((row) =>
      row.map((value) => {
        if (typeof value === 'object') return { value: value.formula, type: 'Formula' as const }
        return typeof value === 'number' ? { value, type: Number } : { value, type: String }
      })
    )
  ).toBuffer()

describe.each(engines)('a sheet of members on $name', (engine) => {
  const clock = settableClock()
  let village: TestVillage
  let officer: SignedIn
  let east: string

  beforeAll(async () => {
    village = await testVillage({ engine, clock })
    officer = await village.signIn('王主任', 'officer')
    const save = async (name: string, parentId = '') =>
      (await officer.call(saveBranch, { body: { parentId, name, officerId: '' } })).json.branch.id
    const union = await save('渔家镇妇联')
    east = await save('东港', union)
    const west = await save('西港', union)
    await save('码头村', east)
    await save('码头村', west)
  })
  afterAll(() => village.close())
  beforeEach(() => clock.pass(1))

  async function preview(bytes: Buffer, by = officer, field = 'sheet') {
    const { payload, headers } = uploadOf(bytes, field)
    const answer = await village.village.http.inject({
      method: 'POST',
      url: previewImport.url,
      payload,
      headers: { ...headers, cookie: by.cookie }
    })
    return { status: answer.statusCode, json: answer.json<Preview>(), text: answer.body }
  }
  const confirm = (importId: string, by = officer) => by.call(confirmImport, { body: { importId } })
  const verdicts = ({ json }: Awaited<ReturnType<typeof preview>>) =>
    json.rows.map(({ verdict, problem, meets }) => [verdict, problem, meets].filter(Boolean).join(' '))
  const inRegister = async (q = '') => (await officer.call(findRegister, { query: { q } })).json
  const members = async () => (await officer.call(listBranches)).json.items[0]!.members

  let phones = 0
  const phone = () => `1361111${String(++phones).padStart(4, '0')}`
  let born = 0
  const idNumber = () => womanBorn(`196${Math.floor(++born / 400)}-03-0${1 + (born % 9)}`, born % 400)

  it('says of every row what would become of it, and writes nothing', async () => {
    const known = { phone: phone(), id: idNumber() }
    await officer.call(addToRegister, {
      body: {
        name: '李桂芳',
        phone: known.phone,
        idNumber: known.id,
        branchId: east,
        education: '',
        joinedOn: '2019-03-08'
      }
    })
    const buyer = await village.signIn('海边的风')
    const [one, two] = [phone(), idNumber()]
    const wrongId = two.slice(0, 17) + (two[17] === '1' ? '2' : '1')
    const before = await members()
    const seen = await preview(
      await sheetOf([
        ['王秀英', one, two, '东港', '2019年3月8日', '初中'], // 2
        ['王秀英', one, '', '东港'], // 3: the phone again
        ['王秀英', '', two.toLowerCase(), '东港'], // 4: the ID number again
        ['李桂芳', '', known.id, ''], // 5
        ['李桂芬', known.phone, '', '东港'], // 6: her phone, another name
        ['李桂芳', known.phone, idNumber(), '东港'], // 7: her phone, another ID number
        ['孙玉珍', buyer.phone, '', '东港'], // 8: a buyer
        ['李桂芳', buyer.phone, known.id, '东港'], // 9: two women at once
        ['没号码', '', '', '东港'], // 10
        ['错手机', '1361111', '', '东港'], // 11
        ['错证件', phone(), wrongId, '东港'], // 12
        ['没支会', phone(), '', ''], // 13
        ['错支会', phone(), '', '北港'], // 14
        ['同名支会', phone(), '', '码头村'], // 15
        ['写全的', phone(), '', '东港/码头村'], // 16
        ['公式', { formula: '=1+1' }, '', '东港'], // 17
        [{ formula: '=A2' }, phone(), '', '东港'], // 18
        ['丢了数', phone(), 370202197001011000, '东港'], // 19
        ['手机是数', Number(phone()), '', '东港'], // 20
        ['', phone(), '', '东港'], // 21
        ['错日期', phone(), '', '东港', '去年'], // 22
        ['明天', phone(), '', '东港', '2026-11-23'], // 23
        ['错文化', phone(), '', '东港', '', '私塾'], // 24
        ['名'.repeat(21), phone(), '', '东港'], // 25
        ['错列', two, '', '东港'] // 26: an ID number where the phone belongs
      ])
    )
    expect(seen.json.rows.map(({ row }) => row)).toEqual(Array.from({ length: 25 }, (_, i) => i + 2))
    expect(verdicts(seen)).toEqual([
      'new',
      'duplicate 2',
      'duplicate 2',
      'known',
      'conflict name_differs 李桂芳',
      'conflict id_differs 李桂芳',
      'known',
      'duplicate 5',
      'error no_phone_no_id',
      'error bad_phone',
      'error bad_id_number',
      'error no_branch',
      'error no_such_branch',
      'error branch_several',
      'new',
      'error formula',
      'error formula',
      'error digits_lost',
      'new',
      'error no_name',
      'error bad_date',
      'error bad_date',
      'error bad_education',
      'error name_long',
      'error bad_phone'
    ])
    expect([seen.json.good, seen.json.bad]).toEqual([5, 20])
    expect(seen.json.rows[0]).toMatchObject({
      name: '王秀英',
      phone: `136****${one.slice(-4)}`,
      idNumber: `3702**********${two.slice(-4)}`
    })
    for (const hidden of [one, two, wrongId, known.id, known.phone, buyer.phone])
      expect(seen.text).not.toContain(hidden)
    expect(await members()).toBe(before)

    expect((await confirm(seen.json.importId)).json).toEqual({ added: 3, changed: 1, skipped: 21 })
    expect(await members()).toBe(before + 4)
    expect((await inRegister('孙玉珍')).items).toMatchObject([{ memberId: buyer.me.id, branchName: '东港' }])
    expect((await inRegister('王秀英')).items).toMatchObject([
      { idNumber: `3702**********${two.slice(-4)}`, joinedOn: '2019-03-08', education: 'junior' }
    ])
  })

  it('meets two women at once and says so', async () => {
    const [a, b] = [
      { phone: phone(), id: idNumber() },
      { phone: phone(), id: idNumber() }
    ]
    await confirm(
      (
        await preview(
          await sheetOf([
            ['甲', a.phone, a.id, '东港'],
            ['乙', b.phone, b.id, '东港']
          ])
        )
      ).json.importId
    )
    const buyer = await village.signIn('买家乙')
    const seen = await preview(
      await sheetOf([
        ['甲', b.phone, a.id, '东港'],
        ['甲', a.phone, idNumber(), '东港'],
        ['甲', buyer.phone, a.id, '东港']
      ])
    )
    expect(verdicts(seen)).toEqual([
      'conflict phone_taken 乙',
      'conflict id_differs 甲',
      'conflict phone_taken 买家乙'
    ])
    expect((await confirm(seen.json.importId)).json).toEqual({ added: 0, changed: 0, skipped: 3 })
  })

  it('brings up to date what it knows better, and takes no phone from anybody', async () => {
    const [hers, id, another] = [phone(), idNumber(), phone()]
    const write = async (...rows: Value[][]) =>
      (await confirm((await preview(await sheetOf(rows))).json.importId)).json
    expect(await write(['陈大姐', '', id, '西港'])).toEqual({ added: 1, changed: 0, skipped: 0 })
    expect(await write(['陈秋菊', hers, id, '东港', '2018/5/1', '高中'])).toEqual({
      added: 0,
      changed: 1,
      skipped: 0
    })
    const row = {
      name: '陈秋菊',
      phone: `136****${hers.slice(-4)}`,
      branchName: '东港',
      joinedOn: '2018-05-01'
    }
    expect((await inRegister(id)).items).toMatchObject([row])
    // The same again changes nothing; a phone from an older sheet does not lock her out of hers.
    expect(await write(['陈秋菊', hers, id, '', '', ''])).toEqual({ added: 0, changed: 0, skipped: 1 })
    expect(await write(['陈秋菊', another, id, '东港'])).toEqual({ added: 0, changed: 0, skipped: 1 })
    expect((await inRegister(id)).items).toMatchObject([row])
    expect((await inRegister(another)).total).toBe(0)
    // Who has left and stands in the union’s sheet again is a member again.
    const { store } = village.village
    const { register } = store.schema
    const { memberId } = (await inRegister(id)).items[0]!
    await store.tx((tx) => tx.update(register).set({ state: 'left' }).where(eq(register.memberId, memberId)))
    expect(await write(['陈\u3000秋菊', hers, '', ''])).toEqual({ added: 0, changed: 1, skipped: 0 })
    expect((await inRegister(id)).items).toMatchObject([{ ...row, state: 'member' }])
  })

  it('is written once, by who looked at it, within half an hour', async () => {
    const sheet = await sheetOf([['刘一', phone(), '', '东港']])
    const other = await village.signIn('李主任', 'officer')
    const { importId } = (await preview(sheet)).json
    expect((await confirm(importId, other)).json.code).toBe('preview_gone')
    expect((await confirm(importId)).json).toEqual({ added: 1, changed: 0, skipped: 0 })
    expect((await confirm(importId)).json.code).toBe('preview_gone')
    const late = (await preview(sheet)).json.importId
    clock.pass(30 * 60_000)
    expect((await confirm(late)).json.code).toBe('preview_gone')
  })

  it('is looked at once more when it is written: what has happened since then counts', async () => {
    const [taken, id, gone] = [phone(), idNumber(), phone()]
    const { importId } = (
      await preview(
        await sheetOf([
          ['后来人', taken, '', '东港'],
          ['先登记', '', id, '东港'],
          ['没人动', gone, '', '东港']
        ])
      )
    ).json
    const add = (name: string, more: object) =>
      officer.call(addToRegister, {
        body: { name, branchId: east, education: '', joinedOn: '2019-03-08', ...more }
      })
    await add('另一个', { phone: taken })
    await add('先登记', { idNumber: id })
    const before = await members()
    // The first is a conflict by now; the second is known, and only the day that she joined is news.
    expect((await confirm(importId)).json).toEqual({ added: 1, changed: 0, skipped: 2 })
    expect(await members()).toBe(before + 1)
    expect((await inRegister('后来人')).total).toBe(0)
  })

  it('of two officers at the same moment makes nobody twice', async () => {
    const other = await village.signIn('赵主任', 'officer')
    const rows = Array.from({ length: 50 }, (_, i) => [`同时${i}`, phone(), idNumber(), '东港'])
    const sheet = await sheetOf(rows)
    const [mine, hers] = [(await preview(sheet)).json, (await preview(sheet, other)).json]
    expect([mine.good, hers.good]).toEqual([50, 50])
    const done = await Promise.all([confirm(mine.importId), confirm(hers.importId, other)])
    expect(done.map(({ json }) => json).toSorted((a, b) => a.added - b.added)).toEqual([
      { added: 0, changed: 0, skipped: 50 },
      { added: 50, changed: 0, skipped: 0 }
    ])
    expect((await inRegister('同时')).total).toBe(50)
  })

  it('of five hundred rows is looked at and written in one go, and again without a single new woman', async () => {
    const rows = Array.from({ length: 500 }, (_, i): Value[] => {
      if (i % 50 === 7) return [`坏手机${i}`, '12345', idNumber(), '东港']
      if (i % 50 === 8) return [`公式${i}`, { formula: '=1' }, idNumber(), '东港']
      return [`五百${i}`, phone(), idNumber(), i % 2 ? '东港' : '西港/码头村', '2015-03-08', '小学']
    })
    rows[499] = [...rows[0]!]
    const sheet = await sheetOf(rows)
    const first = await preview(sheet)
    expect([first.json.good, first.json.bad]).toEqual([479, 21])
    expect(first.json.rows.at(-1)).toMatchObject({ row: 501, verdict: 'duplicate', meets: '2' })
    // One unit, which is cut off after two seconds: it cannot ask for one woman after another.
    expect((await confirm(first.json.importId)).json).toEqual({ added: 479, changed: 0, skipped: 21 })
    expect((await inRegister('五百')).total).toBe(479)
    const again = await preview(sheet)
    expect(new Set(again.json.rows.map(({ verdict }) => verdict))).toEqual(
      new Set(['known', 'error', 'duplicate'])
    )
    expect((await confirm(again.json.importId)).json).toEqual({ added: 0, changed: 0, skipped: 500 })
    expect((await inRegister('五百')).total).toBe(479)
  })

  it('gives a thousand women without a phone theirs, in one go as well', async () => {
    const women = Array.from({ length: 1_000 }, (_, i) => [`一千${i}`, idNumber()] as const)
    const write = async (rows: Value[][]) =>
      (await confirm((await preview(await sheetOf(rows))).json.importId)).json
    expect(await write(women.map(([name, id]) => [name, '', id, '西港']))).toMatchObject({ added: 1_000 })
    expect(await write(women.map(([name, id]) => [name, phone(), id, '']))).toMatchObject({ changed: 1_000 })
    const { items } = await inRegister('一千')
    expect(new Set(items.map(({ phone }) => phone.slice(0, 7)))).toEqual(new Set(['136****']))
  })

  it('that is too big, too long, no sheet, or without its headings is refused in words', async () => {
    const refused = async (bytes: Buffer, field?: string) => {
      const { status, json } = await preview(bytes, officer, field)
      return [status, json.code]
    }
    expect(await refused(Buffer.alloc(10 * 1024 * 1024))).toEqual([413, 'too_big'])
    expect(await refused(Buffer.alloc(REGISTER_BYTES + 1))).toEqual([413, 'too_big'])
    expect(await refused(Buffer.alloc(REGISTER_BYTES))).toEqual([400, 'sheet_unreadable'])
    const long = Array.from({ length: 1_001 }, (_, i) => [`长${i}`, '', '', '东港'])
    expect(await refused(await sheetOf(long))).toEqual([413, 'sheet_too_long'])
    expect(await refused(Buffer.from('姓名,手机号'))).toEqual([400, 'sheet_unreadable'])
    expect(await refused(await sheetOf([], ['手机号', '支会']))).toEqual([400, 'sheet_columns'])
    expect(await refused(await sheetOf([]), 'photo')).toEqual([400, 'sheet_unreadable'])
    const noForm = await officer.call(previewImport)
    expect([noForm.status, noForm.json.code]).toEqual([400, 'sheet_unreadable'])
    const trainer = await village.signIn('讲师', 'trainer')
    expect((await preview(await sheetOf([]), trainer)).json.code).toBe('role_missing')
    // And one with nothing but headings is a sheet without anybody.
    expect((await preview(await sheetOf([]))).json).toMatchObject({ rows: [], good: 0, bad: 0 })
  })
})
