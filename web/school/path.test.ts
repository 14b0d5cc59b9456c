import { expect, it } from 'vitest'
import type { ClassCard } from '../../shared/contracts/classes.ts'
import type { CoursePath } from '../../shared/contracts/school.ts'
import { doorsOpen, standingOf } from './doors.ts'
import { currentOf, doneOf, stonesOf, withUntold } from './path.ts'

const MINUTE = 60_000
const NOON = 1_795_500_000_000

const path = (id: string, more: Partial<CoursePath> = {}): CoursePath => ({
  course: { id } as CoursePath['course'],
  lessons: ['one', 'two'].map((lesson) => ({
    lesson: { id: `${id}-${lesson}`, title: lesson, seconds: 60 },
    seconds: 0,
    done: false
  })),
  attended: 0,
  quiz: 'open',
  practical: 'open',
  ...more
})
const states = (each: CoursePath) => stonesOf(each).map(({ kind, state }) => `${kind} ${state}`)

it('leads from the first lesson over a class, the quiz and the rehearsal to the certificate', () => {
  expect(states(path('live'))).toEqual([
    'lesson next',
    'lesson later',
    'class later',
    'quiz later',
    'practical later',
    'certificate later'
  ])
})

it('asks of no course what it does not want', () => {
  expect(states(path('live', { quiz: 'none', practical: 'not_needed', lessons: [] }))).toEqual([
    'class next',
    'certificate later'
  ])
})

it('shows the first stone that she has not stood on as the next, whatever she did before its turn', () => {
  const ahead = path('live', { attended: 1, quiz: 'passed' })
  ahead.lessons[0]!.done = true
  expect(states(ahead)).toEqual([
    'lesson done',
    'lesson next',
    'class done',
    'quiz done',
    'practical later',
    'certificate later'
  ])
  expect(doneOf(stonesOf(ahead))).toBe(3)
})

it('has no next stone once the certificate is hers, and has one again when it was revoked', () => {
  const whole = path('live', { attended: 1, quiz: 'passed', practical: 'passed' })
  for (const lesson of whole.lessons) lesson.done = true
  const certificate = { code: 'ABC', validUntil: 0, state: 'valid' as const }
  expect(states({ ...whole, certificate }).filter((each) => !each.endsWith('done'))).toEqual([])
  expect(states({ ...whole, certificate: { ...certificate, state: 'revoked' } }).at(-1)).toBe(
    'certificate next'
  )
})

it('goes on with the course that she has begun, then with the first that she has not finished', () => {
  const valid = { code: 'ABC', validUntil: 0, state: 'valid' as const }
  const begun = path('film', { attended: 1 })
  expect(currentOf([path('live'), begun])!.course.id).toBe('film')
  expect(currentOf([path('live', { certificate: valid }), path('film')])!.course.id).toBe('film')
  expect(currentOf([path('live', { certificate: valid })])).toBeUndefined()
  expect(currentOf([])).toBeUndefined()
})

const card = (more: Partial<ClassCard> = {}) =>
  ({ state: 'open', startsAt: NOON, endsAt: NOON + 60 * MINUTE, left: 1, waiting: 0, ...more }) as ClassCard

it('opens the doors half an hour before a class and shuts them three hours after it', () => {
  expect(doorsOpen(card(), NOON - 30 * MINUTE - 1)).toBe(false)
  expect(doorsOpen(card(), NOON - 30 * MINUTE)).toBe(true)
  expect(doorsOpen(card(), NOON + 240 * MINUTE)).toBe(true)
  expect(doorsOpen(card(), NOON + 240 * MINUTE + 1)).toBe(false)
  expect(doorsOpen(card({ state: 'cancelled' }), NOON)).toBe(false)
})

it('says what a class is to her', () => {
  const mine = (state: 'booked' | 'waiting' | 'cancelled', attendedAt = 0) => ({ state, line: 1, attendedAt })
  const before = NOON - MINUTE
  expect(standingOf(card(), before)).toBe('free')
  expect(standingOf(card({ left: 0 }), before)).toBe('full')
  expect(standingOf(card({ mine: mine('booked') }), before)).toBe('booked')
  expect(standingOf(card({ mine: mine('waiting') }), before)).toBe('waiting')
  expect(standingOf(card({ mine: mine('cancelled') }), before)).toBe('free')
  expect(standingOf(card({ mine: mine('booked') }), NOON + 60 * MINUTE)).toBe('over')
  expect(standingOf(card({ mine: mine('booked', NOON) }), NOON + 60 * MINUTE)).toBe('attended')
  expect(standingOf(card({ state: 'cancelled', mine: mine('booked') }), before)).toBe('cancelled')
  expect(standingOf(card(), NOON + 60 * MINUTE)).toBe('over')
})

it('counts what the phone has not told the server yet, and never less than the server knows', () => {
  const known = path('live')
  known.lessons[0] = { ...known.lessons[0]!, seconds: 40, done: true }
  const news = (lessonId: string, seconds: number, done: boolean) => ({ lessonId, seconds, done, at: NOON })
  const now = withUntold(known, [
    news('live-one', 10, false),
    news('live-two', 60, true),
    news('other-one', 5, true)
  ])
  expect(now.lessons.map(({ seconds, done }) => [seconds, done])).toEqual([
    [40, true],
    [60, true]
  ])
  expect(states(now)[2]).toBe('class next')
})
