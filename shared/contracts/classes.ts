import { Array, Boolean, Integer, Object, Optional, String, Unsafe, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Id, Line, Millis, Nothing, oneOf, Phone, Text } from '../schemas.ts'
import { BOOKING_STATES, ClassCard, MyBooking } from './class-card.ts'

export * from './class-card.ts'

/** Times of classes stand on the quarter of an hour: a trainer, a room, a kit is busy by quarters. */
export const QUARTER_MS = 15 * 60_000
export const MAX_SEATS = 500
export const MAX_CLASS_MS = 12 * 3_600_000
export const MAX_REPEATS = 26
/** The rotating code at the door changes every five seconds; a photo of it is worthless after fifteen. */
export const CODE_EVERY_MS = 5_000
export const CODE_LIVES_MS = 15_000
/** One may check in from half an hour before the class until three hours after its end; never for a day to come. */
export const DOORS_OPEN_MS = 30 * 60_000
export const DOORS_CLOSE_MS = 3 * 3_600_000
/** A paper sheet comes to the office when the bus does. */
export const PAPER_LATE_MS = 14 * 86_400_000
export const ROSTER_BYTES = 2 * 1024 * 1024
export const ROSTER_ROWS = 1_000

export const BOOKED_HOW = ['herself', 'officer', 'walk_in', 'roster'] as const
export type BookedHow = (typeof BOOKED_HOW)[number]
export const ATTENDED_HOW = ['qr', 'scan', 'manual', 'paper'] as const
export type AttendedHow = (typeof ATTENDED_HOW)[number]

const params = Object({ classId: Id })
const ofMember = Object({ classId: Id, memberId: Id })
const TEACHERS = ['trainer', 'officer'] as const

export const Material = Object({ fileId: Id, title: Text(60), type: Text(60) })

export const getClass = contract({
  method: 'GET',
  url: '/api/classes/:classId',
  schema: {
    summary: 'One class; its materials for who booked it and for trainers.',
    params,
    response: {
      200: Object({
        class: ClassCard,
        about: Text(500),
        materials: Array(Material, { maxItems: 30 }),
        feedback: Optional(Object({ stars: Count, words: Text(300) }))
      })
    }
  },
  config: { who: 'anyone' }
})

export const bookClass = contract({
  method: 'POST',
  url: '/api/classes/:classId/bookings',
  schema: {
    summary: 'Enrols me: a seat, or the end of the waitlist. Twice is once.',
    params,
    response: { 200: Object({ mine: MyBooking }) }
  },
  config: { who: 'member' }
})

export const leaveClass = contract({
  method: 'DELETE',
  url: '/api/classes/:classId/bookings/mine',
  schema: {
    summary: 'Gives my seat back; the first who waits gets it and is told.',
    params,
    response: { 200: Object({ mine: MyBooking }) }
  },
  config: { who: 'member' }
})

export const RosterRow = Object({
  memberId: Id,
  name: Text(40),
  /** Masked. */
  phone: Text(20),
  state: oneOf(BOOKING_STATES),
  line: Count,
  how: oneOf(BOOKED_HOW),
  byName: Text(40),
  at: Millis,
  attended: Optional(Object({ at: Millis, how: oneOf(ATTENDED_HOW), byName: Text(40) })),
  /** What she said of the class; no stars: nothing yet. */
  stars: Count,
  words: Text(300)
})
export type RosterRow = Static<typeof RosterRow>

export const getRoster = contract({
  method: 'GET',
  url: '/api/classes/:classId/roster',
  schema: {
    summary: 'Who booked, who waits, who came; and the photos of the paper sheet.',
    params,
    response: {
      200: Object({
        class: ClassCard,
        rows: Array(RosterRow, { maxItems: 2000 }),
        sheets: Array(Object({ fileId: Id, at: Millis, byName: Text(40) }), { maxItems: 30 })
      })
    }
  },
  config: { who: TEACHERS }
})

