import { Array, Boolean, Integer, Object, Optional, String, Union, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Id, Line, listOf, Millis, Nothing, oneOf, Picture, Text } from '../schemas.ts'
import { ClassCard } from './classes.ts'

/** 直播带货, 短视频剪辑, 海鲜+旅游, 海鲜+餐饮, 食品安全. */
export const TOPICS = ['live_selling', 'short_video', 'tourism', 'dining', 'food_safety'] as const
export type Topic = (typeof TOPICS)[number]

export const MAX_LESSONS = 40
export const MAX_QUESTIONS = 50
export const MAX_BLOCKS = 30
/** Nobody watches longer on a phone between two tides. */
export const LESSON_SECONDS = 300
export const MAX_CRITERIA = 10

/** What a lesson is made of, from top to bottom. `fileId` of kind `lesson`; `seconds` of sound or picture. */
export const Block = Union([
  Object({ kind: oneOf(['text']), text: Line(2000) }),
  Object({
    kind: oneOf(['picture', 'audio', 'video']),
    fileId: Id,
    caption: Text(200),
    seconds: Integer({ minimum: 0, maximum: LESSON_SECONDS })
  })
])
export type Block = Static<typeof Block>

export const LessonCard = Object({
  id: Id,
  title: Text(60),
  seconds: Integer({ minimum: 0, maximum: LESSON_SECONDS })
})
export type LessonCard = Static<typeof LessonCard>

export const Lesson = Object({
  id: Id,
  courseId: Id,
  title: Text(60),
  seconds: Integer({ minimum: 0, maximum: LESSON_SECONDS }),
  blocks: Array(Block, { maxItems: MAX_BLOCKS })
})
export type Lesson = Static<typeof Lesson>

/** One line of the rubric (评分表): what a trainer looks at, and how many points it is worth. */
export const Criterion = Object({
  id: Id,
  name: Line(40),
  how: Text(120),
  max: Integer({ minimum: 1, maximum: 100 })
})
export type Criterion = Static<typeof Criterion>

export const CourseCard = Object({
  id: Id,
  title: Text(60),
  about: Text(500),
  topic: oneOf(TOPICS),
  cover: Picture,
  state: oneOf(['draft', 'open']),
  lessons: Count,
  seconds: Count,
  questions: Count,
  /** A trainer must have seen her sell (rehearsal or show) before she gets the certificate. */
  practical: Boolean(),
  /** The certificate opens the studio: she becomes a host. */
  makesHost: Boolean(),
  /** Months that a certificate is good for; 0: for good. */
  validMonths: Count
})
export type CourseCard = Static<typeof CourseCard>

const courseParams = Object({ courseId: Id })
const lessonParams = Object({ lessonId: Id })

export const listSchool = contract({
  method: 'GET',
  url: '/api/school/courses',
  schema: {
    summary: 'The courses of the school that are open to all.',
    response: { 200: listOf(CourseCard, 100) }
  },
  config: { who: 'anyone' }
})

export const getCourse = contract({
  method: 'GET',
  url: '/api/school/courses/:courseId',
  schema: {
    summary: 'A course with its lessons, its rubric and the classes one may book.',
    params: courseParams,
    response: {
      200: Object({
        course: CourseCard,
        lessons: Array(LessonCard, { maxItems: MAX_LESSONS }),
        rubric: Array(Criterion, { maxItems: MAX_CRITERIA }),
        classes: Array(ClassCard, { maxItems: 50 })
      })
    }
  },
  config: { who: 'anyone' }
})

export const getLesson = contract({
  method: 'GET',
  url: '/api/school/lessons/:lessonId',
  schema: {
    summary: 'One lesson, whole: the phone keeps it and plays it without a network.',
    params: lessonParams,
    response: { 200: Object({ lesson: Lesson }) }
  },
  config: { who: 'member' }
})

export const Question = Object({
  id: Id,
  ask: Line(200),
  /** Files of kind `lesson`; empty without. */
  pictureId: Text(40),
  audioId: Text(40),
  options: Array(Object({ text: Text(100), pictureId: Text(40) }), { minItems: 2, maxItems: 6 })
})
export type Question = Static<typeof Question>

export const getQuiz = contract({
  method: 'GET',
  url: '/api/school/courses/:courseId/quiz',
  schema: {
    summary: 'The questions of a course, without their answers, and when I may try.',
    params: courseParams,
    response: {
      200: Object({
        questions: Array(Question, { maxItems: MAX_QUESTIONS }),
        passPercent: Count,
        passed: Boolean(),
        triesLeftToday: Count,
        nextTryAt: Millis
      })
    }
  },
  config: { who: 'member' }
})

