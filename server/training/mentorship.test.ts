import { describe, expect, it } from 'vitest'
import { monthAfter, monthOf, monthsBetween } from './calendar.ts'
import { checksMissing, holds, isThrough, sign, waits, type Pair } from './mentorship.ts'

const village = (text: string) => Date.parse(`${text}+08:00`)
const pair: Pair = {
  mentorId: 'xiulan',
  apprenticeId: 'mei',
  state: 'offered',
  startsAt: village('2026-01-20T08:00'),
  endsAt: village('2026-12-31T23:59'),
  mentorSignedAt: 0,
  apprenticeSignedAt: 0,
  closedAt: 0
}
const active: Pair = { ...pair, state: 'active', mentorSignedAt: 1, apprenticeSignedAt: 2 }
const now = village('2026-01-21T09:00')

describe('a month', () => {
  it('is counted as the village counts', () => {
    expect(monthOf(village('2026-01-31T23:59'))).toBe('2026-01')
    expect(monthOf(village('2026-02-01T00:00')), 'still January in London').toBe('2026-02')
    expect(monthAfter('2026-11', 2)).toBe('2027-01')
    expect(monthsBetween('2026-11', '2027-02')).toBe(3)
  })
})

describe('master and apprentice', () => {
  it('begin when both have signed, whoever is first, and sign once', () => {
    const one = sign(pair, 'mei', now)
    expect(one).toEqual({
      state: 'offered',
      startsAt: pair.startsAt,
      mentorSignedAt: 0,
      apprenticeSignedAt: now
    })
    const both = sign({ ...pair, apprenticeSignedAt: 5 }, 'xiulan', now)
    expect(both).toEqual({ state: 'active', startsAt: now, mentorSignedAt: now, apprenticeSignedAt: 5 })
    expect(sign(active, 'mei', now)).toMatchObject({ state: 'active', apprenticeSignedAt: 2 })
  })

  it('are signed for by nobody else, and not after their end', () => {
    expect(sign(pair, 'chen', now)).toEqual({ refused: 'not_yours' })
    expect(sign({ ...pair, state: 'ended' }, 'mei', now)).toEqual({ refused: 'mentorship_closed' })
    expect(sign(pair, 'mei', pair.endsAt + 1)).toEqual({ refused: 'mentorship_closed' })
  })

  it('hold while they are active and not over', () => {
    expect(holds(active, active.endsAt)).toBe(true)
    expect(holds(active, active.endsAt + 1)).toBe(false)
    expect(holds(pair, now)).toBe(false)
  })

  it('are through when nothing is left', () => {
    expect(isThrough([])).toBe(true)
    expect(isThrough([{ state: 'done' }])).toBe(true)
    expect(isThrough([{ state: 'done' }, { state: 'shown' }])).toBe(false)
  })

  it('owe a word for every month that is over, but for the one in which they began', () => {
    const at = (text: string, checked: string[] = []) => checksMissing(active, checked, village(text))
    expect(at('2026-02-28T23:59'), 'the month is not over').toBe(0)
    expect(at('2026-03-01T00:00')).toBe(1)
    expect(at('2026-03-01T00:00', ['2026-02'])).toBe(0)
    expect(at('2026-05-01T00:00', ['2026-03'])).toBe(2)
    expect(at('2027-06-01T00:00', []), 'nothing is owed beyond the end').toBe(10)
    const closed = { ...active, state: 'ended' as const, closedAt: village('2026-03-15T00:00') }
    expect(checksMissing(closed, [], village('2026-09-01T00:00'))).toBe(1)
    expect(checksMissing(pair, [], village('2026-09-01T00:00')), 'never begun').toBe(0)
  })

  it('wait for somebody while something is unsigned, unseen, unwritten or has run out', () => {
    expect(waits(active, [{ state: 'open' }], 0, now)).toBe(false)
    expect(waits(pair, [], 0, now)).toBe(true)
    expect(waits(active, [{ state: 'shown' }], 0, now)).toBe(true)
    expect(waits(active, [], 1, now)).toBe(true)
    expect(waits(active, [], 0, active.endsAt + 1)).toBe(true)
    expect(waits({ ...active, state: 'graduated' }, [{ state: 'shown' }], 1, now)).toBe(false)
  })
})
