import { sql } from 'drizzle-orm'
import type { Kit } from '../store/kit.ts'

export const bookingTables = (kit: Kit) => ({
  /** 场次: a time and a place with seats, whatever it is for (`kind`, `subjectId`). */
  occasions: kit.table(
    'occasions',
    {
      id: kit.text('id').primaryKey(),
      kind: kit.oneOf('kind', ['class']).notNull(),
      subjectId: kit.text('subject_id').notNull(),
      seriesId: kit.text('series_id').notNull(),
      title: kit.text('title').notNull(),
      place: kit.text('place').notNull(),
      startsAt: kit.big('starts_at').notNull(),
      endsAt: kit.big('ends_at').notNull(),
      seats: kit.int('seats').notNull(),
      taken: kit.int('taken').notNull(),
      /** The number that the last who queued was given. */
      lastInLine: kit.int('last_in_line').notNull(),
      state: kit.oneOf('state', ['open', 'cancelled']).notNull(),
      reason: kit.text('reason').notNull(),
      version: kit.int('version').notNull(),
      /** When who booked is to be told of what has changed; 0: they know. */
      newsAt: kit.big('news_at').notNull(),
      createdBy: kit.text('created_by').notNull(),
      createdAt: kit.big('created_at').notNull()
    },
    (t) => [
      kit.index('occasions_starts').on(t.kind, t.startsAt),
      kit.index('occasions_subject').on(t.subjectId, t.startsAt),
      kit.index('occasions_news').on(t.newsAt),
      kit.check('occasions_seats', sql`${t.taken} >= 0 and ${t.taken} <= ${t.seats}`),
      kit.check('occasions_time', sql`${t.endsAt} > ${t.startsAt}`)
    ]
  ),
  bookings: kit.table(
    'bookings',
    {
      occasionId: kit.text('occasion_id').notNull(),
      memberId: kit.text('member_id').notNull(),
      state: kit.oneOf('state', ['booked', 'waiting', 'cancelled']).notNull(),
      /** Her number in the queue of the waitlist; 0 for who had a seat at once. */
      inLine: kit.int('in_line').notNull(),
      how: kit.oneOf('how', ['herself', 'officer', 'walk_in', 'roster']).notNull(),
      byId: kit.text('by_id').notNull(),
      at: kit.big('at').notNull(),
      changedAt: kit.big('changed_at').notNull(),
      /** The time and the place that she was told last; a time of 0: that it is cancelled. */
      toldStartsAt: kit.big('told_starts_at').notNull(),
      toldEndsAt: kit.big('told_ends_at').notNull(),
      toldPlace: kit.text('told_place').notNull()
    },
    (t) => [
      kit.primaryKey({ columns: [t.occasionId, t.memberId] }),
      kit.index('bookings_line').on(t.occasionId, t.state, t.inLine),
      kit.index('bookings_member').on(t.memberId, t.at)
    ]
  ),
  /** 教室, 器材: what only one occasion can have at a time. A trainer is a resource too, under her member id, without a row here. */
  resources: kit.table(
    'resources',
    {
      id: kit.text('id').primaryKey(),
      kind: kit.oneOf('kind', ['room', 'kit']).notNull(),
      name: kit.text('name').notNull(),
      seats: kit.int('seats').notNull(),
      open: kit.bool('open').notNull()
    },
    (t) => [kit.index('resources_kind').on(t.kind, t.name)]
  ),
  /** Who or what is taken in which quarter of an hour, and by what. The key is the limit: nothing is booked twice. */
  busy: kit.table(
    'busy',
    {
      resourceId: kit.text('resource_id').notNull(),
      /** Milliseconds since 1970 ÷ 900,000. */
      quarter: kit.int('quarter').notNull(),
      /** An occasion or a leave. */
      byId: kit.text('by_id').notNull()
    },
    (t) => [kit.primaryKey({ columns: [t.resourceId, t.quarter] }), kit.index('busy_by').on(t.byId)]
  ),
  leaves: kit.table(
    'leaves',
    {
      id: kit.text('id').primaryKey(),
      resourceId: kit.text('resource_id').notNull(),
      startsAt: kit.big('starts_at').notNull(),
      endsAt: kit.big('ends_at').notNull(),
      reason: kit.text('reason').notNull(),
      byId: kit.text('by_id').notNull()
    },
    (t) => [kit.index('leaves_ends').on(t.endsAt)]
  ),
  /** Who came. A taken-back attendance stays as a row that says who took it back and why. */
  attendances: kit.table(
    'attendances',
    {
      occasionId: kit.text('occasion_id').notNull(),
      memberId: kit.text('member_id').notNull(),
      at: kit.big('at').notNull(),
      how: kit.oneOf('how', ['qr', 'scan', 'manual', 'paper']).notNull(),
      byId: kit.text('by_id').notNull(),
      undone: kit.bool('undone').notNull(),
      undoneAt: kit.big('undone_at').notNull(),
      undoneBy: kit.text('undone_by').notNull(),
      undoneWhy: kit.text('undone_why').notNull()
    },
    (t) => [
      kit.primaryKey({ columns: [t.occasionId, t.memberId] }),
      kit.index('attendances_member').on(t.memberId, t.at),
      kit.index('attendances_at').on(t.undone, t.at)
    ]
  ),
  attendanceSheets: kit.table(
    'attendance_sheets',
    {
      occasionId: kit.text('occasion_id').notNull(),
      fileId: kit.text('file_id').notNull(),
      byId: kit.text('by_id').notNull(),
      at: kit.big('at').notNull()
    },
    (t) => [kit.primaryKey({ columns: [t.occasionId, t.fileId] })]
  ),
  feedback: kit.table(
    'feedback',
    {
      occasionId: kit.text('occasion_id').notNull(),
      memberId: kit.text('member_id').notNull(),
      stars: kit.int('stars').notNull(),
      words: kit.text('words').notNull(),
      at: kit.big('at').notNull()
    },
    (t) => [kit.primaryKey({ columns: [t.occasionId, t.memberId] })]
  ),
  /** The secret address of somebody's calendar. */
  calendarFeeds: kit.table('calendar_feeds', {
    memberId: kit.text('member_id').primaryKey(),
    token: kit.text('token').notNull().unique(),
    at: kit.big('at').notNull()
  })
})
