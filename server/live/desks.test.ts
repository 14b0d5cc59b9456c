import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { openDesks } from './desks.ts'

const BEAT_MS = 10

function desks(seen: (showId: string, memberId: string) => Promise<boolean>) {
  const report = vi.fn<(error: unknown, what: string) => void>()
  const open = openDesks({ seen, report, beatMs: BEAT_MS })
  onTestFinished(() => open.close())
  return { ...open, report }
}
const seat = (ask = () => {}) => ({ showId: 's1', memberId: 'mentor', ask })

describe('a mentor at a desk', () => {
  it('is told of when she sits down, is asked for a sign of life, and told of after each', async () => {
    const seen = vi.fn<() => Promise<boolean>>().mockResolvedValue(true)
    const { sit, heard } = desks(seen)
    const hers = seat(() => void heard(hers))
    await sit(hers)
    expect(seen.mock.calls).toEqual([['s1', 'mentor']])
    await vi.waitFor(() => expect(seen.mock.calls.length).toBeGreaterThanOrEqual(3))
  })

  it('is not told of while her phone says nothing, nor once she has left', async () => {
    const seen = vi.fn<() => Promise<boolean>>().mockResolvedValue(true)
    const { sit, heard, leave } = desks(seen)
    const ask = vi.fn<() => void>()
    const silent = seat(ask)
    await sit(silent)
    await vi.waitFor(() => expect(ask.mock.calls.length).toBeGreaterThanOrEqual(2))
    expect(seen).toHaveBeenCalledOnce()
    leave(silent)
    await heard(silent)
    expect(seen).toHaveBeenCalledOnce()
  })

  it('is not looked for among operators: who is no mentor is asked no more', async () => {
    const { sit } = desks(async (_showId, memberId) => memberId === 'mentor')
    const operator = vi.fn<() => void>()
    const mentor = vi.fn<() => void>()
    await sit({ ...seat(operator), memberId: 'operator' })
    await sit(seat(mentor))
    await vi.waitFor(() => expect(mentor.mock.calls.length).toBeGreaterThanOrEqual(2))
    expect(operator).not.toHaveBeenCalled()
  })

  it('keeps her seat while the store is away', async () => {
    const seen = vi
      .fn<() => Promise<boolean>>()
      .mockRejectedValueOnce(new Error('away'))
      .mockResolvedValue(true)
    const { sit, heard, report } = desks(seen)
    const hers = seat()
    await sit(hers)
    expect(report).toHaveBeenCalledOnce()
    await heard(hers)
    expect(seen).toHaveBeenCalledTimes(2)
  })
})
