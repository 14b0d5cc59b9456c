import { bookFor, QUARTER_MS } from '../../shared/contracts/classes.ts'
import { endShow, goLive } from '../../shared/contracts/live.ts'
import { assess, rehearse } from '../../shared/contracts/practice.ts'
import type { CourseDraft } from '../../shared/contracts/school.ts'
import type { settableClock } from '../testing/clock.ts'
import { addClass, addCourse } from '../testing/schoolhouse.ts'
import type { SignedIn, TestVillage } from '../testing/village.ts'

type TestClock = ReturnType<typeof settableClock>

export const RUBRIC = [
  { id: 'voice', name: '开口', how: '敢说，说得清', max: 40 },
  { id: 'goods', name: '讲货', how: '产地、潮水、吃法', max: 60 }
]

/** A course with a practical: two lines of a rubric, passed with 80. */
export const practicalCourse = (trainer: SignedIn, draft: Partial<CourseDraft> = {}) =>
  addCourse(trainer, { practical: true, passPercent: 80, rubric: RUBRIC, ...draft })

/** A class of this course, to which these came. */
export async function attend(clock: TestClock, trainer: SignedIn, courseId: string, ...people: SignedIn[]) {
  const startsAt = Math.ceil((clock.now() + 1) / QUARTER_MS) * QUARTER_MS
  const endsAt = startsAt + QUARTER_MS
  const { id } = await addClass(trainer, courseId, { startsAt, endsAt, seats: 500 })
  clock.set(startsAt)
  for (const { me } of people) {
    const body = { memberId: me.id, how: 'walk_in' as const }
    const { status, json } = await trainer.call(bookFor, { params: { classId: id }, body })
    if (status !== 200) throw new Error(json.message)
  }
  clock.set(endsAt)
  return id
}

/** A rehearsal that has been on air for a minute and is over; its show. */
export async function rehearsed(v: TestVillage, clock: TestClock, learner: SignedIn, courseId: string) {
  const { status, json } = await learner.call(rehearse, { body: { courseId, title: '彩排', productIds: [] } })
  if (status !== 200) throw new Error(json.message)
  const params = { showId: json.show.id }
  const { sessionId } = (await learner.call(goLive, { params })).json
  await v.village.shows.pictureArrived(sessionId)
  clock.pass(60_000)
  await learner.call(endShow, { params })
  return params.showId
}

/** So many points of a hundred, from one trainer. */
export const give = (trainer: SignedIn, showId: string, courseId: string, points: number, words = '') =>
  trainer.call(assess, {
    params: { showId },
    body: {
      courseId,
      scores: [
        { criterionId: 'voice', points: Math.min(points, 40) },
        { criterionId: 'goods', points: Math.max(0, points - 40) }
      ],
      words,
      evidence: []
    }
  })
