import { Boolean, Object, Optional, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Id, listOf, Millis, oneOf, Text } from '../schemas.ts'

/** What the storefront shows of the school. It has a file of its own so that a first page carries no more of it. */

export const BOOKING_STATES = ['booked', 'waiting', 'cancelled'] as const

/** What one member is to one class. `line`: how many wait before her, plus one. */
export const MyBooking = Object({
  state: oneOf(BOOKING_STATES),
  line: Count,
  attendedAt: Millis
})
export type MyBooking = Static<typeof MyBooking>

/** 一场课: one class of a course, at a time and a place. */
export const ClassCard = Object({
  id: Id,
  courseId: Id,
  courseTitle: Text(60),
  title: Text(60),
  trainer: Object({ id: Text(40), name: Text(40) }),
  place: Text(60),
  startsAt: Millis,
  endsAt: Millis,
  seats: Count,
  left: Count,
  waiting: Count,
  online: Boolean(),
  /** Its room, once it is an online class; empty otherwise. */
  showId: Text(40),
  state: oneOf(['open', 'cancelled']),
  version: Count,
  seriesId: Text(40),
  /** Only of whoever asks, signed in. */
  mine: Optional(MyBooking)
})
export type ClassCard = Static<typeof ClassCard>

export const listClasses = contract({
  method: 'GET',
  url: '/api/classes',
  schema: {
    summary: 'Classes that overlap a time (at most 100 days), the soonest first; without one, those to come.',
    querystring: Object({ from: Optional(Millis), to: Optional(Millis), courseId: Optional(Id) }),
    response: { 200: listOf(ClassCard, 500) }
  },
  config: { who: 'anyone' }
})
