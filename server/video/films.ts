import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { LRUCache } from 'lru-cache'
import { Problem } from '../../shared/problems.ts'
import { livePlaylist, replayPlaylist, type AudioConfig, type VideoConfig } from '../../shared/video.ts'
import type { Clock } from '../clock.ts'
import { PRIVATE, type Objects } from '../objects/objects.ts'
import { newId } from '../store/id.ts'
import type { Store } from '../store/store.ts'
import { isPicture, readTracks } from './codec.ts'
import { presence, stretchesOf, type Stretch } from './film.ts'
import type { FilmJournal } from './journal.ts'
import type { Segment, Sound } from './packager.ts'
import { initName, masterPlaylist, recordedPlaylist, RENDITION, segmentName } from './playlist.ts'
import { newReel, type Reel } from './reel.ts'
import { filmStore, type RecordedSegment, type Session } from './store.ts'

/** Films one server makes at a time; each may keep some 20 MB of its newest picture in memory. */
const FILMS_AT_ONCE = 200
/** How often the films here are looked at for a picture that was lost. */
const LOOK_EVERY_MS = 500
/** How often all films of the store are looked at for one whose server died. */
export const SWEEP_EVERY_MS = 10_000
/** Longer than any two segments of a film that somebody feeds lie apart. */
const NOBODY_FEEDS_AFTER_MS = 20_000
/** Viewers of a film that ended still fetch its last parts for so long. */
const LINGER_MS = 30_000
/** Segments that may wait for the object store; beyond it the recording has a hole and says so. */
const UNRECORDED_SEGMENTS = 60
const RECORD_TRIES = 6
const FIRST_RETRY_MS = 200
/** What a film that was interrupted still shows of itself in its moving window. */
const EARLIER_SEGMENTS = 6
/** Our clock and the phone’s may drift apart so far before we believe ours. */
const CLOCK_SLACK_MS = 5_000
const MAX_THUMBNAIL_BYTES = 256 * 1024
/** Playlists of recordings kept at hand. */
const PLAYLISTS_BYTES = 32 * 1024 * 1024
const GROWING_PLAYLIST_MS = 2_000
/** Films of which it is remembered whom they are for: asked before every part. */
const AUDIENCES = 10_000

/** A frame on its way in. Timestamps are on the publisher’s own clock, which may begin anywhere. */
export interface VideoFrame {
  key: boolean
  timestampUs: number
  /** One access unit: NAL units with four-byte lengths. */
  data: Uint8Array
  /** Presentation minus decoding time, µs; left out without B frames. */
  compositionUs?: number
  /** Where the publisher knows better than our clock: ms since 1970. */
  filmedAt?: number
}
export type AudioFrame = Sound

/**
 * The ingest seam: how a picture comes into the village, whatever brings it — the studio’s socket, the demo film,
 * an encoder box by RTMP or WHIP. Everything is checked here, so a source only has to find the frames.
 */
export interface Publisher {
  /** Refuses what is not H.264 with AAC or Opus as `not_video`. Comes first, and again whenever the picture changes. */
  configure(video: VideoConfig, audio?: AudioConfig): void
  video(frame: VideoFrame): void
  audio(frame: AudioFrame): void
  thumbnail(jpeg: Uint8Array): void
  /** True while frames are dropped until a key frame comes. */
  readonly wantsKey: boolean
  /** Resolves when everything that was handed over so far is kept: for whoever feeds faster than it is filmed. */
  kept(): Promise<void>
  /** The film is over; resolves when its recording is whole. */
  end(): Promise<void>
}

export interface FilmListener {
  /** The first part can be played. */
  arrived?(sessionId: string): unknown
  lost?(sessionId: string): unknown
  back?(sessionId: string): unknown
  ended?(sessionId: string): unknown
}

