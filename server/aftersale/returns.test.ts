import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  aftersaleWaits,
  askReturn,
  deskReturns,
  orderAftersale,
  orderFile,
  sendReturn,
  settleReturn,
  shopAftersale
} from '../../shared/contracts/aftersale.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import type { SignedIn } from '../testing/village.ts'
import { BACK_WITHIN_MS } from './refund.ts'
import { afterwards } from './testing.ts'

const DRIED_FEN = 5800

describe.each(engines)('goods that go back on $name', (engine) => {
  let m: Market
  let after: ReturnType<typeof afterwards>
  let operator: SignedIn
  let dried: Awaited<ReturnType<Market['goods']>>
  beforeEach(async () => {
    m = await market(engine)
    after = afterwards(m)
    operator = await m.signIn('小周', 'operator')
    dried = await m.goods(m.host, { title: '虾皮', stock: 9, priceFen: DRIED_FEN, perishable: false })
  })
  afterEach(() => m.close())

  const state = async (orderId: string) =>
    (await m.buyer.call(orderAftersale, { params: { orderId } })).json.aftersale
  const ask = (orderId: string, lines: { specId: string; qty: number }[]) =>
    m.buyer.call(askReturn, { params: { orderId }, body: { lines } })
  const send = (returnId: string, parcel: string, who = m.buyer) =>
    who.call(sendReturn, { params: { returnId }, body: { parcel } })
  const settle = (who: SignedIn, returnId: string, good = true, words = '') =>
    who.call(settleReturn, { params: { returnId }, body: { good, words } })
  /** Two packs of dried shrimps and a box of clams that she ticked. */
  async function arrived() {
    const lines = [
      { specId: dried.specId, qty: 2 },
      { specId: m.clams.specId, qty: 1, agreed: true }
    ]
    const { id } = await after.paid({ lines, payFen: 2 * DRIED_FEN + CLAM_FEN })
    await after.moved(id, 'packed', 'shipped')
    return id
  }

  it('come back within seven days and are paid back when somebody has them in her hands', async () => {
    const orderId = await arrived()
    const back = [{ specId: dried.specId, qty: 1 }]
    expect((await ask(orderId, back)).json).toMatchObject({
      code: 'not_returnable',
      details: { why: 'not_received' }
    })
    await after.moved(orderId, 'received')
    const { aftersale } = (await ask(orderId, back)).json
    const [asked] = aftersale.returns
    expect(asked).toMatchObject({ state: 'asked', dueAt: 0, lines: [{ title: '虾皮', qty: 1 }] })
    expect((await ask(orderId, back)).json.code).toBe('return_open')
    expect((await m.host.call(myNotices)).json.items).toEqual([])
    expect((await send(asked!.id, '顺丰 SF1234567890')).json.aftersale.returns).toMatchObject([
      { state: 'sent', parcel: '顺丰 SF1234567890', dueAt: m.clock.now() + BACK_WITHIN_MS }
    ])
    expect((await m.host.call(myNotices)).json.items).toMatchObject([
      { kind: 'goods_coming_back', about: { title: '虾皮' } }
    ])
    expect((await settle(m.buyer, asked!.id)).json.code).toBe('role_missing')
    expect((await settle(await m.signIn('别家', 'host'), asked!.id)).json.code).toBe('no_such_return')
    const both = await Promise.all([settle(m.host, asked!.id), settle(operator, asked!.id)])
    expect(both.map(({ json }) => json.code ?? json.item.goodsReturn.state).toSorted()).toEqual([
      'back',
      'return_closed'
    ])
    expect(await state(orderId)).toMatchObject({
      state: 'received',
      refundedFen: DRIED_FEN,
      refunds: [{ cause: 'seven_days', lines: [{ specId: dried.specId, qty: 1, fen: DRIED_FEN }] }]
    })
    expect(await m.stock(dried)).toBe(7) // whoever has it in her hands says what may be sold again
    expect((await m.host.call(shopAftersale)).json.returns).toHaveLength(1)
  })

  it('are not what is fresh and was ticked, nor what was received too long ago', async () => {
    const orderId = await arrived()
    await after.moved(orderId, 'received')
    const { lines, returnUntil } = await state(orderId)
    expect(Object.fromEntries(lines.map(({ title, notReturned }) => [title, notReturned]))).toEqual({
      虾皮: '',
      红岛蛤蜊: 'ticked'
    })
    expect((await ask(orderId, [{ specId: m.clams.specId, qty: 1 }])).json.details).toEqual({
      specId: m.clams.specId,
      why: 'ticked'
    })
    expect((await ask(orderId, [{ specId: dried.specId, qty: 3 }])).json.code).toBe('refund_too_much')
    const twice = [1, 1].map((qty) => ({ specId: dried.specId, qty }))
    expect((await ask(orderId, twice)).json.code).toBe('bad_input')
    m.clock.pass(returnUntil - m.clock.now() + 1)
    expect((await ask(orderId, [{ specId: dried.specId, qty: 1 }])).json.details).toMatchObject({
      why: 'too_late'
    })
  })

  it('may stay with her after all, or be refused with words; late ones stand out on the desk', async () => {
    const orderId = await arrived()
    await after.moved(orderId, 'received')
    const back = [{ specId: dried.specId, qty: 2 }]
    const first = (await ask(orderId, back)).json.aftersale.returns[0]!
    expect((await send(first.id, '', await m.signIn('孙燕'))).json.code).toBe('no_such_return')
    expect((await send(first.id, ' ')).json.aftersale.returns).toMatchObject([{ state: 'dropped' }])
    m.clock.pass(1)
    const second = (await ask(orderId, back)).json.aftersale.returns[1]!
    await send(second.id, '中通 123')
    expect((await send(second.id, '')).json.code).toBe('return_closed')
    const open = () => operator.call(deskReturns, { query: { list: 'open' } })
    expect((await open()).json.items).toMatchObject([
      { goodsReturn: { id: second.id, overdue: false }, buyer: '李**', shopName: '秀兰海鲜' }
    ])
    m.clock.pass(BACK_WITHIN_MS + 1)
    operator = await m.signIn('小吴', 'operator')
    expect((await open()).json.items).toMatchObject([{ goodsReturn: { overdue: true } }])
    expect((await operator.call(aftersaleWaits)).json).toMatchObject({ returns: 1, returnsLate: 1 })
    expect((await settle(operator, second.id, false)).json.code).toBe('bad_input')
    await settle(operator, second.id, false, '包装拆了，吃了一半')
    expect(await state(orderId)).toMatchObject({
      refundedFen: 0,
      returns: [{ state: 'dropped' }, { state: 'refused', words: '包装拆了，吃了一半' }]
    })
    expect((await m.buyer.call(myNotices)).json.items[0]).toMatchObject({ kind: 'return_refused' })
  })
})

