import type { Kit } from '../store/kit.ts'

export const caseTables = (kit: Kit) => ({
  /** 事项: submit → review → decide → reply. What it asks for lies in `form`; sealed where it holds an ID number. */
  cases: kit.table(
    'cases',
    {
      id: kit.text('id').primaryKey(),
      kind: kit.oneOf('kind', ['join', 'transfer', 'leave', 'document', 'compensation']).notNull(),
      /** What it is about: a document, a branch; empty for nothing in particular. */
      subjectId: kit.text('subject_id').notNull(),
      openedBy: kit.text('opened_by').notNull(),
      ownerId: kit.text('owner_id').notNull(),
      state: kit.oneOf('state', ['open', 'asked', 'approved', 'refused', 'withdrawn']).notNull(),
      /** True while `state` is open or asked: the list of open cases is one index. */
      waiting: kit.bool('waiting').notNull(),
      /** One open case of a kind per member: `kind:member`; afterwards the case's own id. */
      openKey: kit.text('open_key').notNull().unique(),
      form: kit.json<Record<string, string>>('form').notNull(),
      openedAt: kit.big('opened_at').notNull(),
      dueAt: kit.big('due_at').notNull(),
      closedAt: kit.big('closed_at').notNull(),
      version: kit.int('version').notNull()
    },
    (t) => [
      kit.index('cases_due').on(t.waiting, t.dueAt, t.id),
      kit.index('cases_opened_by').on(t.openedBy, t.openedAt),
      kit.index('cases_closed').on(t.waiting, t.closedAt)
    ]
  ),
  caseLines: kit.table(
    'case_lines',
    {
      caseId: kit.text('case_id').notNull(),
      n: kit.int('n').notNull(),
      at: kit.big('at').notNull(),
      byId: kit.text('by_id').notNull(),
      what: kit
        .oneOf('what', ['opened', 'asked', 'answered', 'approved', 'refused', 'withdrawn', 'assigned'])
        .notNull(),
      words: kit.text('words').notNull(),
      fileIds: kit.json<string[]>('file_ids').notNull()
    },
    (t) => [kit.primaryKey({ columns: [t.caseId, t.n] })]
  )
})
