import type { Kit } from '../store/kit.ts'

export const sheetTables = (kit: Kit) => ({
  /** A sheet that was read and shown, and waits for “do it”. Its rows are sealed: they hold phones and ID numbers. */
  sheetPreviews: kit.table(
    'sheet_previews',
    {
      id: kit.text('id').primaryKey(),
      /** What it is for: `roster:<class>`, `register`. */
      purpose: kit.text('purpose').notNull(),
      byId: kit.text('by_id').notNull(),
      sealedRows: kit.text('sealed_rows').notNull(),
      endsAt: kit.big('ends_at').notNull()
    },
    (t) => [kit.index('sheet_previews_ends').on(t.endsAt)]
  )
})
