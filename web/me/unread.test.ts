import { beforeEach, expect, it, vi } from 'vitest'
import type { Me } from '../../shared/contracts/members.ts'
import { session } from './session.svelte.ts'
import { unread } from './unread.svelte.ts'

const pending: ((answer: { unread: number }) => void)[] = []

vi.mock('../call.ts', () => ({
  Unreachable: class extends Error {},
  call: () => new Promise((resolve) => pending.push(resolve))
}))

/** Whoever holds the phone; each test has another woman, or the counts would be as fresh as the last one's. */
const holds = (id: string) => (session.me = { id, name: id, phone: '', roles: [] } satisfies Me)

beforeEach(() => void (pending.length = 0))

it('asks once for many pages in a row', async () => {
  holds('guilan')
  const first = unread.look()
  await vi.waitFor(() => expect(pending).toHaveLength(1))
  await unread.look()
  pending[0]!({ unread: 3 })
  await first
  expect([unread.count, pending.length]).toEqual([3, 1])
})

it('does not count again what she has read while the answer was on its way', async () => {
  holds('xiumei')
  const look = unread.look()
  await vi.waitFor(() => expect(pending).toHaveLength(1))
  unread.set(0)
  pending[0]!({ unread: 3 })
  await look
  expect(unread.count).toBe(0)
})

it('counts for whoever holds the phone now', async () => {
  holds('yuzhen')
  unread.set(5)
  const look = unread.look()
  await vi.waitFor(() => expect(pending).toHaveLength(1))
  pending[0]!({ unread: 1 })
  await look
  expect(unread.count).toBe(1)
  session.me = undefined
  await unread.look()
  expect(unread.count).toBe(0)
})
