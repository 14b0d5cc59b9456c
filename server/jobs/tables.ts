import type { Kit } from '../store/kit.ts'

export const jobTables = (kit: Kit) => ({
  jobs: kit.table(
    'jobs',
    {
      id: kit.text('id').primaryKey(),
      kind: kit.text('kind').notNull(),
      payload: kit.json<unknown>('payload').notNull(),
      /** When it is due, or until when the server that took it holds its lease. */
      runAt: kit.big('run_at').notNull(),
      attempts: kit.int('attempts').notNull(),
      lease: kit.text('lease').notNull(),
      error: kit.text('error').notNull()
    },
    (t) => [kit.index('jobs_due').on(t.runAt)]
  )
})