export interface Films {
  /** 开播: the session of this show that is still open, or a new one; `closed`: not for everybody. */
  open(showId: string, hostId: string, closed?: boolean): Promise<string>
  /** Ends a film once; resolves when its replay is whole. Ending it again does nothing. */
  end(sessionId: string): Promise<void>
  /** Who may feed this film. Refuses with `no_such_session` or `session_over`. */
  publisherIdOf(sessionId: string): Promise<string>
  /** From now on this publisher alone feeds the film; `replaced` tells it when another has taken over, or the film is over. */
  publisher(sessionId: string, replaced?: (problem: Problem | undefined) => void): Promise<Publisher>
  on(listener: FilmListener): void
  isOpen(sessionId: string): Promise<boolean>
  /** Of which show a film is that is not for everybody; undefined: it is. Known at once, but for the first time. */
  closedShow(sessionId: string): string | undefined | Promise<string | undefined>
  /** How long its recording is. */
  recordedMs(sessionId: string): Promise<number>
  /** Its recording as pieces without a hole: when each was filmed, where it begins in the recording, how long it is. */
  stretches(sessionId: string): Promise<Stretch[]>
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

  /** Finds pictures that were lost and films nobody came back to. Runs by itself twice a second. */
  look(): Promise<void>
  /** The same for films whose server died. A job of every server. */
  sweep(): Promise<void>
  /** Lets what was filmed reach the recording; the films stay open and go on when their hosts come back. */
  close(): Promise<void>
}

export type MediaName = { init: number } | { msn: number; part?: number }

/** A film that this server is making. */
interface Making {
  session: Session
  reel: Reel
  openedAt: number
  firstFrameAt: number | undefined
  lastFrameAt: number | undefined
  away: boolean
  /** Its last part is being put away: that does not bring a lost picture back. */
  closing: boolean
  thumbnail: Buffer | undefined
  /** The end of what is on its way to the recording. */
  recording: Promise<void>
  unrecorded: number
  replace: ((problem: Problem | undefined) => void) | undefined
}

