import type { Readable } from 'node:stream'
import { LRUCache } from 'lru-cache'
import { Problem } from '../../shared/problems.ts'
import { livePlaylist, replayPlaylist } from '../../shared/video.ts'
import { EARLIER_SEGMENTS, type Archive } from './archive.ts'
import type { Making } from './making.ts'
import { initName, masterPlaylist, recordedPlaylist, RENDITION, segmentName } from './playlist.ts'
import type { Reel } from './reel.ts'
import type { FilmStore } from './store.ts'

/** Playlists of recordings kept at hand. */
const PLAYLISTS_BYTES = 32 * 1024 * 1024
const GROWING_PLAYLIST_MS = 2_000
/** Films of which it is remembered whom they are for: asked before every part. */
const AUDIENCES = 10_000

export type MediaName = { init: number } | { msn: number; part?: number }

/** What viewers ask of a film. */
export interface Screen {
  /** Of which show a film is that is not for everybody; undefined: it is. Known at once, but for the first time. */
  closedShow(sessionId: string): string | undefined | Promise<string | undefined>
  /** The HLS address of a session: on the server that holds its picture, or its replay. */
  playlist(sessionId: string, ended: boolean): Promise<string>
  /** Where this film is being made, if that is another server’s address. */
  elsewhere(sessionId: string): Promise<string | undefined>
  master(sessionId: string): Promise<string>
  index(sessionId: string, wanted: { msn?: number; part?: number }): Promise<Buffer>
  replay(sessionId: string): Promise<Buffer>
  /** What lies at a name of the rendition: from memory, or from the recording. */
  media(sessionId: string, name: MediaName): Promise<Buffer | Readable>
  thumbnail(sessionId: string): Promise<Buffer | Readable>
}

/** Shows films: the newest seconds out of the memory of the server that makes them, the rest out of the archive. */
export function openScreen({
  store,
  archive,
  mediaUrl,
  making,
  reelOf
}: {
  store: FilmStore
  archive: Archive
  mediaUrl: string
  /** The films that this server makes. */
  making: ReadonlyMap<string, Making>
  /** What this server has in memory of a film, also for a while after its end. */
  reelOf: (sessionId: string) => Reel | undefined
}): Screen & {
  /** The film is over: what was said of it while it grew is no longer so. */
  ended(sessionId: string): void
} {
  const playlists = new LRUCache<string, Buffer>({
    maxSize: PLAYLISTS_BYTES,
    sizeCalculation: (text) => text.length + 1
  })
  /** Whose film it is, if not everybody's: the show, else empty. */
  const audiences = new LRUCache<string, string>({ max: AUDIENCES })

  function closedShow(sessionId: string) {
    const known = audiences.get(sessionId)
    return known === undefined ? askForWhom(sessionId) : known || undefined
  }

  async function askForWhom(sessionId: string): Promise<string | undefined> {
    const session = await store.session(sessionId)
    if (!session) return undefined // nor is there anything to be seen
    audiences.set(sessionId, session.closed ? session.showId : '')
    return session.closed ? session.showId : undefined
  }

  const filmOf = async (id: string) => ({ id, closed: (await closedShow(id)) !== undefined })

  return {
    closedShow,

    async playlist(sessionId, ended) {
      if (ended) return replayPlaylist(sessionId)
      // Who may watch a closed film is known by her cookie, which the page's own address alone is sent.
      if (await closedShow(sessionId)) return livePlaylist(sessionId)
      if (making.has(sessionId)) return livePlaylist(sessionId, mediaUrl)
      return livePlaylist(sessionId, (await store.session(sessionId))?.mediaUrl)
    },

    async elsewhere(sessionId) {
      if (reelOf(sessionId)) return undefined
      const session = await store.session(sessionId)
      if (session?.state !== 'open' || session.mediaUrl === mediaUrl || session.closed) return undefined
      return session.mediaUrl
    },

    async master(sessionId) {
      const described = making.get(sessionId)?.session ?? (await store.session(sessionId))
      if (!described) throw new Problem('no_such_session')
      if (!described.codecs) throw new Problem('segment_gone')
      return masterPlaylist(described)
    },

    async index(sessionId, { msn, part }) {
      const reel = reelOf(sessionId)
      if (reel) return reel.playlist(msn, part)
      const session = await store.session(sessionId)
      if (!session) throw new Problem('no_such_session')
      // Its server is gone, or it is not ours: what has been kept is enough to stay in the show.
      const ended = session.state === 'ended'
      const segments = ended
        ? await store.recording(sessionId)
        : await store.latest(sessionId, EARLIER_SEGMENTS)
      if (!segments.length) throw new Problem('segment_gone')
      return Buffer.from(
        recordedPlaylist(segments, { kind: ended ? 'VOD' : undefined, address: (name) => name })
      )
    },

    async replay(sessionId) {
      const kept = playlists.get(sessionId)
      if (kept) return kept
      const session = await store.session(sessionId)
      if (!session) throw new Problem('no_such_session')
      const ended = session.state === 'ended'
      const text = recordedPlaylist(await store.recording(sessionId), {
        kind: ended ? 'VOD' : 'EVENT',
        address: (name) => (session.closed ? `${RENDITION}/${name}` : archive.addressOf(session, name))
      })
      const bytes = Buffer.from(text)
      playlists.set(sessionId, bytes, ended ? {} : { ttl: GROWING_PLAYLIST_MS })
      return bytes
    },

    async media(sessionId, name) {
      const reel = reelOf(sessionId)
      const recorded = async (file: string) => archive.file(await filmOf(sessionId), file)
      if ('init' in name) return reel?.init(name.init) ?? recorded(initName(name.init))
      if (name.part === undefined) return reel?.segment(name.msn) ?? recorded(segmentName(name.msn))

      const part = await reel?.part(name.msn, name.part)
      if (!part) throw new Problem('segment_gone')
      return part
    },

    async thumbnail(sessionId) {
      return making.get(sessionId)?.thumbnail ?? archive.thumbnail(await filmOf(sessionId))
    },

    ended: (sessionId) => void playlists.delete(sessionId)
  }
}
