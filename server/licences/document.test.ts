import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dueAtOf, monthsAfter, UNWARNED, warningOf } from './document.ts'

const DAY_MS = 86_400_000
/** A moment in the village. */
const at = (words: string) => Date.parse(`${words}:00+08:00`)

describe('the six-month clock', () => {
  it.each([
    ['2026-05-15T09:30', '2026-11-15T09:30'],
    ['2026-08-31T09:30', '2027-02-28T09:30'],
    ['2027-08-31T09:30', '2028-02-29T09:30'],
    // Still the day before in Greenwich.
    ['2026-10-01T07:59', '2027-04-01T07:59'],
    ['2026-12-31T23:59', '2027-06-30T23:59']
  ])('goes by the calendar of the village: %s → %s', (checked, due) => {
    expect(monthsAfter(at(checked), 6)).toBe(at(due))
  })

  it('ends with what is printed on the paper, if that is earlier', () => {
    const checkedAt = at('2026-05-15T09:30')
    const refresh = at('2026-11-15T09:30')
    expect(dueAtOf({ validUntil: 0, checkedAt }, 6)).toBe(refresh)
    expect(dueAtOf({ validUntil: refresh + 1, checkedAt }, 6)).toBe(refresh)
    expect(dueAtOf({ validUntil: refresh - 1, checkedAt }, 6)).toBe(refresh - 1)
  })
})

describe('a warning', () => {
  const now = at('2026-11-22T08:00')
  const WARN = [30, 7, 1]
  const due = (leftMs: number, warnedDays = UNWARNED) =>
    warningOf({ dueAt: now + leftMs, warnedDays }, WARN, now)

  it.each([
    [30 * DAY_MS + 1, UNWARNED, undefined],
    [30 * DAY_MS, UNWARNED, { stage: 30, daysLeft: 30 }],
    [30 * DAY_MS, 30, undefined],
    [7 * DAY_MS + 1, 30, undefined],
    [7 * DAY_MS, 30, { stage: 7, daysLeft: 7 }],
    [DAY_MS + 1, 7, undefined],
    [DAY_MS, 7, { stage: 1, daysLeft: 1 }],
    [1, 1, undefined],
    [0, 1, { stage: 0, daysLeft: 0 }],
    [0, 0, undefined]
  ])('with %i ms left, after the one of %i days', (leftMs, warnedDays, said) => {
    expect(due(leftMs, warnedDays)).toEqual(said)
  })

  it('says only the nearest after a silence, and how many days there are', () => {
    expect(due(5 * DAY_MS)).toEqual({ stage: 7, daysLeft: 5 })
    expect(due(DAY_MS / 2, 30)).toEqual({ stage: 1, daysLeft: 1 })
  })

  it('comes once at each step, however often one looks', () => {
    const looks = fc.array(fc.integer({ min: 0, max: 40 * DAY_MS }), { maxLength: 60 })
    fc.assert(
      fc.property(looks, (moments) => {
        let warnedDays = UNWARNED
        const stages: number[] = []
        for (const left of moments.toSorted((a, b) => b - a)) {
          const warning = due(left, warnedDays)
          if (warning) stages.push((warnedDays = warning.stage))
        }
        expect(stages).toEqual([...new Set(stages)].toSorted((a, b) => b - a))
      })
    )
  })
})