/** For a woman at the desk or at the door: somebody the union knows, or a newcomer, who may have no phone. */
export const bookFor = contract({
  method: 'POST',
  url: '/api/classes/:classId/bookings/for',
  schema: {
    summary: 'Enrols somebody for her: by a branch officer, or as a walk-in (then she is there already).',
    params,
    body: Object({
      memberId: Optional(Id),
      newcomer: Optional(Object({ name: Line(20), phone: Optional(Phone) })),
      how: oneOf(['officer', 'walk_in'])
    }),
    response: { 200: Object({ row: RosterRow }) }
  },
  config: { who: TEACHERS }
})

export const unbook = contract({
  method: 'DELETE',
  url: '/api/classes/:classId/bookings/:memberId',
  schema: {
    summary: 'Takes somebody off the list; the first who waits gets her seat and is told.',
    params: ofMember,
    response: { 200: Nothing }
  },
  config: { who: TEACHERS }
})

/** What is printed for a woman without a smartphone. `code` is what the officer scans at the door. */
export const getSlip = contract({
  method: 'GET',
  url: '/api/classes/:classId/slips/:memberId',
  schema: {
    summary:
      'The printed slip of somebody who booked: what, when, where, and a code to be scanned at the door.',
    params: ofMember,
    response: {
      200: Object({
        class: ClassCard,
        name: Text(40),
        state: oneOf(BOOKING_STATES),
        line: Count,
        code: Text(200)
      })
    }
  },
  config: { who: TEACHERS }
})

export const RosterPreviewRow = Object({
  /** As the sheet counts: the heading is row 1. */
  row: Count,
  name: Text(40),
  phone: Text(20),
  verdict: oneOf(['new', 'known', 'booked', 'duplicate', 'error']),
  /** Which field is wrong and why; empty where nothing is. */
  problem: Text(60)
})

export const previewRoster = contract({
  method: 'POST',
  url: '/api/classes/:classId/roster/preview',
  schema: {
    summary:
      'Reads an xlsx sheet (multipart, field `sheet`, ≤ 2 MB, ≤ 1,000 rows: 姓名, 手机号); writes nothing, says what would happen to each row.',
    params,
    response: {
      200: Object({
        importId: Id,
        rows: Array(RosterPreviewRow, { maxItems: ROSTER_ROWS }),
        good: Count,
        bad: Count
      })
    }
  },
  config: { who: TEACHERS }
})

export const importRoster = contract({
  method: 'POST',
  url: '/api/classes/:classId/roster/import',
  schema: {
    summary: 'Enrols the good rows of a preview, once; the others stay out.',
    params,
    body: Object({ importId: Id }),
    response: { 200: Object({ booked: Count, waiting: Count, skipped: Count }) }
  },
  config: { who: TEACHERS }
})

// the calendar

export const ClassDraft = Object({
  courseId: Id,
  title: Line(60),
  about: Text(500),
  trainerId: Id,
  /** A room of the union, which can't be booked twice; without one `place` says where. */
  roomId: Text(40),
  place: Text(60),
  kitIds: Array(Id, { maxItems: 10, uniqueItems: true }),
  startsAt: Millis,
  endsAt: Millis,
  seats: Integer({ minimum: 1, maximum: MAX_SEATS }),
  online: Boolean()
})
export type ClassDraft = Static<typeof ClassDraft>

export const scheduleClass = contract({
  method: 'POST',
  url: '/api/classes',
  schema: {
    summary:
      'Schedules a class, or one a week for some weeks: all of them or, when something is double booked (409 `double_booked` with what clashes), none.',
    body: Object({ draft: ClassDraft, weeks: Integer({ minimum: 1, maximum: MAX_REPEATS }) }),
    response: { 200: Object({ classes: Array(ClassCard, { maxItems: MAX_REPEATS }) }) }
  },
  config: { who: TEACHERS }
})

export const teachClass = contract({
  method: 'GET',
  url: '/api/teach/classes/:classId',
  schema: {
    summary: 'A class as its trainers edit it.',
    params,
    response: { 200: Object({ class: ClassCard, draft: ClassDraft }) }
  },
  config: { who: TEACHERS }
})

