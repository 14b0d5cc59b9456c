import { FRAME, FRAME_HEADER_BYTES, type AudioConfig, type VideoConfig } from '../../shared/video.ts'
import { PICTURE } from '../studio/camera.ts'
import { openSoundCoder, openVideoCoder, type Coded } from '../studio/encoder.ts'
import { drawHarbour } from './harbour.ts'
import { renderMelody } from './melody.ts'

/** Whole frames of picture (480) and of sound (750 of 1,024 samples): the end fits the beginning. */
const SECONDS = 16
const SAMPLE_RATE = 48_000
const SOUND_SAMPLES = 1024
/** Flat colours need little. */
const BITS_PER_S = 700_000
/** The encoder hands out its last packets only when more follows. */
const AFTER_S = 0.5
const COVER_AT = 0.2

const canvas = document.querySelector('canvas')!
const page = canvas.getContext('2d', { alpha: false })!
Object.assign(globalThis, { record, draw: (turn: number) => drawHarbour(page, turn) })
drawHarbour(page, COVER_AT)

/** Records the film once and answers it as base64: a sequence of `u32 length | ingest message`. */
async function record(): Promise<string> {
  const messages: Uint8Array[] = []
  const [picture, sound] = await Promise.all([recordPicture(), recordSound()])
  const config = { t: 'config', video: picture.config, audio: sound.config }
  messages.push(new TextEncoder().encode(JSON.stringify(config)))
  messages.push(message({ kind: FRAME.thumbnail, timestampUs: 0, durationUs: 0, data: await cover() }))
  const frames = [...picture.frames, ...sound.frames]
  for (const frame of frames.toSorted((a, b) => a.timestampUs - b.timestampUs)) messages.push(message(frame))

  const parts = messages.flatMap((each) => {
    const length = new DataView(new ArrayBuffer(4))
    length.setUint32(0, each.length)
    return [new Uint8Array(length.buffer), each]
  })
  const file = new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer())
  let text = ''
  for (let i = 0; i < file.length; i += 0x8000) text += String.fromCharCode(...file.subarray(i, i + 0x8000))
  return btoa(text)
}

async function recordPicture() {
  const frames: Coded[] = []
  let config: VideoConfig | undefined
  const coder = await openVideoCoder({
    configured: (known) => (config = known),
    coded: (frame) => frames.push(frame),
    failed: () => {
      throw new Error('the encoder failed')
    }
  })
  coder.setBitrate(BITS_PER_S)
  const count = SECONDS * PICTURE.frameRate
  for (let i = 0; i < count; i++) {
    drawHarbour(page, i / count)
    const timestamp = Math.round((i * 1e6) / PICTURE.frameRate)
    coder.encode(new VideoFrame(canvas, { timestamp, duration: Math.round(1e6 / PICTURE.frameRate) }))
    // One at a time, so that none is left out.
    while (frames.length < i) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  while (frames.length < count) await new Promise((resolve) => setTimeout(resolve, 10))
  coder.close()
  return { config: config!, frames }
}

async function recordSound() {
  const frames: Coded[] = []
  let config: AudioConfig | undefined
  const count = (SECONDS * SAMPLE_RATE) / SOUND_SAMPLES
  const coder = await openSoundCoder(SAMPLE_RATE, {
    configured: (known) => (config = known),
    coded: (frame) => frames.push(frame)
  })
  const melody = await renderMelody(SAMPLE_RATE, SECONDS + AFTER_S)
  for (let at = 0; at + SOUND_SAMPLES <= melody.length; at += SOUND_SAMPLES) {
    const samples = melody.slice(at, at + SOUND_SAMPLES)
    coder.encode({ samples, sampleRate: SAMPLE_RATE, timestampUs: Math.round((at * 1e6) / SAMPLE_RATE) })
  }
  while (frames.length < count) await new Promise((resolve) => setTimeout(resolve, 10))
  coder.close()
  return { config: config!, frames: frames.slice(0, count) }
}

async function cover() {
  drawHarbour(page, COVER_AT)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.8))
  return new Uint8Array(await blob!.arrayBuffer())
}

function message({ kind, timestampUs, durationUs, data }: Coded) {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + data.length)
  const header = new DataView(bytes.buffer)
  header.setUint8(0, kind)
  header.setFloat64(1, timestampUs)
  header.setUint32(9, durationUs)
  bytes.set(data, FRAME_HEADER_BYTES)
  return bytes
}
