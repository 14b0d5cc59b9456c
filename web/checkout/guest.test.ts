import { mount, unmount } from 'svelte'
import { expect, it, vi } from 'vitest'
import type { FlashCard } from '../../shared/contracts/flash.ts'
import { session } from '../me/session.svelte.ts'
import BuySheet from './BuySheet.svelte'

const spec = { id: 'x1', name: '一斤', unit: 'jin', priceFen: 1500, stock: 9 }
const product = { id: 'p1', kind: 'goods', title: '蛤蜊', specs: [spec], photos: [], shop: {} }
vi.mock('../call.ts', async (original) => ({
  ...(await original<object>()),
  call: ({ method }: { method: string }) =>
    method === 'GET' ? Promise.resolve({ product }) : new Promise(() => {}) // quotes are on their way for ever
}))

const sale = (changes: Partial<FlashCard>) =>
  ({
    specId: 'x1',
    priceFen: 990,
    usualFen: 1500,
    left: 3,
    startsAt: 0,
    endsAt: Infinity,
    ...changes
  }) as FlashCard

/** What stands beside the product on the sheet of somebody who has not signed in. */
async function seen(sales: FlashCard[]) {
  const target = document.createElement('div')
  document.body.append(target)
  const sheet = mount(BuySheet, { target, props: { productId: 'p1', sales, onclose: () => {} } })
  await vi.waitUntil(() => target.querySelector('.price .visually-hidden'))
  const price = target.querySelector('.price .visually-hidden')!.textContent
  await unmount(sheet)
  return price
}

it('a guest sees the price of a flash sale that runs, and the usual one before it, after it, and when it is gone', async () => {
  expect(await seen([sale({})])).toBe('¥9.90')
  expect(await seen([])).toBe('¥15')
  expect(await seen([sale({ specId: 'another' })])).toBe('¥15')
  expect(await seen([sale({ left: 0 })])).toBe('¥15')
  expect(await seen([sale({ startsAt: Infinity })])).toBe('¥15')
  expect(await seen([sale({ endsAt: 1 })])).toBe('¥15')
})

it('a member sees the usual price until the village has quoted hers: she may have had her part of the sale', async () => {
  session.me = { id: 'm1', name: '小芳', phone: '', roles: ['buyer'] }
  expect(await seen([sale({})])).toBe('¥15')
  session.me = undefined
})
