import { listCandidates, listMentorships, teachRehearsals } from '../../shared/contracts/practice.ts'
import { teachCourses, teachHomework } from '../../shared/contracts/school.ts'
import { call } from '../call.ts'

/** Courses whose candidates are counted at once; a union has five. */
const COURSES_ASKED = 12

/** What waits for a trainer. Each number comes by itself, so that one that fails hides no other. */
export const waiting = {
  homework: async () => (await call(teachHomework)).items.filter(({ state }) => state === 'handed_in').length,
  rehearsals: async () =>
    (await call(teachRehearsals)).items.filter(({ assessed, show }) => !assessed && show.state !== 'coming')
      .length,
  candidates: async () => {
    const { items } = await call(teachCourses)
    const open = items.filter(({ state }) => state === 'open').slice(0, COURSES_ASKED)
    const lists = await Promise.all(open.map(({ id }) => call(listCandidates, { params: { courseId: id } })))
    return lists
      .flatMap(({ items: learners }) => learners)
      .filter(({ ready, certified }) => ready && !certified).length
  },
  checks: async () =>
    (await call(listMentorships)).items.filter(
      ({ state, checksMissing }) => state === 'active' && checksMissing
    ).length
}