describe.each(engines)('what answers a dispute on $name', (engine) => {
  let m: Market
  let after: ReturnType<typeof afterwards>
  beforeEach(async () => {
    m = await market(engine)
    after = afterwards(m)
  })
  afterEach(() => m.close())

  it('says who sold it, what was agreed and all that happened, to whom it concerns and nobody else', async () => {
    const { id: orderId } = await after.paid()
    await after.moved(orderId, 'packed', 'shipped', 'received')
    const { compensation } = (await after.report(orderId, { words: '一袋都开口了' })).json
    // A second order of hers, of which the union must decide.
    const dear = await m.goods(m.host, { title: '梭子蟹', stock: 5, priceFen: 16800 })
    const lines = [{ specId: dear.specId, qty: 1, agreed: true }]
    const { id: decided } = await after.paid({ lines, payFen: 16800 })
    await after.moved(decided, 'packed', 'shipped')
    await after.report(decided, { specId: dear.specId, words: '不动了' })
    const hosts = await m.host.call(orderFile, { params: { orderId: decided } })
    expect(hosts.json.cases).toMatchObject([{ by: { name: '李**' }, lines: [{ words: '不动了' }] }])
    expect(hosts.text).not.toContain('李梅')
    const file = (who: SignedIn) => who.call(orderFile, { params: { orderId } })
    const [officer, operator] = [await m.signIn('王主任', 'officer'), await m.signIn('小周', 'operator')]
    const hers = await file(m.buyer)
    expect(hers.json).toMatchObject({
      orderId,
      buyer: '李**',
      seller: { shopName: '秀兰海鲜', hostName: '王秀兰', village: '红岛' },
      lines: [
        {
          title: '红岛蛤蜊',
          priceFen: CLAM_FEN,
          perishable: true,
          agreedAt: m.clock.now(),
          refundedFen: CLAM_FEN
        }
      ],
      payment: { gateway: 'sandbox', amountFen: CLAM_FEN },
      changes: [
        { state: 'pending', byName: '李**' },
        { state: 'paid' },
        { state: 'packed', byName: '王秀兰' },
        { state: 'shipped' },
        { state: 'received' },
        { state: 'refunded' }
      ],
      aftersale: { compensations: [{ id: compensation.id, code: compensation.code, words: '一袋都开口了' }] }
    })
    expect(hers.json.deliverTo).toContain('红岛街道 8 号')
    for (const who of [m.host, officer, operator]) {
      const { status, text } = await file(who)
      expect(status).toBe(200)
      expect(text).not.toContain('红岛街道 8 号')
      expect(text).not.toContain('李梅')
    }
    for (const who of [m.buyer, m.host, officer]) {
      const { text } = await file(who)
      for (const phone of [m.host.phone, m.buyer.phone, '13900000001']) expect(text).not.toContain(phone)
    }
    expect((await file(await m.signIn('孙燕'))).json.code).toBe('no_such_order')
    expect((await file(await m.signIn('别家', 'host'))).json.code).toBe('no_such_order')
  })
})
