import { FRAME } from '../../shared/video.ts'
import { readTracks } from '../video/codec.ts'
import { packager } from '../video/packager.ts'
import { readFilm } from './film.ts'

/** The demo's film as one MP4, for a lesson that shows something: the same frames, cut by the same packager. */
export function demoClip(film = readFilm()): Buffer {
  const pieces: Buffer[] = []
  const pack = packager({
    init: (_, bytes) => void pieces.push(bytes),
    part: (_, { bytes }) => void pieces.push(bytes),
    closed: () => {}
  })
  pack.configure(readTracks(film.video, film.audio))
  for (const { kind, timestampUs, durationUs, data } of film.frames) {
    if (kind === FRAME.thumbnail) continue
    if (kind === FRAME.audio) pack.audio({ timestampUs, durationUs, data })
    else pack.video({ key: kind === FRAME.key, timestampUs, data, filmedAt: Math.round(timestampUs / 1000) })
  }
  return Buffer.concat(pieces)
}

export const clipSeconds = (film = readFilm()) => Math.round(film.lengthUs / 1e6)
