import type { ClassCard } from '../../shared/contracts/classes.ts'
import {
  answerQuiz,
  changeCourse,
  commentHomework,
  createCourse,
  forgetComment,
  getCourse,
  getLesson,
  getQuiz,
  handInHomework,
  listSchool,
  myHomework,
  myPath,
  saveProgress,
  teachCourse,
  teachCourses,
  teachHomework
} from '../../shared/contracts/school.ts'
import type { Http } from '../http/http.ts'
import type { Member } from '../members/member.ts'
import type { Courses } from './courses.ts'
import type { Homeworks } from './homeworks.ts'
import type { Learning } from './learning.ts'
import type { Quizzes } from './quizzes.ts'

/** A course with forty full lessons and fifty questions. */
const COURSE_BYTES = 1024 * 1024

export function courseRoutes(
  http: Http,
  {
    courses,
    quizzes,
    learning,
    classesOf
  }: {
    courses: Courses
    quizzes: Quizzes
    learning: Learning
    /** The coming classes of a course, as this viewer sees them. */
    classesOf: (viewer: Member | undefined, courseId: string) => Promise<ClassCard[]>
  }
) {
  http.route({ ...listSchool, handler: async () => ({ items: await courses.open() }) })
  http.route({
    ...getCourse,
    handler: async ({ member, params: { courseId } }) => ({
      ...(await courses.get(member, courseId)),
      classes: await classesOf(member, courseId)
    })
  })
  http.route({
    ...getLesson,
    handler: async ({ me, params }) => ({ lesson: await courses.lesson(me, params.lessonId) })
  })
  http.route({ ...getQuiz, handler: ({ me, params }) => quizzes.get(me, params.courseId) })
  http.route({ ...answerQuiz, handler: ({ me, params, body }) => quizzes.answer(me, params.courseId, body) })
  http.route({
    ...saveProgress,
    handler: async ({ me, body }) => ({ items: await learning.save(me, body.items) })
  })
  http.route({ ...myPath, handler: ({ me }) => learning.pathOf(me) })

  http.route({ ...teachCourses, handler: async () => ({ items: await courses.all() }) })
  http.route({ ...teachCourse, handler: ({ params }) => courses.edited(params.courseId) })
  http.route({
    ...createCourse,
    bodyLimit: COURSE_BYTES,
    handler: ({ me, body }) => courses.create(me, body)
  })
  http.route({
    ...changeCourse,
    bodyLimit: COURSE_BYTES,
    handler: ({ params, body }) => courses.change(params.courseId, body.version, body.draft)
  })
}

export function homeworkRoutes(http: Http, homeworks: Homeworks) {
  http.route({
    ...handInHomework,
    handler: async ({ me, body }) => ({ homework: await homeworks.handIn(me, body) })
  })
  http.route({
    ...myHomework,
    handler: async ({ me }) => ({ items: await homeworks.mine(me), tasks: await homeworks.tasksOf(me) })
  })
  http.route({ ...teachHomework, handler: async ({ query }) => ({ items: await homeworks.all(query) }) })
  http.route({
    ...commentHomework,
    handler: async ({ me, params, body }) => ({
      homework: await homeworks.comment(me, params.homeworkId, body)
    })
  })
  http.route({
    ...forgetComment,
    handler: async ({ me, params }) => {
      await homeworks.forget(me, params.homeworkId, params.commentId)
      return {}
    }
  })
}
