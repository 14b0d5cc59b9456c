import type { ClassDraft } from '../../shared/contracts/classes.ts'
import { scheduleClass } from '../../shared/contracts/classes.ts'
import { createCourse, type CourseDraft } from '../../shared/contracts/school.ts'
import { MORNING } from './clock.ts'
import type { SignedIn } from './village.ts'

const HOUR_MS = 3_600_000
/** The afternoon of the village's test day: six hours from its morning. */
export const AFTERNOON = MORNING + 6 * HOUR_MS

const COURSE: CourseDraft = {
  title: '直播带货',
  about: '从第一句话到第一单',
  topic: 'live_selling',
  cover: '',
  state: 'open',
  practical: false,
  makesHost: false,
  assessors: 1,
  passPercent: 60,
  validMonths: 12,
  lessons: [],
  questions: [],
  rubric: []
}

export async function addCourse(trainer: SignedIn, draft: Partial<CourseDraft> = {}): Promise<string> {
  const { status, json } = await trainer.call(createCourse, { body: { ...COURSE, ...draft } })
  if (status !== 200) throw new Error(`no course: ${json.message}`)
  return json.id
}

/** A class of two hours in the afternoon, with two seats, in no room of the union's. */
export const classDraft = (
  trainer: SignedIn,
  courseId: string,
  draft: Partial<ClassDraft> = {}
): ClassDraft => ({
  courseId,
  title: '第一堂：开口说话',
  about: '带上手机',
  trainerId: trainer.me.id,
  roomId: '',
  place: '村委会二楼',
  kitIds: [],
  startsAt: AFTERNOON,
  endsAt: AFTERNOON + 2 * HOUR_MS,
  seats: 2,
  online: false,
  ...draft
})

export async function addClass(trainer: SignedIn, courseId: string, draft: Partial<ClassDraft> = {}) {
  const body = { draft: classDraft(trainer, courseId, draft), weeks: 1 }
  const { status, json } = await trainer.call(scheduleClass, { body })
  if (status !== 200) throw new Error(`no class: ${json.message} ${JSON.stringify(json.details)}`)
  return json.classes[0]!
}
