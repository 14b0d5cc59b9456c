import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decideCase } from '../../shared/contracts/cases.ts'
import {
  addToRegister,
  askToJoin,
  changeRegister,
  confirmImport,
  lookAtIdNumber,
  myMembership,
  previewImport,
  saveBranch
} from '../../shared/contracts/register.ts'
import { writeSheet } from '../sheets/sheets.ts'
import { uploadOf } from '../sheets/testing.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { womanBorn } from './testing.ts'

describe.each(engines)('ID numbers and phones on $name', (engine) => {
  const clock = settableClock()
  let village: TestVillage
  let officer: SignedIn
  let woman: SignedIn
  /** Everything that must stay where it is. */
  const hidden: string[] = []
  const ids: Record<string, string> = {}
  const heard: { where: string; text: string }[] = []

  beforeAll(async () => {
    village = await testVillage({ engine, clock })
    officer = await village.signIn('王主任', 'officer', 'trainer')
    woman = await village.signIn('王秀英')
    const keep = async <Got extends { text: string }>(where: string, asked: Promise<Got>) => {
      const got = await asked
      heard.push({ where, text: got.text })
      return got
    }
    const body = { parentId: '', name: '东港', officerId: officer.me.id }
    ids.branchId = (await keep('branch', officer.call(saveBranch, { body }))).json.branch.id
    const numbers = Array.from({ length: 5 }, (_, i) => womanBorn('1970-03-04', i))
    const phones = Array.from({ length: 5 }, (_, i) => `1361111222${i}`)
    hidden.push(...numbers, ...phones, woman.phone, ...numbers.map((number) => number.slice(4, 14)))

    const draft = { branchId: ids.branchId, education: '' as const, joinedOn: '2019-03-08' }
    const added = await keep(
      'added',
      officer.call(addToRegister, {
        body: { ...draft, name: '李桂芳', idNumber: numbers[0]!, phone: phones[0]! }
      })
    )
    ids.memberId = added.json.row.memberId
    await keep(
      'twice',
      officer.call(addToRegister, { body: { ...draft, name: '二', idNumber: numbers[0]! } })
    )
    await keep(
      'changed',
      officer.call(changeRegister, {
        params: { memberId: ids.memberId },
        body: { ...draft, name: '李桂芳', idNumber: numbers[1]!, phone: phones[1]! }
      })
    )
    const asked = await keep(
      'asked',
      woman.call(askToJoin, { body: { ...draft, name: '王秀英', idNumber: numbers[2]! } })
    )
    ids.caseId = asked.json.waiting!.caseId
    const sheet = await writeSheet(
      '名册',
      ['姓名', '手机号', '身份证号', '支会'],
      [
        ['孙', phones[3]!, numbers[3]!, '东港'],
        ['周', numbers[4]!, phones[4]!, '东港'],
        ['李', phones[1]!, '', '东港']
      ]
    )
    const { payload, headers } = uploadOf(sheet)
    const preview = await village.village.http.inject({
      method: 'POST',
      url: previewImport.url,
      payload,
      headers: { ...headers, cookie: officer.cookie }
    })
    heard.push({ where: 'preview', text: preview.body })
    const { importId } = preview.json<{ importId: string }>()
    await keep('imported', officer.call(confirmImport, { body: { importId } }))
  })
  afterAll(() => village.close())

  const leaks = (text: string) => [...new Set(hidden)].filter((secret) => text.includes(secret))

  /** Every address that can be read, of the things that there are. */
  async function walk(by: SignedIn) {
    const texts: { where: string; text: string }[] = []
    for (const { method, url } of village.village.routes) {
      if (method !== 'GET' || !url.startsWith('/api/')) continue
      const at = url.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? by.me.id)
      for (const query of url === '/api/cases' ? ['?list=open', '?list=closed'] : ['']) {
        const answer = await village.village.http.inject({ url: at + query, headers: { cookie: by.cookie } })
        texts.push({ where: `${by.me.name} ${at}${query} ${answer.statusCode}`, text: answer.body })
      }
    }
    return texts
  }

  it('are in no answer to those who write them down, nor in any that an officer can ask for', async () => {
    for (const { where, text } of heard) expect([where, leaks(text)]).toEqual([where, []])
    for (const round of ['waiting', 'decided']) {
      const texts = await walk(officer)
      const good = texts.filter(({ where }) => where.endsWith('200'))
      const pages = [
        '/api/register',
        '/api/register/looks',
        '/api/cases?list=open',
        `/api/hosts/${ids.memberId}/file`
      ]
      for (const page of pages)
        expect(
          good.some(({ where }) => where.includes(`${page} `)),
          page
        ).toBe(true)
      for (const { where, text } of texts) expect([round, where, leaks(text)]).toEqual([round, where, []])
      await officer.call(decideCase, {
        params: { caseId: ids.caseId! },
        body: { version: 1, approve: true, words: '' }
      })
    }
  })

  it('are hers to see only as far as they are masked, but for her own phone', async () => {
    expect((await woman.call(myMembership)).json.row).toBeDefined()
    for (const { where, text } of await walk(woman))
      expect([where, leaks(text).filter((each) => each !== woman.phone)]).toEqual([where, []])
  })

  it('come out by one door only, and the book says so', async () => {
    const params = { memberId: ids.memberId! }
    const { text } = await officer.call(lookAtIdNumber, { params, body: { reason: '核对' } })
    expect(leaks(text)).toEqual([hidden[1], hidden[1]!.slice(4, 14)])
    const { idLooks } = village.village.store.schema
    expect(await village.village.store.read.select().from(idLooks)).toHaveLength(1)
  })

  it('lie in no table in clear', async () => {
    const { store } = village.village
    for (const [name, table] of Object.entries(store.schema)) {
      if (['user', 'signInCodes', 'devInbox'].includes(name)) continue // where phones belong
      const rows = await store.read.select().from(table as typeof store.schema.register)
      expect([name, leaks(JSON.stringify(rows))]).toEqual([name, []])
    }
  })
})