export const answerQuiz = contract({
  method: 'POST',
  url: '/api/school/courses/:courseId/quiz',
  schema: {
    summary: 'Hands in a quiz; the same `key` again is the same attempt. Says which were wrong and why.',
    params: courseParams,
    body: Object({
      key: String({ pattern: '^[0-9a-z-]{8,40}$' }),
      answers: Array(Object({ questionId: Id, option: Integer({ minimum: 0, maximum: 5 }) }), {
        maxItems: MAX_QUESTIONS
      })
    }),
    response: {
      200: Object({
        right: Count,
        total: Count,
        passed: Boolean(),
        wrong: Array(Object({ questionId: Id, right: Count, why: Text(200) }), { maxItems: MAX_QUESTIONS }),
        triesLeftToday: Count,
        nextTryAt: Millis
      })
    }
  },
  config: { who: 'member' }
})

/** How far I am in a lesson. `at` is when it happened on the phone: a late message never takes progress back. */
export const Progress = Object({
  lessonId: Id,
  seconds: Integer({ minimum: 0, maximum: LESSON_SECONDS }),
  done: Boolean(),
  at: Millis
})
export type Progress = Static<typeof Progress>

export const saveProgress = contract({
  method: 'PUT',
  url: '/api/me/school/progress',
  schema: {
    summary: 'Adds what happened on my phone, in any order, as often as it likes; answers where I am now.',
    body: Object({ items: Array(Progress, { minItems: 1, maxItems: 200 }) }),
    response: { 200: Object({ items: Array(Progress, { maxItems: 2000 }) }) }
  },
  config: { who: 'member' }
})

/** One stone on the path across the water. */
export const CoursePath = Object({
  course: CourseCard,
  lessons: Array(Object({ lesson: LessonCard, seconds: Count, done: Boolean() }), { maxItems: MAX_LESSONS }),
  attended: Count,
  quiz: oneOf(['none', 'open', 'passed']),
  practical: oneOf(['not_needed', 'open', 'passed']),
  certificate: Optional(
    Object({ code: Text(40), validUntil: Millis, state: oneOf(['valid', 'expired', 'revoked']) })
  )
})
export type CoursePath = Static<typeof CoursePath>

export const myPath = contract({
  method: 'GET',
  url: '/api/me/school',
  schema: {
    summary:
      'My way through the school: each course with what is done and what is next, and my coming classes.',
    response: {
      200: Object({
        path: Array(CoursePath, { maxItems: 100 }),
        classes: Array(ClassCard, { maxItems: 50 }),
        unread: Count
      })
    }
  },
  config: { who: 'member' }
})

// what trainers make

export const CourseDraft = Object({
  title: Line(60),
  about: Text(500),
  topic: oneOf(TOPICS),
  cover: Picture,
  state: oneOf(['draft', 'open']),
  practical: Boolean(),
  makesHost: Boolean(),
  /** How many trainers must have passed her; 1 to 3. */
  assessors: Integer({ minimum: 1, maximum: 3 }),
  passPercent: Integer({ minimum: 1, maximum: 100 }),
  validMonths: Integer({ minimum: 0, maximum: 120 }),
  lessons: Array(
    Object({ id: Optional(Id), title: Line(60), blocks: Array(Block, { maxItems: MAX_BLOCKS }) }),
    { maxItems: MAX_LESSONS }
  ),
  questions: Array(
    Object({
      id: Optional(Id),
      ask: Line(200),
      pictureId: Text(40),
      audioId: Text(40),
      options: Array(Object({ text: Text(100), pictureId: Text(40) }), { minItems: 2, maxItems: 6 }),
      right: Integer({ minimum: 0, maximum: 5 }),
      why: Text(200)
    }),
    { maxItems: MAX_QUESTIONS }
  ),
  rubric: Array(Criterion, { maxItems: MAX_CRITERIA })
})
export type CourseDraft = Static<typeof CourseDraft>

export const teachCourses = contract({
  method: 'GET',
  url: '/api/teach/courses',
  schema: { summary: 'Every course, drafts too.', response: { 200: listOf(CourseCard, 100) } },
  config: { who: ['trainer', 'officer'] }
})

