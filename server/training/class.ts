import type { ClassDraft, MyBooking } from '../../shared/contracts/classes.ts'

export const WEEK_MS = 7 * 86_400_000
const DAY_MS = 86_400_000
/** A calendar asks for no more than a season at a time. */
export const LONGEST_RANGE_MS = 100 * DAY_MS
/** How far “those to come” looks. */
export const COMING_MS = 100 * DAY_MS

/** 一堂课: what a class is besides its occasion. */
export interface ClassRow {
  id: string
  courseId: string
  trainerId: string
  roomId: string
  kitIds: string[]
  about: string
  online: boolean
  showId: string
  /** What its trainer knows; a time of 0: that it is cancelled. */
  toldStartsAt: number
  toldPlace: string
}

/** What a class needs for itself. An online class has a room only if its trainer sits in one. */
export const needs = ({ trainerId, roomId, kitIds }: Pick<ClassDraft, 'trainerId' | 'roomId' | 'kitIds'>) => [
  trainerId,
  ...(roomId ? [roomId] : []),
  ...kitIds
]

/** The same time, one week after the other. The village has no summer time. */
export const weekly = ({ startsAt, endsAt }: { startsAt: number; endsAt: number }, weeks: number) =>
  Array.from({ length: weeks }, (_, i) => ({
    startsAt: startsAt + i * WEEK_MS,
    endsAt: endsAt + i * WEEK_MS
  }))

/** The time that a list is about; `too_long` beyond a season. */
export function rangeOf(
  { from, to }: { from?: number | undefined; to?: number | undefined },
  now: number
): { from: number; to: number } | 'too_long' {
  const start = from ?? (to === undefined ? now : to - LONGEST_RANGE_MS)
  const end = to ?? start + COMING_MS
  if (end - start > LONGEST_RANGE_MS || end <= start) return 'too_long'
  return { from: Math.max(0, start), to: end }
}

/** What belongs to those who are in it: materials, the room of an online class. */
export const insider = (mine: MyBooking | undefined) => mine?.state === 'booked' || Boolean(mine?.attendedAt)
