import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { getStatement } from '../../shared/contracts/ledger.ts'
import { payOrder } from '../../shared/contracts/orders.ts'
import { playSandbox } from '../../shared/contracts/payments.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'

describe.each(engines)('what happens to an order on $name', (engine) => {
  let m: Market
  beforeEach(async () => {
    m = await market(engine, { unionFeePermyriad: 300 })
  })
  afterEach(() => m.close())

  async function paid() {
    const { id: orderId } = await m.order()
    const { json } = await m.buyer.call(payOrder, { params: { orderId }, body: { method: 'sandbox' } })
    for (const outcome of ['repeated', 'paid'] as const)
      await m.buyer.call(playSandbox, { params: { paymentId: json.paymentId }, body: { outcome } })
    return orderId
  }
  const statement = async () => (await m.host.call(getStatement)).json
  const troubles = async () => (await m.village.shop.ledger.checks.now()).troubles
  const goBack = async (orderId: string, fen: number, key = `key-${fen}`) => {
    const specId = m.clams.specId
    const { act } = m.village.rooms
    m.clock.pass(1)
    await act((tx, tell) =>
      m.village.shop.aftersale.refundIn(tx, tell, {
        orderId,
        key,
        cause: 'asked',
        lines: [{ specId, qty: fen === CLAM_FEN ? 1 : 0, fen }],
        words: '少了一只',
        actorId: 'officer'
      })
    )
    await m.village.jobs.runDue()
  }

  it('is in the ledger when it is paid, and not before', async () => {
    const { id: orderId } = await m.order()
    expect(await statement()).toMatchObject({ book: 'demo', items: [] })
    const { json } = await m.buyer.call(payOrder, { params: { orderId }, body: { method: 'sandbox' } })
    await m.buyer.call(playSandbox, { params: { paymentId: json.paymentId }, body: { outcome: 'paid' } })
    const feeFen = Math.floor((CLAM_FEN * 300) / 10_000)
    expect((await statement()).items).toMatchObject([
      {
        kind: 'sale',
        orderId,
        title: '红岛蛤蜊',
        where: 'waiting',
        share: { fen: CLAM_FEN - feeFen, feeFen: -feeFen }
      }
    ])
    expect(await troubles()).toEqual([])
  })

  it('is in the ledger once, whatever is repeated, and so is each refund of it, to the last fen', async () => {
    const orderId = await paid()
    for (const fen of [1, 333, 1000]) {
      await goBack(orderId, fen)
      await goBack(orderId, fen)
      expect(await troubles()).toEqual([])
    }
    await goBack(orderId, CLAM_FEN - 1334, 'the rest')
    const { items, waiting } = await statement()
    expect(items.map(({ kind }) => kind)).toEqual(['refund', 'refund', 'refund', 'refund', 'sale'])
    expect(items.reduce((fen, { share }) => fen + share.fen, 0)).toBe(0)
    expect(waiting.fen).toBe(0)
    expect(await troubles()).toEqual([])
  })

  it('is due when it is done', async () => {
    const orderId = await paid()
    const by = { actorId: '', note: '' }
    for (const to of ['packed', 'shipped', 'received', 'done'] as const)
      await m.village.rooms.act((tx, tell) => m.village.orders.moveIn(tx, tell, orderId, to, by))
    expect(await statement()).toMatchObject({
      due: { lines: 1 },
      waiting: { lines: 0 },
      items: [{ where: 'due' }]
    })
  })

  it('leaves nothing in the ledger where the money came too late and goes back', async () => {
    const { id: orderId } = await m.order()
    const { json } = await m.buyer.call(payOrder, { params: { orderId }, body: { method: 'sandbox' } })
    const { sandboxPayments, payments, orders } = m.village.store.schema
    await m.village.store.tx(async (tx) => {
      await tx.update(sandboxPayments).set({ state: 'paid' })
      await tx.update(payments).set({ state: 'closed' })
      await tx.update(orders).set({ state: 'expired' })
    })
    await m.buyer.call(playSandbox, { params: { paymentId: json.paymentId }, body: { outcome: 'paid' } })
    await m.village.jobs.runDue()
    const { postings } = m.village.store.schema
    const written = await m.village.store.read.select().from(postings)
    expect(written.filter((posting) => posting.orderId === orderId)).toEqual([])
    expect(await troubles()).toEqual([])
  })
})
