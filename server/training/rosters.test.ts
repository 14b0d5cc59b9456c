import writeXlsx from 'write-excel-file/node'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Answer } from '../../shared/contract.ts'
import { bookClass, getRoster, importRoster, previewRoster } from '../../shared/contracts/classes.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import type { ProblemAnswer } from '../../shared/problems.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { addClass, addCourse, AFTERNOON } from '../testing/schoolhouse.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'

const DAY = 86_400_000
const HOUR = 3_600_000
const MB = 1024 * 1024

const sheetOf = (rows: string[][]) =>
  writeXlsx(
    [['姓名', '手机号'], ...rows].map((row) => row.map((value) => ({ value, type: String })))
  ).toBuffer()

describe.each(engines)('a roster of a class on $name', (engine) => {
  const clock = settableClock()
  let v: TestVillage
  let trainer: SignedIn
  let ahua: SignedIn
  let courseId: string
  let classId: string
  let startsAt = AFTERNOON
  let phones = 0

  beforeAll(async () => {
    v = await testVillage({ engine, clock })
    trainer = await v.signIn('周老师', 'trainer')
    ahua = await v.signIn('阿华')
    courseId = await addCourse(trainer)
  })
  afterAll(() => v.close())
  beforeEach(async () => {
    startsAt += DAY
    classId = (await addClass(trainer, courseId, { seats: 3, startsAt, endsAt: startsAt + HOUR })).id
  })

  const freshPhone = () => `137${String(++phones).padStart(8, '0')}`

  async function preview(sheet: Uint8Array, who: SignedIn = trainer) {
    const form = new FormData()
    form.append('sheet', new Blob([sheet as Uint8Array<ArrayBuffer>]), '名单.xlsx')
    const sent = new Response(form)
    const answer = await v.village.http.inject({
      method: previewRoster.method,
      url: previewRoster.url.replace(':classId', classId),
      headers: { cookie: who.cookie, 'content-type': sent.headers.get('content-type')! },
      payload: Buffer.from(await sent.arrayBuffer())
    })
    const json = answer.json<Answer<typeof previewRoster> & ProblemAnswer>()
    return { status: answer.statusCode, json, text: answer.body }
  }
  const importIt = (importId: string, who = trainer) =>
    who.call(importRoster, { params: { classId }, body: { importId } })
  const roster = async () => (await trainer.call(getRoster, { params: { classId } })).json.rows

  it('shows what would happen before anybody is written down, and phones only in part', async () => {
    const fresh = freshPhone()
    const { json, text } = await preview(
      await sheetOf([
        ['新来的', fresh],
        ['阿华', ahua.phone],
        ['写错的', '139'],
        ['又一遍', fresh]
      ])
    )
    expect(json.rows.map(({ row, verdict }) => [row, verdict])).toEqual([
      [2, 'new'],
      [3, 'known'],
      [4, 'error'],
      [5, 'duplicate']
    ])
    expect([json.good, json.bad]).toEqual([2, 2])
    expect(text).not.toContain(fresh)
    expect(text).not.toContain(ahua.phone)
    expect(await roster()).toEqual([])
  })

  it('enrols the good rows once, in their order, and lines up who finds no seat', async () => {
    const all = [['阿华', ahua.phone], ...Array.from({ length: 59 }, (_, i) => [`学员${i}`, freshPhone()])]
    const { json } = await preview(await sheetOf([...all, ['坏的', '1']]))
    expect((await importIt(json.importId)).json).toEqual({ booked: 3, waiting: 57, skipped: 0 })
    expect((await importIt(json.importId)).json.code).toBe('preview_gone')
    const rows = await roster()
    expect(rows).toHaveLength(60)
    expect(rows.filter(({ state }) => state === 'booked').map(({ name }) => name)).toEqual(
      expect.arrayContaining(['阿华', '学员0', '学员1'])
    )
    const line = rows.filter(({ state }) => state === 'waiting')
    expect(line.map(({ name, line }) => [name, line])).toEqual(line.map((_, i) => [`学员${i + 2}`, i + 1]))
    expect(rows.every(({ how, byName }) => how === 'roster' && byName === '周老师')).toBe(true)
    const told = (await ahua.call(myNotices)).json.items.filter(({ kind }) => kind === 'class_booked_for_you')
    expect(told).toHaveLength(1)
  })

  it('is harmless to bring twice', async () => {
    const sheet = await sheetOf([
      ['阿华', ahua.phone],
      ['新来的', freshPhone()]
    ])
    await importIt((await preview(sheet)).json.importId)
    const again = (await preview(sheet)).json
    expect(again.rows.map(({ verdict }) => verdict)).toEqual(['booked', 'booked'])
    expect((await importIt(again.importId)).json).toEqual({ booked: 0, waiting: 0, skipped: 0 })
  })

  it('looks once more when it is enrolled: she may have booked meanwhile', async () => {
    const { json } = await preview(await sheetOf([['阿华', ahua.phone]]))
    await ahua.call(bookClass, { params: { classId } })
    expect((await importIt(json.importId)).json).toEqual({ booked: 0, waiting: 0, skipped: 1 })
  })

  it('is enrolled by whoever looked at it, and into no other class', async () => {
    const { json } = await preview(await sheetOf([['阿华', ahua.phone]]))
    const officer = await v.signIn('干部', 'officer')
    expect((await importIt(json.importId, officer)).json.code).toBe('preview_gone')
    startsAt += DAY
    const other = (await addClass(trainer, courseId, { startsAt, endsAt: startsAt + HOUR })).id
    const elsewhere = await trainer.call(importRoster, {
      params: { classId: other },
      body: { importId: json.importId }
    })
    expect(elsewhere.json.code).toBe('preview_gone')
    expect((await preview(await sheetOf([]), ahua)).json.code).toBe('role_missing')
  })

  it('is refused when it is no sheet, too big, too long or without headings', async () => {
    expect((await preview(Buffer.from('姓名,手机号\n'))).json.code).toBe('sheet_unreadable')
    expect(await preview(Buffer.alloc(10 * MB))).toMatchObject({ status: 413, json: { code: 'too_big' } })
    const long = Array.from({ length: 1001 }, (_, i) => [`学员${i}`, `138${String(i).padStart(8, '0')}`])
    expect((await preview(await sheetOf(long))).json.code).toBe('sheet_too_long')
    const headless = await writeXlsx([[{ value: '随便', type: String }]]).toBuffer()
    expect((await preview(headless)).json.code).toBe('sheet_columns')
    classId = 'nobody'
    expect((await preview(await sheetOf([]))).json.code).toBe('no_such_class')
  })

  it('works out no formula', async () => {
    const formula = await writeXlsx([
      [
        { value: '姓名', type: String },
        { value: '手机号', type: String }
      ],
      [
        { value: '阿华', type: String },
        { value: `=HYPERLINK("http://x")`, type: 'Formula' as const }
      ]
    ]).toBuffer()
    const { json } = await preview(formula)
    expect(json.rows).toMatchObject([{ row: 2, verdict: 'error', problem: 'phone:formula', phone: '' }])
  })
})