export const changeClass = contract({
  method: 'PUT',
  url: '/api/classes/:classId',
  schema: {
    summary:
      'Changes a class; who booked is told when time or place change. Never fewer seats than are taken.',
    params,
    body: Object({ version: Count, draft: ClassDraft }),
    response: { 200: Object({ class: ClassCard }) }
  },
  config: { who: TEACHERS }
})

export const moveClass = contract({
  method: 'PUT',
  url: '/api/classes/:classId/time',
  schema: {
    summary:
      'Moves a class on the calendar (drag). Who booked is told a quiet minute later, so an undo says nothing. Refused on a clash.',
    params,
    body: Object({ version: Count, startsAt: Millis, endsAt: Millis }),
    response: { 200: Object({ class: ClassCard }) }
  },
  config: { who: TEACHERS }
})

export const cancelClass = contract({
  method: 'POST',
  url: '/api/classes/:classId/cancel',
  schema: {
    summary: 'Cancels a class; trainer, room and kit are free again and everybody is told why.',
    params,
    body: Object({ reason: Line(120) }),
    response: { 200: Object({ class: ClassCard }) }
  },
  config: { who: TEACHERS }
})

/** 讲师, 教室, 器材: what a class needs and only one class can have at a time. */
export const Resource = Object({
  id: Id,
  kind: oneOf(['trainer', 'room', 'kit']),
  name: Text(40),
  seats: Count,
  open: Boolean()
})
export type Resource = Static<typeof Resource>

/** Somebody or something that can't be booked: 请假, or in repair. */
export const Leave = Object({ id: Id, resourceId: Id, startsAt: Millis, endsAt: Millis, reason: Text(60) })
export type Leave = Static<typeof Leave>

export const listResources = contract({
  method: 'GET',
  url: '/api/teach/resources',
  schema: {
    summary: 'Trainers, rooms and kit, with their leaves from today on.',
    response: {
      200: Object({ resources: Array(Resource, { maxItems: 500 }), leaves: Array(Leave, { maxItems: 500 }) })
    }
  },
  config: { who: TEACHERS }
})

export const saveResource = contract({
  method: 'POST',
  url: '/api/teach/resources',
  schema: {
    summary: 'Adds a room or a kit, or changes the one with this id. Trainers come from the members’ roles.',
    body: Object({
      id: Optional(Id),
      kind: oneOf(['room', 'kit']),
      name: Line(40),
      seats: Integer({ minimum: 0, maximum: MAX_SEATS }),
      open: Boolean()
    }),
    response: { 200: Object({ resource: Resource }) }
  },
  config: { who: TEACHERS }
})

export const takeLeave = contract({
  method: 'POST',
  url: '/api/teach/leaves',
  schema: {
    summary:
      'Blocks a trainer, a room or a kit for a time (≤ 31 days); refused where a class stands already.',
    body: Object({ resourceId: Id, startsAt: Millis, endsAt: Millis, reason: Text(60) }),
    response: { 200: Object({ leave: Leave }) }
  },
  config: { who: TEACHERS }
})

export const endLeave = contract({
  method: 'DELETE',
  url: '/api/teach/leaves/:leaveId',
  schema: {
    summary: 'Takes a leave off the calendar.',
    params: Object({ leaveId: Id }),
    response: { 200: Nothing }
  },
  config: { who: TEACHERS }
})

export const addMaterial = contract({
  method: 'POST',
  url: '/api/classes/:classId/materials',
  schema: {
    summary: 'Adds a material (a file of kind `material`).',
    params,
    body: Object({ fileId: Id, title: Line(60) }),
    response: { 200: Object({ materials: Array(Material, { maxItems: 30 }) }) }
  },
  config: { who: TEACHERS }
})

export const dropMaterial = contract({
  method: 'DELETE',
  url: '/api/classes/:classId/materials/:fileId',
  schema: {
    summary: 'Takes a material away.',
    params: Object({ classId: Id, fileId: Id }),
    response: { 200: Object({ materials: Array(Material, { maxItems: 30 }) }) }
  },
  config: { who: TEACHERS }
})

