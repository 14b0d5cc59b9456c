import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Door } from './door.svelte.ts'

const CODE = { code: 'c', nextAt: 5_000, endsAt: 15_000 }

describe('the code at the door', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 0 }))
  afterEach(() => void vi.useRealTimers())
  const server = (aheadMs = 0) => {
    const now = () => Date.now() + aheadMs
    return {
      now,
      code: () => {
        const at = Math.floor(now() / 5_000) * 5_000
        return { code: `c${at / 5_000}`, nextAt: at + 5_000, endsAt: at + 15_000 }
      }
    }
  }

  it('is a new one every five seconds, by the clock of the server', async () => {
    const { now, code } = server(1_000_003_000)
    const door = new Door(async () => code(), now)
    const close = door.open()
    await vi.advanceTimersByTimeAsync(0)
    const first = door.shown!.code
    await vi.advanceTimersByTimeAsync(2_000)
    expect(door.shown!.code).not.toBe(first)
    const second = door.shown!.code
    await vi.advanceTimersByTimeAsync(4_900)
    expect(door.shown!.code).toBe(second)
    await vi.advanceTimersByTimeAsync(100)
    expect(door.shown!.code).not.toBe(second)
    close()
  })

  it('is taken off the screen when it is dead and there is no network, and comes back with it', async () => {
    const { now, code } = server()
    let network = true
    const door = new Door(async () => {
      if (!network) throw new Error('no network')
      return code()
    }, now)
    const close = door.open()
    await vi.advanceTimersByTimeAsync(0)
    network = false
    await vi.advanceTimersByTimeAsync(10_000)
    expect(door.shown, 'still good').toBeDefined()
    expect(door.failed).toBeDefined()
    await vi.advanceTimersByTimeAsync(6_000)
    expect(door.shown).toBeUndefined()
    network = true
    await vi.advanceTimersByTimeAsync(2_000)
    expect(door.shown).toBeDefined()
    expect(door.failed).toBeUndefined()
    close()
  })

  it('does not become a flood when this device’s clock is far ahead', async () => {
    const asked = vi.fn<() => Promise<typeof CODE>>(async () => CODE)
    const door = new Door(asked, () => Date.now() + 3_600_000)
    const close = door.open()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(asked.mock.calls.length).toBeGreaterThan(2)
    expect(asked.mock.calls.length).toBeLessThanOrEqual(11)
    close()
  })

  it('asks no more once it is closed', async () => {
    const asked = vi.fn<() => Promise<typeof CODE>>(async () => CODE)
    const close = new Door(asked, () => Date.now()).open()
    await vi.advanceTimersByTimeAsync(0)
    close()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked).toHaveBeenCalledOnce()
  })
})
