import type { Kit } from '../store/kit.ts'

export const fileTables = (kit: Kit) => ({
  files: kit.table(
    'files',
    {
      id: kit.text('id').primaryKey(),
      kind: kit
        .oneOf('kind', [
          'lesson',
          'material',
          'document',
          'homework',
          'voice',
          'evidence',
          'sheet',
          'bad_goods',
          'review'
        ])
        .notNull(),
      ownerId: kit.text('owner_id').notNull(),
      /** Whom it is for besides its owner; empty: nobody in particular. */
      forId: kit.text('for_id').notNull(),
      type: kit.text('type').notNull(),
      bytes: kit.int('bytes').notNull(),
      /** How long sound or picture lasts, as its container counts; 0 where nothing moves. */
      durationMs: kit.int('duration_ms').notNull(),
      /** Where it lies: under `private/`, which no public address leads to. */
      key: kit.text('key').notNull(),
      createdAt: kit.big('created_at').notNull()
    },
    (t) => [kit.index('files_owner').on(t.ownerId, t.createdAt)]
  )
})
