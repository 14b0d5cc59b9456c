import { describe, expect, it } from 'vitest'
import { counted, middle, minuteAt, surface, topOf, water, xAt, yOf, type Frame } from './plot.ts'

const frame: Frame = { width: 100, height: 50, minutes: 10, top: 10 }
const ys = (path: string) => [...path.matchAll(/[-\d.]+ ([-\d.]+)(?=[A-Z]|$)/g)].map(([, y]) => Number(y))

describe('the curve of a show', () => {
  it.each([
    [0, 4],
    [4, 4],
    [5, 6],
    [11, 15],
    [100, 100],
    [101, 150],
    [5_000, 5_000]
  ])('for %i people at most ends at %i', (highest, top) => expect(topOf(highest)).toBe(top))

  it('lies between ground and top', () => {
    expect([yOf(0, frame), yOf(10, frame), yOf(99, frame)]).toEqual([50, 0, 0])
    expect([xAt(-1, frame), xAt(300_000, frame), xAt(9_000_000, frame)]).toEqual([0, 50, 100])
  })

  it('is tapped in a minute, also at its very edges', () => {
    expect([-5, 0, 9.9, 10, 99.9, 100, 500].map((x) => minuteAt(x, frame))).toEqual([0, 0, 0, 1, 9, 9, 9])
  })

  it('has a hole where nobody counted', () => {
    expect(counted([-1, 3, 0, -1, -1, 5])).toEqual([
      { from: 1, counts: [3, 0] },
      { from: 5, counts: [5] }
    ])
    expect(counted([-1, -1])).toEqual([])
  })

  it('goes through what was counted and never beyond', () => {
    const counts = [2, 9, 9, 1, 0, 6]
    const path = surface({ from: 0, counts }, frame)
    const heights = counts.map((count) => yOf(count, frame))
    for (const height of heights) expect(ys(path)).toContain(height)
    for (const y of ys(path)) {
      expect(y).toBeLessThanOrEqual(Math.max(...heights))
      expect(y).toBeGreaterThanOrEqual(Math.min(...heights))
    }
  })

  it('of one minute is a step of its width', () => {
    expect(water({ from: 4, counts: [10] }, frame)).toBe('M40 0L45 0L50 0L50 50L40 50Z')
  })
})

it('the middle of her last shows is one of them, or lies between two', () => {
  expect([middle([]), middle([7]), middle([9, 1, 4]), middle([1, 2, 10, 3])]).toEqual([0, 7, 4, 2.5])
})