/** An online class is a live room that only its trainer, who booked it and officers can see. */
export const openOnlineRoom = contract({
  method: 'POST',
  url: '/api/classes/:classId/room',
  schema: {
    summary: 'Opens the room of an online class for its trainer’s camera; again answers the same room.',
    params,
    response: { 200: Object({ showId: Id }) }
  },
  config: { who: TEACHERS }
})

// attendance

export const doorCode = contract({
  method: 'GET',
  url: '/api/classes/:classId/door-code',
  schema: {
    summary: 'The code on the trainer’s screen now: good until `endsAt`, a new one every five seconds.',
    params,
    response: { 200: Object({ code: Text(200), nextAt: Millis, endsAt: Millis }) }
  },
  config: { who: TEACHERS }
})

export const checkIn = contract({
  method: 'POST',
  url: '/api/check-ins',
  schema: {
    summary: 'Checks me in by the code that I scanned at the door; twice, or from two phones, is once.',
    body: Object({ code: Text(200) }),
    response: { 200: Object({ class: ClassCard, at: Millis }) }
  },
  config: { who: 'member' }
})

/** 我的码: what an officer scans from her phone; good for a minute. */
export const myMemberCode = contract({
  method: 'GET',
  url: '/api/me/member-code',
  schema: {
    summary: 'My own code, for an officer to scan; changes every half minute, good for a minute.',
    response: { 200: Object({ code: Text(200), nextAt: Millis, endsAt: Millis }) }
  },
  config: { who: 'member' }
})

export const scanMember = contract({
  method: 'POST',
  url: '/api/classes/:classId/attendances/scan',
  schema: {
    summary: 'Checks in whoever’s member code or slip was scanned.',
    params,
    body: Object({ code: Text(200) }),
    response: { 200: Object({ row: RosterRow }) }
  },
  config: { who: TEACHERS }
})

export const tick = contract({
  method: 'PUT',
  url: '/api/classes/:classId/attendances/:memberId',
  schema: {
    summary: 'Ticks somebody by hand, or from the paper sheet.',
    params: ofMember,
    body: Object({ how: oneOf(['manual', 'paper']) }),
    response: { 200: Object({ row: RosterRow }) }
  },
  config: { who: TEACHERS }
})

export const untick = contract({
  method: 'POST',
  url: '/api/classes/:classId/attendances/:memberId/undo',
  schema: {
    summary: 'Takes an attendance back, with the reason; both stay in the log.',
    params: ofMember,
    body: Object({ reason: Line(120) }),
    response: { 200: Object({ row: RosterRow }) }
  },
  config: { who: TEACHERS }
})

export const addSheet = contract({
  method: 'POST',
  url: '/api/classes/:classId/sheets',
  schema: {
    summary: 'Keeps a photo of the paper attendance sheet (a file of kind `sheet`).',
    params,
    body: Object({ fileId: Id }),
    response: { 200: Nothing }
  },
  config: { who: TEACHERS }
})

export const giveFeedback = contract({
  method: 'PUT',
  url: '/api/classes/:classId/feedback',
  schema: {
    summary: 'What I say of a class that I attended.',
    params,
    body: Object({ stars: Integer({ minimum: 1, maximum: 5 }), words: Text(300) }),
    response: { 200: Nothing }
  },
  config: { who: 'member' }
})

// a calendar of one's own

export const myCalendar = contract({
  method: 'POST',
  url: '/api/me/calendar',
  schema: {
    summary: 'The address of my calendar feed (iCalendar); `anew` makes the old address worthless.',
    body: Object({ anew: Boolean() }),
    response: { 200: Object({ url: String() }) }
  },
  config: { who: 'member' }
})

export const calendarFeed = contract({
  method: 'GET',
  url: '/api/calendar/:token',
  schema: {
    summary: 'My classes, and those I teach, as iCalendar. Whoever knows the address may read it.',
    params: Object({ token: String({ pattern: '^[0-9A-Za-z_-]{20,60}(\\.ics)?$' }) }),
    response: { 200: Unsafe<unknown>({}) }
  },
  config: { who: 'anyone' }
})
