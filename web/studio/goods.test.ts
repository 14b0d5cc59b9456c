import { beforeEach, describe, expect, it } from 'vitest'
import type { Product } from '../../shared/contracts/catalogue.ts'
import { keptAs } from '../me/kept.ts'
import { session } from '../me/session.svelte.ts'
import { GoodsDraft } from './goods.svelte.ts'

const clams: Product = {
  id: 'clams',
  shop: { id: 'lan', name: '兰姐蛤蜊铺', village: '红岛', hostId: 'h', hostName: '兰姐' },
  title: '红岛蛤蜊',
  about: '吐好沙',
  kind: 'goods',
  goodsClass: 'fresh',
  origin: '红岛',
  caughtOn: '2026-07-03',
  perishable: true,
  tempClass: 'chilled',
  freightId: '',
  maxHours: 0,
  maxCelsius: 0,
  validDays: 0,
  photos: ['/media/clams.webp'],
  specs: [{ id: 'clams-3', name: '三斤装', unit: 'portion', priceFen: 3990, stock: 40, grams: 0 }],
  state: 'on_sale',
  version: 4
}

describe('what a host writes about her goods', () => {
  beforeEach(() => localStorage.clear())

  it('starts with today’s catch from her own village', () => {
    const draft = new GoodsDraft('2026-07-03', '红岛')
    expect(draft.typed).toMatchObject({ caughtOn: '2026-07-03', origin: '红岛', perishable: true })
    expect([...draft.wrong]).toEqual(['title', 'price-0', 'stock-0'])
  })

  it('turns typed yuan into fen', () => {
    const draft = new GoodsDraft('2026-07-03', '红岛')
    draft.typed.title = ' 鲜蛏子 '
    draft.typed.specs[0]!.price = '19.9'
    draft.typed.specs[0]!.stock = '30'
    expect(draft.wrong.size).toBe(0)
    expect(draft.product('on_sale')).toMatchObject({
      title: '鲜蛏子',
      specs: [{ name: '鲜蛏子', unit: 'jin', priceFen: 1990, stock: 30 }]
    })
  })

  it.each([
    ['19.999', '3', 'price-0'],
    ['十块', '3', 'price-0'],
    ['0', '3', 'price-0'],
    ['-5', '3', 'price-0'],
    ['5', '-3', 'stock-0'],
    ['5', '1.5', 'stock-0'],
    ['5', '1000001', 'stock-0']
  ])('does not send a price of %s with a stock of %s', (price, stock, wrong) => {
    const draft = new GoodsDraft('2026-07-03', '红岛', clams)
    draft.typed.specs[0]!.price = price
    draft.typed.specs[0]!.stock = stock
    expect([...draft.wrong]).toEqual([wrong])
  })

  it('tells what stock it showed, so that what is sold while she types stays sold', () => {
    const draft = new GoodsDraft('2026-07-03', '红岛', clams)
    draft.typed.specs[0]!.stock = '50'
    draft.addSpec()
    expect(draft.product('on_sale').specs).toMatchObject([{ stock: 50, seenStock: 40 }, {}])
    expect(draft.product('on_sale').specs[1]).not.toHaveProperty('seenStock')
  })

  it('survives a lost network and a closed page, each of her goods by itself', () => {
    const first = new GoodsDraft('2026-07-03', '红岛', clams)
    first.typed.title = '红岛大蛤蜊'
    first.keep()
    expect(new GoodsDraft('2026-07-04', '红岛', clams)).toMatchObject({
      recovered: true,
      typed: { title: '红岛大蛤蜊', version: 4 }
    })
    expect(new GoodsDraft('2026-07-04', '红岛').recovered).toBe(false)
  })

  it('is not shown to the next woman who holds the phone, and waits for her', () => {
    const holds = (id: string) => (session.me = { id, name: id, phone: '', roles: ['host'] })
    holds('lan')
    const first = new GoodsDraft('2026-07-03', '红岛')
    first.typed.title = '兰的蛎子'
    first.keep()
    holds('mei')
    expect(new GoodsDraft('2026-07-03', '红岛').recovered).toBe(false)
    holds('lan')
    expect(new GoodsDraft('2026-07-03', '红岛').typed.title).toBe('兰的蛎子')
    session.me = undefined
  })

  it('is forgotten once the server has it', () => {
    const draft = new GoodsDraft('2026-07-03', '红岛', clams)
    draft.typed.title = '别的'
    draft.keep()
    draft.forget()
    expect(new GoodsDraft('2026-07-03', '红岛', clams).typed.title).toBe('红岛蛤蜊')
  })

  it('opens although what is kept on the phone is broken', () => {
    localStorage.setItem(keptAs('goods-draft:new'), '{oops')
    expect(new GoodsDraft('2026-07-03', '红岛').recovered).toBe(false)
  })

  it('sells a voucher without a catch date and without the fresh-goods rule', () => {
    const draft = new GoodsDraft('2026-07-03', '红岛', clams)
    draft.typed.kind = 'voucher'
    expect(draft.product('on_sale')).toMatchObject({ caughtOn: '', perishable: false })
  })

  it('makes a voucher of a dish what vouchers may be, and fresh goods of what is one no more', () => {
    const draft = new GoodsDraft('2026-07-03', '红岛')
    expect(draft.typed.goodsClass).toBe('fresh')
    draft.typed.goodsClass = 'processed'
    draft.setKind('voucher')
    expect(draft.typed.goodsClass).toBe('dining')
    draft.typed.goodsClass = 'tourism'
    draft.setKind('voucher')
    expect(draft.typed.goodsClass, 'the same kind again changes nothing').toBe('tourism')
    draft.setKind('goods')
    expect(draft.typed.goodsClass).toBe('fresh')
  })

  it('says how it travels: how cold, by which prices, how far and into which heat', () => {
    const draft = new GoodsDraft('2026-07-03', '红岛', { ...clams, freightId: 'cold', maxHours: 36 })
    Object.assign(draft.typed, { tempClass: 'frozen', maxCelsius: 30 })
    expect(draft.product('on_sale')).toMatchObject({
      tempClass: 'frozen',
      freightId: 'cold',
      maxHours: 36,
      maxCelsius: 30,
      validDays: 0
    })
  })

  it('sends nothing of the road with a voucher, but for how long it is good', () => {
    const draft = new GoodsDraft('2026-07-03', '红岛', { ...clams, freightId: 'cold', maxHours: 36 })
    draft.setKind('voucher')
    expect(draft.typed.validDays).toBe(90)
    draft.typed.validDays = 180
    expect(draft.product('on_sale')).toMatchObject({
      freightId: '',
      maxHours: 0,
      maxCelsius: 0,
      validDays: 180,
      specs: [{ grams: 0 }]
    })
  })

  it.each([
    ['portion', '3', 1500],
    ['piece', '3两', 150],
    ['portion', '', 0],
    ['jin', '', 500],
    ['jin', '7', 500]
  ] as const)('one %s of %s斤 weighs %i g', (unit, weight, grams) => {
    const draft = new GoodsDraft('2026-07-03', '红岛', clams)
    Object.assign(draft.typed.specs[0]!, { unit, weight })
    expect(draft.wrong.size).toBe(0)
    expect(draft.product('on_sale').specs[0]).toMatchObject({ grams })
  })

  it.each(['三斤', '0', '201'])('does not send a piece of %s斤', (weight) => {
    const draft = new GoodsDraft('2026-07-03', '红岛', clams)
    draft.typed.specs[0]!.weight = weight
    expect([...draft.wrong]).toEqual(['weight-0'])
    draft.setKind('voucher')
    expect([...draft.wrong]).toEqual([])
  })

  it('sends the class of goods, because the law asks for other papers with each', () => {
    const draft = new GoodsDraft('2026-07-03', '红岛', { ...clams, goodsClass: 'packed' })
    expect(draft.product('on_sale').goodsClass).toBe('packed')
  })
})
