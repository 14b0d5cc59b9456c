import { asc, gt } from 'drizzle-orm'
import type { Store } from '../store/store.ts'

/** What the storefront announces at once. */
const ANNOUNCED = 50

/** The only SQL over courses. */
export const courseStore = (store: Store) => {
  const { courses } = store.schema
  return {
    after: async (now: number) =>
      store.read
        .select()
        .from(courses)
        .where(gt(courses.endsAt, now))
        .orderBy(asc(courses.startsAt), asc(courses.id))
        .limit(ANNOUNCED)
  }
}
