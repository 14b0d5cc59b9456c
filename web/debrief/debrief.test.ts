import { expect, it } from 'vitest'
import type { Debrief } from '../../shared/contracts/debriefs.ts'
import { busiest, Debriefing } from './debrief.svelte.ts'

const MINUTE = 60_000
const minute = (orders = 0, lines = 0) => ({ viewers: 0, lines, orders, paid: 0, paidFen: 0, filmMs: -1 })
const mark = (minutes: number, filmMinutes: number) => ({
  kind: 'pin' as const,
  atMs: minutes * MINUTE,
  filmMs: filmMinutes * MINUTE,
  text: '蛤蜊',
  offFen: 0,
  offPermyriad: 0,
  thresholdFen: 0
})

function told(parts: Partial<Debrief>) {
  const debriefing = new Debriefing('morning')
  debriefing.debrief = { minutes: [], marks: [], filmMs: 0, ...parts } as Debrief
  return debriefing
}

it('she first sees the minute in which most was bought, else in which most was said', () => {
  expect(busiest({ minutes: [minute(1, 9), minute(2), minute()] })).toBe(1)
  expect(busiest({ minutes: [minute(0, 1), minute(0, 3), minute()] })).toBe(1)
  expect(busiest({ minutes: [] })).toBe(0)
})

it('a minute knows its marks, and those of before the first frame are in the first', () => {
  const debriefing = told({
    minutes: [minute(), minute()],
    marks: [mark(-1, -1), mark(0.5, 0.5), mark(1.2, 1.2)]
  })
  expect(debriefing.marks.map(({ atMs }) => atMs / MINUTE)).toEqual([-1, 0.5])
  debriefing.minute = 1
  expect(debriefing.marks.map(({ atMs }) => atMs / MINUTE)).toEqual([1.2])
})
