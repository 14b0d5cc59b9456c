import { beforeEach, describe, expect, it, vi } from 'vitest'
import { getRoster, scanMember, tick } from '../../shared/contracts/classes.ts'
import type { Contract } from '../../shared/contract.ts'
import { Problem } from '../../shared/problems.ts'
import { doorOf, Roster } from './roster.svelte.ts'
import { aClass, aRow, FRIDAY_9, HOUR_MS, later } from './testing.ts'

type Reply = (input: { params: Record<string, string>; body?: unknown }) => Promise<unknown>
const server = vi.hoisted(() => new Map<string, Reply>())
vi.mock('../call.ts', () => ({
  call: (contract: Contract, input: Parameters<Reply>[0]) =>
    server.get(`${contract.method} ${contract.url}`)!(input)
}))
const on = (contract: Contract, reply: Reply) => server.set(`${contract.method} ${contract.url}`, reply)

const list = (...rows: ReturnType<typeof aRow>[]) => ({ class: aClass(), rows, sheets: [] })
const here = { at: 1, how: 'manual' as const, byName: '老陈' }

describe('the list of a class', () => {
  beforeEach(() => server.clear())

  it('shows who has a seat, who waits in what order, and how many came', async () => {
    on(getRoster, async () =>
      list(
        aRow('lan', { attended: here, stars: 5 }),
        aRow('mei', { stars: 4 }),
        aRow('yun', { state: 'waiting', line: 2 }),
        aRow('xia', { state: 'waiting', line: 1 }),
        aRow('gone', { state: 'cancelled' })
      )
    )
    const roster = new Roster('knots')
    await roster.look()
    expect(roster.booked.map(({ name }) => name)).toEqual(['lan', 'mei'])
    expect(roster.waiting.map(({ name }) => name)).toEqual(['xia', 'yun'])
    expect(roster.here).toBe(1)
    expect(roster.mood).toBe(4.5)
  })

  it('does not take a tick back because an older list arrives after it', async () => {
    on(getRoster, async () => list(aRow('lan')))
    const roster = new Roster('knots')
    await roster.look()

    const slow = later<unknown>()
    on(getRoster, () => slow.promise)
    const looking = roster.look()
    on(tick, async () => ({ row: aRow('lan', { attended: here }) }))
    await roster.tick('lan', 'manual')
    slow.answer(list(aRow('lan')))
    await looking
    expect(roster.here).toBe(1)
  })

  it('marks whose tick is on its way, and forgets it when it was refused', async () => {
    on(getRoster, async () => list(aRow('lan')))
    const roster = new Roster('knots')
    await roster.look()
    const slow = later<unknown>()
    on(tick, () => slow.promise)
    const ticking = roster.tick('lan', 'paper')
    expect(roster.pending.has('lan')).toBe(true)
    slow.refuse(new Problem('doors_closed'))
    await expect(ticking).rejects.toMatchObject({ code: 'doors_closed' })
    expect(roster.pending.size).toBe(0)
    expect(roster.here).toBe(0)
  })

  it('reads the code out of an address, and puts who was scanned on the list', async () => {
    on(getRoster, async () => list())
    const scanned = vi.fn<Reply>(async () => ({ row: aRow('lan', { attended: here, how: 'walk_in' }) }))
    on(scanMember, scanned)
    const roster = new Roster('knots')
    await roster.look()
    await roster.scan('https://village.example/school/check-in?code=abc.def')
    expect(scanned.mock.lastCall![0].body).toEqual({ code: 'abc.def' })
    await roster.scan('slip-7')
    expect(scanned.mock.lastCall![0].body).toEqual({ code: 'slip-7' })
    expect(roster.rows).toHaveLength(1)
  })

  it('keeps showing the list when the network goes, and says that it may be old', async () => {
    on(getRoster, async () => list(aRow('lan')))
    const roster = new Roster('knots')
    await roster.look()
    on(getRoster, async () => Promise.reject(new Error('no network')))
    await roster.look()
    expect(roster).toMatchObject({ stale: true, failed: undefined })
    expect(roster.booked).toHaveLength(1)
  })

  it('says what failed when there never was a list', async () => {
    on(getRoster, async () => Promise.reject(new Problem('no_such_class')))
    const roster = new Roster('knots')
    await roster.look()
    expect(roster.failed).toMatchObject({ code: 'no_such_class' })
  })

  it.each([
    ['a day before', -24 * HOUR_MS, 'shut'],
    ['half an hour and a moment before', -HOUR_MS / 2 - 1, 'shut'],
    ['half an hour before', -HOUR_MS / 2, 'open'],
    ['three hours after its end, almost', 5 * HOUR_MS - 1, 'open'],
    ['after that', 5 * HOUR_MS, 'paper'],
    ['two weeks later', (14 * 24 + 2) * HOUR_MS, 'shut']
  ])('is ticked as the door allows: %s', (_, sinceBegin, door) => {
    expect(doorOf(aClass(), FRIDAY_9 + sinceBegin)).toBe(door)
  })
})
