import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { openTakings } from '../orders/takings.ts'
import { openEngine } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { engines, type Engine } from '../testing/engines.ts'
import { together, type Together } from '../testing/together.ts'
import type { MoneyOf } from './ledger.ts'
import { deskOn, type Errand } from './payer.ts'
import { paidOrder } from './testing.ts'

const HOST = 'lan'
const SHOP = `shop-of-${HOST}`
const ORDERS = 20
const TRIES = 10

let processes: Together<Errand, string[]>
beforeAll(() => void (processes = together(path.join(import.meta.dirname, 'payer.ts'), 2)))
afterAll(() => processes.leave())

describe.each(engines)('two officers on two servers on $name', (engine) => {
  let place: Awaited<ReturnType<Engine['make']>>
  let store: Store
  let desk: ReturnType<typeof deskOn>
  beforeEach(async () => {
    place = await engine.make()
    store = await openEngine(place)
    const takings = openTakings(store)
    const moneyOf: MoneyOf = async (on, ids) =>
      new Map(
        [...(await takings.of(on, ids))].map(([id, order]) => [
          id,
          { ...order, orderId: id, gateway: 'stripe' }
        ])
      )
    desk = deskOn(store, moneyOf)
    const account = { holder: '王秀兰', bank: '农业银行', number: '6228480402564890018' }
    await desk.bankAccounts.save({ id: HOST, name: '', roles: ['host'] }, account)
    for (let i = 0; i < ORDERS; i++) {
      const id = await paidOrder({ store, clock: systemClock }, SHOP)
      await store.tx(async (tx) => {
        await desk.ledger.saleIn(tx, id)
        await desk.ledger.doneIn(tx, id)
      })
    }
  })
  afterEach(async () => {
    await store.close()
    await place.drop()
  })

  const go = async (...errands: Partial<Errand>[]) => {
    const { databaseUrl, dataDir } = place
    const nothing = { databaseUrl, dataDir, officerId: '', deeds: [], batchId: '', totalFen: ORDERS * 10_000 }
    return processes.go(errands.map((errand) => ({ ...nothing, ...errand })))
  }
  const tries = (deed: Errand['deeds'][number]) => Array.from({ length: TRIES }, () => deed)
  const drawn = () => desk.payouts.drawUp({ id: 'drawer', name: '', roles: ['officer'] }, ORDERS * 10_000)
  const counted = (outcomes: string[]) =>
    Object.fromEntries([...Map.groupBy(outcomes, (each) => each)].map(([each, some]) => [each, some.length]))
  const payouts = async () =>
    (await store.read.select().from(store.schema.postings)).filter(({ kind }) => kind === 'payout')

  it('draw what is due up once', async () => {
    const got = await go(
      { officerId: 'one', deeds: tries('draw_up') },
      { officerId: 'two', deeds: tries('draw_up') }
    )
    expect(counted(got.flat())).toEqual({ drawn_up: 1, nothing_due: 2 * TRIES - 1 })
    expect(await store.read.select().from(store.schema.payouts)).toMatchObject([{ fen: ORDERS * 10_000 }])
  })

  it('say each that it was paid, and it is paid once', async () => {
    const { batch } = await drawn()
    const [one, two] = await go(
      { officerId: 'one', deeds: tries('paid'), batchId: batch.id },
      { officerId: 'two', deeds: tries('paid'), batchId: batch.id }
    )
    const all = counted([...one!, ...two!])
    // The first of the two may hear of the second while she looks at what she did.
    expect((all.half_paid ?? 0) + (all.paid ?? 0)).toBe(2)
    expect((all.second_person ?? 0) + (all.batch_over ?? 0)).toBe(2 * TRIES - 2)
    expect(await payouts()).toMatchObject([{ shopId: SHOP }])
    const [row] = await store.read.select().from(store.schema.payoutBatches)
    expect(new Set([row!.firstBy, row!.secondBy])).toEqual(new Set(['one', 'two']))
  })

  it('are never both of them one person, however often she presses', async () => {
    const { batch } = await drawn()
    const got = await go(
      { officerId: 'one', deeds: tries('paid'), batchId: batch.id },
      { officerId: 'one', deeds: tries('paid'), batchId: batch.id }
    )
    expect(counted(got.flat())).toEqual({ half_paid: 1, second_person: 2 * TRIES - 1 })
    expect(await payouts()).toEqual([])
  })

  it('drop it or say that it was paid, and only one of both is true', async () => {
    const { batch } = await drawn()
    const got = counted(
      (
        await go(
          { officerId: 'one', deeds: ['paid'], batchId: batch.id },
          { officerId: 'two', deeds: ['drop'], batchId: batch.id }
        )
      ).flat()
    )
    expect([
      { half_paid: 1, batch_half_paid: 1 },
      { dropped: 1, batch_over: 1 }
    ]).toContainEqual(got)
    const inBatch = (await store.read.select().from(store.schema.postings)).filter(({ batchId }) => batchId)
    expect(inBatch).toHaveLength(got.dropped ? 0 : ORDERS)
  })
})
