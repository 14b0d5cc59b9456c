import type { Kit } from '../store/kit.ts'

export const licenceTables = (kit: Kit) => ({
  documents: kit.table(
    'documents',
    {
      id: kit.text('id').primaryKey(),
      memberId: kit.text('member_id').notNull(),
      kind: kit
        .oneOf('kind', ['health', 'food_licence', 'food_filing', 'authorisation', 'guardian_consent'])
        .notNull(),
      number: kit.text('number').notNull(),
      fileIds: kit.json<string[]>('file_ids').notNull(),
      /** 0: none is printed on it. */
      validUntil: kit.big('valid_until').notNull(),
      state: kit.oneOf('state', ['waiting', 'good', 'refused', 'replaced']).notNull(),
      handedInAt: kit.big('handed_in_at').notNull(),
      checkedAt: kit.big('checked_at').notNull(),
      checkedBy: kit.text('checked_by').notNull(),
      words: kit.text('words').notNull(),
      /** When it must be looked at again; 0 while it is not good. */
      dueAt: kit.big('due_at').notNull(),
      /** The smallest number of days that its owner was warned of; 1000: not yet. */
      warnedDays: kit.int('warned_days').notNull(),
      /** Its case; empty in the demo village's beginnings. */
      caseId: kit.text('case_id').notNull()
    },
    (t) => [
      kit.index('documents_member').on(t.memberId, t.kind),
      kit.index('documents_state').on(t.state, t.handedInAt),
      kit.index('documents_due').on(t.state, t.dueAt)
    ]
  ),
  /** What the law asks, as data: an officer changes it when the law does. */
  rulePacks: kit.table('rule_packs', {
    name: kit.text('name').primaryKey(),
    version: kit.int('version').notNull(),
    rules: kit.json<unknown>('rules').notNull(),
    changedBy: kit.text('changed_by').notNull(),
    changedAt: kit.big('changed_at').notNull()
  }),
  /** 带播: when a learner's mentor was last seen at the desk of her show. Any server writes it, any server reads it. */
  mentorSeen: kit.table('mentor_seen', {
    showId: kit.text('show_id').primaryKey(),
    mentorId: kit.text('mentor_id').notNull(),
    seenAt: kit.big('seen_at').notNull()
  })
})
