import { beforeEach, expect, it, vi } from 'vitest'
import { Problem } from '../../shared/problems.ts'
import { OneClass } from './class.svelte.ts'

let left = 1
let full = false

vi.mock('../call.ts', () => ({
  call: async ({ method, url }: { method: string; url: string }) => {
    if (method === 'GET') return { class: { id: 'c1', left }, about: '', materials: [] }
    if (full) throw new Problem('class_cancelled')
    if (url.endsWith('/mine')) left++
    else left--
    return { mine: { state: 'booked', line: 0, attendedAt: 0 } }
  }
}))

beforeEach(() => {
  left = 1
  full = false
})

it('shows the seats as they are after she took one', async () => {
  const one = new OneClass('c1')
  await one.load()
  expect((await one.book()).state).toBe('booked')
  expect([one.card!.left, one.busy]).toEqual([0, false])
  await one.leave()
  expect(one.card!.left).toBe(1)
})

it('looks again after a refusal too: somebody else has changed something', async () => {
  const one = new OneClass('c1')
  await one.load()
  full = true
  left = 0
  await expect(one.book()).rejects.toBeInstanceOf(Problem)
  expect([one.card!.left, one.busy]).toEqual([0, false])
})
