import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  bankSheet,
  drawUpBatch,
  dropBatch,
  exportStatement,
  exportStatementText,
  getBatch,
  getDue,
  getMoneyOfOrder,
  getStatement,
  listBatches,
  lookAtBankAccount,
  markNotPaid,
  markPaid,
  saveBankAccount
} from '../../shared/contracts/ledger.ts'
import { openShop } from '../../shared/contracts/catalogue.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import { readSheet } from '../sheets/sheets.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { giveBack, paidOrder, type Bought } from './testing.ts'

/** Where real money can move; nobody asks it for any here. */
const REAL = {
  secretKey: 'sk_live_nobody',
  webhookSecret: 'whsec_nobody',
  apiBase: 'http://127.0.0.1:9',
  methods: ['alipay']
}
const NUMBER = '6228480402564890018'

describe.each(engines)('payouts on $name', (engine) => {
  let v: TestVillage
  let lan: SignedIn
  let mei: SignedIn
  let officer: SignedIn
  let other: SignedIn
  let shop: string
  let second: string
  const clock = settableClock()
  beforeEach(async () => {
    v = await testVillage({ engine, clock, settings: { stripe: REAL } })
    lan = await v.signIn('王秀兰', 'host')
    mei = await v.signIn('赵梅', 'host')
    officer = await v.signIn('王主任', 'officer')
    other = await v.signIn('李主任', 'officer')
    shop = await shopOf(lan, '秀兰海鲜')
    second = await shopOf(mei, '梅姐干货')
    await bank(lan, NUMBER)
    await bank(mei, '6217001234567890123')
  })
  afterEach(() => v.close())

  async function shopOf(host: SignedIn, name: string) {
    const body = { name, village: '红岛', story: '', portrait: '' }
    return (await host.call(openShop, { body })).json.shop.id
  }
  const bank = (host: SignedIn, number: string) =>
    host.call(saveBankAccount, { body: { holder: host.me.name, bank: '农业银行', number } })

  /** An order that was paid, and done where nothing else is said. */
  async function sold(shopId: string, bought: Bought = {}, done = true) {
    clock.pass(1)
    const id = await paidOrder(v.village, shopId, bought)
    await v.village.store.tx(async (tx) => {
      await v.village.shop.ledger.saleIn(tx, id)
      if (done) await v.village.shop.ledger.doneIn(tx, id)
    })
    return id
  }
  async function back(orderId: string, fen: number) {
    clock.pass(1)
    const act = await giveBack(
      v.village.store,
      orderId,
      { lines: [{ specId: 'spec-0', qty: 1, fen }] },
      { now: clock.now() }
    )
    await v.village.store.tx((tx) => v.village.shop.ledger.refundIn(tx, act))
  }
  const due = async () => (await officer.call(getDue)).json
  const drawn = async (by = officer) => {
    const got = await by.call(drawUpBatch, { body: { totalFen: (await due()).totalFen } })
    if (got.status !== 200) throw new Error(got.text)
    clock.pass(1)
    return got.json
  }
  const params = (batch: { batch: { id: string } }) => ({ batchId: batch.batch.id })
  const say = async (who: SignedIn, batch: { batch: { id: string } }) => {
    clock.pass(1)
    return who.call(markPaid, { params: params(batch), body: {} })
  }
  const statement = async (who: SignedIn, query = {}) => (await who.call(getStatement, { query })).json

  it('pay what orders brought that are done, and nothing of the others', async () => {
    await sold(shop, { lines: [{ priceFen: 8000 }], freightFen: 500 })
    await sold(shop, {}, false)
    await sold(second, { lines: [{ priceFen: 3000 }] })
    expect((await due()).items.map(({ shopName, fen, problem }) => [shopName, fen, problem])).toEqual([
      ['秀兰海鲜', 8500, ''],
      ['梅姐干货', 3000, '']
    ])
    const batch = await drawn()
    expect(batch).toMatchObject({ batch: { state: 'drawn_up', totalFen: 11_500, shops: 2 }, mine: false })
    expect(await due()).toMatchObject({ items: [], totalFen: 0 })
    const { json } = await officer.call(drawUpBatch, { body: { totalFen: 0 } })
    expect(json.code).toBe('nothing_due')
  })

  it('leave out whoever has told nobody her account, and whoever owes more than she gets', async () => {
    const gui = await v.signIn('桂兰', 'host')
    await sold(await shopOf(gui, '桂兰海蛎'))
    const first = await sold(shop)
    await drawn()
    await back(first, 10_000)
    await sold(shop, { lines: [{ priceFen: 4000 }] })
    expect((await due()).items.map(({ shopName, fen, problem }) => [shopName, fen, problem])).toEqual([
      ['桂兰海蛎', 10_000, 'no_account'],
      ['秀兰海鲜', -6000, 'nothing_left']
    ])
    await sold(shop, { lines: [{ priceFen: 7000 }] })
    const next = await drawn()
    expect(next.payouts).toMatchObject([{ shopName: '秀兰海鲜', fen: 1000, lines: 3 }])
  })

  it('leave out orders of which something is open', async () => {
    const orderId = await sold(shop)
    await sold(shop, { lines: [{ priceFen: 2000 }] })
    const { compensations } = v.village.store.schema
    await v.village.store.tx((tx) =>
      tx
        .insert(compensations)
        .values({
          id: 'dead-clams',
          orderId,
          specId: 'spec-0',
          shopId: shop,
          memberId: 'li-mei',
          what: 'dead',
          qty: 1,
          askedFen: 1000,
          grantedFen: 0,
          state: 'open',
          openKey: 'dead-clams',
          caseId: '',
          code: '',
          fileIds: [],
          words: '',
          createdAt: 0,
          closedAt: 0
        })
        .returning()
    )
    expect(await due()).toMatchObject({ totalFen: 2000, heldOrders: 1 })
    expect((await drawn()).batch.totalFen).toBe(2000)
    await v.village.store.tx((tx) => tx.update(compensations).set({ state: 'refused' }).returning())
    expect(await due()).toMatchObject({ totalFen: 10_000, heldOrders: 0 })
  })

  it('never pay the demo cashier’s money out; the table itself refuses it', async () => {
    const orderId = await sold(shop, { test: true })
    expect(await due()).toMatchObject({ items: [], totalFen: 0, demoFen: 10_000 })
    const { postings } = v.village.store.schema
    const forced = v.village.store.tx((tx) =>
      tx.update(postings).set({ batchId: 'forged' }).where(eq(postings.orderId, orderId)).returning()
    )
    await expect(forced).rejects.toSatisfy((error: Error) =>
      `${error.message} ${String(error.cause)}`.includes('postings_no_test_money')
    )
  })

  it('refuse a sum that is not what the officer saw', async () => {
    await sold(shop)
    const seen = (await due()).totalFen
    await sold(shop)
    const { json } = await officer.call(drawUpBatch, { body: { totalFen: seen } })
    expect(json).toMatchObject({ code: 'payout_changed', details: { totalFen: 20_000 } })
  })

  it('count as paid when two different people have said so, and then the book says it', async () => {
    await sold(shop, { lines: [{ priceFen: 8000 }], freightFen: 500 })
    const batch = await drawn()
    expect((await say(officer, batch)).json).toMatchObject({ batch: { state: 'half_paid' }, mine: true })
    expect((await say(officer, batch)).json.code).toBe('second_person')
    expect((await other.call(getBatch, { params: params(batch) })).json).toMatchObject({ mine: false })
    const paid = (await say(other, batch)).json
    expect(paid.batch).toMatchObject({ state: 'paid', firstByName: '王主任', secondByName: '李主任' })
    expect(paid.deeds.map(({ what, byName }) => [what, byName])).toEqual([
      ['payout_paid', '李主任'],
      ['payout_first_yes', '王主任'],
      ['payout_drawn_up', '王主任']
    ])
    expect((await say(other, batch)).json.code).toBe('batch_over')
    expect((await lan.call(myNotices)).json.items).toMatchObject([
      { kind: 'paid_out', about: { yuan: '85', payee: '王秀兰 · 农业银行 · 尾号 0018' } }
    ])
    const { entries } = v.village.store.schema
    const written = await v.village.store.read.select().from(entries)
    const on = (account: string) =>
      written.filter((entry) => entry.account === account).reduce((sum, { fen }) => sum + fen, 0)
    expect([on(`host:${shop}`), on(`freight:${shop}`), on(`payout:${batch.batch.id}`)]).toEqual([0, 0, -8500])
    expect((await v.village.shop.ledger.checks.now()).troubles).toEqual([])
  })

  it('are refused a second yes of the first person by the table itself', async () => {
    await sold(shop)
    const { batch } = await drawn()
    const { payoutBatches } = v.village.store.schema
    const forged = v.village.store.tx((tx) =>
      tx
        .update(payoutBatches)
        .set({ firstBy: officer.me.id, secondBy: officer.me.id, state: 'paid' })
        .where(eq(payoutBatches.id, batch.id))
        .returning()
    )
    await expect(forged).rejects.toSatisfy((error: Error) =>
      `${error.message} ${String(error.cause)}`.includes('payout_batches_two')
    )
  })

  it('are due again when a batch is dropped, which nobody does once somebody has said it was paid', async () => {
    await sold(shop)
    const batch = await drawn()
    await say(officer, batch)
    const drop = (words = '账号不对') => other.call(dropBatch, { params: params(batch), body: { words } })
    expect((await drop()).json.code).toBe('batch_half_paid')
    const body = { words: '点错了' }
    clock.pass(1)
    const taken = await officer.call(markNotPaid, { params: params(batch), body })
    expect(taken.json).toMatchObject({ batch: { state: 'drawn_up', firstByName: '' }, deeds: [body, {}, {}] })
    expect((await drop()).json.batch.state).toBe('dropped')
    expect((await drop()).json.code).toBe('batch_over')
    expect((await say(other, batch)).json.code).toBe('batch_over')
    expect((await due()).totalFen).toBe(10_000)
    expect((await statement(lan)).payouts).toEqual([])
    const again = await drawn()
    expect((await officer.call(listBatches)).json.items.map(({ id, state }) => [id, state])).toEqual([
      [again.batch.id, 'drawn_up'],
      [batch.batch.id, 'dropped']
    ])
    expect((await v.village.shop.ledger.checks.now()).troubles).toEqual([])
  })

  describe('a bank account', () => {
    it('is shown by its last digits, and whole only to who says why; every look is in the book', async () => {
      await sold(shop)
      const batch = await drawn()
      const seen = [
        await lan.call(getStatement),
        await officer.call(getDue),
        await officer.call(getBatch, { params: params(batch) }),
        await officer.call(listBatches)
      ]
      for (const { text } of seen) expect(text).not.toContain(NUMBER.slice(0, 12))
      expect(seen[2]!.text).toContain('农业银行 · 尾号 0018')
      for (const rows of Object.values(v.village.store.schema)) {
        const found = await v.village.store.read.select().from(rows as typeof v.village.store.schema.orders)
        expect(JSON.stringify(found)).not.toContain(NUMBER)
      }
      const look = await officer.call(lookAtBankAccount, {
        params: { shopId: shop },
        body: { reason: '银行退回' }
      })
      expect(look.json).toEqual({ holder: '王秀兰', bank: '农业银行', number: NUMBER })
      expect(look.headers['cache-control']).toBe('no-store')
      const { audit } = v.village.store.schema
      const lines = await v.village.store.read
        .select()
        .from(audit)
        .where(eq(audit.action, 'bank_account_seen'))
      expect(lines).toMatchObject([
        { actorId: officer.me.id, subject: shop, details: { reason: '银行退回' } }
      ])
      expect(JSON.stringify(lines)).not.toContain(NUMBER)
    })

    it('goes to the bank in a sheet, and that the sheet was made is in the book', async () => {
      await sold(shop, { lines: [{ priceFen: 8005 }] })
      await sold(second)
      const batch = await drawn()
      const { rawPayload, statusCode } = await v.village.http.inject({
        method: 'POST',
        url: `/api/payouts/${batch.batch.id}/sheet`,
        headers: { cookie: officer.cookie },
        payload: {}
      })
      expect(statusCode).toBe(200)
      const rows = await readSheet(rawPayload, {
        columns: { who: ['收款户名'], number: ['收款账号'], fen: ['金额（元）'] },
        maxRows: 10
      })
      expect(rows.map(({ cells }) => cells).toSorted((a, b) => (a.who < b.who ? -1 : 1))).toEqual([
        { who: '王秀兰', number: NUMBER, fen: '80.05' },
        { who: '赵梅', number: '6217001234567890123', fen: '100' }
      ])
      const whole = (await officer.call(getBatch, { params: params(batch) })).json
      expect(whole.deeds[0]).toMatchObject({ what: 'payout_sheet_made', byName: '王主任' })
    })

    it('that was changed after a batch was drawn up stops that batch, also where its last digits are the same', async () => {
      await sold(shop)
      const batch = await drawn()
      await bank(lan, '6217000000000000018')
      expect((await lan.call(myNotices)).json.items).toMatchObject([{ kind: 'bank_changed' }])
      await v.village.jobs.runDue()
      const [text] = await v.village.members.inbox(lan.phone)
      expect(text!.text).toBe('【渔家直播】您的收款账号换成了尾号 0018。不是您换的，请马上找工会。')
      const whole = (await officer.call(getBatch, { params: params(batch) })).json
      expect(whole.payouts).toMatchObject([{ payeeChanged: true }])
      const sheet = await officer.call(bankSheet, { params: params(batch), body: {} })
      expect(sheet.json.code).toBe('payee_changed')
      await officer.call(dropBatch, { params: params(batch), body: { words: '换了账号' } })
      await drawn()
      clock.pass(1)
      await bank(lan, NUMBER)
      await sold(shop)
      expect((await due()).items).toMatchObject([{ newPayee: true }])
    })
  })

  describe('a statement', () => {
    it('of one payout has lines that add up to it, to the fen, and each opens its order', async () => {
      const first = await sold(shop, {
        lines: [{ qty: 3, priceFen: 3333, offFen: 1000 }, { priceFen: 777 }],
        freightFen: 500,
        coupons: [
          { offFen: 400, payer: 'host' },
          { offFen: 600, payer: 'union' }
        ]
      })
      await back(first, 2999)
      await sold(shop)
      const batch = await drawn()
      await sold(shop)
      const own = await statement(lan, { batchId: batch.batch.id })
      expect(own.items).toHaveLength(3)
      const sum = own.items.reduce((fen, { share }) => fen + share.fen, 0)
      expect(own.payouts).toMatchObject([
        { fen: sum, state: 'drawn_up', payee: '王秀兰 · 农业银行 · 尾号 0018' }
      ])
      expect(batch.payouts).toMatchObject([{ fen: sum, lines: 3 }])
      for (const { share } of own.items) {
        const { fen, ...parts } = share
        expect(Object.values(parts).reduce((all, part) => all + part, 0)).toBe(fen)
      }
      const opened = (await lan.call(getMoneyOfOrder, { params: { orderId: first } })).json
      expect(opened).toMatchObject({
        buyer: '李**',
        hostCouponFen: 400,
        unionCouponFen: 600,
        freightFen: 500,
        refundedFen: 2999
      })
      expect(opened.items).toHaveLength(2)
      expect(opened.fen).toBe(
        own.items.filter(({ orderId }) => orderId === first).reduce((fen, { share }) => fen + share.fen, 0)
      )
      expect((await mei.call(getMoneyOfOrder, { params: { orderId: first } })).json.code).toBe(
        'no_such_order'
      )
      expect((await statement(mei, { batchId: batch.batch.id })) as unknown).toMatchObject({
        code: 'no_such_batch'
      })
    })

    it('says what waits, what is due and what went to her bank, and where each line is', async () => {
      await sold(shop, { lines: [{ priceFen: 1000 }] })
      const batch = await drawn()
      await say(officer, batch)
      await say(other, batch)
      await sold(shop, { lines: [{ priceFen: 2000 }] })
      await sold(shop, { lines: [{ priceFen: 4000 }] }, false)
      const all = await statement(lan)
      expect(all).toMatchObject({
        book: 'real',
        both: false,
        due: { fen: 2000, lines: 1 },
        waiting: { fen: 4000, lines: 1 },
        payouts: [{ fen: 1000, state: 'paid' }],
        bank: { shown: '王秀兰 · 农业银行 · 尾号 0018' }
      })
      expect(all.items.map(({ kind, where, share }) => [kind, where, share.fen])).toEqual([
        ['sale', 'waiting', 4000],
        ['sale', 'due', 2000],
        ['payout', 'batch', -1000],
        ['sale', 'batch', 1000]
      ])
      expect(all.items[2]).toMatchObject({
        orderId: '',
        batchId: batch.batch.id,
        words: all.payouts[0]!.payee
      })
      expect((await statement(lan, { part: 'due' })).items).toHaveLength(1)
      expect((await statement(lan, { part: 'waiting' })).items).toHaveLength(1)
    })

    it('keeps the demo cashier’s money in a book of its own', async () => {
      await sold(shop, { test: true })
      await sold(shop, { lines: [{ priceFen: 2000 }] })
      expect(await statement(lan)).toMatchObject({
        book: 'real',
        both: true,
        due: { fen: 2000 },
        items: [{}]
      })
      const demo = await statement(lan, { book: 'demo' })
      expect(demo).toMatchObject({ book: 'demo', both: true, due: { fen: 10_000 }, payouts: [], items: [{}] })
    })

    it('goes on page by page, also where many were sold in one moment', async () => {
      for (let i = 0; i < 53; i++) await sold(shop)
      const { postings } = v.village.store.schema
      await v.village.store.tx((tx) => tx.update(postings).set({ at: clock.now() }).returning())
      const first = await statement(lan)
      const rest = await statement(lan, { after: first.items.at(-1)!.id })
      expect([first.items.length, rest.items.length]).toEqual([50, 3])
      expect(new Set([...first.items, ...rest.items].map(({ id }) => id)).size).toBe(53)
    })

    it('goes out as a sheet and as text, with the same lines and their sum below', async () => {
      await sold(shop, { lines: [{ priceFen: 1005 }], freightFen: 500 })
      await sold(shop, { lines: [{ priceFen: 10 }] })
      const get = async (url: string) =>
        v.village.http.inject({ url: `${url}?part=due`, headers: { cookie: lan.cookie } })
      const sheet = await get(exportStatement.url)
      const rows = await readSheet(sheet.rawPayload, {
        columns: { what: ['事由'], fen: ['合计'] },
        maxRows: 10
      })
      expect(rows.map(({ cells }) => [cells.what, cells.fen])).toEqual([
        ['卖出', '0.1'],
        ['卖出', '15.05'],
        ['合计', '15.15']
      ])
      const text = (await get(exportStatementText.url)).body.split('\r\n')
      expect(text[0]).toMatch(/^\uFEFF日期,事由/)
      expect(text[2]).toMatch(/,10\.05,0\.00,5\.00,0\.00,0\.00,15\.05,等打款$/)
      expect(text[3]).toContain('15.15')
    })
  })
})
