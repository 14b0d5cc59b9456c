import { MAX_CLASS_MS, MAX_SEATS, type ClassDraft } from '../../shared/contracts/classes.ts'
import { dateOf } from '../words/when.ts'
import { atOf, clockOf, isQuarter, overAt } from './times.ts'

export type Wrong = 'course' | 'title' | 'trainer' | 'place' | 'time' | 'quarter' | 'long' | 'past' | 'seats'

interface Start {
  courseId: string
  title: string
  trainerId: string
  startsAt: number
  endsAt: number
}

/** A class as it is typed: day and times as its fields show them, seats as letters. */
export class TypedClass {
  courseId = $state('')
  title = $state('')
  about = $state('')
  trainerId = $state('')
  roomId = $state('')
  place = $state('')
  kitIds = $state<string[]>([])
  day = $state('')
  from = $state('')
  to = $state('')
  seats = $state('30')
  online = $state(false)

  startsAt = $derived(atOf(this.day, this.from))
  endsAt = $derived(overAt(this.day, this.to))

  constructor(start: Start | ClassDraft) {
    this.courseId = start.courseId
    this.title = start.title
    this.trainerId = start.trainerId
    this.day = dateOf(start.startsAt)
    this.from = clockOf(start.startsAt)
    this.to = clockOf(start.endsAt)
    if (!('seats' in start)) return
    this.about = start.about
    this.roomId = start.roomId
    this.place = start.place
    this.kitIds = [...start.kitIds]
    this.seats = String(start.seats)
    this.online = start.online
  }

  /** What can't be sent as it is. A class that has begun may keep its time. */
  wrong(now: number): Set<Wrong> {
    const wrong = new Set<Wrong>()
    if (!this.courseId) wrong.add('course')
    if (!this.title.trim()) wrong.add('title')
    if (!this.trainerId) wrong.add('trainer')
    if (!this.online && !this.roomId && !this.place.trim()) wrong.add('place')
    const seats = Number(this.seats)
    if (!Number.isInteger(seats) || seats < 1 || seats > MAX_SEATS) wrong.add('seats')
    const time = wrongTime(this.startsAt, this.endsAt, now)
    if (time) wrong.add(time)
    return wrong
  }

  /** `roomNames`: without other words a class is said to be in its room, and such words must not outlive a change. */
  draft(roomNames: readonly string[]): ClassDraft {
    const place = this.place.trim()
    return {
      courseId: this.courseId,
      title: this.title.trim(),
      about: this.about.trim(),
      trainerId: this.trainerId,
      roomId: this.roomId,
      place: roomNames.includes(place) ? '' : place,
      kitIds: [...this.kitIds],
      startsAt: this.startsAt,
      endsAt: this.endsAt,
      seats: Number(this.seats),
      online: this.online
    }
  }
}

/** What is wrong with a time, or undefined. */
export function wrongTime(startsAt: number, endsAt: number, now: number): Wrong | undefined {
  if (!(endsAt > startsAt)) return 'time'
  if (!isQuarter(startsAt) || !isQuarter(endsAt)) return 'quarter'
  if (endsAt - startsAt > MAX_CLASS_MS) return 'long'
  if (startsAt < now) return 'past'
  return undefined
}
