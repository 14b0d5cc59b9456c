import { describe, expect, it } from 'vitest'
import { PAPER_LATE_MS } from '../../shared/contracts/classes.ts'
import { closed, doorsOpen, quartersOf, queues, wrongTimes } from './occasion.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const QUARTER = 15 * MINUTE
const startsAt = Date.UTC(2026, 10, 22, 6)
const endsAt = startsAt + 2 * HOUR
const times = { startsAt, endsAt }

describe('the time of an occasion', () => {
  it('stands on the quarter of an hour', () => {
    expect(wrongTimes(times)).toBe('')
    expect(wrongTimes({ startsAt: startsAt + 1, endsAt })).toBe('not_a_quarter')
    expect(wrongTimes({ startsAt, endsAt: endsAt + 5 * MINUTE })).toBe('not_a_quarter')
  })

  it('goes forward, for twelve hours and no more', () => {
    expect(wrongTimes({ startsAt, endsAt: startsAt })).toBe('bad_input')
    expect(wrongTimes({ startsAt, endsAt: startsAt - QUARTER })).toBe('bad_input')
    expect(wrongTimes({ startsAt, endsAt: startsAt + 12 * HOUR })).toBe('')
    expect(wrongTimes({ startsAt, endsAt: startsAt + 12 * HOUR + QUARTER })).toBe('class_too_long')
  })

  it('fills its quarters, of which the last ends where the next occasion may begin', () => {
    const quarters = quartersOf(times)
    expect(quarters).toHaveLength(8)
    expect(quarters[0]! * QUARTER).toBe(startsAt)
    expect((quarters.at(-1)! + 1) * QUARTER).toBe(endsAt)
    expect(quarters).not.toContain(quartersOf({ startsAt: endsAt, endsAt: endsAt + HOUR })[0])
  })
})

describe('who may come', () => {
  it('books until it is over, and not when it was called off', () => {
    expect(closed({ ...times, state: 'open' }, endsAt - 1)).toBe('')
    expect(closed({ ...times, state: 'open' }, endsAt)).toBe('class_over')
    expect(closed({ ...times, state: 'cancelled' }, startsAt - HOUR)).toBe('class_cancelled')
  })

  it('queues until it begins', () => {
    expect(queues(times, startsAt - 1)).toBe(true)
    expect(queues(times, startsAt)).toBe(false)
  })

  it('is let in from half an hour before until three hours after', () => {
    const open = (now: number) => doorsOpen(times, 'qr', now)
    expect(open(startsAt - 30 * MINUTE - 1)).toBe(false)
    expect(open(startsAt - 30 * MINUTE)).toBe(true)
    expect(open(endsAt + 3 * HOUR - 1)).toBe(true)
    expect(open(endsAt + 3 * HOUR)).toBe(false)
  })

  it('is written down from paper two weeks later still, and never before', () => {
    const open = (now: number) => doorsOpen(times, 'paper', now)
    expect(open(startsAt - 30 * MINUTE - 1)).toBe(false)
    expect(open(endsAt + PAPER_LATE_MS - 1)).toBe(true)
    expect(open(endsAt + PAPER_LATE_MS)).toBe(false)
  })
})
