import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  aftersaleWaits,
  decideCompensation,
  deskCompensations,
  getAftersaleRules,
  orderAftersale,
  photoCode,
  setAftersaleRules,
  shopAftersale,
  type AftersaleRules
} from '../../shared/contracts/aftersale.ts'
import {
  decideCase,
  getCase,
  listCases,
  takeCase,
  withdrawCase,
  writeToCase
} from '../../shared/contracts/cases.ts'
import { getFile } from '../../shared/contracts/files.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import type { SignedIn } from '../testing/village.ts'
import { CODE_GOOD_MS, CODE_SHOWN_MS } from './compensation.ts'
import { BEGINNINGS } from './rules.ts'
import { afterwards } from './testing.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

describe.each(engines)('bad goods on $name', (engine) => {
  let m: Market
  let after: ReturnType<typeof afterwards>
  let officer: SignedIn
  let operator: SignedIn
  beforeEach(async () => {
    m = await market(engine)
    after = afterwards(m)
    officer = await m.signIn('王主任', 'officer')
    operator = await m.signIn('小周', 'operator')
  })
  afterEach(() => m.close())

  const state = async (orderId: string) =>
    (await m.buyer.call(orderAftersale, { params: { orderId } })).json.aftersale
  const rules = async (more: Partial<AftersaleRules>) => {
    const { version } = (await officer.call(getAftersaleRules)).json
    return officer.call(setAftersaleRules, { body: { version, rules: { ...BEGINNINGS, ...more } } })
  }
  const open = async (who = operator) =>
    (await who.call(deskCompensations, { query: { list: 'open' } })).json.items
  const decide = (who: SignedIn, id: string, version: number, grantFen: number, words = '照片看过了') =>
    who.call(decideCompensation, {
      params: { compensationId: id },
      body: { version, grantFen, words }
    })
  /** Two boxes that she has in her hands. */
  async function arrived(qty = 2) {
    const lines = [{ specId: m.clams.specId, qty, agreed: true }]
    const { id } = await after.paid({ lines, payFen: qty * CLAM_FEN })
    await after.moved(id, 'packed', 'shipped', 'received')
    return id
  }

  it('of a small sum are made good at once, with nobody looking first', async () => {
    const orderId = await arrived()
    const { json } = await after.report(orderId, { what: 'dead' })
    expect(json.compensation).toMatchObject({
      state: 'granted',
      title: '红岛蛤蜊',
      askedFen: CLAM_FEN,
      grantedFen: CLAM_FEN,
      caseId: '',
      what: 'dead'
    })
    expect(await state(orderId)).toMatchObject({
      state: 'received',
      refundedFen: CLAM_FEN,
      refunds: [{ cause: 'compensation', state: 'asked', lines: [{ qty: 1, fen: CLAM_FEN }] }],
      lines: [{ leftQty: 1, notCompensated: '', windowHours: 24 }]
    })
    await m.village.jobs.runDue()
    expect(await after.payments()).toMatchObject([{ refundedFen: CLAM_FEN }])
    expect(await open()).toEqual([])
    expect((await m.host.call(myNotices)).json.items[0]).toMatchObject({
      kind: 'bad_goods',
      about: { title: '红岛蛤蜊', yuan: '39.90', state: 'granted' }
    })
    expect((await m.host.call(shopAftersale)).json.compensations).toMatchObject([
      { compensation: { id: json.compensation.id }, buyer: '李**', lately: 1 }
    ])
  })

  it('are one report however often she taps, and one photo is good for one', async () => {
    const orderId = await arrived()
    const { code } = (await m.buyer.call(photoCode, { params: { orderId } })).json
    const fileIds = [await after.photoOf()]
    const taps = await Promise.all([1, 2, 3].map(() => after.report(orderId, { code, fileIds })))
    expect(new Set(taps.map(({ json }) => json.compensation?.id)).size).toBe(1)
    expect(await state(orderId)).toMatchObject({ refundedFen: CLAM_FEN })
    const another = await after.report(orderId, { code, fileIds: [...fileIds, await after.photoOf()] })
    expect(another.json.code).toBe('photo_used')
  })

  it('want photos with the digits that were shown, taken since', async () => {
    const orderId = await arrived()
    const ask = async () => (await m.buyer.call(photoCode, { params: { orderId } })).json
    const early = await after.photoOf()
    m.clock.pass(1)
    const shown = await ask()
    expect(shown).toEqual({ code: expect.stringMatching(/^\d{4}$/), until: m.clock.now() + CODE_SHOWN_MS })
    expect(await ask()).toEqual(shown)
    const { code } = shown
    expect((await after.report(orderId, { code, fileIds: [early] })).json.code).toBe('photo_old')
    const wrong = String(code) === '0000' ? '0001' : '0000'
    expect((await after.report(orderId, { code: wrong })).json.code).toBe('photo_code_old')
    const others = await after.photoOf(await m.signIn('孙燕'))
    expect((await after.report(orderId, { code, fileIds: [others] })).json.code).toBe('no_such_file')
    const photo = await after.photoOf()
    m.clock.pass(CODE_SHOWN_MS)
    expect((await ask()).code).not.toBe(code)
    m.clock.pass(CODE_GOOD_MS - CODE_SHOWN_MS + 1)
    expect((await after.report(orderId, { code, fileIds: [photo] })).json.code).toBe('photo_code_old')
    expect((await after.report(orderId)).status).toBe(200)
    const strange = await m.signIn('赵丽')
    expect((await strange.call(photoCode, { params: { orderId } })).json.code).toBe('no_such_order')
    expect((await after.report(orderId, {}, strange)).json.code).toMatch(/bad_input|no_such_order/)
  })

  it('are reported in their window, and to open the box is to have received it', async () => {
    const { id: orderId } = await after.paid()
    expect((await after.report(orderId)).json).toMatchObject({
      code: 'not_compensable',
      details: { why: 'not_shipped' }
    })
    await after.moved(orderId, 'packed', 'shipped')
    await rules({ autoOrderFen: 0 })
    expect((await after.report(orderId)).json.compensation.state).toBe('open')
    const { state: now, returnUntil, lines } = await state(orderId)
    expect(now).toBe('received')
    expect(returnUntil).toBeGreaterThan(m.clock.now() + 7 * DAY - 1)
    expect(lines[0]!.windowUntil).toBe(m.clock.now() + 24 * HOUR)
    const late = await arrived()
    m.clock.pass(24 * HOUR + 1)
    expect((await after.report(late)).json.details).toEqual({ why: 'too_late' })
    expect((await state(late)).lines).toMatchObject([{ notCompensated: 'too_late' }])
  })

  it('beyond the limit are a case with a day, an owner and words, and a part may be granted', async () => {
    await rules({ autoOrderFen: CLAM_FEN - 1 })
    const orderId = await arrived()
    const { compensation } = (await after.report(orderId, { words: '一半开口了' })).json
    expect(compensation).toMatchObject({ state: 'open', grantedFen: 0 })
    const { caseId } = compensation
    expect(await state(orderId)).toMatchObject({ refundedFen: 0, lines: [{ notCompensated: 'open' }] })
    expect((await after.report(orderId)).json.code).toBe('compensation_open')
    const [item] = await open()
    expect(item).toMatchObject({
      buyer: '李**',
      shopName: '秀兰海鲜',
      compensation: { id: compensation.id, words: '一半开口了' },
      case: { id: caseId, state: 'open', overdue: false, version: 1 }
    })
    expect(item!.case!.form).toContainEqual({ name: '照片上的数', value: compensation.code })
    expect(item!.case!.form.some(({ name }) => name.startsWith('_'))).toBe(false)
    // The operator takes it, asks, and she answers with another photo.
    const mine = { params: { caseId }, body: { ownerId: operator.me.id } }
    expect((await operator.call(takeCase, mine)).json.case.owner.name).toBe('小周')
    const say = (who: SignedIn, words: string, fileIds: string[] = []) =>
      who.call(writeToCase, { params: { caseId }, body: { words, fileIds } })
    expect((await say(operator, '拍一下整箱')).json.case.state).toBe('asked')
    expect((await m.buyer.call(myNotices)).json.items[0]).toMatchObject({
      kind: 'case_asked',
      href: `/me/orders/${orderId}`
    })
    expect((await say(m.buyer, '拍了', [await after.photoOf()])).json.case.version).toBe(4)
    expect((await decide(operator, compensation.id, 1, 2000)).json.code).toBe('case_changed')
    expect((await decide(operator, compensation.id, 4, CLAM_FEN + 1)).json.code).toBe('refund_too_much')
    expect((await decide(m.buyer, compensation.id, 4, 2000)).json.code).toBe('role_missing')
    m.clock.pass(1)
    const granted = (await decide(operator, compensation.id, 4, 2000)).json.item
    expect(granted).toMatchObject({
      compensation: { state: 'granted', grantedFen: 2000 },
      case: { state: 'approved' }
    })
    expect(await state(orderId)).toMatchObject({
      refundedFen: 2000,
      refunds: [{ lines: [{ qty: 0, fen: 2000 }], words: '照片看过了', byName: '小周' }],
      lines: [{ leftQty: 2, leftFen: 2 * CLAM_FEN - 2000, notCompensated: '' }]
    })
    expect((await decide(officer, compensation.id, 5, 0)).json.code).toBe('case_closed')
    expect((await m.buyer.call(myNotices)).json.items[0]).toMatchObject({
      kind: 'compensation_decided',
      about: { decision: 'approved', yuan: '20', words: '照片看过了' },
      href: `/me/orders/${orderId}`
    })
    expect((await m.buyer.call(getCase, { params: { caseId } })).json.case.state).toBe('approved')
  })

  it('are refused with words, taken back, and decided where cases are decided', async () => {
    await rules({ autoOrderFen: 0 })
    const orderId = await arrived(3)
    const first = (await after.report(orderId)).json.compensation
    await decide(officer, first.id, 1, 0, '照片上的蛤蜊是活的')
    m.clock.pass(1)
    expect((await state(orderId)).compensations).toMatchObject([{ state: 'refused', grantedFen: 0 }])
    const second = (await after.report(orderId)).json.compensation
    await m.buyer.call(withdrawCase, { params: { caseId: second.caseId } })
    m.clock.pass(1)
    const third = (await after.report(orderId)).json.compensation
    const decision = { version: 1, approve: true, words: '赔给您' }
    const { json } = await officer.call(decideCase, { params: { caseId: third.caseId }, body: decision })
    expect(json.case.state).toBe('approved')
    expect(await state(orderId)).toMatchObject({
      refundedFen: CLAM_FEN,
      compensations: [
        { state: 'refused' },
        { state: 'withdrawn' },
        { state: 'granted', grantedFen: CLAM_FEN }
      ]
    })
    const closed = await operator.call(deskCompensations, { query: { list: 'closed' } })
    expect(closed.json.items.map(({ compensation }) => compensation.id)).toEqual([
      third.id,
      second.id,
      first.id
    ])
    expect(closed.json.items[0]!.lately).toBe(3)
  })

  it('are judged by nobody who sold or bought them', async () => {
    await rules({ autoOrderFen: 0 })
    const selling = await m.signIn('会计', 'host', 'operator', 'officer')
    const shop = await m.shopOf(selling, '干部海鲜')
    expect(shop.hostId).toBe(selling.me.id)
    const crabs = await m.goods(selling, { title: '梭子蟹', stock: 5 })
    const { id } = await after.paid({ lines: [{ specId: crabs.specId, qty: 1, agreed: true }] })
    await after.moved(id, 'packed', 'shipped', 'received')
    const { compensation } = (await after.report(id, { specId: crabs.specId })).json
    expect((await decide(selling, compensation.id, 1, 0)).json.code).toBe('case_own')
    const decision = { version: 1, approve: false, words: '' }
    const by = await selling.call(decideCase, { params: { caseId: compensation.caseId }, body: decision })
    expect(by.json.code).toBe('case_own')
    expect((await open()).length).toBe(1)
  })

  it('that wait too long are late on the desk and for the union', async () => {
    await rules({ autoOrderFen: 0 })
    await after.report(await arrived())
    expect((await operator.call(aftersaleWaits)).json).toMatchObject({ bad: 1, badLate: 0 })
    m.clock.pass(3 * DAY)
    // Her own session ends after a working day.
    operator = await m.signIn('小吴', 'operator')
    officer = await m.signIn('李主任', 'officer')
    expect((await operator.call(aftersaleWaits)).json).toMatchObject({ bad: 1, badLate: 1 })
    expect((await open())[0]!.case!.overdue).toBe(true)
    expect((await officer.call(listCases, { query: { list: 'open' } })).json).toMatchObject({
      open: 1,
      overdue: 1
    })
    const others = await operator.call(listCases, { query: { list: 'open' } })
    expect(others.json.code).toBe('role_missing')
    const bad = await operator.call(listCases, { query: { list: 'open', kind: 'compensation' } })
    expect(bad.json).toMatchObject({ open: 1, overdue: 1 })
  })

  it('end at the month’s limit, and photos are for whom they concern', async () => {
    await rules({ autoMonthTimes: 1, autoMonthFen: 1_000_000, autoOrderFen: 1_000_000 })
    const orderId = await arrived(3)
    expect((await after.report(orderId)).json.compensation.state).toBe('granted')
    const { compensation } = (await after.report(orderId)).json
    expect(compensation.state).toBe('open')
    const see = async (who: SignedIn) =>
      (await who.call(getFile, { params: { fileId: compensation.fileIds[0]! } })).status
    const trainer = await m.signIn('周老师', 'trainer')
    expect(await Promise.all([m.buyer, m.host, operator, officer, trainer].map(see))).toEqual([
      200, 200, 200, 200, 403
    ])
  })

  it('are shown to whoever sold them without the buyer’s name, nor what she and the desk say', async () => {
    await rules({ autoOrderFen: 0 })
    const { compensation } = (await after.report(await arrived())).json
    const { json, text } = await m.host.call(shopAftersale)
    expect(json.compensations).toMatchObject([{ compensation: { id: compensation.id }, buyer: '李**' }])
    expect(text).not.toContain('李梅')
    const body = { words: '请再拍一张', fileIds: [] }
    await operator.call(writeToCase, { params: { caseId: compensation.caseId }, body })
    expect((await m.host.call(shopAftersale)).text).not.toContain('请再拍一张')
  })

  it('half of a box asks for half, and counts no piece as given back', async () => {
    const orderId = await arrived()
    const { compensation } = (await after.report(orderId, { percent: 50, what: 'broken' })).json
    expect(compensation).toMatchObject({ state: 'granted', grantedFen: CLAM_FEN / 2, percent: 50 })
    expect((await state(orderId)).lines).toMatchObject([{ leftQty: 2, leftFen: 1.5 * CLAM_FEN }])
    expect((await after.report(orderId, { qty: 3 })).json.code).toBe('refund_too_much')
  })

  it('have rules that one officer changes at a time, and no class twice', async () => {
    const { version } = (await officer.call(getAftersaleRules)).json
    expect((await rules({ autoOrderFen: 100 })).json).toMatchObject({ version: version + 1 })
    const late = await officer.call(setAftersaleRules, { body: { version, rules: BEGINNINGS } })
    expect(late.json.code).toBe('rules_changed')
    const twice = [BEGINNINGS.windows[0]!, BEGINNINGS.windows[0]!]
    expect((await rules({ windows: twice })).json.code).toBe('bad_input')
    const mine = await operator.call(setAftersaleRules, { body: { version: 1, rules: BEGINNINGS } })
    expect(mine.json.code).toBe('role_missing')
  })
})
