import { and, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openShop } from '../../shared/contracts/catalogue.ts'
import { checkBooks, getBooks } from '../../shared/contracts/ledger.ts'
import { MORNING, settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { nextNight } from './night.ts'
import { giveBack, paidOrder } from './testing.ts'

const HOUR = 3_600_000

describe.each(engines)('the books on $name', (engine) => {
  let v: TestVillage
  let officer: SignedIn
  let shop: string
  let ids: string[]
  const clock = settableClock()
  beforeEach(async () => {
    clock.set(MORNING)
    v = await testVillage({ engine, clock, settings: { unionFeePermyriad: 250 } })
    officer = await v.signIn('王主任', 'officer')
    const host = await v.signIn('王秀兰', 'host')
    const body = { name: '秀兰海鲜', village: '红岛', story: '', portrait: '' }
    shop = (await host.call(openShop, { body })).json.shop.id
    ids = []
    for (const bought of [
      {
        lines: [{ qty: 2, priceFen: 4000, offFen: 1000 }],
        coupons: [{ offFen: 1000, payer: 'union' as const }]
      },
      { freightFen: 800 },
      { test: true }
    ]) {
      const id = await paidOrder(v.village, shop, bought)
      await v.village.store.tx((tx) => v.village.shop.ledger.saleIn(tx, id))
      ids.push(id)
    }
    const piece = { lines: [{ specId: 'spec-0', qty: 1, fen: 3500 }] }
    const act = await giveBack(v.village.store, ids[0]!, piece, { now: clock.now() })
    await v.village.store.tx((tx) => v.village.shop.ledger.refundIn(tx, act))
  })
  afterEach(() => v.close())

  const tables = () => v.village.store.schema
  const tamper = (work: Parameters<typeof v.village.store.tx>[0]) => v.village.store.tx(work)
  const check = async () => (await officer.call(checkBooks, { body: {} })).json.check
  const troubles = async () =>
    (await check()).troubles.map(({ what, subject, account, expectedFen, foundFen }) => [
      what,
      subject,
      account,
      expectedFen,
      foundFen
    ])
  const alerts = async () =>
    (await v.village.store.read.select().from(tables().audit)).filter(
      ({ action }) => action === 'books_differ'
    )

  it('agree, real and demo money each for itself, and nobody is alarmed', async () => {
    const found = await check()
    expect(found).toMatchObject({ orders: 3, postings: 4, troubles: [] })
    expect(found.real).toEqual({
      cashFen: 7000 - 3500 + 10_800,
      couponFen: 500,
      feeFen: -(100 + 250),
      hostsFen: -(4000 - 100 + 10_800 - 250),
      paidOutFen: 0,
      otherFen: 0
    })
    expect(found.demo).toMatchObject({ cashFen: 10_000, feeFen: -250, hostsFen: -9750 })
    expect(await alerts()).toEqual([])
    expect((await officer.call(getBooks)).json.checks).toEqual([found])
  })

  it('say which posting does not sum to nothing, and ring the bell', async () => {
    const { entries } = tables()
    await tamper((tx) =>
      tx
        .update(entries)
        .set({ fen: 10_801 })
        .where(and(eq(entries.account, 'cash:stripe'), eq(entries.fen, 10_800)))
        .returning()
    )
    expect(await troubles()).toEqual([
      ['order_differs', ids[1], 'cash:stripe', 10_800, 10_801],
      ['posting_off', `sale:${ids[1]}`, '', 0, 1],
      ['book_off', 'real', '', 0, 1]
    ])
    expect(await alerts()).toMatchObject([{ subject: 'ledger', details: { troubles: 3 } }])
  })

  it('say which order is not in them, and what is in them that is no order', async () => {
    const { postings, entries } = tables()
    const [sale] = await v.village.store.read.select().from(postings).where(eq(postings.orderId, ids[1]!))
    await tamper(async (tx) => {
      await tx
        .update(postings)
        .set({ orderId: 'nobodys', key: 'sale:nobodys' })
        .where(eq(postings.id, sale!.id))
    })
    expect(await troubles()).toEqual([
      ['no_sale', ids[1], '', 10_800, 0],
      ['no_order', 'sale:nobodys', '', 0, 0]
    ])
    await tamper(async (tx) => {
      await tx.delete(entries).where(eq(entries.postingId, sale!.id))
      await tx.delete(postings).where(eq(postings.id, sale!.id))
    })
    expect(await troubles()).toEqual([['no_sale', ids[1], '', 10_800, 0]])
  })

  it('say where an order, its refunds and its payment have gone different ways', async () => {
    const { orders, orderLines, orderRefunds, payments } = tables()
    await tamper(async (tx) => {
      await tx.update(orders).set({ refundedFen: 3600 }).where(eq(orders.id, ids[0]!))
      await tx.update(orderLines).set({ refundedFen: 3600 }).where(eq(orderLines.orderId, ids[0]!))
    })
    expect((await troubles()).map(([what, subject, account]) => [what, subject, account])).toEqual([
      ['order_differs', ids[0], 'cash:stripe'],
      ['order_differs', ids[0], `host:${shop}`],
      ['order_differs', ids[0], 'union:coupons'],
      ['order_differs', ids[0], 'union:fee'],
      ['refunds_differ', ids[0], '']
    ])
    await tamper(async (tx) => {
      await tx.update(orders).set({ refundedFen: 3500 }).where(eq(orders.id, ids[0]!))
      await tx.update(orderLines).set({ refundedFen: 3500 }).where(eq(orderLines.orderId, ids[0]!))
      await tx.delete(orderRefunds)
      await tx.update(payments).set({ refundedFen: 900 }).where(eq(payments.orderId, ids[1]!))
    })
    expect(await troubles()).toEqual([
      ['refunds_differ', ids[0], '', 3500, 0],
      ['payment_differs', `pay-${ids[1]}`, '', 900, 0]
    ])
  })

  const lately = () => v.village.shop.ledger.checks.lately()

  it('are looked at every night, once, and what was found is kept', async () => {
    for (let i = 0; i < 3; i++) await v.village.jobs.runDue()
    expect(await lately()).toEqual([])
    const tonight = nextNight(clock.now()).at
    expect(tonight - MORNING).toBe(19 * HOUR) // from eight in the morning to three at night
    clock.set(tonight - 1)
    await v.village.jobs.runDue()
    expect(await lately()).toEqual([])
    clock.set(tonight)
    for (let i = 0; i < 3; i++) await v.village.jobs.runDue()
    expect(await lately()).toMatchObject([{ at: tonight, troubles: [] }])
    clock.set(tonight + HOUR)
    await v.village.jobs.runDue()
    clock.set(tonight + 24 * HOUR)
    for (let i = 0; i < 3; i++) await v.village.jobs.runDue()
    expect(await lately()).toHaveLength(2)
  })
})
