import { beforeEach, describe, expect, it } from 'vitest'
import { session } from '../me/session.svelte.ts'
import { Marks, MAX_EVIDENCE } from './marks.svelte.ts'

const rubric = {
  courseId: 'selling',
  courseTitle: '直播带货',
  passPercent: 80,
  rubric: [
    { id: 'price', name: '讲清价格', how: '', max: 10 },
    { id: 'light', name: '光线', how: '', max: 5 }
  ]
}

describe('a trainer’s marks', () => {
  beforeEach(() => localStorage.clear())

  it('begin in the middle and never leave the scale', () => {
    const marks = new Marks('show', rubric)
    const [price] = rubric.rubric
    marks.step(price!, 1)
    expect(marks.points.price).toBe(5)
    for (let i = 0; i < 9; i++) marks.step(price!, 1)
    expect(marks.points.price).toBe(10)
    for (let i = 0; i < 15; i++) marks.step(price!, -1)
    expect(marks.points.price).toBe(0)
  })

  it('pass at the limit and not just below, and only when every line has points', () => {
    const marks = new Marks('show', rubric)
    marks.points = { price: 10 }
    expect(marks).toMatchObject({ complete: false, passed: false })
    marks.points = { price: 10, light: 2 }
    expect(marks).toMatchObject({ percent: 80, complete: true, passed: true })
    marks.points = { price: 9, light: 2 }
    expect(marks).toMatchObject({ percent: 73, passed: false })
  })

  it('point at stretches of the picture that have a length', () => {
    const marks = new Marks('show', rubric)
    marks.from('price', 12_300.6)
    expect(marks.to(12_301)).toBe(false)
    expect(marks.begun).toBeUndefined()
    marks.from('price', 12_300)
    expect(marks.to(20_000)).toBe(true)
    expect(marks.body().evidence).toEqual([{ criterionId: 'price', fromMs: 12_300, toMs: 20_000, note: '' }])
    for (let i = 0; i < MAX_EVIDENCE + 3; i++) {
      marks.from('light', 0)
      marks.to(1_000)
    }
    expect(marks.evidence).toHaveLength(MAX_EVIDENCE)
    marks.drop(marks.evidence[0]!)
    expect(marks.evidence.some(({ criterionId }) => criterionId === 'price')).toBe(false)
  })

  it('show what she said before, unless there is something unsent', () => {
    const mine = {
      id: 'a',
      showId: 'show',
      courseId: 'selling',
      learner: { id: 'lan', name: '兰' },
      byId: 'chen',
      byName: '老陈',
      scores: [{ criterionId: 'price', points: 7 }],
      percent: 46,
      passed: false,
      words: '光再亮点',
      evidence: [],
      at: 1
    }
    const marks = new Marks('show', rubric, mine)
    expect(marks).toMatchObject({ words: '光再亮点', points: { price: 7 } })
    marks.points.light = 5
    marks.keep()
    expect(new Marks('show', rubric, mine).points).toEqual({ price: 7, light: 5 })
    expect(new Marks('other', rubric).points).toEqual({})
    marks.forget()
    expect(new Marks('show', rubric, mine).points).toEqual({ price: 7 })
  })

  it('are hers alone, also where another trainer sits down at the same desk', () => {
    session.me = { id: 'chen', name: '老陈', phone: '', roles: ['trainer'] }
    const marks = new Marks('show', rubric)
    marks.points.price = 2
    marks.keep()
    session.me = { id: 'guilan', name: '桂兰', phone: '', roles: ['trainer'] }
    expect(new Marks('show', rubric).points).toEqual({})
    session.me = undefined
  })
})
