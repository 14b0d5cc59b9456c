import writeXlsx from 'write-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSeal } from '../seal.ts'
import { openEngine } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { MORNING, settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { harmless, openPreviews, readSheet, writeSheet } from './sheets.ts'
import { workbookOf, zipOf } from './testing.ts'

const COLUMNS = { name: ['姓名', 'name'], phone: ['手机号', '电话'] }
const read = (bytes: Buffer, maxRows = 1_000) => readSheet(bytes, { columns: COLUMNS, maxRows })

const answerTo = (bytes: Buffer) =>
  read(bytes).then(
    () => 'read',
    (error: { code?: string }) => error.code
  )

/** How often somebody else had a turn meanwhile. */
async function turnsDuring<Answer>(work: () => Promise<Answer>) {
  let turns = 0
  let going = true
  const turn = () => {
    turns++
    if (going) setImmediate(turn)
  }
  setImmediate(turn)
  const answer = await work()
  going = false
  return { turns, answer }
}

type Written = string | number | boolean | Date | { formula: string }
const written = (rows: Written[][]) =>
  writeXlsx(
    rows.map((row) =>
      row.map((value) => {
        if (typeof value === 'object' && 'formula' in value)
          return { value: value.formula, type: 'Formula' as const }
        if (value instanceof Date) return { value, type: Date, format: 'yyyy-mm-dd' }
        return { value, type: { string: String, number: Number, boolean: Boolean }[typeof value as 'string'] }
      })
    )
  ).toBuffer()

describe('a sheet', () => {
  it('is read by its headings, in whatever order and with whatever else beside them', async () => {
    const rows = await read(
      await written([
        ['序号', '电话', '备注', ' 姓 名 '],
        [1, ' 13800000001 ', 'x', '王秀英\u00a0'],
        [2, 13800000002, '', '李\u200b桂芳']
      ])
    )
    expect(rows).toEqual([
      { row: 2, cells: { name: '王秀英', phone: '13800000001' } },
      { row: 3, cells: { name: '李桂芳', phone: '13800000002' } }
    ])
  })

  it('may have a title above its headings and empty lines between its rows', async () => {
    const rows = await read(
      await written([['东港支会培训名单'], [''], ['姓名', '手机号'], ['王秀英', ''], [''], ['李桂芳', '139']])
    )
    expect(rows).toEqual([
      { row: 4, cells: { name: '王秀英', phone: '' } },
      { row: 6, cells: { name: '李桂芳', phone: '139' } }
    ])
  })

  it('is refused with the headings that it lacks', async () => {
    const lacking = read(
      await written([
        ['姓名', '住址'],
        ['王秀英', '东港']
      ])
    )
    await expect(lacking).rejects.toMatchObject({ code: 'sheet_columns', details: { missing: ['手机号'] } })
    await expect(read(workbookOf(''))).rejects.toMatchObject({ details: { missing: ['姓名', '手机号'] } })
  })

  it('is read by its first page only', async () => {
    const page = (name: string) =>
      [
        ['姓名', '手机号'],
        [name, '1']
      ].map((row) => row.map((value) => ({ value })))
    const two = await writeXlsx([
      { sheet: '一', data: page('第一页') },
      { sheet: '二', data: page('第二页') }
    ]).toBuffer()
    expect((await read(two)).map(({ cells }) => cells.name)).toEqual(['第一页'])
  })

  it('has no formula worked out: neither what it would be nor what it was is taken', async () => {
    const rows = await read(
      await written([
        ['姓名', '手机号'],
        [{ formula: '=A1' }, '13800000001'],
        ['王秀英', { formula: '=HYPERLINK("http://x","y")' }],
        ['=1+1', '13800000002']
      ])
    )
    expect(rows).toEqual([
      { row: 2, cells: { name: '', phone: '13800000001' }, problem: 'name:formula' },
      { row: 3, cells: { name: '王秀英', phone: '' }, problem: 'phone:formula' },
      // Words that only look like one are words.
      { row: 4, cells: { name: '=1+1', phone: '13800000002' } }
    ])
    const cached = workbookOf(
      '<row r="1"><c r="A1" t="str"><v>姓名</v></c><c r="B1" t="str"><v>手机号</v></c></row>' +
        '<row r="2"><c r="A2" t="str"><f t="shared" si="0"/><v>王秀英</v></c><c r="B2" t="e"><v>#REF!</v></c></row>'
    )
    expect(await read(cached)).toEqual([{ row: 2, cells: { name: '', phone: '' }, problem: 'name:formula' }])
  })

  it('gives a number its digits back where it still has them, and says so where they are lost', async () => {
    const cell = (value: string) => `<row><c t="str"><v>王</v></c><c><v>${value}</v></c></row>`
    const heads = '<row><c t="str"><v>姓名</v></c><c t="str"><v>手机号</v></c></row>'
    const rows = await read(
      workbookOf(
        heads + ['1.3800000001E10', '999999999999999', '3.70202197001011E+17', '12.5'].map(cell).join('')
      )
    )
    expect(rows.map(({ cells, problem }) => problem ?? cells.phone)).toEqual([
      '13800000001',
      '999999999999999',
      'phone:digits_lost',
      '12.5'
    ])
  })

  it('has days read as days, however they are shown', async () => {
    const rows = await readSheet(
      await written([['入会日期'], [new Date(Date.UTC(2019, 2, 8))], ['2019年3月8日'], [43_532]]),
      { columns: { day: ['入会日期'] }, maxRows: 10 }
    )
    expect(rows.map(({ cells }) => cells.day)).toEqual(['2019-03-08', '2019年3月8日', '43532'])
    const styles =
      '<styleSheet><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="31"/></cellXfs></styleSheet>'
    const chinese = workbookOf(
      '<row r="1"><c r="A1" t="str"><v>入会日期</v></c></row><row r="2"><c r="A2" s="1"><v>43532</v></c></row><row r="3"><c r="A3" s="0"><v>43532</v></c></row>',
      { 'xl/styles.xml': styles }
    )
    const read = await readSheet(chinese, { columns: { day: ['入会日期'] }, maxRows: 10 })
    expect(read.map(({ cells }) => cells.day)).toEqual(['2019-03-08', '43532'])
  })

  it('is understood as other programs write it: shared words, pieces of words, prefixes, how they are spoken', async () => {
    const shared =
      '<x:sst xmlns:x="y"><x:si><x:t>姓名</x:t></x:si><x:si><x:t>手机号</x:t></x:si>' +
      '<x:si><x:r><x:t>王</x:t></x:r><x:r><x:t>秀&#33521;</x:t></x:r><x:rPh><x:t>wang</x:t></x:rPh></x:si></x:sst>'
    const cells =
      '<x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c r="C1" t="s"><x:v>1</x:v></x:c></x:row>' +
      '<!-- WPS --><x:row r="2"><x:c r="A2" t="s"><x:v>2</x:v></x:c><x:c r="B2"/><x:c r="C2" t="inlineStr"><x:is><x:t><![CDATA[138]]></x:t></x:is></x:c></x:row>'
    expect(await read(workbookOf(cells, { 'xl/sharedStrings.xml': shared }))).toEqual([
      { row: 2, cells: { name: '王秀英', phone: '138' } }
    ])
  })

  it('of a thousand rows is read, and of one more refused; rows that are only coloured do not count', async () => {
    const many = (n: number) => [
      ['姓名', '手机号'],
      ...Array.from({ length: n }, (_, i) => [`女${i}`, `${i}`])
    ]
    expect(await read(await written(many(1_000)))).toHaveLength(1_000)
    await expect(read(await written(many(1_001)))).rejects.toMatchObject({ code: 'sheet_too_long' })
    await expect(read(await written(many(1_011)))).rejects.toMatchObject({ code: 'sheet_too_long' })
    const coloured = Array.from(
      { length: 5_000 },
      (_, i) => `<row r="${i + 3}"><c r="A${i + 3}" s="1"/></row>`
    )
    const heads = '<row r="1"><c r="A1" t="str"><v>姓名</v></c><c r="B1" t="str"><v>手机号</v></c></row>'
    expect(await read(workbookOf(heads + coloured.join('')))).toEqual([])
  })

  it('that is no sheet is refused in words, whatever it is', async () => {
    const good = await written([
      ['姓名', '手机号'],
      ['王秀英', '1']
    ])
    const broken: Record<string, Buffer> = {
      nothing: Buffer.alloc(0),
      words: Buffer.from('姓名,手机号\n王秀英,13800000001\n'),
      'an old xls': Buffer.from('d0cf11e0a1b11ae1'.padEnd(2_000, '0'), 'hex'),
      'half a file': good.subarray(0, good.length / 2),
      'another zip': zipOf({ 'word/document.xml': '<x/>' }),
      'no pages': workbookOf('', { 'xl/workbook.xml': '<workbook/>' }),
      'a page that ends in a tag': workbookOf('', { 'xl/worksheets/sheet1.xml': '<worksheet><row r="1' }),
      'a document type': workbookOf('', {
        'xl/worksheets/sheet1.xml': '<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><worksheet>&a;</worksheet>'
      }),
      'a row where no row can be': workbookOf('<row r="99999999"><c r="A1"><v>1</v></c></row>'),
      'rows that go back': workbookOf('<row r="2"/><row r="1"/>'),
      'a cell nowhere': workbookOf('<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>')
    }
    for (const [what, bytes] of Object.entries(broken))
      await expect(read(bytes), what).rejects.toMatchObject({ code: 'sheet_unreadable' })
    for (let at = 0; at < good.length; at += 37) {
      const damaged = Buffer.from(good)
      damaged[at]! ^= 0xff
      expect(await answerTo(damaged), `byte ${at}`).toMatch(/^(read|sheet_unreadable|sheet_columns|too_big)$/)
    }
  })

  it('that unpacks to far more than it weighs is cut off at the limit, also when its head lies', async () => {
    const bomb = `<worksheet><sheetData>${' '.repeat(40_000_000)}</sheetData></worksheet>`
    for (const lie of [undefined, { 'xl/worksheets/sheet1.xml': 10 }]) {
      const bytes = workbookOf('', { 'xl/worksheets/sheet1.xml': bomb }, lie)
      expect(bytes.length).toBeLessThan(100_000)
      await expect(read(bytes)).rejects.toMatchObject({ code: 'too_big' })
    }
    // Several parts share one limit, and parts that no sheet needs are never unpacked.
    const half = `<sst>${' '.repeat(9_000_000)}</sst>`
    const halves = workbookOf(' '.repeat(9_000_000), { 'xl/sharedStrings.xml': half })
    await expect(read(halves)).rejects.toMatchObject({ code: 'too_big' })
    const picture = workbookOf('<row><c t="str"><v>姓名</v></c><c t="str"><v>电话</v></c></row>', {
      'xl/media/image1.png': ' '.repeat(40_000_000)
    })
    expect(await read(picture)).toEqual([])
  })

  it('made to be slow keeps nobody else waiting, and comes to an end', async () => {
    const heads = '<row><c t="str"><v>姓名</v></c><c t="str"><v>电话</v></c></row>'
    const words = (xml: string) => workbookOf(heads, { 'xl/sharedStrings.xml': `<sst>${xml}</sst>` })
    const slow: Record<string, Buffer> = {
      'tags that never end': workbookOf('<a "'.repeat(1_000_000)),
      'tags in tags': workbookOf('<a '.repeat(1_000_000)),
      'signs that mean nothing': workbookOf('&'.repeat(4_000_000)),
      'brackets only': workbookOf('<'.repeat(4_000_000)),
      'words without number': words('<si><t>a</t></si>'.repeat(300_000)),
      'one word without end': words(`<si><t>${'&#65;'.repeat(2_000_000)}</t></si>`),
      'cells without number': workbookOf(`${heads}<row>${'<c/>'.repeat(1_000_000)}</row>`),
      'rows without number': workbookOf(heads + '<row/>'.repeat(500_000))
    }
    for (const [what, bytes] of Object.entries(slow)) {
      const { turns, answer } = await turnsDuring(() => answerTo(bytes))
      expect(answer, what).toMatch(/^(read|sheet_unreadable|sheet_columns)$/)
      expect(turns, what).toBeGreaterThan(what.endsWith('without number') ? 100 : 0)
    }
    const long = `<sst><si><t>${'长'.repeat(1_000_000)}</t></si></sst>`
    const same = Array.from({ length: 1_000 }, () => `<row>${'<c t="s"><v>0</v></c>'.repeat(100)}</row>`)
    expect(await answerTo(workbookOf(same.join(''), { 'xl/sharedStrings.xml': long }))).toBe('sheet_columns')
  })

  it('that goes out can be read again, and runs nothing for whoever opens it', async () => {
    const bytes = await writeSheet(
      '名册',
      ['姓名', '手机号'],
      [
        ['=cmd|x', '+86 138'],
        ['王秀英', '@sum'],
        ['-', '']
      ]
    )
    expect((await read(bytes)).map(({ cells }) => [cells.name, cells.phone])).toEqual([
      ["'=cmd|x", "'+86 138"],
      ['王秀英', "'@sum"],
      ["'-", '']
    ])
    expect(harmless('王=秀+英')).toBe('王=秀+英')
  })
})

describe.each(engines)('a preview on $name', (engine) => {
  const clock = settableClock()
  const seal = openSeal('a secret of this village, long enough')
  let place: Awaited<ReturnType<typeof engine.make>>
  let store: Store
  beforeAll(async () => {
    place = await engine.make()
    store = await openEngine(place)
  })
  afterAll(async () => {
    await store.close()
    await place.drop()
  })
  const previews = () => openPreviews({ store, clock, seal })
  const keep = (purpose: string, byId: string, rows: unknown) =>
    store.tx((tx) => previews().keep(tx, { purpose, byId, rows }))
  const take = (id: string, purpose: string, byId: string) =>
    store.tx((tx) => previews().take(tx, id, purpose, byId))
  const GONE = { code: 'preview_gone' }

  it('is taken once, by whoever made it, for what it was made', async () => {
    const id = await keep('register', 'officer', [{ name: '王秀英' }])
    await expect(take(id, 'register', 'another')).rejects.toMatchObject(GONE)
    await expect(take(id, 'roster:1', 'officer')).rejects.toMatchObject(GONE)
    expect(await take(id, 'register', 'officer')).toEqual([{ name: '王秀英' }])
    await expect(take(id, 'register', 'officer')).rejects.toMatchObject(GONE)
  })

  it('is gone after half an hour, and when she looks at another sheet', async () => {
    const old = await keep('register', 'officer', [])
    clock.set(MORNING + 30 * 60_000)
    await expect(take(old, 'register', 'officer')).rejects.toMatchObject(GONE)
    const first = await keep('register', 'officer', [1])
    const others = [await keep('register', 'another', [2]), await keep('roster:1', 'officer', [3])]
    const second = await keep('register', 'officer', [4])
    await expect(take(first, 'register', 'officer')).rejects.toMatchObject(GONE)
    expect(await take(second, 'register', 'officer')).toEqual([4])
    expect(await take(others[0]!, 'register', 'another')).toEqual([2])
    expect(await take(others[1]!, 'roster:1', 'officer')).toEqual([3])
  })

  it('lies sealed, and what nobody came back to is thrown away', async () => {
    const { sheetPreviews } = store.schema
    await keep('register', 'officer', [{ idNumber: '370202197001011239' }])
    const [kept] = await store.read.select().from(sheetPreviews)
    expect(JSON.stringify(kept)).not.toContain('19700101')
    await previews().sweep()
    const left = async () => (await store.read.select().from(sheetPreviews)).length
    expect(await left()).toBe(1)
    clock.pass(30 * 60_000 + 1)
    await previews().sweep()
    expect(await left()).toBe(0)
  })
})
