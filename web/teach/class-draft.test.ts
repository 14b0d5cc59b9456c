import { describe, expect, it } from 'vitest'
import { TypedClass, wrongTime } from './class-draft.svelte.ts'
import { FRIDAY_9, HOUR_MS } from './testing.ts'

const start = {
  courseId: 'selling',
  title: '第一堂',
  trainerId: 'chen',
  startsAt: FRIDAY_9,
  endsAt: FRIDAY_9 + 2 * HOUR_MS
}
const rest = { about: '', roomId: '', place: '后韩家码头', kitIds: ['stand'], seats: 24, online: false }
const before = FRIDAY_9 - HOUR_MS

describe('a class as it is typed', () => {
  it('comes out as it went in', () => {
    expect(new TypedClass({ ...start, ...rest }).draft([])).toEqual({ ...start, ...rest })
  })

  it('may last until midnight', () => {
    const late = { ...start, ...rest, startsAt: FRIDAY_9 + 14 * HOUR_MS, endsAt: FRIDAY_9 + 15 * HOUR_MS }
    const typed = new TypedClass(late)
    expect(typed.to).toBe('00:00')
    expect(typed.draft([])).toEqual(late)
    expect(typed.wrong(before).size).toBe(0)
  })

  it('needs a place, unless it is online or has a room', () => {
    const typed = new TypedClass(start)
    expect([...typed.wrong(before)]).toEqual(['place'])
    typed.online = true
    expect(typed.wrong(before).size).toBe(0)
    typed.online = false
    typed.roomId = 'hall'
    expect(typed.wrong(before).size).toBe(0)
  })

  it('does not stay in the old room by name when it moves to another', () => {
    const typed = new TypedClass({ ...start, ...rest, roomId: 'hall', place: '大会议室' })
    typed.roomId = 'kitchen'
    expect(typed.draft(['大会议室', '厨房'])).toMatchObject({ roomId: 'kitchen', place: '' })
  })

  it.each(['0', '501', '', '1.5', '三十'])('does not take %s for seats', (seats) => {
    const typed = new TypedClass({ ...start, ...rest })
    typed.seats = seats
    expect([...typed.wrong(before)]).toEqual(['seats'])
  })

  it.each([
    ['a time that is not there', NaN, FRIDAY_9, 'time'],
    ['an end before its beginning', FRIDAY_9, FRIDAY_9 - 1, 'time'],
    ['ten past', FRIDAY_9 + 600_000, FRIDAY_9 + HOUR_MS, 'quarter'],
    ['thirteen hours', FRIDAY_9, FRIDAY_9 + 13 * HOUR_MS, 'long'],
    ['yesterday', FRIDAY_9 - 24 * HOUR_MS, FRIDAY_9 - 23 * HOUR_MS, 'past'],
    ['twelve hours', FRIDAY_9, FRIDAY_9 + 12 * HOUR_MS, undefined]
  ])('judges %s', (_, from, to, wrong) => {
    expect(wrongTime(from, to, before)).toBe(wrong)
  })
})
