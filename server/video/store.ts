import { and, asc, desc, eq, lt, or, isNull, sql, sum } from 'drizzle-orm'
import type { Store } from '../store/store.ts'
import { RENDITION, type Recorded } from './playlist.ts'

/** Sessions a sweep looks at in one go. */
const SWEEP_SESSIONS = 100
/** Twelve hours of 2 s segments: longer than any show. */
const RECORDING_SEGMENTS = 21_600

export interface Session {
  id: string
  showId: string
  publisherId: string
  state: 'open' | 'ended'
  openedAt: number
  firstFrameAt: number | null
  lastFrameAt: number | null
  endedAt: number | null
  mediaUrl: string
  holder: string
  codecs: string
  width: number
  height: number
  closed: boolean
}

export interface RecordedSegment extends Recorded {
  bytes: number
  sha256: string
}

/** The only SQL of the picture. */
export const filmStore = (store: Store) => {
  const { filmSessions, filmSegments } = store.schema
  const ofMain = (sessionId: string) =>
    and(eq(filmSegments.sessionId, sessionId), eq(filmSegments.rendition, RENDITION))

  return {
    async session(id: string): Promise<Session | undefined> {
      const [found] = await store.read.select().from(filmSessions).where(eq(filmSessions.id, id)).limit(1)
      return found
    },

    /** The open session of this show and publisher, or a new one: two taps on 开播 are one go-live. */
    open(
      fresh: Pick<Session, 'id' | 'showId' | 'publisherId' | 'openedAt' | 'mediaUrl' | 'holder' | 'closed'>
    ) {
      return store.tx(async (tx) => {
        const [open] = await tx
          .select()
          .from(filmSessions)
          .where(
            and(
              eq(filmSessions.showId, fresh.showId),
              eq(filmSessions.publisherId, fresh.publisherId),
              eq(filmSessions.state, 'open')
            )
          )
          .orderBy(desc(filmSessions.openedAt))
          .limit(1)
        if (open) return open
        const [made] = await tx
          .insert(filmSessions)
          .values({ ...fresh, state: 'open', codecs: '', width: 0, height: 0 })
          .returning()
        return made!
      })
    },

    /** This server holds the film from now on; undefined: there is no open session of this id. */
    async takeUp(id: string, holder: string, mediaUrl: string): Promise<Session | undefined> {
      const [taken] = await store.tx(async (tx) =>
        tx
          .update(filmSessions)
          .set({ holder, mediaUrl })
          .where(and(eq(filmSessions.id, id), eq(filmSessions.state, 'open')))
          .returning()
      )
      return taken
    },

    async describe(id: string, picture: Pick<Session, 'codecs' | 'width' | 'height'>) {
      await store.tx(async (tx) =>
        tx.update(filmSessions).set(picture).where(eq(filmSessions.id, id)).returning()
      )
    },

    async firstFrame(id: string, at: number) {
      await store.tx(async (tx) =>
        tx
          .update(filmSessions)
          .set({ firstFrameAt: at, lastFrameAt: at })
          .where(and(eq(filmSessions.id, id), isNull(filmSessions.firstFrameAt)))
          .returning()
      )
    },

    /** A segment is safely an object: into the index with it. False: another server holds the film by now. */
    recorded(sessionId: string, holder: string, segment: RecordedSegment, lastFrameAt: number) {
      return store.tx(async (tx) => {
        const [mine] = await tx
          .update(filmSessions)
          .set({ lastFrameAt })
          .where(
            and(
              eq(filmSessions.id, sessionId),
              eq(filmSessions.holder, holder),
              eq(filmSessions.state, 'open')
            )
          )
          .returning({ id: filmSessions.id })
        if (!mine) return false
        await tx
          .insert(filmSegments)
          .values({ sessionId, rendition: RENDITION, ...segment })
          .onConflictDoNothing()
          .returning()
        return true
      })
    },

    /** Ends it once: the session for whoever ended it, undefined for everybody after. */
    async end(id: string, endedAt: number): Promise<Session | undefined> {
      const [ended] = await store.tx(async (tx) =>
        tx
          .update(filmSessions)
          .set({ state: 'ended', endedAt })
          .where(and(eq(filmSessions.id, id), eq(filmSessions.state, 'open')))
          .returning()
      )
      return ended
    },

    /** Open sessions that nobody has fed since `before`: their server may have died. */
    silentSince(before: number): Promise<Session[]> {
      return store.read
        .select()
        .from(filmSessions)
        .where(
          and(
            eq(filmSessions.state, 'open'),
            or(
              lt(filmSessions.lastFrameAt, before),
              and(isNull(filmSessions.lastFrameAt), lt(filmSessions.openedAt, before))
            )
          )
        )
        .orderBy(asc(filmSessions.openedAt))
        .limit(SWEEP_SESSIONS)
    },

    recording(sessionId: string): Promise<RecordedSegment[]> {
      return store.read
        .select({
          msn: filmSegments.msn,
          init: filmSegments.init,
          discontinuity: filmSegments.discontinuity,
          filmedAt: filmSegments.filmedAt,
          durationMs: filmSegments.durationMs,
          bytes: filmSegments.bytes,
          sha256: filmSegments.sha256
        })
        .from(filmSegments)
        .where(ofMain(sessionId))
        .orderBy(asc(filmSegments.filmedAt), asc(filmSegments.msn))
        .limit(RECORDING_SEGMENTS)
    },

    /** The same, as far as it says what was filmed when. */
    filmedQuery: (sessionId: string) =>
      store.read
        .select({ filmedAt: filmSegments.filmedAt, durationMs: filmSegments.durationMs })
        .from(filmSegments)
        .where(ofMain(sessionId))
        .orderBy(asc(filmSegments.filmedAt), asc(filmSegments.msn))
        .limit(RECORDING_SEGMENTS),

    async recordedMs(sessionId: string): Promise<number> {
      const [row] = await store.read
        .select({ ms: sum(filmSegments.durationMs).mapWith(Number) })
        .from(filmSegments)
        .where(ofMain(sessionId))
      return row?.ms ?? 0
    },

    /** The newest segments, oldest first: what viewers of a film that was interrupted still have in their window. */
    async latest(sessionId: string, count: number): Promise<RecordedSegment[]> {
      const rows = await store.read
        .select()
        .from(filmSegments)
        .where(ofMain(sessionId))
        .orderBy(desc(filmSegments.msn))
        .limit(count)
      return rows.reverse()
    },

    async discontinuities(sessionId: string): Promise<number> {
      const [row] = await store.read
        .select({ count: sql<number>`count(*)` })
        .from(filmSegments)
        .where(and(ofMain(sessionId), eq(filmSegments.discontinuity, true)))
      return Number(row?.count ?? 0)
    }
  }
}

export type FilmStore = ReturnType<typeof filmStore>
