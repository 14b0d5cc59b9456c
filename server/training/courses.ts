import type { FileKind } from '../../shared/contracts/files.ts'
import type {
  CourseCard,
  CourseDraft,
  Criterion,
  Lesson,
  LessonCard,
  Topic
} from '../../shared/contracts/school.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { certificateStore } from './certificate-store.ts'
import { faultOf, filesOf, mayLearn, secondsOf, teaches, timed, type Shown } from './course.ts'
import { courseStore, MAX_COURSES, type CourseRow } from './course-store.ts'

/** What a draft becomes, and what it was made from. */
interface Edited {
  id: string
  version: number
  draft: CourseDraft
}

/** What others of the school ask of a course: its rules, and how much there is to learn. */
export type Course = CourseRow & { lessons: number; seconds: number; questions: number }

export type Courses = ReturnType<typeof openCourses>

/** 课程: what the school teaches, edited as one document. */
export function openCourses({
  store,
  clock,
  filesOfKind,
  isOurPicture
}: {
  store: Store
  clock: Clock
  /** Problem no_such_file unless all of them are there and of this kind. */
  filesOfKind: (on: Tx | Reader, fileIds: string[], kind: FileKind) => Promise<(Shown & { id: string })[]>
  isOurPicture: (url: string) => boolean
}) {
  const rows = courseStore(store)
  const certified = certificateStore(store)

  return {
    /** The courses that are open to all. */
    open: async (): Promise<CourseCard[]> => cards(await rows.open(store.read)),

    /** Every course, drafts too. */
    all: async (): Promise<CourseCard[]> => cards(await rows.all(store.read)),

    /** A course as this viewer may see it. Problem no_such_course, for a draft too. */
    async get(
      viewer: Member | undefined,
      courseId: string
    ): Promise<{ course: CourseCard; lessons: LessonCard[]; rubric: Criterion[] }> {
      const row = await seen(store.read, viewer, courseId)
      const [course] = await cards([row])
      return { course: course!, lessons: await rows.lessonCards(store.read, [courseId]), rubric: row.rubric }
    },

    /** One lesson, whole. Problem no_such_lesson, for one of a draft too. */
    async lesson(viewer: Member, lessonId: string): Promise<Lesson> {
      const lesson = await rows.lesson(store.read, lessonId)
      const course = lesson && (await rows.course(store.read, lesson.courseId))
      if (!course || !mayLearn(course, viewer)) throw new Problem('no_such_lesson')
      return lesson
    },

    /** The course, if this viewer may learn it. Problem no_such_course. */
    seen,

    /** Courses with their rules, whatever their state; unknown ones are missing. */
    async byIds(on: Tx | Reader, ids: readonly string[]): Promise<Map<string, Course>> {
      const found = await rows.byIds(on, [...new Set(ids)])
      return withTallies(on, found)
    },

    /** The open courses that teach one of these topics. */
    courseOfTopic: async (topics: Topic[]): Promise<{ id: string; title: string; topic: Topic }[]> =>
      (await rows.ofTopics(store.read, topics)).map(({ id, title, topic }) => ({ id, title, topic })),

    /** A course as its trainers edit it. Problem no_such_course. */
    edited: (courseId: string): Promise<Edited> => edited(store.read, courseId),

    /** Problems: courses_full, and what is wrong with the draft: bad_input, lesson_too_long, no_such_file, no_such_lesson. */
    async create(me: Member, draft: CourseDraft, id = newId(clock.now())): Promise<Edited> {
      if (!teaches(me)) throw new Problem('role_missing')
      return store.tx(async (tx) => {
        if ((await rows.countAll(tx)) >= MAX_COURSES) throw new Problem('courses_full')
        const whole = await checked(tx, draft)
        await rows.add(tx, { ...about(whole), id, version: 1, createdAt: clock.now() })
        await putParts(tx, id, whole)
        return edited(tx, id)
      })
    },

    /**
     * Lessons and questions that keep their id keep what learners did. Problems: no_such_course, course_changed,
     * course_certified, and what is wrong with the draft.
     */
    async change(courseId: string, version: number, draft: CourseDraft): Promise<Edited> {
      return store.tx(async (tx) => {
        const before = await rows.course(tx, courseId)
        if (!before) throw new Problem('no_such_course')
        // Who learned to cut films would otherwise hold a licence to sell food from one moment to the next.
        if (draft.topic !== before.topic && (await certified.isIssued(tx, courseId)))
          throw new Problem('course_certified')
        const whole = await checked(tx, draft)
        if (!(await rows.change(tx, courseId, version, about(whole)))) throw new Problem('course_changed')
        await putParts(tx, courseId, whole)
        return edited(tx, courseId)
      })
    }
  }

  async function seen(on: Tx | Reader, viewer: Member | undefined, courseId: string) {
    const course = await rows.course(on, courseId)
    if (!course || !mayLearn(course, viewer)) throw new Problem('no_such_course')
    return course
  }

  async function withTallies(on: Tx | Reader, found: CourseRow[]): Promise<Map<string, Course>> {
    const tallies = await rows.tallies(
      on,
      found.map(({ id }) => id)
    )
    return new Map(found.map((row) => [row.id, { ...row, ...tallies.get(row.id)! }]))
  }

  async function cards(found: CourseRow[]): Promise<CourseCard[]> {
    return [...(await withTallies(store.read, found)).values()].map(cardOf)
  }

  async function edited(on: Tx | Reader, courseId: string): Promise<Edited> {
    const course = await rows.course(on, courseId)
    if (!course) throw new Problem('no_such_course')
    const lessons = await rows.lessonsOf(on, courseId)
    const questions = await rows.questionsOf(on, courseId)
    return {
      id: courseId,
      version: course.version,
      draft: {
        ...about(course),
        lessons: lessons.map(({ id, title, blocks }) => ({ id, title, blocks })),
        questions: questions.map(({ id, ask, pictureId, audioId, options, right, why }) => {
          return { id, ask, pictureId, audioId, options, right, why }
        })
      }
    }
  }

  /** The draft with the times of its files, if it is one that can be taught. */
  async function checked(tx: Tx, draft: CourseDraft): Promise<CourseDraft> {
    if (!isOurPicture(draft.cover)) throw new Problem('bad_input', { field: '/cover' })
    const shown = await filesOfKind(tx, filesOf(draft), 'lesson')
    const files = new Map(shown.map((file) => [file.id, file]))
    const lessons = draft.lessons.map((lesson) => ({ ...lesson, blocks: timed(lesson.blocks, files) }))
    const whole = { ...draft, lessons }
    const fault = faultOf(whole, files)
    if (!fault) return whole
    const { code, ...details } = fault
    throw new Problem(code, details)
  }

  async function putParts(tx: Tx, courseId: string, { lessons, questions }: CourseDraft) {
    const now = clock.now()
    const hadLessons = new Set((await rows.lessonsOf(tx, courseId)).map(({ id }) => id))
    for (const [position, { id = newId(now), title, blocks }] of lessons.entries()) {
      if (lessons[position]!.id !== undefined && !hadLessons.delete(id)) throw new Problem('no_such_lesson')
      await rows.putLesson(tx, { id, courseId, position, title, blocks, seconds: secondsOf(blocks) })
    }
    await rows.dropLessons(tx, courseId, [...hadLessons])

    const hadQuestions = new Set((await rows.questionsOf(tx, courseId)).map(({ id }) => id))
    for (const [position, { id = newId(now), ...question }] of questions.entries()) {
      if (questions[position]!.id !== undefined && !hadQuestions.delete(id))
        throw new Problem('bad_input', { field: `/questions/${position}/id` })
      await rows.putQuestion(tx, { ...question, id, courseId, position })
    }
    await rows.dropQuestions(tx, [...hadQuestions])
  }
}

/** What a course says of itself, without its lessons and questions. */
function about(draft: Omit<CourseDraft, 'lessons' | 'questions'>) {
  const { title, topic, cover, state, practical, makesHost, assessors, passPercent, validMonths, rubric } =
    draft
  return {
    title,
    about: draft.about,
    topic,
    cover,
    state,
    practical,
    makesHost,
    assessors,
    passPercent,
    validMonths,
    rubric
  }
}

export function cardOf(course: Course): CourseCard {
  const { id, title, topic, cover, state, lessons, seconds, questions } = course
  const { practical, makesHost, validMonths } = course
  return {
    id,
    title,
    about: course.about,
    topic,
    cover,
    state,
    lessons,
    seconds,
    questions,
    practical,
    makesHost,
    validMonths
  }
}
