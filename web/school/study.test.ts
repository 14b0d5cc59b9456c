import { expect, it } from 'vitest'
import type { Lesson } from '../../shared/contracts/school.ts'
import { Study } from './study.svelte.ts'

const lesson = (...seconds: number[]): Lesson => ({
  id: 'l1',
  courseId: 'c1',
  title: '开场',
  seconds: seconds.reduce((sum, each) => sum + each, 0),
  blocks: [
    { kind: 'text', text: '先问好' },
    ...seconds.map((each) => ({ kind: 'video' as const, fileId: 'f1', caption: '', seconds: each }))
  ]
})

/** Lets the player of a block run from one second to another, as it tells it four times a second. */
function watches(study: Study, block: number, from: number, to: number) {
  study.plays(block, from)
  for (let at = from + 0.25; at <= to; at += 0.25) study.plays(block, at)
}

it('is done when everything was seen to its end', () => {
  const study = new Study(lesson(20, 10))
  watches(study, 1, 0, 20)
  expect([study.seconds, study.done]).toEqual([20, false])
  watches(study, 2, 0, 10)
  expect([study.seconds, study.done]).toEqual([30, true])
})

it('counts nothing that she jumped over', () => {
  const study = new Study(lesson(60))
  watches(study, 1, 0, 5)
  watches(study, 1, 50, 60)
  expect([study.seconds, study.done]).toEqual([5, false])
  watches(study, 1, 5, 60)
  expect(study.done).toBe(true)
})

it('counts nothing twice', () => {
  const study = new Study(lesson(60))
  watches(study, 1, 0, 20)
  watches(study, 1, 0, 10)
  expect(study.seconds).toBe(20)
})

it('goes on where she stopped, and from the start once it was over', () => {
  const study = new Study(lesson(20, 40), { seconds: 30, done: false })
  expect([study.startOf(1), study.startOf(2)]).toEqual([0, 10])
  watches(study, 2, 10, 40)
  expect(study.done).toBe(true)
  expect(study.startOf(2)).toBe(0)
})

it('is over when she says so only where there is nothing to be seen or heard', () => {
  const study = new Study(lesson())
  expect([study.lessonSeconds, study.done]).toEqual([0, false])
  study.finish()
  expect(study.done).toBe(true)
})

it('stays done when she looks at it again', () => {
  const study = new Study(lesson(60), { seconds: 60, done: true })
  watches(study, 1, 0, 3)
  expect([study.seconds, study.done]).toEqual([60, true])
})
