import { describe, expect, it } from 'vitest'
import { steer } from './steer.ts'

const there = { latencyS: 1.05, targetS: 1.05, bufferS: 0.9, sinceJumpMs: 60_000 }

describe('keeping near to what is filmed now', () => {
  it('leaves a picture alone that is where it should be', () => {
    expect(steer(there)).toEqual({ rate: 1, jump: false })
  })

  it('hurries when late, at most by a tenth, and only with something in hand', () => {
    expect(steer({ ...there, latencyS: 1.2 }).rate).toBeCloseTo(1.0225)
    expect(steer({ ...there, latencyS: 2.5 }).rate).toBe(1.1)
    expect(steer({ ...there, latencyS: 1.2, bufferS: 0.3 }).rate).toBe(1)
  })

  it('slows down when it is early with little in hand', () => {
    expect(steer({ ...there, latencyS: 0.8, bufferS: 0.5 }).rate).toBe(0.95)
  })

  it('jumps when it is hopeless, but not again and again', () => {
    expect(steer({ ...there, latencyS: 3 }).jump).toBe(true)
    expect(steer({ ...there, latencyS: 3, sinceJumpMs: 2_000 }).jump).toBe(false)
  })
})
