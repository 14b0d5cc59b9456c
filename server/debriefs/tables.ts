import { sql } from 'drizzle-orm'
import type { Kit } from '../store/kit.ts'

export const debriefTables = (kit: Kit) => ({
  /**
   * The most who watched at once in one minute of a show, counted from its first frame. Everything else that a debrief
   * says is read from where it happened.
   */
  showMinutes: kit.table(
    'show_minutes',
    {
      showId: kit.text('show_id').notNull(),
      minute: kit.int('minute').notNull(),
      viewers: kit.int('viewers').notNull()
    },
    (t) => [
      kit.primaryKey({ columns: [t.showId, t.minute] }),
      kit.check('show_minutes_viewers', sql`${t.viewers} >= 0 and ${t.minute} >= 0`)
    ]
  ),
  /** A card of a debrief that a trainer made her own: once, whoever taps first. */
  debriefCards: kit.table(
    'debrief_cards',
    {
      showId: kit.text('show_id').notNull(),
      /** Which rule drew the card; a show has one of each at most. */
      rule: kit.text('rule').notNull(),
      memberId: kit.text('member_id').notNull(),
      /** As the trainer said it. */
      words: kit.text('words').notNull(),
      byId: kit.text('by_id').notNull(),
      at: kit.big('at').notNull(),
      taskId: kit.text('task_id').notNull(),
      courseId: kit.text('course_id').notNull(),
      /** The class that she was booked into; empty: none. */
      classId: kit.text('class_id').notNull(),
      /** What became of the class: a seat, the line, or why none. */
      seat: kit.oneOf('seat', ['booked', 'waiting', 'passed', 'clash', 'none']).notNull()
    },
    (t) => [
      kit.primaryKey({ columns: [t.showId, t.rule] }),
      kit.index('debrief_cards_member').on(t.memberId, t.at)
    ]
  )
})
