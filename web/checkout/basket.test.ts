import { beforeEach, expect, it, vi } from 'vitest'
import { session } from '../me/session.svelte.ts'
import { Basket } from './basket.svelte.ts'
import { inBasket } from './in-basket.svelte.ts'

const asked: { route: string; body: unknown }[] = []
let items: Record<string, unknown>[] = []

vi.mock('../call.ts', async (original) => ({
  ...(await original<object>()),
  call: async ({ method, url }: { method: string; url: string }, input: { body?: unknown } = {}) => {
    asked.push({ route: `${method} ${url}`, body: input.body })
    return { items }
  }
}))

const item = (specId: string, more: object = {}) => ({
  specId,
  productId: `p-${specId}`,
  shopId: 's1',
  shopName: '秀兰海鲜',
  hostName: '王秀兰',
  qty: 2,
  priceFen: 1000,
  seenFen: 1000,
  left: 9,
  state: 'ok',
  ...more
})

beforeEach(() => {
  asked.length = 0
  session.me = { id: 'b1', name: '小芳', phone: '13800000101', roles: ['buyer'] }
  items = [
    item('a'),
    item('b', { shopId: 's2', shopName: '大姐海货', priceFen: 300 }),
    item('c', { state: 'sold_out', left: 0 }),
    item('d', { state: 'short', left: 1 })
  ]
})

it('is sorted by shop, and buys what can be bought and was not left out', async () => {
  const basket = new Basket()
  await basket.load()
  expect(inBasket.count).toBe(4)
  expect(basket.shops.map(({ shopName, items }) => [shopName, items.length])).toEqual([
    ['秀兰海鲜', 3],
    ['大姐海货', 1]
  ])
  expect(basket.chosen.map(({ specId }) => specId)).toEqual(['a', 'b'])
  expect(basket.goodsFen).toBe(2600)
  basket.choose(['a'], false)
  expect(basket.goodsFen).toBe(600)
  basket.choose(['a', 'c'], true)
  expect(basket.chosen.map(({ specId }) => specId)).toEqual(['a', 'b'])
  expect(basket.gone.map(({ specId }) => specId)).toEqual(['c'])
})

it('takes no more than there is, and no less than one', async () => {
  const basket = new Basket()
  await basket.load()
  await basket.change(basket.items![0]!, 12)
  await basket.change(basket.items![0]!, 0)
  expect(asked.slice(1).map(({ body }) => body)).toEqual([{ qty: 9 }, { qty: 1 }])
})

it('says once that a price was seen, and only of what has changed', async () => {
  items = [item('a', { priceFen: 1200 }), item('b'), item('gone', { productId: '', priceFen: 1, seenFen: 2 })]
  const basket = new Basket()
  await basket.load()
  await basket.seen()
  expect(asked.at(-1)).toEqual({
    route: 'POST /api/me/basket/seen',
    body: { prices: [{ specId: 'a', fen: 1200 }] }
  })
  items = [item('a')]
  await basket.load()
  asked.length = 0
  await basket.seen()
  expect(asked).toEqual([])
})
