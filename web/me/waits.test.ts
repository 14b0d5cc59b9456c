import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Wait } from '../../shared/contracts/lots.ts'
import { clock } from '../clock.svelte.ts'
import { session } from './session.svelte.ts'
import { waits } from './waits.svelte.ts'

const NOW = 1_795_305_600_000
const answers = vi.hoisted(() => ({ items: [] as unknown[] }))
vi.mock('../call.ts', async (original) => ({
  ...(await original<object>()),
  call: async () => ({ items: answers.items })
}))

const wait = (more: Partial<Wait>): Wait => ({
  id: 'w1',
  specId: 'urchins',
  productId: 'p1',
  title: '海胆',
  specName: '一份',
  photo: '',
  unit: 'portion',
  priceFen: 3990,
  qty: 2,
  state: 'waiting',
  askedAt: NOW,
  offerUntil: 0,
  before: 3,
  ...more
})
const member = (id: string) => ({ id, name: id, phone: '', roles: ['buyer' as const], hasName: true })

describe('what she waits for', () => {
  beforeEach(() => {
    clock.set(NOW)
    session.me = member('mei') as unknown as typeof session.me
  })

  it('is kept for her until its time is over, and not while she only waits', async () => {
    answers.items = [wait({})]
    await waits.load()
    expect([waits.kept('urchins'), waits.of('urchins')?.before]).toEqual([0, 3])
    answers.items = [wait({ state: 'offered', offerUntil: NOW + 60_000 })]
    await waits.load()
    expect(waits.kept('urchins')).toBe(2)
    clock.set(NOW + 60_001)
    expect(waits.kept('urchins')).toBe(0)
  })

  it('is nobody else’s who looks at this phone after her', async () => {
    answers.items = [wait({ state: 'offered', offerUntil: NOW + 60_000 })]
    await waits.load()
    session.me = member('lan') as unknown as typeof session.me
    expect([waits.loaded, waits.items, waits.kept('urchins')]).toEqual([false, [], 0])
    session.me = undefined
    expect(waits.items).toEqual([])
  })
})
