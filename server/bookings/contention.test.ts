import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { QUARTER_MS } from '../../shared/contracts/classes.ts'
import { openEngine } from '../store/open.ts'
import { engines, type Engine } from '../testing/engines.ts'
import { together, type Together } from '../testing/together.ts'
import type { Errand } from './rusher.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

type Wants = Errand['wants']

let processes: Together<Errand, string[]>
beforeAll(() => void (processes = together(path.join(import.meta.dirname, 'rusher.ts'), 2)))
afterAll(() => processes.leave())

describe.each(engines)('two processes on one $name', (engine) => {
  let place: Awaited<ReturnType<Engine['make']>>
  const soon = Math.ceil(Date.now() / QUARTER_MS) * QUARTER_MS + HOUR
  beforeEach(async () => {
    place = await engine.make()
  })
  afterEach(() => place.drop())

  const people = (from: number, many: number) => Array.from({ length: many }, (_, i) => `member-${from + i}`)

  async function withClass(seats: number, startsAt = soon) {
    const store = await openEngine(place)
    const times = { startsAt, endsAt: startsAt + HOUR }
    await store.tx((tx) =>
      tx.insert(store.schema.occasions).values({
        id: 'class',
        kind: 'class',
        subjectId: 'course',
        seriesId: '',
        title: '',
        place: '',
        ...times,
        seats,
        taken: 0,
        lastInLine: 0,
        state: 'open',
        reason: '',
        version: 1,
        newsAt: 0,
        createdBy: '',
        createdAt: 0
      })
    )
    await store.close()
  }

  const go = async (...groups: Wants[]) => {
    const { databaseUrl, dataDir } = place
    return (await processes.go(groups.map((wants) => ({ databaseUrl, dataDir, wants })))).flat()
  }

  /** What is in the store afterwards. */
  async function left() {
    const store = await openEngine(place)
    const { occasions, bookings, attendances, busy } = store.schema
    const [occasion] = await store.read.select().from(occasions)
    const all = await store.read.select().from(bookings)
    const line = all.filter(({ state }) => state === 'waiting').map(({ inLine }) => inLine)
    const found = {
      occasion: occasion!,
      booked: all.filter(({ state }) => state === 'booked').map(({ memberId }) => memberId),
      line: line.toSorted((a, b) => a - b),
      attendances: await store.read.select().from(attendances),
      occasions: await store.read.select().from(occasions),
      busy: await store.read.select().from(busy)
    }
    await store.close()
    return found
  }

  const counted = (outcomes: string[]) =>
    Object.fromEntries([...Map.groupBy(outcomes, (code) => code)].map(([code, some]) => [code, some.length]))

  const book = (memberId: string): Wants[number] => ({ book: 'class', memberId })

  it(
    'give the last seat to one of fifty and line up the other forty-nine, none twice and none left out',
    async () => {
      await withClass(1)
      const outcomes = await go(people(0, 25).map(book), people(25, 25).map(book))
      expect(counted(outcomes)).toEqual({ booked: 1, waiting: 49 })
      const { occasion, booked, line } = await left()
      expect([occasion.taken, booked.length]).toEqual([1, 1])
      expect(line).toEqual(Array.from({ length: 49 }, (_, i) => i + 1))
    },
    MINUTE
  )

  it(
    'keep every seat taken and none oversold while some leave and others come',
    async () => {
      await withClass(10)
      await go(people(0, 15).map(book), people(15, 15).map(book))
      const leaving = (await left()).booked
      expect(leaving).toHaveLength(10)
      const leave = (memberId: string): Wants[number] => ({ leave: 'class', memberId })
      const outcomes = await go(
        [...leaving.slice(0, 5).map(leave), ...people(30, 5).map(book)],
        [...leaving.slice(5).map(leave), ...people(35, 5).map(book)]
      )
      expect(counted(outcomes)['left']).toBe(10)
      const { occasion, booked, line } = await left()
      expect([occasion.taken, booked.length, line.length]).toEqual([10, 10, 20])
      expect(new Set(line).size).toBe(20)
      expect(booked.filter((memberId) => leaving.includes(memberId))).toEqual([])
    },
    MINUTE
  )

  it(
    'book one woman once, though she taps on two phones',
    async () => {
      await withClass(5)
      const often = Array.from({ length: 8 }, () => book('member-0'))
      expect(counted(await go(often, often))).toEqual({ booked: 16 })
      expect((await left()).occasion.taken).toBe(1)
    },
    MINUTE
  )

  it(
    'check one woman in once, though two phones of hers scan at the same moment',
    async () => {
      await withClass(1, Math.floor(Date.now() / QUARTER_MS) * QUARTER_MS)
      const often = Array.from({ length: 6 }, () => ({ attend: 'class', memberId: 'member-0' }))
      const moments = await go(often, often)
      expect(new Set(moments).size).toBe(1)
      const { attendances, occasion } = await left()
      expect([attendances.length, occasion.taken]).toEqual([1, 1])
    },
    MINUTE
  )

  it(
    'let exactly one of two officers have the trainer, and none a part of her series',
    async () => {
      const week = 7 * 24 * HOUR
      const series = (name: string, from: number) => ({
        open: Array.from({ length: 4 }, (_, i) => {
          const startsAt = from + i * week
          return { id: `${name}-${i}`, startsAt, endsAt: startsAt + 2 * HOUR }
        }),
        resourceIds: ['trainer', 'room']
      })
      // The second series overlaps the first by one quarter of an hour in its last three weeks.
      const outcomes = await go([series('a', soon)], [series('b', soon + week + 2 * HOUR - QUARTER_MS)])
      expect(outcomes.toSorted()).toEqual(['double_booked', 'opened'])
      const { occasions, busy } = await left()
      const winner = outcomes[0] === 'opened' ? 'a' : 'b'
      expect(occasions.map(({ id }) => id).toSorted()).toEqual([0, 1, 2, 3].map((i) => `${winner}-${i}`))
      expect(busy).toHaveLength(4 * 8 * 2)
    },
    MINUTE
  )

  it(
    'let both have her where one class ends as the other begins',
    async () => {
      const hour = (id: string, startsAt: number) => ({
        open: [{ id, startsAt, endsAt: startsAt + HOUR }],
        resourceIds: ['trainer']
      })
      expect(await go([hour('a', soon)], [hour('b', soon + HOUR)])).toEqual(['opened', 'opened'])
    },
    MINUTE
  )
})
