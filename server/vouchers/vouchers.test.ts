import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cancelPaid, moneyAlerts, orderAftersale, payBack } from '../../shared/contracts/aftersale.ts'
import { getProduct } from '../../shared/contracts/catalogue.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import { shopOrders } from '../../shared/contracts/orders.ts'
import {
  BUNDLE_PAGE,
  gateBundle,
  gateLog,
  gateShops,
  myVouchers,
  redeemVoucher,
  undoRedemption
} from '../../shared/contracts/vouchers.ts'
import { DAY_MS, endOfDay } from '../../shared/day.ts'
import { UNDO_MS } from '../../shared/voucher.ts'
import { afterwards } from '../aftersale/testing.ts'
import { engines } from '../testing/engines.ts'
import { market, type Market } from '../testing/market.ts'
import type { SignedIn } from '../testing/village.ts'
import { actId, guests, MEAL_FEN } from './testing.ts'
import { EXPIRY_GRACE_MS } from './voucher.ts'

const MINUTES = 120_000
const MINUTE_MS = 60_000

describe.each(engines)('vouchers on $name', { timeout: MINUTES }, (engine) => {
  let m: Market
  let at: Awaited<ReturnType<typeof guests>>
  let after: ReturnType<typeof afterwards>
  let officer: SignedIn
  beforeAll(async () => {
    m = await market(engine)
    at = await guests(m)
    after = afterwards(m)
    officer = await m.signIn('王主任', 'officer')
  })
  afterAll(() => m.close())
  // Whatever a sentence did, the books are right after it.
  afterEach(async () => {
    await m.village.jobs.runDue()
    const [trouble] = await at.troubles()
    if (trouble) throw new Error(`the books differ: ${JSON.stringify(trouble)}`)
  })

  const told = async (kind: string) =>
    (await m.buyer.call(myNotices)).json.items.filter((notice) => notice.kind === kind)
  const conflicts = async () =>
    (await officer.call(moneyAlerts, { query: { list: 'open' } })).json.items.filter(
      ({ action }) => action === 'voucher_conflict'
    )
  const bundle = async (query = {}, who = m.host) => (await who.call(gateBundle, { query })).json
  const stateOf = async (orderId: string, n = 1) => (await at.vouchersOf(orderId))[n - 1]!.state
  const paidBack = (orderId: string, lines: { specId: string; qty: number; fen?: number }[]) =>
    officer.call(payBack, {
      params: { orderId },
      body: { key: actId(), cause: 'asked', lines, freightFen: 0, words: '退给您' }
    })

  describe('that are paid for', () => {
    it('are one for each piece, with six digits and a code, until the end of a day', async () => {
      const { orderId, vouchers } = await at.bought(3, { clams: 1 })
      expect(vouchers.map(({ n, of }) => [n, of])).toEqual([
        [1, 3],
        [2, 3],
        [3, 3]
      ])
      expect(new Set(vouchers.map(({ code }) => code)).size).toBe(3)
      for (const voucher of vouchers) {
        expect(voucher).toMatchObject({
          orderId,
          title: '渔家宴',
          state: 'open',
          test: true,
          canRefund: true,
          backFen: MEAL_FEN,
          expiresAt: endOfDay(m.clock.now(), 30),
          code: expect.stringMatching(/^\d{6}$/),
          qr: expect.stringMatching(/^yj1\./)
        })
      }
    })

    it('of which nobody said how long are good for ninety days, and their product says so', async () => {
      const tide = {
        title: '赶海半日',
        stock: 1,
        priceFen: MEAL_FEN,
        kind: 'voucher',
        perishable: false
      } as const
      const { specId, productId } = await m.goods(m.host, tide)
      const { product } = (await m.host.call(getProduct, { params: { productId } })).json
      expect(product.validDays).toBe(90)
      const { vouchers } = await at.bought(1, { specId })
      expect(vouchers[0]!.expiresAt).toBe(endOfDay(m.clock.now(), 90))
    })

    it('are none before the money is there, and no more when it is told again', async () => {
      const { id } = await m.order({ lines: [{ specId: at.meal.specId, qty: 1 }], payFen: MEAL_FEN })
      expect(await at.vouchersOf(id)).toEqual([])
      await at.pay(id)
      await at.pay(id)
      expect(await at.vouchersOf(id)).toHaveLength(1)
    })

    it('are hers alone, the next to end first, and by themselves when they are used', async () => {
      const { vouchers } = await at.bought(2)
      const stranger = await m.signIn('周晓')
      expect((await stranger.call(myVouchers, { query: { list: 'open' } })).json.items).toEqual([])
      expect((await at.giveBack(vouchers[0]!.id, stranger)).json.code).toBe('no_such_voucher')
      await at.redeem(vouchers[1]!.code)
      const ids = async (list: 'open' | 'past') =>
        (await m.buyer.call(myVouchers, { query: { list } })).json.items.map(({ id }) => id)
      expect(await ids('open')).toContain(vouchers[0]!.id)
      expect(await ids('open')).not.toContain(vouchers[1]!.id)
      expect((await ids('past'))[0]).toBe(vouchers[1]!.id)
    })
  })

  describe('at a gate', () => {
    it('are redeemed by code, digits or id, once, and who comes second hears who was first', async () => {
      const { orderId, vouchers } = await at.bought(3)
      const [one, two, three] = vouchers
      const texts = [one!.qr, ` ${two!.code.slice(0, 3)} ${two!.code.slice(3)}`, three!.id]
      for (const text of texts) {
        expect(await at.redeem(text)).toMatchObject({ outcome: 'redeemed', voucher: { title: '渔家宴' } })
      }
      const before = m.clock.now()
      m.clock.pass(MINUTE_MS)
      const again = { gateId: 'gate-of-the-inn', gateName: '餐厅' }
      expect(await at.redeem(one!.code, again)).toMatchObject({
        outcome: 'conflict',
        reason: 'redeemed',
        first: { at: before, byName: '王秀兰', gateName: '码头', sameGate: false },
        undoUntil: 0
      })
      expect((await at.vouchersOf(orderId)).map(({ state, qr }) => [state, qr])).toEqual(
        Array(3).fill(['redeemed', ''])
      )
      expect((await told('voucher_redeemed')).slice(0, 3)).toHaveLength(3)
      expect(await conflicts()).toEqual([])
    })

    it('are one act however often a phone says it', async () => {
      const { vouchers } = await at.bought()
      const id = actId()
      const first = await at.redeem(vouchers[0]!.code, { id })
      m.clock.pass(MINUTE_MS)
      expect(await at.redeem(vouchers[0]!.code, { id })).toEqual(first)
    })

    it('of another shop, of no shop, or written by somebody else are refused with the reason', async () => {
      const { vouchers } = await at.bought()
      const { qr, id, code } = vouchers[0]!
      const sister = await m.signIn('李秀英', 'host')
      await m.shopOf(sister, `秀英小院 ${engine.name}`)
      const reason = async (text: string, who = m.host) => (await at.redeem(text, {}, who)).reason
      expect(await reason(qr, sister)).toBe('other_shop')
      expect(await reason(id, sister)).toBe('other_shop')
      expect(await reason(code, sister)).toBe('unknown')
      expect(await reason(qr.slice(0, -4) + 'AAAA')).toBe('forged')
      expect(await reason('hello')).toBe('unknown')
      expect(await at.redeem(qr)).toMatchObject({ outcome: 'redeemed' })
    })

    it('are for the shop itself and the union, and for no other shop’s host', async () => {
      const { vouchers } = await at.bought()
      const { shopId } = at.meal
      const other = await m.signIn('孙大姐', 'host')
      expect((await other.call(gateBundle, { query: { shopId } })).json.code).toBe('no_such_shop')
      expect((await other.call(gateShops)).json.items).toEqual([])
      const body = { ...at.gate, id: actId(), text: vouchers[0]!.code, at: m.clock.now() }
      expect((await officer.call(redeemVoucher, { body })).json.code).toBe('no_such_shop')
      expect((await officer.call(gateShops)).json.items).toMatchObject([{ id: shopId, name: '秀兰海鲜' }])
      expect(await at.redeem(body.text, { shopId }, officer)).toMatchObject({ byName: '王主任', reason: '' })
    })

    it('can be taken back for five minutes, with a reason that her buyer reads; then they are good again', async () => {
      const { orderId, vouchers } = await at.bought()
      const { id } = await at.redeem(vouchers[0]!.code)
      m.clock.pass(UNDO_MS - 1)
      expect((await at.undo(id)).json.tried).toMatchObject({ outcome: 'undone', words: '撤销了：按错了' })
      expect((await at.undo(id)).json.tried).toMatchObject({ outcome: 'undone' })
      expect((await told('voucher_undone'))[0]).toMatchObject({ about: { words: '按错了' } })
      expect(await stateOf(orderId)).toBe('open')

      const second = await at.redeem(vouchers[0]!.code)
      expect(second.outcome).toBe('redeemed')
      m.clock.pass(UNDO_MS)
      expect((await at.undo(second.id)).json.code).toBe('undo_too_late')
      const used = await at.redeem(vouchers[0]!.code)
      expect((await at.undo(used.id)).json.code).toBe('nothing_to_undo')
      expect((await at.undo('no-such-act')).json.code).toBe('no_such_redemption')
    })

    it('are not taken back by whoever of the union has eaten with hers', async () => {
      const operator = await m.signIn('小吴', 'operator')
      const { vouchers } = await at.bought(1, { who: operator })
      const { id } = await at.redeem(vouchers[0]!.code)
      const { shopId } = at.meal
      const body = { shopId, words: '按错了' }
      const undone = await operator.call(undoRedemption, { params: { redemptionId: id }, body })
      expect(undone.json.code).toBe('case_own')
      expect((await at.undo(id)).json.tried).toMatchObject({ outcome: 'undone' })
    })

    it('are listed with what was tried, newest first, page by page', async () => {
      const { vouchers } = await at.bought()
      const { code } = vouchers[0]!
      for (let i = 0; i < 3; i++) {
        m.clock.pass(1)
        await at.redeem(code)
      }
      const { items } = (await m.host.call(gateLog, { query: {} })).json
      expect(items.slice(0, 3).map(({ outcome }) => outcome)).toEqual(['conflict', 'conflict', 'redeemed'])
      const rest = (await m.host.call(gateLog, { query: { after: items[1]!.id } })).json.items
      expect(rest[0]).toEqual(items[2])
    })
  })

  describe('at a gate without network', () => {
    it('come along with it: open ones only, page by page, with the key that signs', async () => {
      const many = BUNDLE_PAGE + 1
      const { vouchers } = await at.bought(2)
      await at.redeem(vouchers[0]!.code)
      for (let n = 0; n < many; n += 99) await at.bought(99)
      const first = await bundle()
      expect(first).toMatchObject({ more: true, now: m.clock.now(), key: { kty: 'EC', crv: 'P-256' } })
      expect(first.items).toHaveLength(BUNDLE_PAGE)
      const second = await bundle({ after: first.items.at(-1)!.id })
      const ids = [...first.items, ...second.items].map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids).toContain(vouchers[1]!.id)
      expect(ids).not.toContain(vouchers[0]!.id)
      expect(JSON.stringify(first)).not.toContain(m.buyer.me.id)
    })

    it('tell it how many guests came today, without those who were taken back', async () => {
      const before = (await bundle()).today
      const { vouchers } = await at.bought(2)
      await at.redeem(vouchers[0]!.code)
      const { id } = await at.redeem(vouchers[1]!.code)
      expect((await bundle()).today).toBe(before + 2)
      await at.undo(id)
      expect((await bundle()).today).toBe(before + 1)
      m.clock.pass(DAY_MS)
      expect((await bundle()).today).toBe(0)
    })

    it('are counted when it hands them in, each for itself, and the union hears of what was taken twice', async () => {
      const { orderId, vouchers } = await at.bought(3)
      const [good, used, back] = vouchers
      const happened = m.clock.now()
      m.clock.pass(MINUTE_MS)
      await at.redeem(used!.code)
      await at.giveBack(back!.id)
      m.clock.pass(60 * MINUTE_MS)
      const items = [
        { id: actId(), text: back!.qr, at: happened + 2 },
        { id: actId(), text: used!.code, at: happened + 1 },
        { id: actId(), text: good!.qr, at: happened },
        { id: actId(), text: '000', at: happened }
      ]
      const got = await at.sync(items)
      expect(got).toMatchObject([
        { outcome: 'conflict', reason: 'refunded' },
        { outcome: 'conflict', reason: 'redeemed', first: { gateName: '码头' } },
        { outcome: 'redeemed', at: happened, heardAt: m.clock.now(), offline: true },
        { outcome: 'refused', reason: 'unknown' }
      ])
      const alerts = await conflicts()
      expect(alerts.map(({ subject }) => subject).toSorted()).toEqual([used!.id, back!.id].toSorted())
      expect(alerts.find(({ subject }) => subject === used!.id)!.details).toContainEqual({
        name: 'firstGate',
        value: '码头'
      })
      // Handed in again, by a phone that did not hear the answer: nothing more happens.
      expect(await at.sync(items)).toEqual(got)
      expect(await conflicts()).toHaveLength(2)
      expect((await at.vouchersOf(orderId)).map(({ state }) => state)).toEqual([
        'redeemed',
        'redeemed',
        'refunded'
      ])
      const log = (await m.host.call(gateLog, { query: { list: 'conflicts' } })).json.items
      expect(log.map(({ reason }) => reason).toSorted()).toEqual(['redeemed', 'refunded'])
    })

    it('that it took back in time stay open, and the log says why', async () => {
      const { orderId, vouchers } = await at.bought()
      const happened = m.clock.now()
      m.clock.pass(60 * MINUTE_MS)
      const undone = { at: happened + 1, words: '扫错人了' }
      const [tried] = await at.sync([{ text: vouchers[0]!.qr, at: happened, undone }])
      expect(tried).toMatchObject({ outcome: 'undone', words: '撤销了：扫错人了' })
      expect(await stateOf(orderId)).toBe('open')
    })

    it('that were her own are used, whatever she took back there by herself', async () => {
      const operator = await m.signIn('小陈', 'operator')
      const { orderId, vouchers } = await at.bought(1, { who: operator })
      const happened = m.clock.now()
      m.clock.pass(MINUTE_MS)
      const item = { text: vouchers[0]!.qr, at: happened, undone: { at: happened + 1, words: '扫错人了' } }
      const { shopId } = at.meal
      expect(await at.sync([item], { shopId }, operator)).toMatchObject([{ outcome: 'redeemed' }])
      expect((await at.vouchersOf(orderId, operator))[0]!.state).toBe('redeemed')
    })

    it('at an impossible time are asked about again with the clock put right', async () => {
      m.clock.pass(60 * MINUTE_MS)
      const { orderId, vouchers } = await at.bought()
      const now = m.clock.now()
      const id = actId()
      for (const time of [now - 30 * MINUTE_MS, now + 30 * MINUTE_MS]) {
        const [tried] = await at.sync([{ id, text: vouchers[0]!.qr, at: time }])
        expect(tried).toMatchObject({ outcome: 'refused', reason: 'clock' })
        expect(await stateOf(orderId)).toBe('open')
      }
      expect(await at.sync([{ id, text: vouchers[0]!.qr, at: now }])).toMatchObject([{ outcome: 'redeemed' }])
    })
  })

  describe('that are given back', () => {
    it('bring what she paid for them to the fen, also when a part of it was paid back before', async () => {
      const { orderId, vouchers } = await at.bought(3)
      await paidBack(orderId, [{ specId: at.meal.specId, qty: 0, fen: 1 }])
      const back: number[] = []
      for (const { id } of vouchers) {
        back.push((await at.vouchersOf(orderId)).find((each) => each.id === id)!.backFen)
        expect((await at.giveBack(id)).json.voucher).toMatchObject({ state: 'refunded', qr: '', backFen: 0 })
      }
      expect(back.toSorted((a, b) => a - b)).toEqual([999, 1000, 1000])
      expect(await at.orderOf(orderId)).toMatchObject({ state: 'refunded', refundedFen: 3 * MEAL_FEN })
    })

    it('are back once, however often she taps, and never when they were used', async () => {
      const { orderId, vouchers } = await at.bought(2)
      for (let i = 0; i < 3; i++) await at.giveBack(vouchers[0]!.id)
      expect(await at.orderOf(orderId)).toMatchObject({ refundedFen: MEAL_FEN })
      await at.redeem(vouchers[1]!.code)
      expect((await at.giveBack(vouchers[1]!.id)).json.code).toBe('voucher_used')
      expect(await at.redeem(vouchers[0]!.code)).toMatchObject({ outcome: 'refused', reason: 'refunded' })
    })

    it('are on sale again', async () => {
      const { vouchers } = await at.bought()
      const left = await m.stock(at.meal)
      await at.giveBack(vouchers[0]!.id)
      expect(await m.stock(at.meal)).toBe(left + 1)
    })

    it('are on sale again also when the goods of the same order have left, and those are not', async () => {
      const { orderId, vouchers } = await at.bought(2, { clams: 1 })
      const stocks = async () => [await m.stock(at.meal), await m.stock()]
      const [meals, clams] = (await stocks()) as [number, number]
      await after.moved(orderId, 'packed')
      await at.giveBack(vouchers[0]!.id)
      expect(await stocks()).toEqual([meals + 1, clams])
      await after.moved(orderId, 'shipped', 'received')
      await at.giveBack(vouchers[1]!.id)
      await paidBack(orderId, [{ specId: m.clams.specId, qty: 1 }])
      expect(await stocks()).toEqual([meals + 2, clams])
      expect(await at.orderOf(orderId)).toMatchObject({ state: 'refunded' })
    })

    it('are not on sale again where they were eaten, though the desk pays for the meal', async () => {
      const { orderId, vouchers } = await at.bought(3, { clams: 1 })
      await after.moved(orderId, 'packed', 'shipped')
      const left = await m.stock(at.meal)
      await at.redeem(vouchers[0]!.code)
      await paidBack(orderId, [{ specId: at.meal.specId, qty: 1 }])
      expect(await m.stock(at.meal)).toBe(left + 1)
      await paidBack(orderId, [{ specId: at.meal.specId, qty: 2 }])
      expect(await m.stock(at.meal)).toBe(left + 2)
    })

    it('by the desk are the last ones of their line, and all of them with all of the money', async () => {
      const { orderId } = await at.bought(3)
      await paidBack(orderId, [{ specId: at.meal.specId, qty: 1 }])
      expect((await at.vouchersOf(orderId)).map(({ state }) => state)).toEqual(['open', 'open', 'refunded'])
      await paidBack(orderId, [{ specId: at.meal.specId, qty: 0, fen: 2 * MEAL_FEN }])
      expect((await at.vouchersOf(orderId)).map(({ state }) => state)).toEqual(Array(3).fill('refunded'))
      expect(await at.orderOf(orderId)).toMatchObject({ state: 'refunded' })
    })

    it('after a meal that was taken back do not become good once more', async () => {
      const { orderId, vouchers } = await at.bought()
      const { id } = await at.redeem(vouchers[0]!.code)
      await paidBack(orderId, [{ specId: at.meal.specId, qty: 1 }])
      await at.undo(id)
      expect(await stateOf(orderId)).toBe('refunded')
      expect(await at.redeem(vouchers[0]!.code)).toMatchObject({ outcome: 'refused', reason: 'refunded' })
    })
  })

  describe('and their order', () => {
    it('is done when each was used or given back, once the last can’t be taken back', async () => {
      const { orderId, vouchers } = await at.bought(2)
      await at.redeem(vouchers[0]!.code)
      await m.village.jobs.runDue()
      m.clock.pass(UNDO_MS)
      await at.redeem(vouchers[1]!.code)
      await m.village.jobs.runDue()
      expect(await at.orderOf(orderId)).toMatchObject({ state: 'paid' })
      m.clock.pass(UNDO_MS)
      await m.village.jobs.runDue()
      expect(await at.orderOf(orderId)).toMatchObject({ state: 'done' })
    })

    it('is not done by a redemption that was taken back', async () => {
      const { orderId, vouchers } = await at.bought()
      const { id } = await at.redeem(vouchers[0]!.code)
      await at.undo(id)
      m.clock.pass(2 * UNDO_MS)
      await m.village.jobs.runDue()
      expect(await at.orderOf(orderId)).toMatchObject({ state: 'paid' })
    })

    it('with goods goes by its parcel, and waits at the end for its vouchers', async () => {
      const { orderId, vouchers } = await at.bought(1, { clams: 1 })
      await at.redeem(vouchers[0]!.code)
      m.clock.pass(UNDO_MS)
      await m.village.jobs.runDue()
      expect(await at.orderOf(orderId)).toMatchObject({ state: 'paid' })

      const { orderId: other, vouchers: open } = await at.bought(1, { clams: 1 })
      await after.moved(orderId, 'packed', 'shipped', 'received')
      await after.moved(other, 'packed', 'shipped', 'received')
      const due = (await at.orderOf(other)).movesAt
      const moveOn = async (to: number) => {
        m.clock.set(to)
        await m.village.shop.packing.deliveries.moveOn()
      }
      await moveOn(due)
      expect(await at.orderOf(orderId)).toMatchObject({ state: 'done' })
      expect(await at.orderOf(other)).toMatchObject({ state: 'received' })
      await at.redeem(open[0]!.code)
      await moveOn((await at.orderOf(other)).movesAt)
      expect(await at.orderOf(other)).toMatchObject({ state: 'done' })
    })

    it('whose goods went back is done with its vouchers, whichever comes first', async () => {
      const cancel = (orderId: string) => m.buyer.call(cancelPaid, { params: { orderId } })
      const { orderId, vouchers } = await at.bought(1, { clams: 1 })
      const shown = async () =>
        (await m.host.call(shopOrders, { query: {} })).json.items.find(({ id }) => id === orderId)!.deliverTo
      expect(await shown()).toMatchObject({ phone: '13900000001' })
      await cancel(orderId)
      expect(await stateOf(orderId)).toBe('open')
      // Nothing is sent there any more.
      expect(await shown()).toMatchObject({ phone: '', detail: '' })
      await at.redeem(vouchers[0]!.code)
      const { orderId: other, vouchers: used } = await at.bought(1, { clams: 1 })
      await at.redeem(used[0]!.code)
      await cancel(other)
      m.clock.pass(UNDO_MS)
      await m.village.jobs.runDue()
      expect(await at.orderOf(orderId)).toMatchObject({ state: 'done' })
      expect(await at.orderOf(other)).toMatchObject({ state: 'done' })
    })
  })
})

