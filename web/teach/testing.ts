import type { ClassCard, RosterRow } from '../../shared/contracts/classes.ts'

/** 9:00 on 20 November 2026, a Friday, in the village. */
export const FRIDAY_9 = Date.parse('2026-11-20T09:00:00+08:00')
export const HOUR_MS = 3_600_000

export const aClass = (more: Partial<ClassCard> = {}): ClassCard => ({
  id: 'knots',
  courseId: 'selling',
  courseTitle: '直播带货',
  title: '第一堂',
  trainer: { id: 'chen', name: '老陈' },
  place: '后韩家',
  startsAt: FRIDAY_9,
  endsAt: FRIDAY_9 + 2 * HOUR_MS,
  seats: 30,
  left: 28,
  waiting: 0,
  online: false,
  showId: '',
  state: 'open',
  version: 1,
  seriesId: '',
  ...more
})

export const aRow = (memberId: string, more: Partial<RosterRow> = {}): RosterRow => ({
  memberId,
  name: memberId,
  phone: '138****0001',
  state: 'booked',
  line: 0,
  how: 'herself',
  byName: '',
  at: 0,
  stars: 0,
  words: '',
  ...more
})

/** An answer that comes when the test says so. */
export function later<T>() {
  let answer!: (value: T) => void
  let refuse!: (error: unknown) => void
  const promise = new Promise<T>((resolve, reject) => {
    answer = resolve
    refuse = reject
  })
  return { promise, answer, refuse }
}
