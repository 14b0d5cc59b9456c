import { desc, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type TestVillage } from '../testing/village.ts'
import { openLedger } from './ledger.ts'
import { giveBack, paidOrder } from './testing.ts'

const SHOP = 'shop-lan'

describe.each(engines)('the ledger on $name', (engine) => {
  let v: TestVillage
  const clock = settableClock()
  beforeEach(async () => {
    v = await testVillage({ engine, clock, settings: { unionFeePermyriad: 250 } })
  })
  afterEach(() => v.close())

  const ledger = () => v.village.shop.ledger
  const inUnit = <T>(work: Parameters<typeof v.village.store.tx<T>>[0]) => v.village.store.tx(work)
  const tables = () => v.village.store.schema
  const postings = (orderId: string) =>
    v.village.store.read
      .select()
      .from(tables().postings)
      .where(eq(tables().postings.orderId, orderId))
      .orderBy(desc(tables().postings.kind), tables().postings.id) // the sale first, also in one moment

  /** What every account says of all that is written. */
  async function balances() {
    const sums: Record<string, number> = {}
    for (const { account, fen } of await v.village.store.read.select().from(tables().entries))
      sums[account] = (sums[account] ?? 0) + fen
    return Object.fromEntries(Object.entries(sums).filter(([, fen]) => fen !== 0))
  }

  it('writes a sale once, however often it is told of it', async () => {
    const id = await paidOrder(v.village, SHOP, { lines: [{ qty: 2, priceFen: 5000 }], freightFen: 800 })
    for (let i = 0; i < 3; i++) await inUnit((tx) => ledger().saleIn(tx, id, 'li-mei'))
    expect(await postings(id)).toMatchObject([{ key: `sale:${id}`, kind: 'sale', test: false, dueAt: 0 }])
    expect(await balances()).toEqual({
      'cash:stripe': 10_800,
      [`freight:${SHOP}`]: -800,
      [`host:${SHOP}`]: -9750,
      'union:fee': -250
    })
  })

  it('comes to nothing when all of an order has gone back in pieces, and each piece is written once', async () => {
    const id = await paidOrder(v.village, SHOP, {
      lines: [{ qty: 3, priceFen: 3333, offFen: 1000 }, { priceFen: 777 }],
      freightFen: 500,
      coupons: [
        { offFen: 400, payer: 'host' },
        { offFen: 600, payer: 'union' }
      ]
    })
    await inUnit((tx) => ledger().saleIn(tx, id))
    const pieces = [
      { lines: [{ specId: 'spec-0', qty: 1, fen: 2999 }] },
      { lines: [{ specId: 'spec-1', qty: 1, fen: 777 }], freightFen: 123 },
      { lines: [{ specId: 'spec-0', qty: 2, fen: 6000 }], freightFen: 377 }
    ]
    for (const piece of pieces) {
      const act = await giveBack(v.village.store, id, piece, { now: clock.now() })
      for (let i = 0; i < 2; i++) await inUnit((tx) => ledger().refundIn(tx, act))
    }
    expect((await postings(id)).map(({ kind }) => kind)).toEqual(['sale', 'refund', 'refund', 'refund'])
    expect(await balances()).toEqual({})
  })

  it('refuses what does not sum to nothing, and then nothing of the unit has happened', async () => {
    const id = await paidOrder(v.village, SHOP)
    const crooked = inUnit(async (tx) => {
      await ledger().saleIn(tx, id)
      await ledger().postIn(tx, {
        key: 'crooked',
        kind: 'correction',
        orderId: '',
        shopId: '',
        test: false,
        words: '',
        actorId: '',
        entries: [
          { account: 'cash:stripe', fen: 100 },
          { account: 'union:fee', fen: -99 }
        ]
      })
    })
    await expect(crooked).rejects.toThrow('crooked is 1 fen off')
    expect(await postings(id)).toEqual([])
    expect(await balances()).toEqual({})
  })

  it('keeps a fee as it was when something was sold, whatever it is later', async () => {
    const id = await paidOrder(v.village, SHOP)
    await inUnit((tx) => ledger().saleIn(tx, id))
    const { store } = v.village
    const moneyOf: Parameters<typeof openLedger>[0]['moneyOf'] = async () => new Map()
    const dearer = openLedger({ store, clock, fee: { permyriad: 5000 }, moneyOf })
    await inUnit((tx) => dearer.saleIn(tx, id))
    const piece = { lines: [{ specId: 'spec-0', qty: 1, fen: 10_000 }] }
    const act = await giveBack(store, id, piece, { now: clock.now(), whole: true })
    await inUnit((tx) => ledger().refundIn(tx, act))
    expect(await balances()).toEqual({})
  })

  it('has a sale due when its order is done, and whatever goes back of it after that', async () => {
    const id = await paidOrder(v.village, SHOP)
    await inUnit((tx) => ledger().saleIn(tx, id))
    clock.pass(1000)
    await inUnit((tx) => ledger().doneIn(tx, id))
    const doneAt = clock.now()
    clock.pass(1000)
    const piece = { lines: [{ specId: 'spec-0', qty: 0, fen: 10 }] }
    const act = await giveBack(v.village.store, id, piece, { now: clock.now() })
    await inUnit((tx) => ledger().refundIn(tx, act))
    await inUnit((tx) => ledger().doneIn(tx, id))
    expect((await postings(id)).map(({ dueAt }) => dueAt)).toEqual([doneAt, doneAt + 1000])
  })

  it('writes what was paid back at the gateway’s own desk, once the order says so', async () => {
    const id = await paidOrder(v.village, SHOP)
    await inUnit((tx) => ledger().saleIn(tx, id))
    const piece = { lines: [{ specId: 'spec-0', qty: 1, fen: 10_000 }] }
    await giveBack(v.village.store, id, piece, { now: clock.now(), whole: true })
    for (let i = 0; i < 2; i++) await inUnit((tx) => ledger().refundedIn(tx, id))
    expect(await postings(id)).toMatchObject([{ kind: 'sale' }, { key: `refund-rest:${id}`, kind: 'refund' }])
    expect(await balances()).toEqual({})
  })

  it('says whose hand paid back what the gateway would not', async () => {
    const id = await paidOrder(v.village, SHOP)
    await inUnit((tx) => ledger().saleIn(tx, id))
    const piece = { lines: [{ specId: 'spec-0', qty: 1, fen: 10_000 }] }
    const act = await giveBack(v.village.store, id, piece, { now: clock.now(), whole: true })
    await inUnit((tx) => ledger().refundIn(tx, act))
    await inUnit((tx) => ledger().byHandIn(tx, act, 10_000))
    expect(await balances()).toEqual({ 'cash:stripe': 10_000, 'cash:hand': -10_000 })
  })

  describe('orders from before there was a ledger', () => {
    it('get their postings once, without a fee that nobody had agreed to', async () => {
      const paid = await paidOrder(v.village, SHOP)
      const paidAt = clock.now()
      const done = await paidOrder(v.village, SHOP, { state: 'done' })
      const gone = await paidOrder(v.village, SHOP)
      const piece = { lines: [{ specId: 'spec-0', qty: 1, fen: 10_000 }] }
      await giveBack(v.village.store, gone, piece, { now: clock.now(), whole: true })
      clock.pass(5_000)
      for (let i = 0; i < 3; i++) await v.village.jobs.runDue()
      expect(await balances()).toEqual({ 'cash:stripe': 20_000, [`host:${SHOP}`]: -20_000 })
      expect(await postings(paid)).toMatchObject([{ kind: 'sale', at: paidAt, dueAt: 0 }])
      expect(await postings(done)).toMatchObject([{ kind: 'sale', at: paidAt, dueAt: clock.now() }])
      expect((await postings(gone)).map(({ key }) => key)).toEqual([`sale:${gone}`, `refund-older:${gone}`])
      const [opened] = await v.village.store.read
        .select()
        .from(tables().postings)
        .where(eq(tables().postings.key, 'ledger:opened'))
      expect(opened).toBeDefined()
      expect(
        await v.village.store.read.select().from(tables().jobs).where(eq(tables().jobs.kind, 'ledger_older'))
      ).toEqual([])
    })

    it('are not counted twice where a server was killed between two of them', async () => {
      const ids = [await paidOrder(v.village, SHOP), await paidOrder(v.village, SHOP)]
      await inUnit((tx) => ledger().olderIn(tx, ids[0]!)) // and then it was killed
      for (let i = 0; i < 2; i++) await v.village.jobs.runDue()
      expect(await balances()).toEqual({ 'cash:stripe': 20_000, [`host:${SHOP}`]: -20_000 })
    })
  })
})
