import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { believed, merged, type Step } from './progress.ts'

const NOW = 1_000
const LESSON_SECONDS = 120

/** Few different values, so that messages meet in time, place and both. */
const step: fc.Arbitrary<Step> = fc.record({
  seconds: fc.integer({ min: 0, max: 300 }),
  done: fc.boolean(),
  at: fc.integer({ min: NOW - 5, max: NOW + 3 })
})
const end = (steps: Step[]) => steps.map((each) => believed(each, LESSON_SECONDS, NOW)).reduce(merged)

describe('progress', () => {
  it('ends the same in whatever order and however often a phone says it', () => {
    const story = fc.array(step, { minLength: 1, maxLength: 12 }).chain((steps) =>
      fc.tuple(
        fc.constant(steps),
        fc
          .tuple(fc.shuffledSubarray(steps, { minLength: steps.length }), fc.subarray(steps))
          .chain(([all, again]) =>
            fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length })
          )
      )
    )
    fc.assert(
      fc.property(story, ([steps, retold]) => {
        expect(end(retold)).toEqual(end(steps))
      })
    )
  })

  it('is the same whether messages come one by one or in batches', () => {
    fc.assert(
      fc.property(step, step, step, (a, b, c) => {
        expect(merged(merged(a, b), c)).toEqual(merged(a, merged(b, c)))
        expect(merged(a, b)).toEqual(merged(b, a))
        expect(merged(a, a)).toEqual(a)
      })
    )
  })

  it('never takes back what is done', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), (steps) => {
        expect(end(steps).done).toBe(steps.some(({ done }) => done))
      })
    )
  })

  it('knows the place from whoever was there last, even when she went back', () => {
    const far = { seconds: 100, done: false, at: 5 }
    const back = { seconds: 20, done: false, at: 6 }
    expect(merged(far, back)).toEqual(back)
    expect(merged(back, { ...far, done: true })).toEqual({ ...back, done: true })
  })

  it('does not believe a phone that is ahead of its time, or farther than the lesson is long', () => {
    const step = { seconds: 121, done: false, at: NOW + 1 }
    expect(believed(step, LESSON_SECONDS, NOW)).toEqual({ seconds: 120, done: false, at: NOW })
    const good = { seconds: 120, done: true, at: NOW }
    expect(believed(good, LESSON_SECONDS, NOW)).toEqual(good)
  })
})
