import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  basketCount,
  changeInBasket,
  getBasket,
  MAX_ITEMS,
  putInBasket,
  seenInBasket,
  takeFromBasket
} from '../../shared/contracts/baskets.ts'
import { addProduct, changeProduct, getProduct, setStock } from '../../shared/contracts/catalogue.ts'
import { MAX_QTY } from '../../shared/contracts/orders.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import type { SignedIn } from '../testing/village.ts'

const NOWHERE = 'nobody-sells-this'

describe.each(engines)('a basket on $name', (engine) => {
  let m: Market
  beforeEach(async () => {
    m = await market(engine)
  })
  afterEach(() => m.close())

  const put = (specId = m.clams.specId, qty = 1, who = m.buyer) =>
    who.call(putInBasket, { params: { specId }, body: { qty } })
  const basket = async (who = m.buyer) => (await who.call(getBasket)).json.items

  async function edit(
    productId: string,
    more: { priceFen?: number; state?: 'off_sale' },
    host: SignedIn = m.host
  ) {
    const {
      id: _,
      shop: __,
      version,
      ...words
    } = (await host.call(getProduct, { params: { productId } })).json.product
    const { priceFen, ...rest } = more
    const specs = words.specs.map((spec) => ({ ...spec, ...(priceFen && { priceFen }) }))
    const body = { version, product: { ...words, ...rest, specs } }
    expect((await host.call(changeProduct, { params: { productId }, body })).status).toBe(200)
  }

  it('keeps what she means to buy of any shops, the newest first, and holds nothing', async () => {
    const sister = await m.signIn('赵大姐', 'host')
    await m.shopOf(sister, '大姐海货')
    const oysters = await m.goods(sister, { title: '海蛎子', stock: 3, priceFen: 2500 })
    expect((await put()).json).toEqual({ count: 1 })
    m.clock.pass(1)
    expect((await put(oysters.specId, 2)).json).toEqual({ count: 2 })
    expect(await basket()).toMatchObject([
      {
        title: '海蛎子',
        shopName: '大姐海货',
        hostName: '赵大姐',
        qty: 2,
        priceFen: 2500,
        seenFen: 2500,
        left: 3,
        state: 'ok'
      },
      { title: '红岛蛤蜊', shopName: '秀兰海鲜', hostName: '王秀兰', qty: 1, left: 10 }
    ])
    expect((await m.buyer.call(basketCount)).json).toEqual({ count: 2 })
    expect([await m.stock(), await m.stock(oysters)]).toEqual([10, 3])
    expect(await basket(m.host)).toEqual([])
  })

  it('adds to what is in it, changes it, and takes it out', async () => {
    await put(undefined, 2)
    expect((await put(undefined, 3)).json).toEqual({ count: 1 })
    expect(await basket()).toMatchObject([{ qty: 5 }])
    await put(undefined, MAX_QTY)
    expect(await basket()).toMatchObject([{ qty: MAX_QTY }])
    const params = { specId: m.clams.specId }
    const changed = await m.buyer.call(changeInBasket, { params, body: { qty: 4 } })
    expect(changed.json.items).toMatchObject([{ qty: 4 }])
    const out = await m.buyer.call(takeFromBasket, { body: { specIds: [m.clams.specId, NOWHERE] } })
    expect(out.json.items).toEqual([])
    const gone = await m.buyer.call(changeInBasket, { params, body: { qty: 4 } })
    expect(gone.json.code).toBe('no_such_spec')
    for (const qty of [0, -1, MAX_QTY + 1, 1.5])
      expect((await put(undefined, qty)).json.code).toBe('bad_input')
  })

  it('tells what changed since she saw it: price, less than she wants, nothing, off sale', async () => {
    await put(undefined, 4)
    await edit(m.clams.productId, { priceFen: 4500 })
    expect(await basket()).toMatchObject([{ priceFen: 4500, seenFen: CLAM_FEN, state: 'ok' }])
    const prices = [{ specId: m.clams.specId, fen: 4500 }]
    await m.buyer.call(seenInBasket, { body: { prices } })
    expect(await basket()).toMatchObject([{ priceFen: 4500, seenFen: 4500 }])
    const stock = (left: number) =>
      m.host.call(setStock, { params: { specId: m.clams.specId }, body: { stock: left } })
    await stock(3)
    expect(await basket()).toMatchObject([{ state: 'short', left: 3, qty: 4 }])
    await stock(0)
    expect(await basket()).toMatchObject([{ state: 'sold_out', left: 0 }])
    await edit(m.clams.productId, { state: 'off_sale' })
    expect(await basket()).toMatchObject([{ state: 'off_sale', title: '红岛蛤蜊' }])
    expect((await put()).json.code).toBe('product_off_sale')
  })

  it('still shows a spec that nobody sells any more, so that she can take it out', async () => {
    await put()
    const {
      id,
      shop: _,
      version,
      ...words
    } = (await m.host.call(getProduct, { params: { productId: m.clams.productId } })).json.product
    const specs = [{ name: '五斤装', unit: 'portion' as const, priceFen: 6000, stock: 3 }]
    await m.host.call(changeProduct, {
      params: { productId: id },
      body: { version, product: { ...words, specs } }
    })
    expect(await basket()).toMatchObject([{ specId: m.clams.specId, title: '', state: 'off_sale', left: 0 }])
    const out = await m.buyer.call(takeFromBasket, { body: { specIds: [m.clams.specId] } })
    expect(out.json.items).toEqual([])
    expect((await put()).json.code).toBe('no_such_spec')
  })

  it('has room for fifty things, however many servers put them in, and for more of what is in it', async () => {
    const specs: string[] = []
    for (let n = 0; n < 6; n++) {
      const each = Array.from({ length: 9 }, (_, at) => {
        return { name: `规格${at}`, unit: 'portion' as const, priceFen: 100, stock: 5 }
      })
      const draft = {
        title: `海货${n}`,
        about: '',
        kind: 'goods' as const,
        origin: '',
        caughtOn: '',
        perishable: false
      }
      const body = { ...draft, photos: [], state: 'on_sale' as const, specs: each }
      const { product } = (await m.host.call(addProduct, { body })).json
      specs.push(...product.specs.map(({ id }) => id))
    }
    const second = await m.another()
    const me = { id: m.buyer.me.id, name: m.buyer.me.name, roles: m.buyer.me.roles }
    const got = await Promise.all(
      specs.map((specId, at) =>
        [m.village, second][at % 2]!.shop.baskets.put(me, specId, { qty: 1 }).then(
          () => 'in',
          (error: { code: string }) => error.code
        )
      )
    )
    expect(got.filter((each) => each === 'in')).toHaveLength(MAX_ITEMS)
    expect(got.filter((each) => each === 'basket_full')).toHaveLength(specs.length - MAX_ITEMS)
    const [first] = await basket()
    expect(await basket()).toHaveLength(MAX_ITEMS)
    expect((await put(first!.specId, 2)).json).toEqual({ count: MAX_ITEMS })
  })
})
