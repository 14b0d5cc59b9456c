import { listClasses, type ClassCard } from '../../shared/contracts/classes.ts'
import { listSchool, myPath, type CourseCard, type CoursePath } from '../../shared/contracts/school.ts'
import { call } from '../call.ts'
import { remembered, untold } from '../offline/phone.ts'
import { currentOf, withUntold } from './path.ts'

interface Seen {
  courses: CourseCard[]
  /** Of a member: how far she is in each. */
  path: CoursePath[]
  mine: ClassCard[]
  /** What one may book. */
  coming: ClassCard[]
  unread: number
}

/** The school as its learner finds it. */
export class School {
  seen = $state.raw<Seen>()
  /** True: this is what the phone remembers. */
  stale = $state(false)
  error = $state.raw<unknown>()
  current = $derived(this.seen && currentOf(this.seen.path))
  others = $derived(this.seen?.courses.filter(({ id }) => id !== this.current?.course.id) ?? [])

  next = (now: number) =>
    this.seen?.mine.find(
      ({ mine, state, endsAt }) => mine?.state === 'booked' && state === 'open' && endsAt > now
    )

  pathOf = (courseId: string) => this.seen?.path.find(({ course }) => course.id === courseId)

  async load(member: boolean) {
    this.error = undefined
    try {
      // Asked before the server is: what it is told meanwhile is in its answer.
      const news = await untold()
      const { value, stale } = await remembered('school', () => (member ? asMember() : asGuest()))
      this.seen = { ...value, path: value.path.map((each) => withUntold(each, news)) }
      this.stale = stale
    } catch (error) {
      this.error = error
    }
  }
}

async function asMember(): Promise<Seen> {
  const [{ path, classes, unread }, coming] = await Promise.all([call(myPath), call(listClasses)])
  const mine = new Set(classes.map(({ id }) => id))
  return {
    courses: path.map(({ course }) => course),
    path,
    mine: classes,
    coming: coming.items.filter(({ id, state }) => !mine.has(id) && state === 'open'),
    unread
  }
}

async function asGuest(): Promise<Seen> {
  const [courses, coming] = await Promise.all([call(listSchool), call(listClasses)])
  const open = coming.items.filter(({ state }) => state === 'open')
  return { courses: courses.items, path: [], mine: [], coming: open, unread: 0 }
}
