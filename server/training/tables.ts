import { sql } from 'drizzle-orm'
import type { Block, Criterion } from '../../shared/contracts/school.ts'
import type { Kit } from '../store/kit.ts'

export interface QuizOption {
  text: string
  pictureId: string
}

export interface EvidenceRow {
  criterionId: string
  fromMs: number
  toMs: number
  note: string
}

export const trainingTables = (kit: Kit) => ({
  courses: kit.table(
    'courses',
    {
      id: kit.text('id').primaryKey(),
      title: kit.text('title').notNull(),
      about: kit.text('about').notNull(),
      topic: kit
        .oneOf('topic', ['live_selling', 'short_video', 'tourism', 'dining', 'food_safety'])
        .notNull(),
      cover: kit.text('cover').notNull(),
      state: kit.oneOf('state', ['draft', 'open']).notNull(),
      practical: kit.bool('practical').notNull(),
      makesHost: kit.bool('makes_host').notNull(),
      assessors: kit.int('assessors').notNull(),
      passPercent: kit.int('pass_percent').notNull(),
      validMonths: kit.int('valid_months').notNull(),
      rubric: kit.json<Criterion[]>('rubric').notNull(),
      version: kit.int('version').notNull(),
      createdAt: kit.big('created_at').notNull()
    },
    (t) => [kit.index('courses_state').on(t.state, t.createdAt), kit.index('courses_topic').on(t.topic)]
  ),
  lessons: kit.table(
    'lessons',
    {
      id: kit.text('id').primaryKey(),
      courseId: kit.text('course_id').notNull(),
      position: kit.int('position').notNull(),
      title: kit.text('title').notNull(),
      seconds: kit.int('seconds').notNull(),
      blocks: kit.json<Block[]>('blocks').notNull()
    },
    (t) => [kit.index('lessons_course').on(t.courseId, t.position)]
  ),
  questions: kit.table(
    'questions',
    {
      id: kit.text('id').primaryKey(),
      courseId: kit.text('course_id').notNull(),
      position: kit.int('position').notNull(),
      ask: kit.text('ask').notNull(),
      pictureId: kit.text('picture_id').notNull(),
      audioId: kit.text('audio_id').notNull(),
      options: kit.json<QuizOption[]>('options').notNull(),
      /** Never sent to a learner before she has answered. */
      right: kit.int('right_option').notNull(),
      why: kit.text('why').notNull()
    },
    (t) => [kit.index('questions_course').on(t.courseId, t.position)]
  ),
  lessonProgress: kit.table(
    'lesson_progress',
    {
      memberId: kit.text('member_id').notNull(),
      lessonId: kit.text('lesson_id').notNull(),
      courseId: kit.text('course_id').notNull(),
      seconds: kit.int('seconds').notNull(),
      done: kit.bool('done').notNull(),
      at: kit.big('at').notNull()
    },
    (t) => [
      kit.primaryKey({ columns: [t.memberId, t.lessonId] }),
      kit.index('lesson_progress_course').on(t.courseId, t.memberId)
    ]
  ),
  quizAttempts: kit.table(
    'quiz_attempts',
    {
      id: kit.text('id').primaryKey(),
      memberId: kit.text('member_id').notNull(),
      /** Made by her phone, once per attempt. */
      key: kit.text('key').notNull(),
      courseId: kit.text('course_id').notNull(),
      answers: kit.json<{ questionId: string; option: number }[]>('answers').notNull(),
      right: kit.int('right_answers').notNull(),
      total: kit.int('total').notNull(),
      passed: kit.bool('passed').notNull(),
      at: kit.big('at').notNull()
    },
    (t) => [
      kit.uniqueIndex('quiz_attempts_key').on(t.memberId, t.key),
      kit.index('quiz_attempts_course').on(t.courseId, t.passed, t.memberId),
      kit.index('quiz_attempts_member').on(t.memberId, t.courseId, t.at)
    ]
  ),
  /** A class is an occasion of the bookings with a course, a trainer and, online, a room. Its id is the occasion's. */
  classes: kit.table(
    'classes',
    {
      id: kit.text('id').primaryKey(),
      courseId: kit.text('course_id').notNull(),
      trainerId: kit.text('trainer_id').notNull(),
      roomId: kit.text('room_id').notNull(),
      kitIds: kit.json<string[]>('kit_ids').notNull(),
      about: kit.text('about').notNull(),
      online: kit.bool('online').notNull(),
      showId: kit.text('show_id').notNull(),
      /** What its trainer knows of its time and place, as a booking keeps it for who booked; a time of 0: that it is cancelled. */
      toldStartsAt: kit.big('told_starts_at').notNull(),
      toldPlace: kit.text('told_place').notNull()
    },
    (t) => [kit.index('classes_course').on(t.courseId), kit.index('classes_trainer').on(t.trainerId)]
  ),
  classMaterials: kit.table(
    'class_materials',
    {
      classId: kit.text('class_id').notNull(),
      fileId: kit.text('file_id').notNull(),
      title: kit.text('title').notNull(),
      type: kit.text('type').notNull(),
      at: kit.big('at').notNull()
    },
    (t) => [kit.primaryKey({ columns: [t.classId, t.fileId] })]
  ),
  homework: kit.table(
    'homework',
    {
      id: kit.text('id').primaryKey(),
      courseId: kit.text('course_id').notNull(),
      memberId: kit.text('member_id').notNull(),
      clipId: kit.text('clip_id').notNull(),
      words: kit.text('words').notNull(),
      state: kit.oneOf('state', ['handed_in', 'reviewed']).notNull(),
      at: kit.big('at').notNull()
    },
    (t) => [
      kit.index('homework_state').on(t.state, t.at),
      kit.index('homework_member').on(t.memberId, t.at),
      kit.uniqueIndex('homework_clip').on(t.clipId)
    ]
  ),
  homeworkComments: kit.table(
    'homework_comments',
    {
      id: kit.text('id').primaryKey(),
      homeworkId: kit.text('homework_id').notNull(),
      atMs: kit.int('at_ms').notNull(),
      text: kit.text('text').notNull(),
      voiceId: kit.text('voice_id').notNull(),
      byId: kit.text('by_id').notNull(),
      at: kit.big('at').notNull()
    },
    (t) => [kit.index('homework_comments_of').on(t.homeworkId, t.atMs)]
  ),
  /** What a trainer asks of one learner, perhaps about ten seconds of a show of hers. Her homework answers it. */
  homeworkTasks: kit.table(
    'homework_tasks',
    {
      id: kit.text('id').primaryKey(),
      /** What it was set for, once: the card of a debrief. */
      key: kit.text('key').notNull().unique(),
      courseId: kit.text('course_id').notNull(),
      memberId: kit.text('member_id').notNull(),
      words: kit.text('words').notNull(),
      /** The show, and where in its recording; an end of 0: nowhere. */
      showId: kit.text('show_id').notNull(),
      fromMs: kit.int('from_ms').notNull(),
      toMs: kit.int('to_ms').notNull(),
      byId: kit.text('by_id').notNull(),
      at: kit.big('at').notNull(),
      /** Empty while she has not handed in anything for it. */
      homeworkId: kit.text('homework_id').notNull()
    },
    (t) => [
      kit.index('homework_tasks_member').on(t.memberId, t.at),
      kit
        .index('homework_tasks_done')
        .on(t.homeworkId)
        .where(sql`${t.homeworkId} <> ''`)
    ]
  ),
  /** One trainer's marks for one show; several trainers, several rows. */
  assessments: kit.table(
    'assessments',
    {
      id: kit.text('id').primaryKey(),
      showId: kit.text('show_id').notNull(),
      courseId: kit.text('course_id').notNull(),
      memberId: kit.text('member_id').notNull(),
      byId: kit.text('by_id').notNull(),
      scores: kit.json<{ criterionId: string; points: number }[]>('scores').notNull(),
      percent: kit.int('percent').notNull(),
      passed: kit.bool('passed').notNull(),
      words: kit.text('words').notNull(),
      evidence: kit.json<EvidenceRow[]>('evidence').notNull(),
      at: kit.big('at').notNull()
    },
    (t) => [
      kit.uniqueIndex('assessments_by').on(t.showId, t.courseId, t.byId),
      kit.index('assessments_member').on(t.memberId, t.courseId, t.at),
      kit.index('assessments_course').on(t.courseId, t.passed, t.memberId)
    ]
  ),
  certificates: kit.table(
    'certificates',
    {
      code: kit.text('code').primaryKey(),
      courseId: kit.text('course_id').notNull(),
      memberId: kit.text('member_id').notNull(),
      /** As it was when the certificate was issued: they stand on the paper. */
      courseTitle: kit.text('course_title').notNull(),
      name: kit.text('name').notNull(),
      issuedAt: kit.big('issued_at').notNull(),
      /** 0: for good. */
      validUntil: kit.big('valid_until').notNull(),
      issuedBy: kit.text('issued_by').notNull(),
      /** 0: not revoked. */
      revokedAt: kit.big('revoked_at').notNull(),
      revokedBy: kit.text('revoked_by').notNull(),
      reason: kit.text('reason').notNull()
    },
    (t) => [
      kit.index('certificates_member').on(t.memberId, t.courseId, t.issuedAt),
      kit.index('certificates_course').on(t.courseId, t.issuedAt),
      kit.index('certificates_issued').on(t.issuedAt)
    ]
  ),
  /** 师带徒. `pairKey` is unique: while she learns from one master an apprentice has no other. */
  mentorships: kit.table(
    'mentorships',
    {
      id: kit.text('id').primaryKey(),
      mentorId: kit.text('mentor_id').notNull(),
      apprenticeId: kit.text('apprentice_id').notNull(),
      /** The apprentice's id while the pair is offered or active; afterwards the pair's own. */
      pairKey: kit.text('pair_key').notNull().unique(),
      state: kit.oneOf('state', ['offered', 'active', 'graduated', 'ended']).notNull(),
      agreement: kit.text('agreement').notNull(),
      startsAt: kit.big('starts_at').notNull(),
      endsAt: kit.big('ends_at').notNull(),
      mentorSignedAt: kit.big('mentor_signed_at').notNull(),
      apprenticeSignedAt: kit.big('apprentice_signed_at').notNull(),
      closedAt: kit.big('closed_at').notNull(),
      reason: kit.text('reason').notNull()
    },
    (t) => [
      kit.index('mentorships_mentor').on(t.mentorId),
      kit.index('mentorships_apprentice').on(t.apprenticeId),
      kit.index('mentorships_state').on(t.state, t.startsAt)
    ]
  ),
  mentorTasks: kit.table(
    'mentor_tasks',
    {
      id: kit.text('id').primaryKey(),
      mentorshipId: kit.text('mentorship_id').notNull(),
      position: kit.int('position').notNull(),
      title: kit.text('title').notNull(),
      state: kit.oneOf('state', ['open', 'shown', 'done']).notNull(),
      fileIds: kit.json<string[]>('file_ids').notNull(),
      words: kit.text('words').notNull(),
      shownAt: kit.big('shown_at').notNull(),
      doneAt: kit.big('done_at').notNull()
    },
    (t) => [kit.index('mentor_tasks_of').on(t.mentorshipId, t.position)]
  ),
  mentorChecks: kit.table(
    'mentor_checks',
    {
      mentorshipId: kit.text('mentorship_id').notNull(),
      /** 2026-07, in the village's zone. */
      month: kit.text('month').notNull(),
      words: kit.text('words').notNull(),
      at: kit.big('at').notNull()
    },
    (t) => [kit.primaryKey({ columns: [t.mentorshipId, t.month] })]
  )
})
