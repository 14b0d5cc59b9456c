import type { CoursePath, Progress } from '../../shared/contracts/school.ts'

/** Her way with what this phone has not told the server yet: what she has just learned is learned on every page. */
export const withUntold = (path: CoursePath, untold: readonly Progress[]): CoursePath => ({
  ...path,
  lessons: path.lessons.map((each) => {
    const news = untold.find(({ lessonId }) => lessonId === each.lesson.id)
    return news
      ? { ...each, seconds: Math.max(each.seconds, news.seconds), done: each.done || news.done }
      : each
  })
})

/** One stone on the way across the water. */
export interface Stone {
  kind: 'lesson' | 'class' | 'quiz' | 'practical' | 'certificate'
  key: string
  /** Of a lesson; the others have words of their own. */
  title: string
  href: string
  state: 'done' | 'next' | 'later'
}

/** The stones of a course in the order that one walks them. Nobody is kept from a later one. */
export function stonesOf({ course, lessons, attended, quiz, practical, certificate }: CoursePath): Stone[] {
  const page = `/school/course/${course.id}`
  const steps: (Omit<Stone, 'state'> & { done: boolean })[] = [
    ...lessons.map(({ lesson, done }) => ({
      kind: 'lesson' as const,
      key: lesson.id,
      title: lesson.title,
      href: `/school/lesson/${lesson.id}`,
      done
    })),
    { kind: 'class', key: 'class', title: '', href: `${page}#classes`, done: attended > 0 }
  ]
  if (quiz !== 'none') {
    steps.push({ kind: 'quiz', key: 'quiz', title: '', href: `${page}/quiz`, done: quiz === 'passed' })
  }
  if (practical !== 'not_needed') {
    const done = practical === 'passed'
    steps.push({ kind: 'practical', key: 'practical', title: '', href: `${page}#practical`, done })
  }
  steps.push({
    kind: 'certificate',
    key: 'certificate',
    title: '',
    href: '/me/certificates',
    done: certificate?.state === 'valid'
  })
  const next = steps.findIndex(({ done }) => !done)
  return steps.map(({ done, ...step }, at) => ({
    ...step,
    state: done ? 'done' : at === next ? 'next' : 'later'
  }))
}

export const doneOf = (stones: Stone[]) => stones.filter(({ state }) => state === 'done').length

const certified = ({ certificate }: CoursePath) => certificate?.state === 'valid'
const begun = ({ lessons, attended, quiz }: CoursePath) =>
  attended > 0 || quiz === 'passed' || lessons.some(({ done, seconds }) => done || seconds > 0)

/** The course that she is in the middle of; else the first that she has not finished. */
export const currentOf = (path: CoursePath[]): CoursePath | undefined =>
  path.find((each) => begun(each) && !certified(each)) ?? path.find((each) => !certified(each))
