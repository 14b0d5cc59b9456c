import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as contracts from '../../shared/contracts/catalogue.ts'
import type { Product, ProductDraft } from '../../shared/contracts/catalogue.ts'
import type { Problem } from '../../shared/problems.ts'
import { PAGE_SIZE } from '../../shared/schemas.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'

const clams: ProductDraft = {
  title: '红岛蛤蜊',
  about: '早潮新挖，吐好了沙。',
  kind: 'goods',
  origin: '胶州湾',
  caughtOn: '2026-11-22',
  perishable: true,
  photos: [],
  specs: [
    { name: '五斤装', unit: 'portion', priceFen: 8900, stock: 5 },
    { name: '散称', unit: 'jin', priceFen: 1990, stock: 10 }
  ],
  state: 'on_sale'
}
const shopWords = { name: '王姐海货', village: '红岛村', story: '赶海三十年。', portrait: '' }

describe.each(engines)('the catalogue on $name', (engine) => {
  let here: TestVillage
  let wang: SignedIn
  let li: SignedIn
  let buyer: SignedIn
  let operator: SignedIn

  beforeAll(async () => {
    const clock = settableClock()
    here = await testVillage({ engine, clock })
    wang = await here.signIn('王姐', 'host')
    li = await here.signIn('李姐', 'host')
    buyer = await here.signIn('小陈')
    operator = await here.signIn('阿明', 'operator')
    await wang.call(contracts.openShop, { body: shopWords })
    clock.pass(1)
    await li.call(contracts.openShop, { body: { ...shopWords, name: '李家海蛎', village: '宿流村' } })
  })
  afterAll(() => here.close())

  const add = async (host: SignedIn, changes: Partial<ProductDraft> = {}): Promise<Product> => {
    const { status, json } = await host.call(contracts.addProduct, { body: { ...clams, ...changes } })
    expect(status, JSON.stringify(json)).toBe(200)
    return json.product
  }
  const found = async (q: string) => {
    const { json } = await here.guest.call(contracts.searchProducts, { query: { q } })
    return json.items.map((item) => item.title)
  }
  const seen = async (viewer: Pick<SignedIn, 'call'>, productId: string) =>
    (await viewer.call(contracts.getProduct, { params: { productId } })).status
  const stockOf = async (productId: string) =>
    (await here.village.products.productsByIds([productId])).get(productId)!.specs.map((spec) => spec.stock)

  it('a host has one shop, and opening it again changes what it says', async () => {
    const { json } = await wang.call(contracts.openShop, { body: { ...shopWords, story: '新故事' } })
    expect(json.shop).toMatchObject({
      name: '王姐海货',
      story: '新故事',
      hostId: wang.me.id,
      hostName: '王姐'
    })
    const shops = (await here.guest.call(contracts.listShops)).json.items
    expect(shops.map((shop) => shop.name)).toEqual(['王姐海货', '李家海蛎'])
  })

  it('a buyer opens no shop, and a host without a shop adds nothing to it', async () => {
    expect((await buyer.call(contracts.openShop, { body: shopWords })).json.code).toBe('role_missing')
    const newcomer = await here.signIn('新人', 'host')
    expect((await newcomer.call(contracts.addProduct, { body: clams })).json.code).toBe('no_such_shop')
    expect((await newcomer.call(contracts.myProducts)).json.items).toEqual([])
  })

  it('a product is found by one character, by words in any order, by its shop and by its village', async () => {
    await add(wang, { title: '活虾虎', about: '虾虎鱼，清蒸。', origin: '大沽河口' })
    await add(li, { title: '宿流海蛎子', about: '个大肉肥', origin: '宿流滩' })
    expect(await found('虎')).toEqual(['活虾虎'])
    expect(await found('清蒸 虾虎')).toEqual(['活虾虎'])
    expect(await found('河口 蛎')).toEqual([])
    expect(await found('李家')).toEqual(['宿流海蛎子'])
    expect(await found('宿流村')).toEqual(['宿流海蛎子'])
  })

  it('a per cent sign and an underscore are only what they are', async () => {
    await add(wang, { title: '八折 80% 海带', about: '' })
    expect(await found('80%')).toEqual(['八折 80% 海带'])
    expect(await found('8%带')).toEqual([])
    expect(await found('_')).toEqual([])
    expect(await found('\\')).toEqual([])
  })

  it('a renamed shop is found by its new name at once', async () => {
    const sun = await here.signIn('孙姐', 'host')
    await sun.call(contracts.openShop, { body: { ...shopWords, name: '孙家铺' } })
    await add(sun, { title: '鲅鱼' })
    await sun.call(contracts.openShop, { body: { ...shopWords, name: '浪花铺' } })
    expect(await found('浪花铺')).toEqual(['鲅鱼'])
    expect(await found('孙家铺')).toEqual([])
  })

  it('draft and off-sale goods are seen by their host and the union, by nobody else', async () => {
    for (const state of ['draft', 'off_sale'] as const) {
      const { id } = await add(wang, { title: `藏货${state}`, state })
      expect(await found(`藏货${state}`)).toEqual([])
      const statuses = await Promise.all(
        [here.guest, buyer, li, wang, operator].map((viewer) => seen(viewer, id))
      )
      expect(statuses).toEqual([404, 404, 404, 200, 200])
      expect((await here.village.products.shelfItems([id])).size).toBe(0)
      const { json } = await here.guest.call(contracts.getShop, {
        params: { shopId: (await wangsShop()).id }
      })
      expect(json.products.map((product) => product.id)).not.toContain(id)
    }
  })
  const wangsShop = async () => (await here.village.shops.shopOf(wang.me.id))!

  it('the line of a shelf says whose goods they are, for another host may sell them', async () => {
    const { id } = await add(li, { title: '带货海蛎' })
    expect((await here.village.products.shelfItems([id])).get(id)).toMatchObject({ shopName: '李家海蛎' })
  })

  it('pages follow each other without a gap or a repetition, newest catch first', async () => {
    const zhao = await here.signIn('赵姐', 'host')
    await zhao.call(contracts.openShop, { body: { ...shopWords, name: '赵家' } })
    const days = ['2026-11-20', '2026-11-21', '']
    const kind = 'voucher'
    for (let i = 0; i < PAGE_SIZE + 3; i++)
      await add(zhao, { title: `第${i}网`, caughtOn: days[i % 3]!, kind })
    const shopId = (await here.village.shops.shopOf(zhao.me.id))!.id
    const first = (await here.guest.call(contracts.searchProducts, { query: { shopId } })).json.items
    const after = first.at(-1)!.id
    const rest = (await here.guest.call(contracts.searchProducts, { query: { shopId, after } })).json.items
    expect([first.length, rest.length]).toEqual([PAGE_SIZE, 3])
    const all = [...first, ...rest]
    expect(new Set(all.map((item) => item.id)).size).toBe(PAGE_SIZE + 3)
    const caught = all.map((item) => item.caughtOn)
    expect(caught).toEqual(caught.toSorted().toReversed())
    const unknown = await here.guest.call(contracts.searchProducts, { query: { after: 'nowhere' } })
    expect(unknown.json.code).toBe('no_such_product')
  })

  it('an edit keeps the ids of specs that stay, and what was sold meanwhile', async () => {
    const before = await add(wang, { title: '边改边卖' })
    const [big, loose] = before.specs
    await here.village.store.tx((tx) => here.village.products.holdIn(tx, [{ specId: big!.id, qty: 2 }]))
    const specs = [
      { id: big!.id, name: '五斤大份', unit: 'portion' as const, priceFen: 8800, stock: 8, seenStock: 5 },
      { name: '三斤装', unit: 'portion' as const, priceFen: 5500, stock: 4 }
    ]
    const { json } = await wang.call(contracts.changeProduct, {
      params: { productId: before.id },
      body: { version: before.version, product: { ...clams, title: '边改边卖', specs } }
    })
    expect(json.product.specs.map((spec) => [spec.name, spec.stock])).toEqual([
      ['五斤大份', 6],
      ['三斤装', 4]
    ])
    expect(json.product.specs[0]!.id).toBe(big!.id)
    expect(json.product.specs.map((spec) => spec.id)).not.toContain(loose!.id)
  })

  it('of two who change a product at once, one is told to look again', async () => {
    const { id, version } = await add(wang, { title: '两人改' })
    const change = (title: string) =>
      wang.call(contracts.changeProduct, {
        params: { productId: id },
        body: { version, product: { ...clams, title } }
      })
    const answers = await Promise.all([change('改成甲'), change('改成乙')])
    expect(new Set(answers.map((answer) => answer.json.code))).toEqual(
      new Set([undefined, 'product_changed'])
    )
    const body = { version: 3e9, product: clams }
    const beyond = await wang.call(contracts.changeProduct, { params: { productId: id }, body })
    expect(beyond.json.code).toBe('bad_input')
  })

  it('nobody changes another shop’s goods, nor gives herself another product’s spec', async () => {
    const mine = await add(wang, { title: '王姐的' })
    const hers = await add(li, { title: '李姐的' })
    const change = (host: SignedIn, product: ProductDraft) =>
      host.call(contracts.changeProduct, {
        params: { productId: mine.id },
        body: { version: mine.version, product }
      })
    expect((await change(li, clams)).json.code).toBe('not_yours')
    const stolen = { ...clams, specs: [{ ...clams.specs[0]!, id: hers.specs[0]!.id }] }
    expect((await change(wang, stolen)).json.code).toBe('no_such_spec')
    const twice = { ...clams, specs: [mine.specs[0]!, mine.specs[0]!] }
    expect((await change(wang, twice)).json.code).toBe('bad_input')
    expect(await stockOf(hers.id)).toEqual([5, 10])
  })

  it('stock is set by its host and by an operator, not by another host', async () => {
    const { specs } = await add(wang, { title: '盘点' })
    const specId = specs[0]!.id
    const set = async (who: SignedIn, stock: number) =>
      (await who.call(contracts.setStock, { params: { specId }, body: { stock } })).status
    expect([await set(wang, 7), await set(operator, 9), await set(li, 1), await set(buyer, 1)]).toEqual([
      200, 200, 403, 403
    ])
    expect([await set(wang, -1), await set(wang, 1.5), await set(wang, contracts.MAX_STOCK + 1)]).toEqual([
      400, 400, 400
    ])
    await set(wang, 20)
    await here.village.store.tx((tx) => here.village.products.holdIn(tx, [{ specId, qty: 5 }]))
    const more = await wang.call(contracts.setStock, {
      params: { specId },
      body: { stock: 30, seenStock: 20 }
    })
    expect(more.json.spec.stock).toBe(25) // five were sold while she counted
    const unknown = await wang.call(contracts.setStock, { params: { specId: 'nothing' }, body: { stock: 1 } })
    expect(unknown.json.code).toBe('no_such_spec')
  })

  it.each<[string, Partial<ProductDraft>]>([
    ['a day that no calendar has', { caughtOn: '2026-02-30' }],
    ['a catch that is still in the sea', { caughtOn: '2099-01-01' }],
    ['a tab that a browser takes out', { photos: ['/\t/elsewhere.example/pixel.gif'] }],
    ['a picture on somebody else’s server', { photos: ['https://elsewhere.example/pixel.gif'] }],
    ['no spec', { specs: [] }],
    ['a price of nothing', { specs: [{ ...clams.specs[0]!, priceFen: 0 }] }],
    ['a negative stock', { specs: [{ ...clams.specs[0]!, stock: -1 }] }],
    ['a title of spaces', { title: '   ' }]
  ])('a product with %s is refused', async (_what, wrong) => {
    const { status, json } = await wang.call(contracts.addProduct, { body: { ...clams, ...wrong } })
    expect([status, json.code]).toEqual([400, 'bad_input'])
  })

  it('holds all lines of an order or none of them', async () => {
    const { id, specs } = await add(wang, { title: '全有或全无' })
    const { products, store } = here.village
    const lines = [
      { specId: specs[0]!.id, qty: 5 },
      { specId: specs[1]!.id, qty: 11 }
    ]
    const refused = store.tx((tx) => products.holdIn(tx, lines))
    await expect(refused).rejects.toMatchObject({
      code: 'sold_out',
      details: { specId: specs[1]!.id, left: 10 }
    })
    expect(await stockOf(id)).toEqual([5, 10])
    lines[1]!.qty = 10
    const held = await store.tx((tx) => products.holdIn(tx, lines))
    const byPrice = held.toSorted((a, b) => a.priceFen - b.priceFen)
    expect(byPrice.map((line) => [line.title, line.qty, line.priceFen])).toEqual([
      ['全有或全无', 10, 1990],
      ['全有或全无', 5, 8900]
    ])
    expect(await stockOf(id)).toEqual([0, 0])
    await store.tx((tx) => products.giveBackIn(tx, lines))
    expect(await stockOf(id)).toEqual([5, 10])
  })

  it('sells the last one once, however many want it at the same moment', async () => {
    const last = await add(wang, { title: '最后一份', specs: [{ ...clams.specs[0]!, stock: 1 }] })
    const { products, store } = here.village
    const lines = [{ specId: last.specs[0]!.id, qty: 1 }]
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        store.tx(async (tx) => {
          const quoted = await products.quoteIn(tx, lines)
          return quoted.length && products.holdIn(tx, lines)
        })
      )
    )
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
    const refusals = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? (outcome.reason as Problem).code : []
    )
    expect(refusals).toEqual(Array.from({ length: 19 }, () => 'sold_out'))
    expect(await stockOf(last.id)).toEqual([0])
  })

  it('holds nothing of what is off sale or unknown', async () => {
    const off = await add(wang, { title: '下架货', state: 'off_sale' })
    const { products, store } = here.village
    const hold = (specId: string) => store.tx((tx) => products.holdIn(tx, [{ specId, qty: 1 }]))
    await expect(hold(off.specs[0]!.id)).rejects.toMatchObject({ code: 'product_off_sale' })
    await expect(hold('nothing')).rejects.toMatchObject({ code: 'no_such_spec' })
    expect(await stockOf(off.id)).toEqual([5, 10])
  })

  it('says after a change which products are no longer as they were', async () => {
    const { id, version, specs } = await add(wang, { title: '会变的' })
    const heard: string[] = []
    const stop = here.village.products.onChange(({ productIds }) => heard.push(...productIds))
    await wang.call(contracts.setStock, { params: { specId: specs[0]!.id }, body: { stock: 3 } })
    await wang.call(contracts.changeProduct, {
      params: { productId: id },
      body: { version, product: { ...clams, title: '变了' } }
    })
    await li.call(contracts.setStock, { params: { specId: specs[0]!.id }, body: { stock: 0 } })
    await expect.poll(() => heard).toEqual([id, id])
    stop()
  })

  it('a photo is taken from a host and kept at an address that answers it', async () => {
    const picture = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#06c' } })
      .png()
      .toBuffer()
    const upload = async (who: SignedIn, field: string, bytes: Uint8Array<ArrayBuffer>) => {
      const form = new FormData()
      form.set(field, new Blob([bytes], { type: 'image/png' }), 'a.png')
      const body = new Response(form)
      const answer = await here.village.http.inject({
        method: 'POST',
        url: contracts.uploadPhoto.url,
        headers: { cookie: who.cookie, 'content-type': body.headers.get('content-type')! },
        payload: Buffer.from(await body.arrayBuffer())
      })
      return { status: answer.statusCode, json: answer.json() as { url: string; code: string } }
    }
    const { status, json } = await upload(wang, 'photo', new Uint8Array(picture))
    expect(status).toBe(200)
    const shown = await here.village.http.inject({ url: json.url })
    expect([shown.statusCode, shown.headers['content-type']]).toEqual([200, 'image/webp'])
    const product = await add(wang, { title: '有照片', photos: [json.url] })
    expect((await here.village.products.shelfItems([product.id])).get(product.id)!.photo).toBe(json.url)

    expect((await upload(buyer, 'photo', new Uint8Array(picture))).json.code).toBe('role_missing')
    expect((await upload(wang, 'other', new Uint8Array(picture))).json.code).toBe('not_a_picture')
    expect((await upload(wang, 'photo', new TextEncoder().encode('<svg/>'))).json.code).toBe('not_a_picture')
    const huge = await upload(wang, 'photo', new Uint8Array(contracts.PHOTO_BYTES + 1))
    expect([huge.status, huge.json.code]).toEqual([413, 'too_big'])
    const plain = await wang.call(contracts.uploadPhoto, { body: {} as never })
    expect(plain.json.code).toBe('not_a_picture')
  })
})
