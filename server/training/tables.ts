import type { Kit } from '../store/kit.ts'

export const trainingTables = (kit: Kit) => ({
  courses: kit.table(
    'courses',
    {
      id: kit.text('id').primaryKey(),
      title: kit.text('title').notNull(),
      about: kit.text('about').notNull(),
      trainerId: kit.text('trainer_id').notNull(),
      place: kit.text('place').notNull(),
      seats: kit.int('seats').notNull(),
      startsAt: kit.big('starts_at').notNull(),
      endsAt: kit.big('ends_at').notNull()
    },
    (t) => [kit.index('courses_starts').on(t.startsAt)]
  )
})
