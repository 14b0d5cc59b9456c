import { mount, unmount } from 'svelte'
import { expect, it, vi } from 'vitest'
import { session } from '../me/session.svelte.ts'
import OrderFilePage from './OrderFilePage.svelte'

const file = {
  orderId: 'o1',
  state: 'shipped',
  seller: { documents: [] },
  lines: [],
  payment: { id: 'p1', gateway: 'sandbox', method: 'sandbox', amountFen: 100, paidAt: 1, ref: '' },
  parcel: { carrier: 'sf', trackingNo: 'SF1', shippedAt: 1 },
  changes: [],
  refunds: [],
  compensations: [],
  returns: [],
  aftersale: { refunds: [], compensations: [], returns: [], lines: [] }
}
vi.mock('../call.ts', async (original) => ({
  ...(await original<object>()),
  call: () => Promise.resolve(file)
}))

it('an order’s file says how it was paid and who carries it as people call them', async () => {
  session.me = { id: 'b1', name: '小芳', phone: '', roles: ['buyer'] }
  session.loaded = true
  const page = mount(OrderFilePage, { target: document.body })
  const words = await vi.waitUntil(() => document.querySelector('.sheet')?.textContent)
  expect(words).toContain('演示付款')
  expect(words).toContain('顺丰')
  expect(words).not.toMatch(/sandbox|sf /)
  await unmount(page)
})
