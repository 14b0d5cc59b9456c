import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { MemberCode } from './member-code.svelte.ts'

const EVERY_MS = 30_000
const LIVES_MS = 60_000
let away = false

vi.mock('../clock.svelte.ts', () => ({ clock: { exact: () => Date.now() } }))
vi.mock('../call.ts', () => ({
  call: async () => {
    if (away) throw new Error('no signal')
    const now = Date.now()
    return { code: `m.guilan.${now / EVERY_MS}`, nextAt: now + EVERY_MS, endsAt: now + LIVES_MS }
  }
}))

beforeEach(() => {
  away = false
  vi.useFakeTimers({ now: 0 })
})
afterEach(() => vi.useRealTimers())

it('shows the next code when the old one is replaced, until she turns away', async () => {
  const mine = new MemberCode()
  const stop = mine.show()
  await vi.advanceTimersByTimeAsync(0)
  expect(mine.code).toBe('m.guilan.0')
  await vi.advanceTimersByTimeAsync(EVERY_MS)
  expect(mine.code).toBe('m.guilan.1')
  stop()
  await vi.advanceTimersByTimeAsync(EVERY_MS)
  expect(mine.code).toBe('m.guilan.1')
})

it('keeps a code while it is good, and shows none that would be refused at the door', async () => {
  const mine = new MemberCode()
  const stop = mine.show()
  await vi.advanceTimersByTimeAsync(0)
  away = true
  await vi.advanceTimersByTimeAsync(LIVES_MS - 1_000)
  expect(mine.code).toBe('m.guilan.0')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(mine.code).toBe('')
  away = false
  await vi.advanceTimersByTimeAsync(5_000)
  expect(mine.code).not.toBe('')
  stop()
})
