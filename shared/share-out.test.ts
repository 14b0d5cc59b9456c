import fc from 'fast-check'
import { expect, it } from 'vitest'
import { shareOut } from './share-out.ts'

const MOST_FEN = 100_000_000
const weights = fc
  .array(fc.integer({ min: 0, max: MOST_FEN }), { minLength: 1, maxLength: 50 })
  .filter((all) => all.some((weight) => weight > 0))
const sum = (all: readonly number[]) => all.reduce((total, each) => total + each, 0)

it('shares out exactly the sum, each part within a fen of its due', () => {
  fc.assert(
    fc.property(fc.nat(MOST_FEN), weights, (fen, weights) => {
      const parts = shareOut(fen, weights)
      expect(sum(parts)).toBe(fen)
      const whole = BigInt(sum(weights))
      for (const [at, part] of parts.entries()) {
        const off = BigInt(part) * whole - BigInt(fen) * BigInt(weights[at]!)
        expect(off > -whole && off < whole).toBe(true)
      }
    })
  )
})

it('never gives a line more off than it costs, and nothing to what costs nothing', () => {
  fc.assert(
    fc.property(weights, fc.double({ min: 0, max: 1, noNaN: true }), (weights, share) => {
      const parts = shareOut(Math.floor(sum(weights) * share), weights)
      for (const [at, part] of parts.entries()) {
        expect(part).toBeGreaterThanOrEqual(0)
        expect(part).toBeLessThanOrEqual(weights[at]!)
      }
    })
  )
})

it('gives each line the same in whatever order they stand, up to equal lines', () => {
  fc.assert(
    fc.property(fc.nat(MOST_FEN), weights, (fen, weights) => {
      const paired = (all: number[]) =>
        shareOut(fen, all)
          .map((part, at) => [all[at]!, part])
          .toSorted(([a, x], [b, y]) => a! - b! || x! - y!)
      expect(paired(weights.toReversed())).toEqual(paired(weights))
      const sorted = weights.toSorted((a, b) => a - b)
      expect(paired(sorted)).toEqual(paired(weights))
    })
  )
})

it('gives what is left over to the largest remainder', () => {
  expect(shareOut(100, [1, 1, 1])).toEqual([34, 33, 33])
  expect(shareOut(10, [5, 3, 3])).toEqual([4, 3, 3])
  expect(shareOut(0, [0, 0])).toEqual([0, 0])
})

it('refuses what cannot be shared out', () => {
  expect(() => shareOut(1, [])).toThrow(RangeError)
  expect(() => shareOut(1, [0])).toThrow(RangeError)
  expect(() => shareOut(-1, [1])).toThrow(RangeError)
})
