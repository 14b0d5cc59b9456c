import { mount, unmount } from 'svelte'
import { expect, it, vi } from 'vitest'
import { session } from '../me/session.svelte.ts'
import ShopOrdersPage from './ShopOrdersPage.svelte'

const order = { state: 'paid', createdAt: 1, payFen: 100, lines: [] }
const items = [
  {
    ...order,
    id: 'clams',
    deliverTo: { receiver: '小芳', phone: '13800000101', region: '青岛', detail: '1号' }
  },
  { ...order, id: 'meal', deliverTo: { receiver: '**', phone: '', region: '', detail: '' } }
]
vi.mock('../call.ts', async (original) => ({
  ...(await original<object>()),
  call: () => Promise.resolve({ items })
}))

it('a host reads where goods go, and nothing of that for vouchers, which go nowhere', async () => {
  session.me = { id: 'h1', name: '秀兰', phone: '', roles: ['host'] }
  session.loaded = true
  const page = mount(ShopOrdersPage, { target: document.body })
  const cards = await vi.waitUntil(() => {
    const found = [...document.querySelectorAll('li.card')]
    return found.length === 2 && found
  })
  expect(cards.map((card) => card.querySelector('a')?.getAttribute('href'))).toEqual([
    'tel:13800000101',
    undefined
  ])
  expect(cards[1]!.querySelector('address')).toBeNull()
  await unmount(page)
})
