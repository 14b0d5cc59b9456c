import { describe, expect, it } from 'vitest'
import { answersTwice, dayOf, marked, passes, QUIZ_WAIT_MS, tries, TRIES_A_DAY } from './quiz.ts'

const questions = [
  { id: 'sand', right: 0, why: '两小时' },
  { id: 'ice', right: 2, why: '冰鲜' },
  { id: 'net', right: 1, why: '' }
]
const answers = (...options: number[]) =>
  options.map((option, i) => ({ questionId: questions[i]!.id, option }))

describe('marks', () => {
  it('are right where she chose what is right', () => {
    expect(marked(questions, answers(0, 2, 1))).toEqual({ right: 3, total: 3, wrong: [] })
  })

  it('count what she did not answer as wrong, and say why', () => {
    expect(marked(questions, answers(0))).toEqual({
      right: 1,
      total: 3,
      wrong: [
        { questionId: 'ice', right: 2, why: '冰鲜' },
        { questionId: 'net', right: 1, why: '' }
      ]
    })
    expect(marked(questions, [])).toMatchObject({ right: 0, total: 3 })
  })

  it('give nothing for answers to questions that are gone', () => {
    expect(marked(questions, [{ questionId: 'gone', option: 0 }])).toMatchObject({ right: 0, total: 3 })
  })

  it('take one answer to each question', () => {
    expect(answersTwice(answers(0, 1))).toBe(false)
    expect(answersTwice([...answers(0), { questionId: 'sand', option: 1 }])).toBe(true)
  })

  it('are enough from the per cent on that the course wants', () => {
    expect(passes({ right: 8, total: 10 }, 80)).toBe(true)
    expect(passes({ right: 7, total: 10 }, 80)).toBe(false)
    expect(passes({ right: 2, total: 3 }, 66)).toBe(true)
    expect(passes({ right: 2, total: 3 }, 67)).toBe(false)
    expect(passes({ right: 0, total: 0 }, 1)).toBe(false)
  })
})

describe('another try', () => {
  const noon = Date.UTC(2026, 10, 22, 4) // 12:00 in the village
  const failed = (at: number) => ({ at, passed: false })

  it('is there at once for whoever has not tried yet', () => {
    expect(tries([], noon)).toEqual({ triesLeftToday: TRIES_A_DAY, nextTryAt: 0 })
  })

  it('comes ten minutes after a failure, not a moment sooner', () => {
    const next = noon + QUIZ_WAIT_MS
    expect(tries([failed(noon)], noon)).toEqual({ triesLeftToday: 2, nextTryAt: next })
    expect(tries([failed(noon)], next - 1).nextTryAt).toBe(next)
    expect(tries([failed(noon)], next).nextTryAt).toBe(0)
  })

  it('comes at midnight in the village after the third of a day', () => {
    const midnight = Date.UTC(2026, 10, 22, 16)
    const three = [failed(noon), failed(noon + QUIZ_WAIT_MS), failed(noon + 2 * QUIZ_WAIT_MS)]
    const evening = midnight - 1
    expect(tries(three, evening)).toEqual({ triesLeftToday: 0, nextTryAt: midnight })
    expect(tries(three, midnight)).toEqual({ triesLeftToday: 3, nextTryAt: 0 })
  })

  it('waits its ten minutes across midnight too', () => {
    const midnight = Date.UTC(2026, 10, 22, 16)
    const last = midnight - 60_000
    expect(tries([failed(last)], midnight)).toEqual({
      triesLeftToday: 3,
      nextTryAt: last + QUIZ_WAIT_MS
    })
    const three = [failed(last - 2 * QUIZ_WAIT_MS), failed(last - QUIZ_WAIT_MS), failed(last)]
    expect(tries(three, last)).toEqual({ triesLeftToday: 0, nextTryAt: last + QUIZ_WAIT_MS })
  })

  it('is counted by the village’s day', () => {
    expect(new Date(dayOf(noon)).toISOString()).toBe('2026-11-21T16:00:00.000Z')
    expect(dayOf(Date.UTC(2026, 10, 22, 15, 59))).toBe(dayOf(noon))
    expect(dayOf(Date.UTC(2026, 10, 22, 16))).toBe(Date.UTC(2026, 10, 22, 16))
  })
})
