// A thread that looks into a container which a stranger sent: it may take all of its memory or never come back, and
// only this thread is lost (see inside.ts).
import { parentPort, workerData } from 'node:worker_threads'
import { FilePathSource, Input, MP3, MP4, OGG, QTFF, WAVE, WEBM } from 'mediabunny'
import type { Container, Inside } from './file.ts'

const FORMATS = { mp4: MP4, mov: QTFF, webm: WEBM, mp3: MP3, ogg: OGG, wav: WAVE }

const { file, container } = workerData as { file: string; container: keyof typeof FORMATS & Container }
const input = new Input({ source: new FilePathSource(file), formats: [FORMATS[container]] })
const inside: Inside = {
  video: (await input.getVideoTracks()).length > 0,
  audio: (await input.getAudioTracks()).length > 0,
  durationMs: Math.ceil((await input.computeDuration()) * 1000)
}
parentPort!.postMessage(inside)
input.dispose()
