import type { Answer } from '../../shared/contract.ts'
import type { listCourses } from '../../shared/contracts/catalogue.ts'
import type { Clock } from '../clock.ts'
import type { Store } from '../store/store.ts'
import { courseStore } from './store.ts'

export type Courses = ReturnType<typeof openCourses>

/** What the union's school announces. Seats and sign-up come with the school itself. */
export function openCourses({
  store,
  clock,
  namesOf
}: {
  store: Store
  clock: Clock
  namesOf: (ids: string[]) => Promise<ReadonlyMap<string, { name: string }>>
}) {
  const courses = courseStore(store)
  return {
    /** Courses that are not over, the soonest first. */
    async coming(): Promise<Answer<typeof listCourses>['items']> {
      const rows = await courses.after(clock.now())
      const names = await namesOf([...new Set(rows.map((row) => row.trainerId))])
      return rows.map(({ trainerId, ...row }) => ({ ...row, trainerName: names.get(trainerId)?.name ?? '' }))
    }
  }
}
