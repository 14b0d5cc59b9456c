import { describe, expect, it } from 'vitest'
import { marks, passes, shows } from './assessment.ts'

const rubric = [
  { id: 'voice', name: '开口', how: '敢说，说得清', max: 20 },
  { id: 'goods', name: '讲货', how: '产地、潮水、吃法', max: 50 },
  { id: 'rules', name: '守规矩', how: '不说“最”，不夸大', max: 30 }
]
const points = (voice: number, goods: number, rules: number) => [
  { criterionId: 'voice', points: voice },
  { criterionId: 'goods', points: goods },
  { criterionId: 'rules', points: rules }
]
const passAt = (passPercent: number) => ({ passPercent })

describe('marks', () => {
  it('pass her exactly from the percent that the course asks for', () => {
    expect(marks(rubric, points(20, 40, 20), passAt(80))).toEqual({ percent: 80, passed: true })
    expect(marks(rubric, points(20, 40, 19), passAt(80))).toEqual({ percent: 79, passed: false })
    expect(marks(rubric, points(20, 50, 30), passAt(100))).toEqual({ percent: 100, passed: true })
    expect(marks(rubric, points(0, 0, 0), passAt(1))).toEqual({ percent: 0, passed: false })
  })

  it('never round up to a pass', () => {
    const thirds = [{ id: 'one', name: '一项', how: '', max: 3 }]
    expect(marks(thirds, [{ criterionId: 'one', points: 2 }], passAt(67))).toEqual({
      percent: 66,
      passed: false
    })
  })

  it('want every line once, none above its maximum, and none that the rubric has not', () => {
    const refused = { refused: 'assess_incomplete' }
    const whole = points(20, 50, 30)
    expect(marks(rubric, whole.slice(1), passAt(80))).toEqual(refused)
    expect(marks(rubric, points(21, 50, 30), passAt(80))).toEqual(refused)
    expect(marks(rubric, [...whole, { criterionId: 'smile', points: 1 }], passAt(80))).toEqual(refused)
    expect(marks(rubric, [whole[0]!, whole[0]!, whole[1]!], passAt(80))).toEqual(refused)
    expect(marks([], [], passAt(80)), 'a course without a rubric').toEqual(refused)
  })
})

describe('evidence', () => {
  const stretch = (fromMs: number, toMs: number, criterionId = 'voice') => ({ criterionId, fromMs, toMs })

  it('lies in the recording, up to its last moment, and belongs to a line of the rubric', () => {
    expect(shows(stretch(0, 60_000), rubric, 60_000)).toBe(true)
    expect(shows(stretch(0, 60_001), rubric, 60_000)).toBe(false)
    expect(shows(stretch(5_000, 5_000), rubric, 60_000)).toBe(false)
    expect(shows(stretch(6_000, 5_000), rubric, 60_000)).toBe(false)
    expect(shows(stretch(0, 1_000, 'smile'), rubric, 60_000)).toBe(false)
  })
})

describe('passes', () => {
  let ids = 0
  const word = (byId: string, passed: boolean, at: number) => ({ id: String(++ids), byId, passed, at })

  it('count each trainer once, by what she said last', () => {
    expect(passes([])).toBe(0)
    expect(passes([word('chen', true, 1), word('chen', true, 2)])).toBe(1)
    expect(passes([word('chen', false, 1), word('chen', true, 2)])).toBe(1)
    expect(passes([word('chen', true, 1), word('chen', false, 2)])).toBe(0)
    expect(passes([word('chen', true, 2), word('chen', false, 1)])).toBe(1)
    expect(passes([word('chen', true, 1), word('lin', true, 1), word('wang', false, 1)])).toBe(2)
  })

  it('take the later of two that were said at one moment', () => {
    const [first, second] = [word('chen', true, 5), word('chen', false, 5)]
    expect(passes([first, second])).toBe(0)
    expect(passes([second, first])).toBe(0)
  })

  it('leave out what is spent', () => {
    const said = [word('chen', true, 10), word('lin', true, 11)]
    expect(passes(said, 9)).toBe(2)
    expect(passes(said, 10)).toBe(1)
    expect(passes(said, 11)).toBe(0)
  })
})
