import { readFileSync } from 'node:fs'
import path from 'node:path'
import {
  FRAME,
  FRAME_HEADER_BYTES,
  type AudioConfig,
  type StudioMessage,
  type VideoConfig
} from '../../shared/video.ts'
import type { Publisher } from '../video/publisher.ts'

/** Sixteen seconds of our own drawing, recorded once from the studio's own encoder; labelled 演示 in the picture. */
export const DEMO_FILM = path.join(import.meta.dirname, 'demo.film')

/** How often frames that are due are handed over: as often as a camera has one. */
const TICK_MS = 33
/** A machine that was busy for longer than this goes on from now instead of hurrying after. */
const MOST_LATE_MS = 1_000

interface Frame {
  kind: number
  timestampUs: number
  durationUs: number
  data: Buffer
}

/**
 * A film in a file is what a studio would have said on the ingest socket: `u32 length | message`, again and again.
 * The first message is the config as JSON; the others are binary, `u8 kind | f64 timestamp µs | u32 duration µs |
 * payload`. It begins with a key frame at 0 and can be played round and round.
 */
export interface Film {
  video: VideoConfig
  audio: AudioConfig | undefined
  frames: Frame[]
  lengthUs: number
}

export function readFilm(file = DEMO_FILM): Film {
  const bytes = readFileSync(file)
  const messages: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const next = at + 4 + bytes.readUInt32BE(at)
    messages.push(bytes.subarray(at + 4, next))
    at = next
  }
  const [first, ...rest] = messages
  const config = JSON.parse(first!.toString()) as Extract<StudioMessage, { t: 'config' }>
  const frames = rest.map((message) => ({
    kind: message[0]!,
    timestampUs: message.readDoubleBE(1),
    durationUs: message.readUInt32BE(9),
    data: message.subarray(FRAME_HEADER_BYTES)
  }))
  const pictures = frames.filter(({ kind }) => kind === FRAME.key || kind === FRAME.delta)
  const last = pictures.at(-1)!
  return {
    video: config.video,
    audio: config.audio,
    frames,
    lengthUs: last.timestampUs + Math.round(last.timestampUs / (pictures.length - 1))
  }
}

/** Plays it through the ingest seam as if it were filmed now, round and round until it is stopped. */
export function playFilm(publisher: Publisher, film = readFilm()): { stop(): void } {
  publisher.configure(film.video, film.audio)
  let began = performance.now()
  let round = 0
  let next = 0
  const timer = setInterval(() => {
    const due = () => (performance.now() - began) * 1000
    const at = () => film.frames[next]!.timestampUs + round * film.lengthUs
    if (due() - at() > MOST_LATE_MS * 1000) began = performance.now() - at() / 1000
    while (at() <= due()) {
      feed(publisher, film.frames[next]!, round * film.lengthUs)
      next = (next + 1) % film.frames.length
      if (next === 0) round++
    }
  }, TICK_MS)
  return { stop: () => clearInterval(timer) }
}

/** Has it filmed at `filmedAt` (ms since 1970), `rounds` times over and as fast as this machine goes: for a replay. */
export async function replayFilm(
  publisher: Publisher,
  { filmedAt, rounds }: { filmedAt: number; rounds: number },
  film = readFilm()
) {
  publisher.configure(film.video, film.audio)
  for (let round = 0; round < rounds; round++) {
    for (const frame of film.frames) feed(publisher, frame, round * film.lengthUs, filmedAt)
    // Others want to be served meanwhile, and the disk has to follow.
    await publisher.kept()
  }
}

/** Without `filmedAt` it is filmed now. */
function feed(
  publisher: Publisher,
  { kind, timestampUs, durationUs, data }: Frame,
  offsetUs: number,
  filmedAt?: number
) {
  const at = timestampUs + offsetUs
  if (kind === FRAME.thumbnail) return publisher.thumbnail(data)
  if (kind === FRAME.audio) return publisher.audio({ timestampUs: at, durationUs, data })
  publisher.video({
    key: kind === FRAME.key,
    timestampUs: at,
    data,
    ...(filmedAt !== undefined && { filmedAt: Math.round(filmedAt + at / 1000) })
  })
}
