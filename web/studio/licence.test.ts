import { describe, expect, it } from 'vitest'
import type { HostDocument, Missing } from '../../shared/contracts/licences.ts'
import { currentOf, endOf, nearnessOf, once, remedyOf, typedEnd } from './licence.ts'

const DAY_MS = 86_400_000
/** Half past eight in the evening in Hongdao. */
const NOW = Date.parse('2026-11-23T20:30:00+08:00')

const missing = (changes: Partial<Missing>): Missing => ({
  what: 'document',
  why: 'none',
  topic: '',
  courseId: '',
  courseTitle: '',
  classes: [],
  document: 'health',
  ...changes
})
const aClass = { id: 'c', title: '下周小班', place: '二楼', startsAt: NOW + DAY_MS, left: 3 }

const document = (id: string, changes: Partial<HostDocument> = {}): HostDocument => ({
  id,
  kind: 'health',
  number: '',
  fileIds: [],
  validUntil: 0,
  state: 'good',
  handedInAt: NOW - DAY_MS,
  checkedAt: NOW,
  dueAt: NOW + 100 * DAY_MS,
  words: '',
  ...changes
})

describe('the end of a document', () => {
  it('is the last moment of its day in the village, wherever the officer sits', () => {
    expect(endOf({ day: '2027-03-08', none: false })).toBe(Date.parse('2027-03-08T23:59:59.999+08:00'))
  })

  it('is 0 where none is printed, and nothing while nothing is typed', () => {
    expect(endOf({ day: '2027-03-08', none: true })).toBe(0)
    expect(endOf({ day: '', none: false })).toBeUndefined()
  })

  it('is shown as the day that was sent', () => {
    expect(endOf(typedEnd(endOf({ day: '2027-03-08', none: false })))).toBe(
      Date.parse('2027-03-08T23:59:59.999+08:00')
    )
    expect(typedEnd(0)).toEqual({ day: '', none: true })
  })

  it('is near from the thirtieth day before it, pressing on its day, over at its moment', () => {
    expect(nearnessOf(NOW + 31 * DAY_MS, NOW)).toBe('far')
    expect(nearnessOf(NOW + 30 * DAY_MS, NOW)).toBe('soon')
    expect(nearnessOf(Date.parse('2026-11-23T23:59:59+08:00'), NOW)).toBe('today')
    expect(nearnessOf(NOW, NOW)).toBe('over')
  })
})

describe('the documents of a host', () => {
  it('leave out what was replaced, and a refusal once she has handed in another', () => {
    const refused = document('first', { state: 'refused', handedInAt: NOW - 3 * DAY_MS })
    const waiting = document('second', { state: 'waiting', handedInAt: NOW - 2 * DAY_MS })
    const old = document('old', { state: 'replaced' })
    expect(currentOf([refused, waiting, old]).map(({ id }) => id)).toEqual(['second'])
    expect(currentOf([refused, old]).map(({ id }) => id)).toEqual(['first'])
  })

  it('keep the good one in sight while a newer one waits to be looked at', () => {
    const good = document('good')
    const waiting = document('new', { state: 'waiting', handedInAt: NOW })
    expect(currentOf([good, waiting]).map(({ id }) => id)).toEqual(['new', 'good'])
  })
})

describe('what a host can do about what is missing', () => {
  it('is one thing: hand it in, book the class, look at the course, register, or wait', () => {
    expect(remedyOf(missing({}))).toBe('document')
    expect(remedyOf(missing({ why: 'expired' }))).toBe('document')
    expect(remedyOf(missing({ why: 'waiting' }))).toBe('wait')
    const certificate = missing({ what: 'certificate', document: '', courseId: 'first-show' })
    expect(remedyOf({ ...certificate, classes: [aClass] })).toBe('class')
    expect(remedyOf(certificate)).toBe('course')
    expect(remedyOf({ ...certificate, courseId: '' })).toBe('ask')
    expect(remedyOf(missing({ what: 'identity', document: '' }))).toBe('identity')
  })

  it('is nothing but to ask when she is too young', () => {
    expect(remedyOf(missing({ what: 'age', why: 'too_young', document: '' }))).toBe('ask')
  })

  it('is said once, however many of her goods ask for the same paper', () => {
    const certificate = (topic: string) => missing({ what: 'certificate', document: '', topic })
    const all = [missing({}), missing({}), certificate('dining'), certificate('tourism')]
    expect(once(all)).toEqual([all[0], all[2], all[3]])
  })
})