export function openFilms({
  store: database,
  objects,
  journal,
  clock,
  mediaUrl,
  report
}: {
  store: Store
  objects: Objects
  journal: FilmJournal
  clock: Clock
  /** This server’s own address, with several servers; else empty. */
  mediaUrl: string
  report: (error: unknown, what?: string) => void
}): Films {
  const store = filmStore(database)
  /** This server process, as the one that numbers a film’s segments. */
  const holder = newId(clock.now())
  const making = new Map<string, Making>()
  const takingUp = new Map<string, Promise<Making>>()
  const lingering = new Map<string, { reel: Reel; timer: NodeJS.Timeout }>()
  const mourned = new Set<string>()
  const listeners: FilmListener[] = []
  const playlists = new LRUCache<string, Buffer>({
    maxSize: PLAYLISTS_BYTES,
    sizeCalculation: (text) => text.length + 1
  })
  /** Whose film it is, if not everybody's: the show, else empty. */
  const audiences = new LRUCache<string, string>({ max: AUDIENCES })
  const folderOf = (sessionId: string, closed: boolean) => `${closed ? `${PRIVATE}/` : ''}live/${sessionId}`
  const keyOf = ({ id, closed }: Pick<Session, 'id' | 'closed'>, name: string) =>
    `${folderOf(id, closed)}/${RENDITION}/${name}`
  const thumbnailKey = ({ id, closed }: Pick<Session, 'id' | 'closed'>) => `${folderOf(id, closed)}/thumb.jpg`
  const reelOf = (sessionId: string) => making.get(sessionId)?.reel ?? lingering.get(sessionId)?.reel

  const looking = setInterval(() => void films.look().catch(report), LOOK_EVERY_MS)
  looking.unref()

  const films: Films = {
    async open(showId, hostId, closed = false) {
      const now = clock.now()
      const { id } = await store.open({
        id: newId(now),
        showId,
        publisherId: hostId,
        openedAt: now,
        mediaUrl,
        holder,
        closed
      })
      return id
    },

    async end(sessionId) {
      const film = making.get(sessionId)
      if (film) await develop(film)
      else await rescue(sessionId)
      const ended = await store.end(sessionId, clock.now())
      if (film) putAway(film, true)
      mourned.delete(sessionId)
      playlists.delete(sessionId)
      if (ended) tell('ended', sessionId)
    },

    async publisherIdOf(sessionId) {
      return (await sessionNamed(sessionId)).publisherId
    },

    async publisher(sessionId, replaced) {
      const film = making.get(sessionId) ?? (await takeUp(sessionId))
      film.replace?.(undefined)
      film.replace = replaced ?? (() => {})
      return publisherOf(film, film.replace)
    },

    on: (listener) => void listeners.push(listener),

    async isOpen(sessionId) {
      return making.has(sessionId) || (await store.session(sessionId))?.state === 'open'
    },

    closedShow(sessionId) {
      const known = audiences.get(sessionId)
      return known === undefined ? askForWhom(sessionId) : known || undefined
    },

    recordedMs: store.recordedMs,
    stretches: async (sessionId) => stretchesOf(await store.filmedQuery(sessionId)),

    async playlist(sessionId, ended) {
      if (ended) return replayPlaylist(sessionId)
      // Who may watch a closed film is known by her cookie, which the page's own address alone is sent.
      if (await films.closedShow(sessionId)) return livePlaylist(sessionId)
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
        address: (name) => (session.closed ? `${RENDITION}/${name}` : objects.url(keyOf(session, name)))
      })
      const bytes = Buffer.from(text)
      playlists.set(sessionId, bytes, ended ? {} : { ttl: GROWING_PLAYLIST_MS })
      return bytes
    },

    async media(sessionId, name) {
      const reel = reelOf(sessionId)
      const lies = async (file: string) =>
        kept(keyOf({ id: sessionId, closed: (await films.closedShow(sessionId)) !== undefined }, file))
      if ('init' in name) return reel?.init(name.init) ?? lies(initName(name.init))
      if (name.part === undefined) return reel?.segment(name.msn) ?? lies(segmentName(name.msn))

      const part = await reel?.part(name.msn, name.part)
      if (!part) throw new Problem('segment_gone')
      return part
    },

    async thumbnail(sessionId) {
      const closed = (await films.closedShow(sessionId)) !== undefined
      return making.get(sessionId)?.thumbnail ?? kept(thumbnailKey({ id: sessionId, closed }))
    },

    async look() {
      const now = clock.now()
      for (const film of making.values()) {
        const state = presence(film, now)
        if (state === 'away' && !film.away) {
          film.away = true
          tell('lost', film.session.id)
        }
        if (state === 'over') await films.end(film.session.id)
      }
    },

    async sweep() {
      const now = clock.now()
      for (const session of await store.silentSince(now - NOBODY_FEEDS_AFTER_MS)) {
        if (making.has(session.id)) continue
        const state = presence(
          {
            openedAt: session.openedAt,
            firstFrameAt: session.firstFrameAt ?? undefined,
            lastFrameAt: session.lastFrameAt ?? undefined
          },
          now
        )
        if (state === 'over') await films.end(session.id)
        else if (state === 'away' && !mourned.has(session.id)) {
          mourned.add(session.id)
          tell('lost', session.id)
        }
      }
    },

    async close() {
      clearInterval(looking)
      for (const film of making.values()) {
        film.replace?.(undefined)
        await develop(film)
        putAway(film, false)
      }
      for (const [id, { timer }] of lingering) {
        clearTimeout(timer)
        lingering.delete(id)
      }
    }
  }
  return films

  function tell(what: keyof FilmListener, sessionId: string) {
    for (const listener of listeners) {
      Promise.resolve()
        .then(() => listener[what]?.(sessionId))
        .catch((error: unknown) => report(error, `nobody took it well that a picture ${what}`))
    }
  }

  async function askForWhom(sessionId: string): Promise<string | undefined> {
    const session = await store.session(sessionId)
    if (!session) return undefined // nor is there anything to be seen
    audiences.set(sessionId, session.closed ? session.showId : '')
    return session.closed ? session.showId : undefined
  }

  async function sessionNamed(sessionId: string): Promise<Session> {
    const session = making.get(sessionId)?.session ?? (await store.session(sessionId))
    if (!session) throw new Problem('no_such_session')
    if (session.state === 'ended') throw new Problem('session_over')
    return session
  }

  /** This server makes the film from now on. Two who come at once take it up once. */
  function takeUp(sessionId: string): Promise<Making> {
    let taking = takingUp.get(sessionId)
    if (!taking) {
      taking = takeUpOnce(sessionId).finally(() => takingUp.delete(sessionId))
      takingUp.set(sessionId, taking)
    }
    return taking
  }

  async function takeUpOnce(sessionId: string): Promise<Making> {
    await sessionNamed(sessionId)
    if (making.size >= FILMS_AT_ONCE) throw new Problem('busy')
    const session = await store.takeUp(sessionId, holder, mediaUrl)
    if (!session) throw new Problem('session_over')
    await rescue(sessionId)
    const earlier = await store.latest(sessionId, EARLIER_SEGMENTS)
    const newest = earlier.at(-1)
    const inWindow = earlier.filter(({ discontinuity }) => discontinuity).length
    const film: Making = {
      session,
      reel: newReel(
        {
          init(number, bytes) {
            record(film, () => objects.put(keyOf(session, initName(number)), bytes, 'video/mp4'))
          },
          part(segment, part) {
            journal.part(sessionId, segment, part)
            seen(film)
          },
          closed(segment, bytes) {
            journal.closed(sessionId, segment.msn)
            const { lastFrameAt = clock.now() } = film
            record(film, () => keep(film, rowOf(segment, bytes), bytes, lastFrameAt))
          }
        },
        {
          resume: { msn: (newest?.msn ?? -1) + 1, init: (newest?.init ?? -1) + 1 },
          segments: earlier.map(remembered),
          discontinuities: (await store.discontinuities(sessionId)) - inWindow
        }
      ),
      openedAt: clock.now(),
      firstFrameAt: session.firstFrameAt ?? undefined,
      lastFrameAt: session.firstFrameAt === null ? undefined : clock.now(),
      away: session.firstFrameAt !== null,
      closing: false,
      thumbnail: undefined,
      recording: Promise.resolve(),
      unrecorded: 0,
      replace: undefined
    }
    making.set(sessionId, film)
    return film
  }

  function publisherOf(film: Making, mine: Making['replace']): Publisher {
    const { packager } = film.reel
    const stillMine = () => film.replace === mine
    /** What to add to the publisher’s timestamps to get our time, ms. */
    let clockOffset: number | undefined
    const filmedAt = (timestampUs: number) => {
      const now = clock.now()
      const at = timestampUs / 1000 + (clockOffset ?? now - timestampUs / 1000)
      if (clockOffset === undefined || Math.abs(at - now) > CLOCK_SLACK_MS) {
        clockOffset = now - timestampUs / 1000
        return now
      }
      return Math.round(at)
    }
    return {
      configure(video, audio) {
        if (!stillMine()) return
        const tracks = readTracks(video, audio)
        packager.configure(tracks)
        const { width, height } = tracks.video
        const picture = { codecs: tracks.codecs, width, height }
        Object.assign(film.session, picture)
        record(film, () => store.describe(film.session.id, picture))
      },
      video(frame) {
        if (!stillMine()) return
        if (!Number.isFinite(frame.timestampUs) || !isPicture(frame.data, frame.key)) {
          throw new Problem('not_video', { why: 'frame' })
        }
        packager.video({ ...frame, filmedAt: frame.filmedAt ?? filmedAt(frame.timestampUs) })
        film.lastFrameAt = clock.now()
      },
      audio(frame) {
        if (!stillMine()) return
        if (!Number.isFinite(frame.timestampUs)) throw new Problem('not_video', { why: 'sound' })
        packager.audio(frame)
      },
      thumbnail(jpeg) {
        if (!stillMine()) return
        if (jpeg.length > MAX_THUMBNAIL_BYTES) throw new Problem('video_too_big')
        if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) throw new Problem('not_a_picture')
        film.thumbnail = Buffer.from(jpeg)
      },
      get wantsKey() {
        return packager.awaitingKey
      },
      kept: () => film.recording,
      end: () => (stillMine() ? films.end(film.session.id) : Promise.resolve())
    }
  }

  /** A part is out. */
  function seen(film: Making) {
    if (film.closing) return
    const { id } = film.session
    film.lastFrameAt = clock.now()
    if (film.firstFrameAt === undefined) {
      const at = (film.firstFrameAt = film.lastFrameAt)
      record(film, () => store.firstFrame(id, at))
      tell('arrived', id)
    } else if (film.away) tell('back', id)
    film.away = false
    mourned.delete(id)
  }

  /** One thing after another, in the order it was filmed. */
  function record(film: Making, what: () => Promise<unknown>) {
    if (film.unrecorded >= UNRECORDED_SEGMENTS) {
      report(new Error('the object store does not keep up'), `a hole in the recording of ${film.session.id}`)
      return
    }
    film.unrecorded++
    film.recording = film.recording
      .then(() => stubbornly(what))
      .catch((error: unknown) => report(error, `a hole in the recording of ${film.session.id}`))
      .finally(() => void film.unrecorded--)
  }

  async function keep(film: Making, row: RecordedSegment, bytes: Buffer, lastFrameAt: number) {
    const { id } = film.session
    await objects.put(keyOf(film.session, segmentName(row.msn)), bytes, 'video/mp4')
    if (await store.recorded(id, holder, row, lastFrameAt)) journal.kept(id, row.msn)
    else {
      // Another server has taken the film up, or it was ended there: whoever feeds us has to go there.
      film.replace?.(undefined)
      putAway(film, false)
    }
  }

  /** Closes what is being filmed and waits until all of it is kept. */
  async function develop(film: Making) {
    film.closing = true
    film.reel.packager.close()
    const { thumbnail, session } = film
    if (thumbnail) record(film, () => objects.put(thumbnailKey(session), thumbnail, 'image/jpeg'))
    await film.recording
  }

  function putAway(film: Making, over: boolean) {
    const { id } = film.session
    if (making.get(id) !== film) return
    making.delete(id)
    if (over) film.replace?.(new Problem('session_over'))
    film.replace = undefined
    film.reel.finish(over)
    if (!over) return
    const timer = setTimeout(() => lingering.delete(id), LINGER_MS)
    timer.unref()
    lingering.set(id, { reel: film.reel, timer })
  }

  /** What a server that died here had shown to viewers but not yet kept. */
  async function rescue(sessionId: string) {
    for (const { bytes, ...segment } of journal.rescue(sessionId)) {
      const row = rowOf(segment, bytes)
      const session = await store.session(sessionId)
      if (!session) return
      await objects.put(keyOf(session, segmentName(segment.msn)), bytes, 'video/mp4')
      const lastFrameAt = Math.round(segment.filmedAt + segment.durationS * 1000)
      await store.recorded(sessionId, session.holder, row, lastFrameAt)
      journal.kept(sessionId, segment.msn)
    }
  }

  async function kept(key: string): Promise<Readable> {
    const found = await objects.get(key)
    if (!found) throw new Problem('segment_gone')
    return found.body
  }
}

async function stubbornly(what: () => Promise<unknown>) {
  for (let tries = 1; ; tries++) {
    try {
      await what()
      return
    } catch (error) {
      if (tries === RECORD_TRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, FIRST_RETRY_MS * 2 ** tries))
    }
  }
}

const rowOf = (
  segment: Pick<Segment, 'msn' | 'init' | 'discontinuity' | 'filmedAt' | 'durationS'>,
  bytes: Buffer
): RecordedSegment => ({
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
