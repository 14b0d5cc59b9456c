import { describe, expect, it } from 'vitest'
import { CODE_VALID_MS, judge, waitForText } from './code.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const now = 1_000 * HOUR_MS

describe('a phone waits for its next code', () => {
  it('not at all the first time', () => {
    expect(waitForText([], now)).toBe(0)
  })

  it('a minute after one', () => {
    expect(waitForText([now - 1], now)).toBe(MINUTE_MS - 1)
    expect(waitForText([now - MINUTE_MS + 1], now)).toBe(1)
    expect(waitForText([now - MINUTE_MS], now)).toBe(0)
  })

  it('until the oldest of five is an hour old', () => {
    const four = [50, 40, 30, 20].map((minutes) => now - minutes * MINUTE_MS)
    expect(waitForText(four, now)).toBe(0)
    expect(waitForText([...four, now - 10 * MINUTE_MS], now)).toBe(10 * MINUTE_MS)
  })

  it('until the oldest of ten is a day old', () => {
    const nine = Array.from({ length: 9 }, (_, i) => now - (23 - 2 * i) * HOUR_MS)
    expect(waitForText(nine, now)).toBe(0)
    expect(waitForText([now - 23.5 * HOUR_MS, ...nine], now)).toBe(0.5 * HOUR_MS)
  })
})

describe('a guess', () => {
  const code = { digest: 'right', triesLeft: 3, endsAt: now + CODE_VALID_MS }

  it('is right only while the code is good', () => {
    expect(judge(code, 'right', code.endsAt - 1)).toBe('right')
    expect(judge(code, 'right', code.endsAt)).toBe('code_expired')
    expect(judge({ ...code, digest: '' }, '', now)).toBe('code_expired')
    expect(judge(undefined, 'right', now)).toBe('code_expired')
  })

  it('is the last one when it is the third wrong one', () => {
    expect(judge(code, 'wrong', now)).toBe('bad_code')
    expect(judge({ ...code, triesLeft: 1 }, 'wrong', now)).toBe('code_too_many')
    expect(judge({ ...code, triesLeft: 1 }, 'right', now)).toBe('right')
    expect(judge({ ...code, triesLeft: 0 }, 'right', now)).toBe('code_too_many')
  })
})
