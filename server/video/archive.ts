import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { Problem } from '../../shared/problems.ts'
import { PRIVATE, type Objects } from '../objects/objects.ts'
import type { FilmJournal } from './journal.ts'
import type { Resume, Segment } from './packager.ts'
import { initName, RENDITION, segmentName } from './playlist.ts'
import type { FilmStore, RecordedSegment, Session } from './store.ts'

/** What a film that was interrupted still shows of itself in its moving window. */
export const EARLIER_SEGMENTS = 6

/** Of which film, and whether it is for everybody: that says where its objects lie. */
type Film = Pick<Session, 'id' | 'closed'>
type Filmed = Pick<Segment, 'msn' | 'init' | 'discontinuity' | 'filmedAt' | 'durationS'>

export type Archive = ReturnType<typeof openArchive>

/** The recording of films: segments as objects, and the index that says which are whole. */
export function openArchive({
  store,
  objects,
  journal
}: {
  store: FilmStore
  objects: Objects
  journal: FilmJournal
}) {
  const folderOf = ({ id, closed }: Film) => `${closed ? `${PRIVATE}/` : ''}live/${id}`
  const keyOf = (film: Film, name: string) => `${folderOf(film)}/${RENDITION}/${name}`
  const thumbnailKey = (film: Film) => `${folderOf(film)}/thumb.jpg`

  async function read(key: string): Promise<Readable> {
    const found = await objects.get(key)
    if (!found) throw new Problem('segment_gone')
    return found.body
  }

  /** Keeps a segment and then says so in the index. False: another server holds the film by now, or it is over. */
  async function keep(
    session: Session,
    segment: Filmed,
    bytes: Buffer,
    lastFrameAt: number
  ): Promise<boolean> {
    const { id, holder } = session
    await objects.put(keyOf(session, segmentName(segment.msn)), bytes, 'video/mp4')
    const kept = await store.recorded(id, holder, rowOf(segment, bytes), lastFrameAt)
    if (kept) journal.kept(id, segment.msn)
    return kept
  }

  return {
    keep,
    keepInit: (film: Film, number: number, bytes: Buffer) =>
      objects.put(keyOf(film, initName(number)), bytes, 'video/mp4'),
    keepThumbnail: (film: Film, jpeg: Buffer) => objects.put(thumbnailKey(film), jpeg, 'image/jpeg'),

    /** What a server that died here had shown to viewers but not yet kept. */
    async rescue(sessionId: string) {
      for (const { bytes, ...segment } of journal.rescue(sessionId)) {
        const session = await store.session(sessionId)
        if (!session) return
        await keep(session, segment, bytes, Math.round(segment.filmedAt + segment.durationS * 1000))
        journal.kept(sessionId, segment.msn)
      }
    },

    /** Where a film that was interrupted goes on, and what it still shows of what was before. */
    async earlier(
      sessionId: string
    ): Promise<{ resume: Resume; segments: Segment[]; discontinuities: number }> {
      const earlier = await store.latest(sessionId, EARLIER_SEGMENTS)
      const newest = earlier.at(-1)
      const inWindow = earlier.filter(({ discontinuity }) => discontinuity).length
      return {
        resume: { msn: (newest?.msn ?? -1) + 1, init: (newest?.init ?? -1) + 1 },
        segments: earlier.map(remembered),
        discontinuities: (await store.discontinuities(sessionId)) - inWindow
      }
    },

    file: (film: Film, name: string) => read(keyOf(film, name)),
    thumbnail: (film: Film) => read(thumbnailKey(film)),
    addressOf: (film: Film, name: string) => objects.url(keyOf(film, name))
  }
}

const rowOf = (segment: Filmed, bytes: Buffer): RecordedSegment => ({
  msn: segment.msn,
  init: segment.init,
  discontinuity: segment.discontinuity,
  filmedAt: segment.filmedAt,
  durationMs: Math.round(segment.durationS * 1000),
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex')
})

/** A segment of an earlier life, whose bytes are an object by now. */
const remembered = ({ msn, init, discontinuity, filmedAt, durationMs }: RecordedSegment): Segment => ({
  msn,
  init,
  discontinuity,
  filmedAt,
  durationS: durationMs / 1000,
  parts: [],
  closed: true
})
