import type { ClassCard } from '../../shared/contracts/classes.ts'
import {
  getCourse,
  myPath,
  type CourseCard,
  type CoursePath,
  type Criterion,
  type LessonCard
} from '../../shared/contracts/school.ts'
import { call } from '../call.ts'
import { remembered, untold } from '../offline/phone.ts'
import { withUntold } from './path.ts'

interface Seen {
  course: CourseCard
  lessons: LessonCard[]
  rubric: Criterion[]
  classes: ClassCard[]
  /** Of a member: how far she is. */
  path: CoursePath | undefined
}

/** One course as its learner sees it. */
export class Course {
  seen = $state.raw<Seen>()
  stale = $state(false)
  error = $state.raw<unknown>()
  readonly id: string

  constructor(id: string) {
    this.id = id
  }

  doneOf = (lessonId: string) =>
    this.seen?.path?.lessons.find(({ lesson }) => lesson.id === lessonId) ?? { seconds: 0, done: false }

  async load(member: boolean) {
    this.error = undefined
    try {
      // Asked before the server is: what it is told meanwhile is in its answer.
      const news = await untold()
      const { value, stale } = await remembered(`course ${this.id}`, () => this.#ask(member))
      this.seen = { ...value, path: value.path && withUntold(value.path, news) }
      this.stale = stale
    } catch (error) {
      this.error = error
    }
  }

  async #ask(member: boolean): Promise<Seen> {
    const [course, mine] = await Promise.all([
      call(getCourse, { params: { courseId: this.id } }),
      member ? call(myPath) : undefined
    ])
    return { ...course, path: mine?.path.find((each) => each.course.id === this.id) }
  }
}
