import { describe, expect, it, vi } from 'vitest'
import { Board, periodOf, shareOfWomen } from './board.svelte.ts'

const answers: ((classes: number) => void)[] = []
vi.mock('../call.ts', () => ({
  call: () => new Promise((resolve) => answers.push((classes) => resolve({ steps: [], classes })))
}))

describe('the outcome board', () => {
  it('counts a year from the first of January in the village, wherever the officer sits', () => {
    // 2026-12-31 23:30 in Greenwich is already the new year in Hongdao.
    expect(periodOf('year', Date.parse('2026-12-31T23:30:00Z'))).toEqual({
      from: Date.parse('2027-01-01T00:00:00+08:00')
    })
    expect(periodOf('ever', 5)).toEqual({})
  })

  it('counts thirty days with today', () => {
    expect(periodOf('month', Date.parse('2026-11-30T12:00:00+08:00'))).toEqual({
      from: Date.parse('2026-11-01T00:00:00+08:00')
    })
  })

  it('shows the numbers of the period that was chosen last, whichever answer comes last', async () => {
    const board = new Board()
    const slow = board.load(0)
    board.period = 'month'
    const quick = board.load(0)
    answers[1]!(3)
    answers[0]!(99)
    await Promise.all([slow, quick])
    expect(board.data?.classes).toBe(3)
  })

  it('says no share of women where the register knows nobody', () => {
    expect(shareOfWomen({ women: 0, men: 0 })).toBeUndefined()
    expect(shareOfWomen({ women: 199, men: 1 })).toBe(100)
    expect(shareOfWomen({ women: 2, men: 1 })).toBe(67)
  })
})
