import { describe, expect, it } from 'vitest'
import { boundsOf, dayOf, endOfDay } from './day.ts'

describe('a day in the village', () => {
  it('begins at midnight there, not in Greenwich', () => {
    expect(dayOf(Date.UTC(2026, 10, 21, 15, 59, 59, 999))).toBe('2026-11-21')
    expect(dayOf(Date.UTC(2026, 10, 21, 16))).toBe('2026-11-22')
  })

  it('ends just before the next one begins, whenever one asks', () => {
    const end = Date.UTC(2026, 10, 22, 16) - 1
    expect(endOfDay(Date.UTC(2026, 10, 21, 16), 0)).toBe(end)
    expect(endOfDay(end, 0)).toBe(end)
    expect(endOfDay(end, 7)).toBe(Date.UTC(2026, 10, 29, 16) - 1)
  })

  it('has its first moment and not the first of the next', () => {
    const { from, to } = boundsOf('2026-11-22')
    expect([dayOf(from - 1), dayOf(from), dayOf(to - 1), dayOf(to)]).toEqual([
      '2026-11-21',
      '2026-11-22',
      '2026-11-22',
      '2026-11-23'
    ])
  })
})