describe.each(engines)('vouchers that are over on $name', { timeout: MINUTES }, (engine) => {
  let m: Market
  let at: Awaited<ReturnType<typeof guests>>
  beforeEach(async () => {
    m = await market(engine)
    at = await guests(m, { validDays: 1 })
  })
  afterEach(() => m.close())

  it('bring their money back by themselves, once, and leave the used ones alone', async () => {
    const { orderId, vouchers } = await at.bought(3)
    const { expiresAt } = vouchers[0]!
    await at.redeem(vouchers[0]!.code)
    m.clock.set(expiresAt)
    expect(await at.redeem(vouchers[1]!.code)).toMatchObject({ outcome: 'redeemed' })
    m.clock.pass(1)
    expect(await at.redeem(vouchers[2]!.code)).toMatchObject({ outcome: 'refused', reason: 'expired' })
    expect((await m.host.call(gateBundle, { query: {} })).json.items).toEqual([])

    const sweep = () => m.village.shop.vouchers.sweep()
    m.clock.set(expiresAt + EXPIRY_GRACE_MS)
    await sweep()
    expect((await at.vouchersOf(orderId))[2]!.state).toBe('open')
    m.clock.pass(1)
    await Promise.all([sweep(), sweep()])
    await sweep()
    await m.village.jobs.runDue()
    expect((await at.vouchersOf(orderId)).map(({ state }) => state)).toEqual([
      'redeemed',
      'redeemed',
      'expired'
    ])
    expect(await at.orderOf(orderId)).toMatchObject({ state: 'done', refundedFen: MEAL_FEN })
    expect(await at.troubles()).toEqual([])

    // A gate that comes back from the mudflat only now: somebody ate, and has her money too.
    const [tried] = await at.sync([{ text: vouchers[2]!.code, at: expiresAt }])
    expect(tried).toMatchObject({ outcome: 'conflict', reason: 'expired' })
  })

  it('of one order come back as one refund: a gateway takes only some from one payment', async () => {
    const { orderId, vouchers } = await at.bought(4, { clams: 1 })
    await at.giveBack(vouchers[0]!.id)
    m.clock.set(vouchers[0]!.expiresAt + EXPIRY_GRACE_MS + 1)
    const { sweep } = m.village.shop.vouchers
    await Promise.all([sweep(), sweep()])
    const { refunds } = (await m.buyer.call(orderAftersale, { params: { orderId } })).json.aftersale
    expect(refunds.map(({ goodsFen, lines }) => [goodsFen, lines[0]!.qty])).toEqual([
      [MEAL_FEN, 1],
      [3 * MEAL_FEN, 3]
    ])
    const { items } = (await m.buyer.call(myNotices)).json
    expect(items.filter(({ kind }) => kind === 'voucher_expired')).toHaveLength(1)
    expect(await at.troubles()).toEqual([])
  })

  it('are counted when a gate says within half a day whom it let in', async () => {
    const { orderId, vouchers } = await at.bought()
    const { expiresAt, qr } = vouchers[0]!
    m.clock.set(expiresAt + EXPIRY_GRACE_MS)
    await m.village.shop.vouchers.sweep()
    expect(await at.sync([{ text: qr, at: expiresAt }])).toMatchObject([{ outcome: 'redeemed' }])
    m.clock.pass(1)
    await m.village.shop.vouchers.sweep()
    expect((await at.vouchersOf(orderId))[0]!.state).toBe('redeemed')
  })
})
