import type { Kit } from '../store/kit.ts'

export const videoTables = (kit: Kit) => ({
  /** 一次推流: one go-live. New for every go-live, because parts and segments are cached for ever by their address. */
  filmSessions: kit.table(
    'film_sessions',
    {
      id: kit.text('id').primaryKey(),
      showId: kit.text('show_id').notNull(),
      publisherId: kit.text('publisher_id').notNull(),
      state: kit.oneOf('state', ['open', 'ended']).notNull(),
      openedAt: kit.big('opened_at').notNull(),
      firstFrameAt: kit.big('first_frame_at'),
      lastFrameAt: kit.big('last_frame_at'),
      endedAt: kit.big('ended_at'),
      /** MEDIA_URL of the server that holds its newest parts; empty: the same address as the page. */
      mediaUrl: kit.text('media_url').notNull(),
      /** The server process whose packager numbers its segments; whoever held it before may add no more. */
      holder: kit.text('holder').notNull(),
      /** What a master playlist says of the picture; empty and 0 before the first frame. */
      codecs: kit.text('codecs').notNull(),
      width: kit.int('width').notNull(),
      height: kit.int('height').notNull(),
      /** A rehearsal or an online class: its picture is served to whom it concerns, and never cached by others. */
      closed: kit.bool('closed').notNull().default(false)
    },
    (t) => [kit.index('film_sessions_show').on(t.showId), kit.index('film_sessions_state').on(t.state)]
  ),
  /**
   * The recording's index, a row for every segment that is safely an object. Ordered by when it was filmed, not
   * by when it arrived, so that a stretch sent late finds its true place.
   */
  filmSegments: kit.table(
    'film_segments',
    {
      sessionId: kit.text('session_id').notNull(),
      rendition: kit.text('rendition').notNull(),
      msn: kit.int('msn').notNull(),
      filmedAt: kit.big('filmed_at').notNull(),
      durationMs: kit.int('duration_ms').notNull(),
      init: kit.int('init').notNull(),
      discontinuity: kit.bool('discontinuity').notNull(),
      bytes: kit.int('bytes').notNull(),
      sha256: kit.text('sha256').notNull()
    },
    (t) => [
      kit.primaryKey({ columns: [t.sessionId, t.rendition, t.msn] }),
      kit.index('film_segments_filmed').on(t.sessionId, t.rendition, t.filmedAt)
    ]
  )
})
