import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { listClasses, listResources, moveClass } from '../../shared/contracts/classes.ts'
import type { Contract } from '../../shared/contract.ts'
import { Problem } from '../../shared/problems.ts'
import { aClass, FRIDAY_9, HOUR_MS, later } from './testing.ts'
import { addMonths, atOf, clockOf, DAY_MS, meant, monthStart, weekStart } from './times.ts'
import { clashesOf, Timetable, UNDO_MS } from './timetable.svelte.ts'

type Reply = (input: { query?: unknown; body?: unknown }) => Promise<unknown>
const server = vi.hoisted(() => new Map<string, Reply>())
vi.mock('../call.ts', () => ({
  call: (contract: Contract, input: Parameters<Reply>[0]) =>
    server.get(`${contract.method} ${contract.url}`)!(input)
}))
const on = (contract: Contract, reply: Reply) => server.set(`${contract.method} ${contract.url}`, reply)

const clash = {
  resourceId: 'chen',
  name: '老陈',
  what: 'class',
  title: '剪辑',
  startsAt: FRIDAY_9,
  endsAt: FRIDAY_9 + HOUR_MS
}

async function table() {
  const made = new Timetable()
  await made.look(FRIDAY_9 - DAY_MS, FRIDAY_9 + DAY_MS)
  return made
}

describe('the calendar of the school', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    server.clear()
    on(listClasses, async () => ({ items: [aClass()] }))
    on(listResources, async () => ({ resources: [], leaves: [] }))
  })
  afterEach(() => void vi.useRealTimers())

  it('moves a class, offers to take that back, and takes it back', async () => {
    const moves: unknown[] = []
    on(moveClass, async ({ body }) => {
      moves.push(body)
      const { version, ...times } = body as { version: number; startsAt: number; endsAt: number }
      return { class: aClass({ ...times, version: version + 1 }) }
    })
    const calendar = await table()
    expect(await calendar.move('knots', FRIDAY_9 + HOUR_MS, FRIDAY_9 + 3 * HOUR_MS)).toBe(true)
    expect(calendar.byId('knots')?.startsAt).toBe(FRIDAY_9 + HOUR_MS)
    expect(calendar.moved?.from.startsAt).toBe(FRIDAY_9)
    await calendar.takeBack()
    expect(moves.at(-1)).toEqual({ version: 2, startsAt: FRIDAY_9, endsAt: FRIDAY_9 + 2 * HOUR_MS })
    expect(calendar.byId('knots')?.startsAt).toBe(FRIDAY_9)
    expect(calendar.moved).toBeUndefined()
  })

  it('offers an undo only for a while', async () => {
    on(moveClass, async () => ({ class: aClass({ startsAt: FRIDAY_9 + HOUR_MS, version: 2 }) }))
    const calendar = await table()
    await calendar.move('knots', FRIDAY_9 + HOUR_MS, FRIDAY_9 + 2 * HOUR_MS)
    await vi.advanceTimersByTimeAsync(UNDO_MS - 1)
    expect(calendar.moved).toBeDefined()
    await vi.advanceTimersByTimeAsync(1)
    expect(calendar.moved).toBeUndefined()
  })

  it('leaves a class where it was when its trainer is taken, and says by what', async () => {
    on(moveClass, async () => Promise.reject(new Problem('double_booked', { clashes: [clash] })))
    const calendar = await table()
    expect(await calendar.move('knots', FRIDAY_9 + HOUR_MS, FRIDAY_9 + 3 * HOUR_MS)).toBe(false)
    expect(calendar.clashes).toEqual([clash])
    expect(calendar.byId('knots')?.startsAt).toBe(FRIDAY_9)
    expect(calendar.moved).toBeUndefined()
  })

  it('looks again when somebody else has changed the class meanwhile', async () => {
    on(moveClass, async () => Promise.reject(new Problem('class_changed')))
    const calendar = await table()
    on(listClasses, async () => ({ items: [aClass({ title: '改过的', version: 5 })] }))
    await expect(calendar.move('knots', FRIDAY_9 + HOUR_MS, FRIDAY_9 + 3 * HOUR_MS)).rejects.toMatchObject({
      code: 'class_changed'
    })
    await vi.advanceTimersByTimeAsync(0)
    expect(calendar.byId('knots')?.title).toBe('改过的')
  })

  it('sends nothing for a class that was put down where it was', async () => {
    on(moveClass, async () => Promise.reject(new Error('must not be asked')))
    const calendar = await table()
    expect(await calendar.move('knots', FRIDAY_9, FRIDAY_9 + 2 * HOUR_MS)).toBe(true)
  })

  it('shows the week that was asked for last, whichever answer comes first', async () => {
    const slow = later<unknown>()
    const calendar = new Timetable()
    on(listClasses, () => slow.promise)
    const first = calendar.look(0, 1)
    on(listClasses, async () => ({ items: [aClass({ id: 'newer' })] }))
    await calendar.look(2, 3)
    slow.answer({ items: [aClass({ id: 'older' })] })
    await first
    expect(calendar.classes.map(({ id }) => id)).toEqual(['newer'])
  })

  it('hides what is cancelled, and other trainers when one is chosen', async () => {
    on(listClasses, async () => ({
      items: [
        aClass(),
        aClass({ id: 'off', state: 'cancelled' }),
        aClass({ id: 'hers', trainer: { id: 'lin', name: '林' } })
      ]
    }))
    const calendar = await table()
    expect(calendar.shown.map(({ id }) => id)).toEqual(['knots', 'hers'])
    calendar.trainerId = 'lin'
    expect(calendar.shown.map(({ id }) => id)).toEqual(['hers'])
  })

  it('tells a clash from other refusals', () => {
    expect(clashesOf(new Problem('class_over'))).toBeUndefined()
    expect(clashesOf(new Problem('double_booked'))).toEqual([])
  })
})

describe('the time of the village', () => {
  it('is what its fields say, wherever the device is', () => {
    expect(atOf('2026-11-20', '09:00')).toBe(FRIDAY_9)
    expect(clockOf(FRIDAY_9)).toBe('09:00')
    expect(clockOf(atOf('2026-11-20', '00:00'))).toBe('00:00')
    expect(atOf('', '09:00')).toBeNaN()
  })

  it('begins its weeks on Monday and its months on the first', () => {
    expect(weekStart(FRIDAY_9)).toBe(atOf('2026-11-16', '00:00'))
    expect(weekStart(atOf('2026-11-16', '00:00'))).toBe(atOf('2026-11-16', '00:00'))
    expect(weekStart(atOf('2026-11-15', '23:45'))).toBe(atOf('2026-11-09', '00:00'))
    expect(monthStart(FRIDAY_9)).toBe(atOf('2026-11-01', '00:00'))
  })

  it('goes from the 31st to a month that has none, and over the new year', () => {
    expect(addMonths(atOf('2026-01-31', '12:00'), 1)).toBe(atOf('2026-02-01', '00:00'))
    expect(addMonths(atOf('2026-12-05', '12:00'), 1)).toBe(atOf('2027-01-01', '00:00'))
    expect(addMonths(atOf('2026-01-05', '12:00'), -1)).toBe(atOf('2025-12-01', '00:00'))
  })

  it('is what the calendar shows, whatever the clock of the device says', () => {
    expect(meant(new Date(2026, 10, 20, 9, 0))).toBe(FRIDAY_9)
  })
})
