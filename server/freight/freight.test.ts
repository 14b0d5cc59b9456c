import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addProduct, changeProduct, getProduct, type ProductDraft } from '../../shared/contracts/catalogue.ts'
import * as contracts from '../../shared/contracts/freight.ts'
import { MAX_NOTICES, MAX_TEMPLATES, NOTICE_DAYS, type FreightDraft } from '../../shared/contracts/freight.ts'
import { DAY_MS, dayOf } from '../../shared/day.ts'
import { PROVINCES, type Province } from '../../shared/provinces.ts'
import { MORNING, settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { market, type Market } from '../testing/market.ts'
import type { SignedIn } from '../testing/village.ts'
import beginnings from './hours.json' with { type: 'json' }

const HOUR_MS = 3_600_000

const cold: FreightDraft = {
  name: '冷链',
  zones: [
    { provinces: ['山东'], firstGrams: 1500, firstFen: 800, moreGrams: 500, moreFen: 100, freeFromFen: 9900 },
    { provinces: [], firstGrams: 1500, firstFen: 1800, moreGrams: 500, moreFen: 300, freeFromFen: 0 }
  ],
  refused: ['新疆', '西藏'],
  chilledFen: 300,
  frozenFen: 500,
  cutoffMinute: 16 * 60
}

describe.each(engines)('freight on $name', (engine) => {
  let here: Market
  let host: SignedIn
  let other: SignedIn
  let operator: SignedIn
  let officer: SignedIn
  let coldId: string
  let shopId: string
  const clock = settableClock()

  beforeAll(async () => {
    here = await market(engine, {}, clock)
    host = here.host
    other = await here.signIn('李姐', 'host')
    await here.shopOf(other, '李家海蛎')
    operator = await here.signIn('阿明', 'operator')
    officer = await here.signIn('周干事', 'officer')
    shopId = here.clams.shopId
    coldId = (await add(host)).json.template.id
  })
  afterAll(() => here.close())
  /** Every test has a season of its own, so that no weather of another one reaches into it. */
  let morning = MORNING
  beforeEach(() => clock.set((morning += 40 * DAY_MS)))

  const add = (who: SignedIn, changes: Partial<FreightDraft> = {}) =>
    who.call(contracts.addFreight, { body: { ...cold, ...changes } })
  const mine = async (who: SignedIn) => (await who.call(contracts.myFreight)).json.items

  const goods = (
    changes: Partial<ProductDraft> & { grams?: number; stock?: number; priceFen?: number } = {}
  ) => {
    const { grams, ...words } = changes
    return addGoods({ title: '蛤蜊', stock: 99, freightId: coldId, ...words }, grams)
  }

  /** The market’s goods, with a weight. */
  async function addGoods(words: { title: string; stock: number } & Partial<ProductDraft>, grams = 1500) {
    const made = await here.goods(host, words)
    const params = { productId: made.productId }
    const { product } = (await host.call(getProduct, { params })).json
    const { shop: _, id: __, version, ...draft } = product
    const specs = draft.specs.map((spec) => ({ ...spec, grams }))
    const { status, text } = await host.call(changeProduct, {
      params,
      body: { version, product: { ...draft, specs } }
    })
    expect(status, text).toBe(200)
    return { ...made, grams, tempClass: product.tempClass, fen: product.specs[0]!.priceFen }
  }

  type Line = Awaited<ReturnType<typeof goods>>
  const fee = (region: string, lines: (Line & { qty?: number })[]) =>
    here.village.shop.freight.feeIn(here.village.store.read, {
      shopId,
      region,
      lines: lines.map(({ qty = 1, fen, ...line }) => ({ ...line, qty, fen: fen * qty }))
    })
  const say = (
    kind: 'heat' | 'storm',
    provinces: Province[],
    {
      celsius = 0,
      fromMs = 0,
      untilMs = DAY_MS
    }: { celsius?: number; fromMs?: number; untilMs?: number } = {},
    who = operator
  ) =>
    who.call(contracts.sayWeather, {
      body: {
        kind,
        provinces,
        celsius,
        words: '',
        fromAt: clock.now() + fromMs,
        untilAt: clock.now() + untilMs
      }
    })
  const lift = (noticeId: string, who = operator) => who.call(contracts.liftWeather, { params: { noticeId } })

  describe('what an order pays', () => {
    it('the zone of the address, by weight, with ice', async () => {
      const clams = await goods()
      expect(await fee('山东省青岛市城阳区', [clams])).toMatchObject({
        province: '山东',
        freightFen: 1100,
        tempClass: 'chilled',
        hours: beginnings.hours.山东,
        cutoffMinute: 960,
        refused: [],
        parts: [{ freightId: coldId, name: '冷链', grams: 1500, fen: 1100, free: false }]
      })
      expect((await fee('青岛市城阳区', [clams])).freightFen).toBe(1100)
      expect((await fee('广东省深圳市', [{ ...clams, qty: 2 }])).freightFen).toBe(1800 + 3 * 300 + 300)
    })

    it('nothing from the sum on that the zone names, counted over all lines of that template', async () => {
      const [clams, oysters] = [await goods(), await goods({ title: '海蛎' })]
      expect((await fee('山东', [{ ...clams, qty: 2 }])).freightFen).toBe(1400)
      expect((await fee('山东', [{ ...clams, qty: 2 }, oysters])).freightFen).toBe(0)
    })

    it('a box of its own for what is frozen, and nothing for what its shop sends free', async () => {
      const [clams, fish, dried] = [
        await goods(),
        await goods({ title: '鲅鱼', tempClass: 'frozen' }),
        await goods({ title: '海米', tempClass: 'ambient', freightId: '' })
      ]
      const { freightFen, parts, tempClass } = await fee('浙江', [clams, fish, dried])
      expect(parts.map((part) => [part.tempClass, part.fen])).toEqual([
        ['chilled', 2100],
        ['frozen', 2300]
      ])
      expect([freightFen, tempClass]).toEqual([4400, 'frozen'])
    })

    it('a voucher is not sent, costs nothing and needs no address', async () => {
      const dinner = await goods({ title: '海鲜锅', kind: 'voucher' })
      expect(await fee('', [dinner])).toMatchObject({ freightFen: 0, parts: [], tempClass: '', hours: 0 })
    })

    it('an address without a province is asked for it, unless it does not matter', async () => {
      await expect(fee('红岛街道', [await goods()])).rejects.toMatchObject({ code: 'region_unclear' })
      const free = await goods({ freightId: '' })
      expect(await fee('红岛街道', [free])).toMatchObject({ freightFen: 0, province: '' })
    })

    it('says in words how it travels, and by when to pay that it leaves today', async () => {
      const clams = await goods()
      const today = await fee('山东', [clams])
      expect(today.words).toBe('冷藏发货，16:00前付款，今天发，到山东路上约 24 小时（估计）')
      expect(today.leavesAt).toBe(morning + 8 * HOUR_MS)
      clock.set(morning + 8 * HOUR_MS)
      const late = await fee('山东', [clams])
      expect(late.words).toBe('冷藏发货，明天发，到山东路上约 24 小时（估计）')
      expect([late.leavesAt, late.arrivesAt]).toEqual([morning + 32 * HOUR_MS, morning + 56 * HOUR_MS])
    })

    it('what is sold ahead leaves when it is ashore', async () => {
      const { freight } = here.village.shop
      const line = { ...(await goods()), qty: 1 }
      const asked = { shopId, region: '山东', lines: [line], readyAt: morning + 3 * DAY_MS }
      const { leavesAt, words } = await freight.feeIn(here.village.store.read, asked)
      expect(leavesAt).toBe(morning + 3 * DAY_MS + 8 * HOUR_MS)
      const [, month, day] = dayOf(morning + 3 * DAY_MS).split('-')
      expect(words).toContain(`${Number(month)} 月 ${Number(day)} 日发`)
    })

    it('another shop’s template prices nothing here', async () => {
      const line = { ...(await goods()), qty: 1 }
      const asked = { shopId: 'another', region: '山东', lines: [line] }
      const { freightFen } = await here.village.shop.freight.feeIn(here.village.store.read, asked)
      expect(freightFen).toBe(0)
    })
  })

  describe('what is not sent', () => {
    it('to where its template does not go', async () => {
      const clams = await goods()
      await expect(fee('新疆乌鲁木齐', [clams])).rejects.toMatchObject({
        code: 'not_delivered',
        details: { productId: clams.productId, title: '蛤蜊', province: '新疆', reason: 'refused' }
      })
    })

    it('to where it would be on the road for too long', async () => {
      const hours = beginnings.hours.广东
      const [quick, enough] = [await goods({ maxHours: hours - 1 }), await goods({ maxHours: hours })]
      await expect(fee('广东', [quick])).rejects.toMatchObject({ details: { reason: 'too_far' } })
      expect((await fee('广东', [enough])).hours).toBe(hours)
    })

    it('into the heat, by the product’s own rule, while the notice holds', async () => {
      const live = await goods({ maxCelsius: 30 })
      const hardy = await goods()
      const { notice } = (await say('heat', ['广东'], { celsius: 35, fromMs: HOUR_MS })).json
      expect((await fee('广东', [live])).refused).toEqual([])
      clock.pass(HOUR_MS)
      await expect(fee('广东', [live])).rejects.toMatchObject({ details: { reason: 'heat' } })
      expect((await fee('广东', [hardy])).warnings).toEqual(['hot'])
      expect((await fee('山东', [live])).warnings).toEqual([])
      await lift(notice.id)
      expect((await fee('广东', [live])).warnings).toEqual([])
    })

    it('into a storm, whatever it is; afterwards it is again', async () => {
      const dried = await goods({ freightId: '', tempClass: 'ambient' })
      await say('storm', ['辽宁', '吉林'])
      await expect(fee('吉林长春', [dried])).rejects.toMatchObject({ details: { reason: 'storm' } })
      await expect(fee('说不清', [dried])).rejects.toMatchObject({ code: 'region_unclear' })
      clock.pass(DAY_MS)
      expect((await fee('吉林长春', [dried])).refused).toEqual([])
      expect((await fee('说不清', [dried])).province).toBe('')
    })

    it('and a page that looks hears of everything that is in the way, not only the first', async () => {
      const [clams, live] = [await goods(), await goods({ title: '活虾', maxHours: 1 })]
      const lines = [clams, live].map((line) => ({ ...line, qty: 1 }))
      const asked = { shopId, region: '西藏拉萨', lines }
      const { refused, freightFen } = await here.village.shop.freight.lookIn(here.village.store.read, asked)
      expect(refused.map(({ title, reason }) => [title, reason])).toEqual([
        ['蛤蜊', 'refused'],
        ['活虾', 'refused']
      ])
      expect(freightFen).toBe(0)
    })
  })

  describe('what is paid and not yet sent', () => {
    it('waits for the weather: in a storm whatever it is, in the heat what can’t bear it', async () => {
      const [hardy, live] = [await goods(), await goods({ title: '活虾', maxCelsius: 30, maxHours: 1 })]
      const order = (id: string, region: string, ...lines: Line[]) => {
        return { id, region, productIds: lines.map(({ productId }) => productId) }
      }
      const paid = [
        order('one', '吉林长春', hardy),
        order('two', '广东深圳', hardy, live),
        order('three', '广东深圳', hardy),
        order('four', '山东青岛', live),
        order('five', '说不清', live)
      ]
      const held = () => here.village.shop.freight.heldUpIn(here.village.store.read, paid)
      expect(await held()).toEqual(new Map())
      await say('storm', ['吉林'])
      await say('heat', ['广东'], { celsius: 31 })
      expect([...(await held())]).toEqual([
        ['one', { reason: 'storm', province: '吉林' }],
        ['two', { reason: 'heat', province: '广东' }]
      ])
      clock.pass(DAY_MS)
      expect(await held()).toEqual(new Map())
    })
  })

  describe('the page of a product', () => {
    it('knows every province: what it costs there, how long it takes, or why not', async () => {
      const { productId } = await goods({ maxHours: 100 })
      const { json } = await here.buyer.call(contracts.productDelivery, { params: { productId } })
      expect(json).toMatchObject({ tempClass: 'chilled', cutoffMinute: 960, nothing: false })
      const at = (province: string) => json.places.find((place) => place.province === province)!
      expect(json.places.map((place) => place.province)).toEqual(PROVINCES)
      expect(at('山东')).toEqual({
        province: '山东',
        freightFen: 1100,
        freeFromFen: 9900,
        hours: beginnings.hours.山东,
        warnings: []
      })
      expect(at('广西').warnings).toEqual(['far'])
      expect(at('西藏').reason).toBe('refused')
    })

    it('says nothing of a draft to others, and of a voucher that nothing is sent', async () => {
      const draft = await goods({ state: 'draft' })
      const look = (who: SignedIn, { productId }: Line) =>
        who.call(contracts.productDelivery, { params: { productId } })
      expect((await look(here.buyer, draft)).json.code).toBe('no_such_product')
      expect((await look(host, draft)).status).toBe(200)
      const voucher = await goods({ kind: 'voucher' })
      expect((await look(here.buyer, voucher)).json).toMatchObject({ nothing: true, places: [] })
    })
  })

  describe('a host’s templates', () => {
    it('are hers: another sees, changes, drops and uses none of them', async () => {
      expect(await mine(other)).toEqual([])
      const params = { freightId: coldId }
      const change = { version: 1, template: cold }
      expect((await other.call(contracts.changeFreight, { params, body: change })).json.code).toBe(
        'no_such_freight'
      )
      expect((await other.call(contracts.dropFreight, { params })).json.code).toBe('no_such_freight')
      const oysters: ProductDraft = {
        title: '海蛎',
        about: '',
        kind: 'goods',
        origin: '',
        caughtOn: '',
        perishable: true,
        photos: [],
        specs: [{ name: '三斤装', unit: 'portion', priceFen: 5000, stock: 1 }],
        state: 'on_sale'
      }
      const stolen = await other.call(addProduct, { body: { ...oysters, freightId: coldId } })
      expect(stolen.json.code).toBe('no_such_freight')
      expect((await other.call(addProduct, { body: oysters })).status).toBe(200)
      const newcomer = await here.signIn('新人', 'host')
      expect((await add(newcomer)).json.code).toBe('no_such_shop')
    })

    it('say how many goods go by them, and stay while any does', async () => {
      const { id, version } = (await add(host, { name: '常温' })).json.template
      const params = { freightId: id }
      const { productId } = await goods({ freightId: id })
      expect((await mine(host)).find((each) => each.id === id)).toMatchObject({ goods: 1, version: 1 })
      const kept = await host.call(contracts.dropFreight, { params })
      expect(kept.json).toMatchObject({ code: 'freight_in_use', details: { goods: 1 } })

      const { product } = (await host.call(getProduct, { params: { productId } })).json
      const { shop: _, id: __, version: at, ...draft } = product
      await host.call(changeProduct, {
        params: { productId },
        body: { version: at, product: { ...draft, freightId: '' } }
      })
      expect((await host.call(contracts.dropFreight, { params })).status).toBe(200)
      const body = { version, template: cold }
      const gone = await host.call(contracts.changeFreight, { params, body })
      expect(gone.json.code).toBe('no_such_freight')
    })

    it('one that goods are given just now is not thrown away from under them', async () => {
      for (let n = 0; n < 5; n++) {
        const freightId = (await add(host, { name: `抢${n}` })).json.template.id
        const { productId } = await goods()
        const { product } = (await host.call(getProduct, { params: { productId } })).json
        const { shop: _, id: __, version, ...draft } = product
        const body = { version, product: { ...draft, freightId } }
        const [given, dropped] = await Promise.all([
          host.call(changeProduct, { params: { productId }, body }),
          host.call(contracts.dropFreight, { params: { freightId } })
        ])
        const there = (await mine(host)).some((each) => each.id === freightId)
        const after = (await host.call(getProduct, { params: { productId } })).json.product.freightId
        expect([given.json.code, dropped.json.code, there, after]).toEqual(
          there
            ? [undefined, 'freight_in_use', true, freightId]
            : ['no_such_freight', undefined, false, coldId]
        )
        // Out of the way of the next ones: nothing goes by it, and then it is gone.
        const now = (await host.call(getProduct, { params: { productId } })).json.product.version
        const back = { version: now, product: { ...draft, freightId: '' } }
        await host.call(changeProduct, { params: { productId }, body: back })
        await host.call(contracts.dropFreight, { params: { freightId } })
      }
    })

    it('of two who change one at once, one is told to look again', async () => {
      const { id, version } = (await add(host, { name: '两头改' })).json.template
      const change = (name: string) =>
        host.call(contracts.changeFreight, {
          params: { freightId: id },
          body: { version, template: { ...cold, name } }
        })
      const codes = (await Promise.all([change('甲'), change('乙')])).map((answer) => answer.json.code)
      expect(new Set(codes)).toEqual(new Set([undefined, 'freight_changed']))
      await host.call(contracts.dropFreight, { params: { freightId: id } })
    })

    it('a province in two zones is a slip that is named', async () => {
      const [near, rest] = cold.zones
      const { json } = await add(host, { zones: [near!, { ...rest!, provinces: ['山东'] }] })
      expect(json).toMatchObject({
        code: 'bad_input',
        details: { what: 'named_twice', province: '山东' }
      })
      const unknown = await add(host, { refused: ['火星' as Province] })
      expect(unknown.json.code).toBe('bad_input')
    })

    it('twenty of them fill the shelf', async () => {
      const made: string[] = []
      for (let n = (await mine(host)).length; n < MAX_TEMPLATES; n++) {
        made.push((await add(host, { name: `第${n}个` })).json.template.id)
      }
      expect((await add(host)).json.code).toBe('freight_full')
      for (const freightId of made) await host.call(contracts.dropFreight, { params: { freightId } })
      expect((await mine(host)).length).toBeLessThan(MAX_TEMPLATES)
    })
  })

  describe('what is said of the weather', () => {
    it('comes from operators and officers, and everybody may read it', async () => {
      expect((await say('storm', ['海南'], {}, host)).json.code).toBe('role_missing')
      const { notice } = (await say('heat', ['海南', '海南'], { celsius: 34 }, officer)).json
      expect(notice).toMatchObject({ kind: 'heat', provinces: ['海南'], celsius: 34 })
      expect((await here.buyer.call(contracts.listWeather)).json.items).toEqual([notice])
      expect((await lift(notice.id, host)).json.code).toBe('role_missing')
      expect((await lift(notice.id)).status).toBe(200)
      expect((await lift(notice.id)).json.code).toBe('no_such_weather')
      expect((await here.buyer.call(contracts.listWeather)).json.items).toEqual([])
    })

    it.each([
      ['ends before it begins', { fromMs: DAY_MS, untilMs: HOUR_MS }],
      ['is over already', { fromMs: -DAY_MS, untilMs: 0 }],
      ['goes beyond what anybody knows', { untilMs: NOTICE_DAYS * DAY_MS + 1 }],
      ['calls a cool day hot', { celsius: 24 }]
    ])('is refused when it %s', async (_, when) => {
      expect((await say('heat', ['海南'], { celsius: 34, ...when })).json.code).toBe('bad_input')
    })

    it('stands in the audit, with who said and who lifted it', async () => {
      const { notice } = (await say('storm', ['台湾'])).json
      await lift(notice.id, officer)
      const { store } = here.village
      const lines = await store.read.select().from(store.schema.audit)
      expect(
        lines.filter((line) => line.subject === notice.id).map((line) => [line.action, line.actorId])
      ).toEqual([
        ['weather_said', operator.me.id],
        ['weather_lifted', officer.me.id]
      ])
    })

    it('has an end: fifty at a time', async () => {
      const ids: string[] = []
      for (let n = 0; n < MAX_NOTICES; n++) ids.push((await say('storm', ['澳门'])).json.notice.id)
      expect((await say('storm', ['澳门'])).json.code).toBe('weather_full')
      await lift(ids[0]!)
      expect((await say('storm', ['澳门'])).status).toBe(200)
      clock.pass(DAY_MS)
      expect((await here.buyer.call(contracts.listWeather)).json.items).toEqual([])
    })
  })

  describe('the hours on the road', () => {
    it('are estimates of ours that say so, until the union knows better', async () => {
      const { json } = await host.call(contracts.listRoads)
      expect(json.words).toContain('估')
      expect(json.items.map(({ province }) => province)).toEqual(PROVINCES)
      expect(json.items.every(({ hours, ours }) => hours === ours && hours > 0)).toBe(true)

      const body = { province: '河南', hours: 50 } as const
      expect((await host.call(contracts.setRoad, { body })).json.code).toBe('role_missing')
      const after = (await officer.call(contracts.setRoad, { body })).json.items
      expect(after.find(({ province }) => province === '河南')).toMatchObject({
        hours: 50,
        ours: beginnings.hours.河南,
        changedByName: '周干事'
      })
      const live = await goods({ maxHours: 49 })
      await expect(fee('河南', [live])).rejects.toMatchObject({ details: { reason: 'too_far' } })
      await operator.call(contracts.setRoad, { body: { ...body, hours: 49 } })
      expect((await fee('河南', [live])).hours).toBe(49)
    })
  })
})
