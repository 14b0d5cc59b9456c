import { Problem } from '../../shared/problems.ts'
import type { AudioConfig, VideoConfig } from '../../shared/video.ts'
import type { Clock } from '../clock.ts'
import { isPicture, readTracks } from './codec.ts'
import type { Making } from './making.ts'
import type { Sound } from './packager.ts'
import type { Session } from './store.ts'

/** Our clock and the phone’s may drift apart so far before we believe ours. */
const CLOCK_SLACK_MS = 5_000
const MAX_THUMBNAIL_BYTES = 256 * 1024

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

/** Feeds a film, until another publisher takes over. */
export function publisherOf(
  film: Making,
  {
    clock,
    describe,
    end
  }: {
    clock: Clock
    describe: (sessionId: string, picture: Pick<Session, 'codecs' | 'width' | 'height'>) => Promise<void>
    end: (sessionId: string) => Promise<void>
  }
): Publisher {
  const { packager } = film.reel
  const mine = film.replace
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
      film.recording.add(() => describe(film.session.id, picture))
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
    kept: film.recording.kept,
    end: () => (stillMine() ? end(film.session.id) : Promise.resolve())
  }
}
