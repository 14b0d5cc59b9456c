import { expect, it } from 'vitest'
import type { HomeworkComment } from '../../shared/contracts/school.ts'
import { passed, placeOf } from './remarks.ts'

const comment = (id: string, atMs: number) => ({ id, atMs }) as HomeworkComment
const comments = [comment('a', 0), comment('b', 4_000), comment('c', 4_100)]
const ids = (from: number, to: number) => passed(comments, from, to).map(({ id }) => id)

it('says each comment once, at its moment', () => {
  expect(ids(0, 250)).toEqual(['a'])
  expect(ids(250, 4_000)).toEqual([])
  expect(ids(4_000, 4_250)).toEqual(['b', 'c'])
  expect(ids(4_001, 4_250)).toEqual(['c'])
})

it('marks the line at the moment, even of a film that does not know its length', () => {
  expect(placeOf(comment('x', 5_000), 20)).toBe(25)
  expect(placeOf(comment('x', 15_000), Infinity)).toBe(50)
  expect(placeOf(comment('x', 15_000), NaN)).toBe(50)
  expect(placeOf(comment('x', 60_000), 20)).toBe(100)
})
