import { mount, unmount } from 'svelte'
import { expect, it, vi } from 'vitest'
import type { Order } from '../../shared/contracts/orders.ts'
import { call } from '../call.ts'
import ParcelBlock from './ParcelBlock.svelte'

vi.mock('../call.ts', async (original) => ({ ...(await original<object>()), call: vi.fn<typeof call>() }))

const delivering = {
  tempClass: 'cold',
  cutoffMinute: 0,
  landsAt: 0,
  leavesAt: 1,
  hours: 24,
  arrivesAt: 2,
  parcel: {
    code: '123456',
    carrier: 'sf',
    trackingNo: 'SF1',
    grams: 0,
    packedAt: 1,
    shippedAt: 1,
    orders: []
  },
  movesAt: 0,
  mayWait: false
}

/** What her order’s page says of the way of her goods, when the village has answered. */
async function way(order: Partial<Order>) {
  vi.mocked(call).mockReset().mockResolvedValue({ delivering })
  const target = document.createElement('div')
  const props = { order: { id: 'o1', changes: [], ...order } as unknown as Order, changed: () => {} }
  const block = mount(ParcelBlock, { target, props })
  await new Promise((resolve) => setTimeout(resolve))
  const words = target.textContent
  await unmount(block)
  return words
}

it('an order whose goods were all paid back before they came shows no way that they never went', async () => {
  expect(await way({ state: 'done', receivedAt: 1 })).toContain('SF1')
  expect(await way({ state: 'done' })).toBe('')
  expect(await way({ state: 'shipped' })).toContain('SF1')
})
