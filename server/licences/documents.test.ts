import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { decideCase, listCases, withdrawCase } from '../../shared/contracts/cases.ts'
import {
  checkDocument,
  handInDocument,
  listDocuments,
  myLicence,
  type DocumentKind
} from '../../shared/contracts/licences.ts'
import { goLive } from '../../shared/contracts/live.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import { newShow } from '../live/testing.ts'
import { brought } from '../testing/bring.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { license } from '../testing/licensed.ts'
import { planOf } from '../testing/plan.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { licenceStore } from './store.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** A moment in the village. */
const at = (words: string) => Date.parse(`${words}:00+08:00`)

describe.each(engines)('证件 on $name', (engine) => {
  // A second before half past nine: handing something in takes one.
  const clock = settableClock(at('2026-05-15T09:30') - 1_000)
  let v: TestVillage
  let officer: SignedIn
  let host: SignedIn
  let photo: Buffer

  beforeAll(async () => {
    v = await testVillage({ engine, clock })
    photo = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#fff' } })
      .jpeg()
      .toBuffer()
  })
  afterAll(() => v.close())
  let hosts = 0
  beforeEach(async () => {
    // Staff sign in anew each working day, and these tests pass months.
    officer = await v.signIn('王主任', 'officer')
    host = await newHost()
  })

  /** Everything but a health certificate. */
  async function newHost() {
    const fresh = await v.learner(`桂兰${++hosts}`)
    await license(v.village, fresh.me.id, '桂兰', {
      topics: ['live_selling', 'food_safety'],
      documents: []
    })
    return fresh
  }

  async function handIn(who: SignedIn, { kind = 'health' as DocumentKind, validUntil = 0 } = {}) {
    clock.pass(1_000)
    const { id } = await brought(v.village, who, 'document', photo)
    return who.call(handInDocument, { body: { kind, number: '鲁2026-008', fileIds: [id], validUntil } })
  }
  const check = (who: SignedIn, documentId: string, good = true, validUntil = 0, words = '') =>
    who.call(checkDocument, { params: { documentId }, body: { good, validUntil, words } })
  const mine = async (who = host) => (await who.call(myLicence)).json
  const healthOf = async (who = host) =>
    (await mine(who)).show.find(({ document }) => document === 'health')?.why
  const notices = async (who: SignedIn, kind: string) =>
    (await who.call(myNotices)).json.items.filter((each) => each.kind === kind)

  async function goodOne(who = host, validUntil = 0) {
    const { id } = (await handIn(who, { validUntil })).json.document
    const { status, json } = await check(officer, id, true, validUntil)
    expect(status).toBe(200)
    return json.document
  }

  it('is handed in, waits, is found good, and lets her go live for six months', async () => {
    expect(await healthOf()).toBe('none')
    const { status, json } = await handIn(host)
    expect([status, json.document]).toMatchObject([200, { state: 'waiting', dueAt: 0, number: '鲁2026-008' }])
    expect(await healthOf()).toBe('waiting')
    const checked = (await check(officer, json.document.id)).json.document
    expect(checked).toMatchObject({ state: 'good', checkedAt: clock.now() })
    expect(checked.dueAt).toBe(at('2026-11-15T09:30'))
    expect(await healthOf()).toBeUndefined()
    const [told] = await notices(host, 'document_checked')
    expect(told).toMatchObject({ about: { document: '健康证', good: 'yes' }, href: '/studio/licence' })
  })

  it('is refused with words, and may be handed in again', async () => {
    const { id } = (await handIn(host)).json.document
    expect((await handIn(host)).json.code).toBe('case_open')
    await check(officer, id, false, 0, '照片看不清')
    expect(await healthOf()).toBe('refused')
    expect((await mine()).documents[0]).toMatchObject({ state: 'refused', words: '照片看不清', dueAt: 0 })
    expect((await check(officer, id)).json.code).toBe('document_closed')
    expect((await handIn(host)).status).toBe(200)
    expect(await healthOf()).toBe('waiting')
  })

  it('is looked at by officers, but by none at her own', async () => {
    const { id } = (await handIn(officer)).json.document
    expect((await check(officer, id)).json.code).toBe('case_own')
    expect((await check(host, id)).json.code).toBe('role_missing')
    expect((await host.call(listDocuments, { query: { list: 'waiting' } })).json.code).toBe('role_missing')
    const second = await v.signIn('李主任', 'officer')
    expect((await check(second, id)).status).toBe(200)
    expect((await check(second, 'nothing')).json.code).toBe('no_such_document')
  })

  it('must be a file of hers, and not over already', async () => {
    const other = await v.signIn('小李')
    const { id: foreign } = await brought(v.village, other, 'document', photo)
    const { id: evidence } = await brought(v.village, host, 'evidence', photo)
    for (const fileId of [foreign, evidence, 'nothing']) {
      const body = { kind: 'health' as const, number: '', fileIds: [fileId], validUntil: 0 }
      expect((await host.call(handInDocument, { body })).json.code).toBe('no_such_file')
    }
    expect((await handIn(host, { validUntil: clock.now() })).json.code).toBe('document_expired')
    const { json } = await handIn(host, { validUntil: clock.now() + 1_001 })
    expect((await check(officer, json.document.id, true, clock.now())).json.code).toBe('document_expired')
    expect(await healthOf()).toBe('waiting')
  })

  it('ends with what is printed on it, before its six months', async () => {
    const validUntil = clock.now() + 40 * DAY_MS
    expect((await goodOne(host, validUntil)).dueAt).toBe(validUntil)
  })

  it('replaces the older of its kind once it is good, and not before', async () => {
    const old = await goodOne()
    clock.pass(HOUR_MS)
    const licence = (await handIn(host, { kind: 'food_licence' })).json.document
    await check(officer, licence.id)
    const fresh = (await handIn(host)).json.document
    const states = async () => new Map((await mine()).documents.map(({ id, state }) => [id, state] as const))
    expect((await states()).get(old.id)).toBe('good')
    await check(officer, fresh.id)
    expect(await states()).toEqual(
      new Map([
        [fresh.id, 'good'],
        [licence.id, 'good'],
        [old.id, 'replaced']
      ])
    )
    expect((await check(officer, old.id)).json.code).toBe('document_closed')
  })

  it('begins its six months anew when it is looked at again, and may be found bad then', async () => {
    const { id, dueAt } = await goodOne()
    clock.pass(60 * DAY_MS)
    officer = await v.signIn('王主任', 'officer')
    const again = (await check(officer, id)).json.document
    expect(again.dueAt).toBeGreaterThan(dueAt + 50 * DAY_MS)
    await check(officer, id, false, 0, '是假的')
    expect(await healthOf()).toBe('refused')
  })

  it('stands among the cases, and is decided there or here, once', async () => {
    const caseOf = async () => {
      const { items } = (await officer.call(listCases, { query: { list: 'open', kind: 'document' } })).json
      return items.find(({ by }) => by.id === host.me.id)
    }
    const { id } = (await handIn(host, { validUntil: at('2030-01-01T00:00') })).json.document
    const opened = (await caseOf())!
    expect(new Map(opened.form.map(({ name, value }) => [name, value]))).toEqual(
      new Map([
        ['证件', '健康证'],
        ['编号', '鲁2026-008'],
        ['有效期', '到 2030-01-01']
      ])
    )
    expect(opened.lines[0]!.fileIds).toHaveLength(1)
    const decide = (caseId: string, version: number, approve: boolean) =>
      officer.call(decideCase, { params: { caseId }, body: { version, approve, words: '看过了' } })
    expect((await decide(opened.id, opened.version, true)).json.case.state).toBe('approved')
    expect((await mine()).documents[0]).toMatchObject({ id, state: 'good', words: '看过了' })
    expect(await notices(host, 'document_checked')).toHaveLength(1)

    const second = (await handIn(host)).json.document
    const waiting = (await caseOf())!
    await check(officer, second.id, false, 0, '拍糊了')
    expect(await caseOf()).toBeUndefined()
    expect((await decide(waiting.id, waiting.version, true)).json.code).toBe('case_closed')
    expect((await mine()).documents.map(({ state }) => state)).toEqual(['refused', 'good'])

    await handIn(host)
    const third = (await caseOf())!
    await host.call(withdrawCase, { params: { caseId: third.id } })
    expect((await mine()).documents.map(({ state }) => state)).toEqual(['replaced', 'refused', 'good'])
    expect((await handIn(host)).status).toBe(200)
  })

  it('is warned of thirty, seven and one day before its end and at it, each once, and by text', async () => {
    const { dueAt } = await goodOne()
    const said = async () => (await notices(host, 'document_due')).map(({ about }) => about.days).toReversed()
    const look = async () => {
      await v.village.school.licences.documents.sweep()
      await v.village.school.licences.documents.sweep()
    }
    const steps: [leftMs: number, said: string[]][] = [
      [30 * DAY_MS + 1, []],
      [30 * DAY_MS, ['30']],
      [7 * DAY_MS + 1, ['30']],
      [7 * DAY_MS, ['30', '7']],
      [DAY_MS + 1, ['30', '7']],
      [DAY_MS, ['30', '7', '1']],
      [1, ['30', '7', '1']],
      [0, ['30', '7', '1', '0']],
      [-HOUR_MS, ['30', '7', '1', '0']]
    ]
    for (const [leftMs, days] of steps) {
      clock.set(dueAt - leftMs)
      await look()
      expect(await said(), `${leftMs} ms before`).toEqual(days)
    }
    await v.village.jobs.runDue()
    const texts = (await v.village.members.inbox(host.phone)).map(({ text }) => text)
    expect(texts).toContain('【渔家直播】您的健康证到期了，更新以前不能开播。')
    expect(texts.filter((text) => text.includes('到期'))).not.toHaveLength(0)
  })

  it('is warned of once though two servers look at the same moment', async () => {
    const { dueAt } = await goodOne()
    clock.set(dueAt - 7 * DAY_MS)
    const { documents } = v.village.school.licences
    await Promise.all([documents.sweep(), documents.sweep(), documents.sweep()])
    expect(await notices(host, 'document_due')).toHaveLength(1)
  })

  it('lets her go live until its end, not at it', async () => {
    const { dueAt } = await goodOne()
    clock.set(dueAt - 1)
    host = { ...host, ...(await again(host)) }
    const showId = await newShow(v, host)
    clock.set(dueAt)
    const refused = await host.call(goLive, { params: { showId } })
    expect(refused.json).toMatchObject({
      code: 'not_licensed',
      details: { missing: [{ what: 'document', document: 'health', why: 'expired' }] }
    })
    clock.set(dueAt - 1)
    expect((await host.call(goLive, { params: { showId } })).status).toBe(200)
  })

  /** Months have passed since she signed in. */
  async function again({ me }: SignedIn) {
    await v.village.store.tx(async (tx) => {
      const { session } = v.village.store.schema
      await tx.update(session).set({ expiresAt: new Date(clock.now() + DAY_MS) })
    })
    return { me }
  }

  it('stands in a list to check, the oldest first, and in one by its clock, page by page', async () => {
    const names: string[] = []
    for (let n = 0; n < 3; n++) {
      const one = await newHost()
      names.push(one.me.name)
      const { id } = (await handIn(one)).json.document
      clock.pass(60_000)
      if (n === 0) await check(officer, id, true, clock.now() + 3 * DAY_MS)
    }
    const list = async (of: 'waiting' | 'due', after?: string) =>
      (await officer.call(listDocuments, { query: { list: of, ...(after && { after }) } })).json.items
    const waiting = await list('waiting')
    expect(waiting.map(({ member }) => member.name).slice(-2)).toEqual(names.slice(1))
    const times = waiting.map(({ document }) => document.handedInAt)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    const [first] = waiting
    expect(await list('waiting', first!.document.id)).toEqual(waiting.slice(1))
    const due = await list('due')
    expect(due.every(({ document }) => document.state === 'good')).toBe(true)
    expect(due.map(({ document }) => document.dueAt)).toEqual(
      due.map(({ document }) => document.dueAt).toSorted((a, b) => a - b)
    )
    expect(await list('due', due[0]!.document.id)).toEqual(due.slice(1))
    expect((await officer.call(listDocuments, { query: { list: 'due', after: 'nothing' } })).status).toBe(404)
  })

  it.skipIf(engine.name !== 'sqlite')('is found by an index in each list, without sorting', async () => {
    const { store, settings } = v.village
    const rows = licenceStore(store)
    const { id } = (await handIn(host)).json.document
    const after = (await rows.document(store.read, id))!
    const queries: [{ toSQL(): { sql: string; params: unknown[] } }, string][] = [
      [rows.waitingQuery(undefined, 100), 'documents_state'],
      [rows.waitingQuery(after, 100), 'documents_state'],
      [rows.dueQuery(0, Number.MAX_SAFE_INTEGER, undefined, 100), 'documents_due'],
      [rows.dueQuery(0, Number.MAX_SAFE_INTEGER, after, 100), 'documents_due']
    ]
    for (const [query, index] of queries) {
      const plan = planOf(settings.dataDir, query.toSQL())
      expect(plan).toContain(`USING INDEX ${index}`)
      expect(plan).not.toContain('SCAN')
    }
  })
})