export const teachCourse = contract({
  method: 'GET',
  url: '/api/teach/courses/:courseId',
  schema: {
    summary: 'A course as its trainers edit it, with the right answers.',
    params: courseParams,
    response: { 200: Object({ id: Id, version: Count, draft: CourseDraft }) }
  },
  config: { who: ['trainer', 'officer'] }
})

export const createCourse = contract({
  method: 'POST',
  url: '/api/teach/courses',
  schema: {
    summary: 'Creates a course.',
    body: CourseDraft,
    response: { 200: Object({ id: Id, version: Count, draft: CourseDraft }) }
  },
  config: { who: ['trainer', 'officer'] }
})

export const changeCourse = contract({
  method: 'PUT',
  url: '/api/teach/courses/:courseId',
  schema: {
    summary:
      'Changes a course; lessons and questions that keep their id keep what learners did. Refused when somebody changed it since `version`.',
    params: courseParams,
    body: Object({ version: Count, draft: CourseDraft }),
    response: { 200: Object({ id: Id, version: Count, draft: CourseDraft }) }
  },
  config: { who: ['trainer', 'officer'] }
})

// homework: a clip of thirty seconds, and what a trainer says of it

export const HOMEWORK_SECONDS = 30

export const HomeworkComment = Object({
  id: Id,
  /** Where in the clip. */
  atMs: Count,
  text: Text(300),
  /** A file of kind `voice`; empty without. */
  voiceId: Text(40),
  byName: Text(40),
  at: Millis
})
export type HomeworkComment = Static<typeof HomeworkComment>

/** What a trainer asks of one learner; of a show of hers, with the piece of film that it is about. */
export const HomeworkTask = Object({
  id: Id,
  courseId: Id,
  courseTitle: Text(60),
  words: Text(300),
  showId: Text(40),
  /** In its recording; an end of 0: nothing to look at. */
  fromMs: Count,
  toMs: Count,
  byName: Text(40),
  at: Millis,
  /** What she handed in for it; empty while she has not. */
  homeworkId: Text(40)
})
export type HomeworkTask = Static<typeof HomeworkTask>

export const Homework = Object({
  id: Id,
  courseId: Id,
  courseTitle: Text(60),
  learner: Object({ id: Id, name: Text(40) }),
  clipId: Id,
  words: Text(300),
  at: Millis,
  state: oneOf(['handed_in', 'reviewed']),
  comments: Array(HomeworkComment, { maxItems: 100 }),
  /** What it answers, if it was asked for. */
  task: Optional(HomeworkTask)
})
export type Homework = Static<typeof Homework>

export const handInHomework = contract({
  method: 'POST',
  url: '/api/me/homework',
  schema: {
    summary: 'Hands in a clip of at most 30 seconds (a file of kind `homework`).',
    body: Object({ courseId: Id, clipId: Id, words: Text(300), taskId: Optional(Id) }),
    response: { 200: Object({ homework: Homework }) }
  },
  config: { who: 'member' }
})

export const myHomework = contract({
  method: 'GET',
  url: '/api/me/homework',
  schema: {
    summary: 'My homework with what was said of it, and what is asked of me; newest first.',
    response: {
      200: Object({ ...listOf(Homework, 50).properties, tasks: Array(HomeworkTask, { maxItems: 50 }) })
    }
  },
  config: { who: 'member' }
})

export const teachHomework = contract({
  method: 'GET',
  url: '/api/teach/homework',
  schema: {
    summary: 'Homework of all learners: what waits first, then the newest.',
    querystring: Object({ courseId: Optional(Id), after: Optional(Id) }),
    response: { 200: listOf(Homework, 50) }
  },
  config: { who: ['trainer', 'officer'] }
})

export const commentHomework = contract({
  method: 'POST',
  url: '/api/teach/homework/:homeworkId/comments',
  schema: {
    summary: 'Says something, in writing or by voice, at one moment of the clip; the learner is told.',
    params: Object({ homeworkId: Id }),
    body: Object({ atMs: Integer({ minimum: 0, maximum: 60_000 }), text: Text(300), voiceId: Text(40) }),
    response: { 200: Object({ homework: Homework }) }
  },
  config: { who: ['trainer', 'officer'] }
})

export const forgetComment = contract({
  method: 'DELETE',
  url: '/api/teach/homework/:homeworkId/comments/:commentId',
  schema: {
    summary: 'Takes back a comment of mine.',
    params: Object({ homeworkId: Id, commentId: Id }),
    response: { 200: Nothing }
  },
  config: { who: ['trainer', 'officer'] }
})
