import { beforeEach, expect, it, vi } from 'vitest'
import { Unreachable } from '../call.ts'
import { mayTry, Quiz } from './quiz.svelte.ts'

const sent: { key: string; answers: { questionId: string; option: number }[] }[] = []
let lost = false

vi.mock('../call.ts', () => ({
  Unreachable: class extends Error {},
  call: async ({ method }: { method: string }, input: { body: (typeof sent)[number] }) => {
    if (method === 'GET') return { questions: ['a', 'b'].map((id) => ({ id, ask: id, options: [] })) }
    sent.push(input.body)
    if (lost) throw new Unreachable('no signal')
    return { right: 2, total: 2, passed: true, wrong: [], triesLeftToday: 2, nextTryAt: 0 }
  }
}))

beforeEach(() => {
  sent.length = 0
  lost = false
})

async function answered() {
  const quiz = new Quiz('c1')
  await quiz.load()
  quiz.choose(1)
  await quiz.on()
  quiz.choose(0)
  return quiz
}

it('goes on only when she has chosen, and back as often as she likes', async () => {
  const quiz = new Quiz('c1')
  await quiz.load()
  await quiz.on()
  expect(quiz.at).toBe(0)
  quiz.choose(1)
  await quiz.on()
  expect([quiz.at, quiz.choice]).toEqual([1, undefined])
  quiz.back()
  expect([quiz.at, quiz.choice]).toEqual([0, 1])
})

it('hands in every answer after the last question', async () => {
  const quiz = await answered()
  await quiz.on()
  expect(sent.map(({ answers }) => answers)).toEqual([
    [
      { questionId: 'a', option: 1 },
      { questionId: 'b', option: 0 }
    ]
  ])
  expect(quiz.result!.passed).toBe(true)
})

it('is the same attempt when its answer was lost, and another one when she tries again', async () => {
  const quiz = await answered()
  lost = true
  await quiz.on()
  expect(quiz.refused).toBeInstanceOf(Unreachable)
  lost = false
  await quiz.on()
  expect(quiz.result!.passed).toBe(true)
  await quiz.again()
  quiz.choose(0)
  await quiz.on()
  quiz.choose(0)
  await quiz.on()
  const keys = sent.map(({ key }) => key)
  expect(keys[1]).toBe(keys[0])
  expect(keys[2]).not.toBe(keys[0])
})

it('may be tried while there are tries left and the wait is over', () => {
  expect(mayTry({ triesLeftToday: 1, nextTryAt: 0 }, 100)).toBe(true)
  expect(mayTry({ triesLeftToday: 1, nextTryAt: 100 }, 100)).toBe(true)
  expect(mayTry({ triesLeftToday: 1, nextTryAt: 101 }, 100)).toBe(false)
  expect(mayTry({ triesLeftToday: 0, nextTryAt: 0 }, 100)).toBe(false)
})
