import { expect, it } from 'vitest'
import type { Progress } from '../../shared/contracts/school.ts'
import { Problem } from '../../shared/problems.ts'
import { Outbox } from './outbox.svelte.ts'
import { memoryPocket } from './testing.ts'

const step = (lessonId: string, seconds: number, at: number, done = false): Progress => ({
  lessonId,
  seconds,
  done,
  at
})

/** A server that writes down what it is told, or is away, or refuses a lesson. */
function server() {
  const told: Progress[][] = []
  const state = { away: false, unknown: '' }
  return {
    told,
    state,
    async send(items: Progress[]) {
      if (state.away) throw new Error('no signal')
      if (items.some(({ lessonId }) => lessonId === state.unknown)) throw new Problem('no_such_lesson')
      told.push(items)
    }
  }
}

it('keeps what she learned at sea and sends it when she is back', async () => {
  const { told, state, send } = server()
  const outbox = new Outbox(memoryPocket(), send)
  state.away = true
  await outbox.note('guilan', step('l1', 30, 1))
  expect(await outbox.flush('guilan')).toBe(false)
  expect([told, outbox.waiting]).toEqual([[], 1])
  state.away = false
  expect(await outbox.flush('guilan')).toBe(true)
  expect([told, outbox.waiting]).toEqual([[[step('l1', 30, 1)]], 0])
  await outbox.flush('guilan')
  expect(told).toHaveLength(1)
})

it('says of one lesson the furthest, once', async () => {
  const { told, send } = server()
  const outbox = new Outbox(memoryPocket(), send)
  await outbox.note('guilan', step('l1', 60, 5, true))
  await outbox.note('guilan', step('l1', 10, 6))
  await outbox.flush('guilan')
  expect(told).toEqual([[step('l1', 60, 6, true)]])
})

it('sends nothing in another woman’s name', async () => {
  const { told, send } = server()
  const outbox = new Outbox(memoryPocket(), send)
  await outbox.note('guilan', step('l1', 30, 1))
  expect(await outbox.flush('xiumei')).toBe(true)
  expect(told).toEqual([])
  await outbox.flush('guilan')
  expect(told).toHaveLength(1)
})

it('lets go of a lesson that is no more, and keeps none of the others waiting', async () => {
  const { told, state, send } = server()
  const outbox = new Outbox(memoryPocket(), send)
  state.unknown = 'gone'
  await outbox.note('guilan', step('gone', 5, 1))
  await outbox.note('guilan', step('l1', 30, 2))
  expect(await outbox.flush('guilan')).toBe(true)
  expect(told).toEqual([[step('l1', 30, 2)]])
})

it('does not lose what she learns while a message is on its way', async () => {
  const pocket = memoryPocket()
  const told: Progress[][] = []
  const outbox: Outbox = new Outbox(pocket, async (items) => {
    told.push(items)
    if (told.length === 1) await outbox.note('guilan', step('l1', 40, 2))
  })
  await outbox.note('guilan', step('l1', 30, 1))
  await outbox.flush('guilan')
  expect(outbox.waiting).toBe(1)
  await outbox.flush('guilan')
  expect(told.at(-1)).toEqual([step('l1', 40, 2)])
  expect(outbox.waiting).toBe(0)
})

it('sends no more at once than the server takes', async () => {
  const { told, send } = server()
  const outbox = new Outbox(memoryPocket(), send)
  for (let i = 0; i < 201; i++) await outbox.note('guilan', step(`l${i}`, 1, i))
  await outbox.flush('guilan')
  expect(told.map((items) => items.length)).toEqual([200, 1])
})
