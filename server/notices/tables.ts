import type { Kit } from '../store/kit.ts'

export const noticeTables = (kit: Kit) => ({
  notices: kit.table(
    'notices',
    {
      id: kit.text('id').primaryKey(),
      memberId: kit.text('member_id').notNull(),
      kind: kit.text('kind').notNull(),
      about: kit.json<Record<string, string>>('about').notNull(),
      href: kit.text('href').notNull(),
      at: kit.big('at').notNull(),
      /** 0: she has not seen it. */
      readAt: kit.big('read_at').notNull()
    },
    (t) => [
      kit.index('notices_member').on(t.memberId, t.id),
      kit.index('notices_unread').on(t.memberId, t.readAt)
    ]
  )
})
