import { describe, expect, it } from 'vitest'
import { Pace } from './pace.ts'

/** So many seconds of acknowledgements, five a second, each so late. */
function hear(pace: Pace, fromMs: number, seconds: number, lagMs: number) {
  for (let at = fromMs; at < fromMs + seconds * 1000; at += 200) pace.heard(lagMs, at)
}

describe('the uplink’s pace', () => {
  it('takes a steady delay, however long, as the length of the way', () => {
    const pace = new Pace(1_200_000)
    hear(pace, 0, 10, 900)
    expect(pace.bitsPerS).toBe(1_200_000)
  })

  it('sends less when the server falls behind, but never less than a face needs', () => {
    const pace = new Pace(1_200_000)
    hear(pace, 0, 1, 50)
    hear(pace, 1_000, 1, 500)
    expect(pace.bitsPerS).toBeLessThan(1_200_000)
    hear(pace, 2_000, 30, 1_500)
    expect(pace.bitsPerS).toBe(200_000)
  })

  it('leaves frames out when two seconds wait on the way, until it has caught up', () => {
    const pace = new Pace(1_200_000)
    hear(pace, 0, 1, 50)
    pace.heard(2_000, 1_000)
    expect(pace.skipping).toBe(false)
    pace.heard(2_051, 1_200)
    expect(pace.skipping).toBe(true)
    pace.heard(600, 1_400)
    expect(pace.skipping).toBe(true)
    pace.heard(300, 1_600)
    expect(pace.skipping).toBe(false)
  })

  it('sends more again, step by step, when the way has been quick for three seconds', () => {
    const pace = new Pace(1_200_000)
    hear(pace, 0, 1, 50)
    hear(pace, 1_000, 2, 800)
    const low = pace.bitsPerS
    hear(pace, 3_000, 3, 60)
    expect(pace.bitsPerS).toBe(low)
    hear(pace, 6_000, 2, 60)
    expect(pace.bitsPerS).toBe(Math.round(low * 1.25))
    hear(pace, 8_000, 60, 60)
    expect(pace.bitsPerS).toBe(1_200_000)
  })
})
