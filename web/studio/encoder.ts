import { FRAME, type AudioConfig, type VideoConfig } from '../../shared/video.ts'
import { Denied, PICTURE, type Sound } from './camera.ts'
import { base64 } from './base64.ts'

/** A viewer who comes in waits for the next key frame at most so long; a segment is as long. */
const KEY_EVERY_US = 2_000_000
/** After a key frame that was asked for the next one comes soon, so that the first segment of a show is short. */
const KEY_AFTER_ASKED_US = 900_000
/** Frames come a little early as often as late. */
const EARLY_US = 8_000
/** Frames a slow phone may be behind with before one is left out. */
const QUEUE_FRAMES = 3
export const VIDEO_BITS_PER_S = 1_200_000
const AUDIO_BITS_PER_S = 64_000
/** Levels that hold 540×960 at 30 frames, the most widely understood first. */
const CODECS = ['avc1.42E01F', 'avc1.42001F', 'avc1.4D401F', 'avc1.64001F']
const OPUS_FRAME_US = 20_000

/** A coded frame, ready for the wire. */
export interface Coded {
  kind: (typeof FRAME)[keyof typeof FRAME]
  timestampUs: number
  durationUs: number
  data: Uint8Array<ArrayBuffer>
}

export interface VideoCoder {
  /** Takes the frame over. False: the phone is too slow and it was left out. */
  encode(frame: VideoFrame): boolean
  /** The next frame needs no other. */
  askForKey(): void
  setBitrate(bitsPerS: number): void
  close(): void
}

/** H.264 by the phone's own encoder. Refuses with `no_encoder` where there is none. */
export async function openVideoCoder({
  configured,
  coded,
  failed
}: {
  configured: (config: VideoConfig) => void
  coded: (frame: Coded) => void
  failed: () => void
}): Promise<VideoCoder> {
  if (!globalThis.VideoEncoder) throw new Denied('no_encoder')
  const standard = {
    width: PICTURE.width,
    height: PICTURE.height,
    framerate: PICTURE.frameRate,
    bitrate: VIDEO_BITS_PER_S,
    latencyMode: 'realtime',
    avc: { format: 'avc' }
  } as const
  const codec = await firstSupported(standard)
  if (!codec) throw new Denied('no_encoder')

  let keyAt = -Infinity
  let keyEvery = KEY_EVERY_US
  let keyWanted = true
  let description = ''
  let bitrate = VIDEO_BITS_PER_S
  const encoder = new VideoEncoder({
    output(chunk, metadata) {
      const config = metadata?.decoderConfig
      if (config?.description) {
        const { codedWidth = PICTURE.width, codedHeight = PICTURE.height } = config
        const known = base64(config.description)
        if (known !== description) {
          description = known
          configured({ codec: config.codec, width: codedWidth, height: codedHeight, description })
        }
      }
      coded({ kind: chunk.type === 'key' ? FRAME.key : FRAME.delta, ...taken(chunk) })
    },
    error: failed
  })
  encoder.configure({ codec, ...standard })

  return {
    encode(frame) {
      if (encoder.state !== 'configured' || encoder.encodeQueueSize > QUEUE_FRAMES) {
        frame.close()
        return false
      }
      const key = keyWanted || frame.timestamp - keyAt >= keyEvery - EARLY_US
      if (key) {
        keyAt = frame.timestamp
        keyEvery = keyWanted ? KEY_AFTER_ASKED_US : KEY_EVERY_US
        keyWanted = false
      }
      encoder.encode(frame, { keyFrame: key })
      frame.close()
      return true
    },
    askForKey: () => void (keyWanted = true),
    setBitrate(bitsPerS) {
      if (bitsPerS === bitrate || encoder.state !== 'configured') return
      bitrate = bitsPerS
      // Only the bitrate changes: the parameter sets, and so the init segment, stay as they are.
      encoder.configure({ codec, ...standard, bitrate })
    },
    close: () => void (encoder.state !== 'closed' && encoder.close())
  }
}

export interface SoundCoder {
  encode(sound: Sound): void
  close(): void
}

export interface SoundListener {
  configured: (config: AudioConfig) => void
  coded: (frame: Coded) => void
}

/**
 * AAC by the browser where it can, else by a WebAssembly encoder that is loaded only then: every phone plays AAC.
 * Opus, which older iPhones do not play, is what is left when even that cannot be loaded.
 */
export async function openSoundCoder(sampleRate: number, listener: SoundListener): Promise<SoundCoder> {
  const aac = { codec: 'mp4a.40.2', sampleRate, numberOfChannels: 1, bitrate: AUDIO_BITS_PER_S }
  const can = async (config: AudioEncoderConfig) =>
    Boolean(
      globalThis.AudioEncoder &&
      (await AudioEncoder.isConfigSupported(config).catch(() => undefined))?.supported
    )
  if (await can(aac)) return nativeSoundCoder('aac', aac, listener)
  try {
    const { openAacCoder } = await import('./aac.ts')
    return await openAacCoder(sampleRate, AUDIO_BITS_PER_S, listener)
  } catch {
    const opus = { ...aac, codec: 'opus', opus: { frameDuration: OPUS_FRAME_US } }
    if (await can(opus)) return nativeSoundCoder('opus', opus, listener)
    throw new Denied('no_encoder')
  }
}

function nativeSoundCoder(
  codec: AudioConfig['codec'],
  config: AudioEncoderConfig,
  { configured, coded }: SoundListener
): SoundCoder {
  const { sampleRate } = config
  let announced = false
  const encoder = new AudioEncoder({
    output(chunk, metadata) {
      if (!announced && metadata?.decoderConfig) {
        announced = true
        const { description } = metadata.decoderConfig
        configured({
          codec,
          sampleRate,
          channels: 1,
          description: codec === 'aac' && description ? base64(description) : ''
        })
      }
      coded({ kind: FRAME.audio, ...taken(chunk) })
    },
    error: () => {} // the picture goes on; the server fills in silence
  })
  encoder.configure(config)
  return {
    encode({ samples, timestampUs }) {
      if (encoder.state !== 'configured') return
      const data = new AudioData({
        format: 'f32-planar',
        sampleRate,
        numberOfFrames: samples.length,
        numberOfChannels: 1,
        timestamp: timestampUs,
        data: samples
      })
      encoder.encode(data)
      data.close()
    },
    close: () => void (encoder.state !== 'closed' && encoder.close())
  }
}

async function firstSupported(config: Omit<VideoEncoderConfig, 'codec'>) {
  for (const codec of CODECS) {
    const answer = await VideoEncoder.isConfigSupported({ codec, ...config }).catch(() => undefined)
    if (answer?.supported) return codec
  }
  return undefined
}

function taken(chunk: EncodedVideoChunk | EncodedAudioChunk) {
  const data = new Uint8Array(chunk.byteLength)
  chunk.copyTo(data)
  return { timestampUs: chunk.timestamp, durationUs: chunk.duration ?? 0, data }
}
