import { sql } from 'drizzle-orm'
import type { Kit } from '../store/kit.ts'

export const liveTables = (kit: Kit) => ({
  shows: kit.table(
    'shows',
    {
      id: kit.text('id').primaryKey(),
      hostId: kit.text('host_id').notNull(),
      title: kit.text('title').notNull(),
      cover: kit.text('cover').notNull(),
      startsAt: kit.big('starts_at').notNull(),
      state: kit.oneOf('state', ['coming', 'live', 'away', 'ended']).notNull(),
      /** Which film session is or was its picture; a show that was interrupted for long has the newest. */
      sessionId: kit.text('session_id'),
      openedAt: kit.big('opened_at'),
      endedAt: kit.big('ended_at'),
      peakViewers: kit.int('peak_viewers').notNull(),
      /** Labelled 演示 wherever it appears. */
      demo: kit.bool('demo').notNull(),
      createdAt: kit.big('created_at').notNull(),
      /** Whom it is for. Only `public` is ever listed. */
      kind: kit.oneOf('kind', ['public', 'rehearsal', 'class']).notNull().default('public'),
      /** The course it is rehearsed for, or the class that is held in it; empty for `public`. */
      subjectId: kit.text('subject_id').notNull().default(''),
      /** 带播: who must be at its desk while the host has no certificate; empty: nobody. */
      mentorId: kit.text('mentor_id').notNull().default(''),
      paused: kit.bool('paused').notNull().default(false),
      /** Why nothing can be bought from it; empty: it sells. */
      saleStopped: kit.text('sale_stopped').notNull().default('')
    },
    (t) => [
      kit.index('shows_kind').on(t.kind, t.startsAt),
      kit.index('shows_state').on(t.state, t.startsAt),
      kit.index('shows_host').on(t.hostId, t.startsAt),
      kit.uniqueIndex('shows_session').on(t.sessionId)
    ]
  ),
  /** 小黄车: number 3 stays number 3 for the whole show. */
  shelf: kit.table(
    'shelf',
    {
      showId: kit.text('show_id').notNull(),
      number: kit.int('number').notNull(),
      productId: kit.text('product_id').notNull()
    },
    (t) => [
      kit.primaryKey({ columns: [t.showId, t.number] }),
      kit.uniqueIndex('shelf_product').on(t.showId, t.productId)
    ]
  ),
  /** A numbered log with listeners. A show has two: its public room and `desk:<show>` for host and operators. */
  rooms: kit.table(
    'rooms',
    {
      id: kit.text('id').primaryKey(),
      version: kit.int('version').notNull(),
      pinnedProductId: kit.text('pinned_product_id'),
      hearts: kit.int('hearts').notNull()
    },
    (t) => [kit.check('rooms_version', sql`${t.version} >= 0`)]
  ),
  roomEvents: kit.table(
    'room_events',
    {
      roomId: kit.text('room_id').notNull(),
      n: kit.int('n').notNull(),
      at: kit.big('at').notNull(),
      type: kit.text('type').notNull(),
      body: kit.json<Record<string, unknown>>('body').notNull(),
      /** Who caused it; kept for the officers, never sent to a viewer. */
      actorId: kit.text('actor_id').notNull(),
      /** The id a speaker's phone gave her message: sent again after a lost connection, it is not said twice. */
      key: kit.text('key')
    },
    (t) => [
      kit.primaryKey({ columns: [t.roomId, t.n] }),
      kit.uniqueIndex('room_events_key').on(t.roomId, t.key),
      kit.index('room_events_type').on(t.roomId, t.type, t.n)
    ]
  )
})
