import { describe, expect, it } from 'vitest'
import { dayOf, endOfDay } from './day.ts'

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
})
