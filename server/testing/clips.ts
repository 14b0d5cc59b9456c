import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  MovOutputFormat,
  Mp3OutputFormat,
  Mp4OutputFormat,
  OggOutputFormat,
  Output,
  WavOutputFormat,
  WebMOutputFormat,
  type AudioCodec,
  type OutputFormat
} from 'mediabunny'

/** Frames a second; of a size that nobody looks at. */
const FRAMES = 10
const FRAME_BYTES = 40
const PACKET_SECONDS = 0.02

const FORMATS = {
  mp4: () => new Mp4OutputFormat(),
  /** As a phone that records while it films. */
  'mp4 in pieces': () => new Mp4OutputFormat({ fastStart: 'fragmented' }),
  mov: () => new MovOutputFormat(),
  webm: () => new WebMOutputFormat(),
  /** As Chrome’s recorder writes it: without saying how long it is. */
  'webm in pieces': () => new WebMOutputFormat({ appendOnly: true })
} as const satisfies Record<string, () => OutputFormat>

/** A clip in a true container; its picture is nothing that anybody could show. */
export async function clip(seconds: number, as: keyof typeof FORMATS = 'mp4', frameBytes = FRAME_BYTES) {
  const { output, target } = outputOf(FORMATS[as]())
  const video = new EncodedVideoPacketSource('vp9')
  output.addVideoTrack(video)
  await output.start()
  for (let i = 0; i < seconds * FRAMES; i++) {
    const type = i % FRAMES === 0 ? 'key' : 'delta'
    const packet = new EncodedPacket(new Uint8Array(frameBytes).fill(i), type, i / FRAMES, 1 / FRAMES)
    await video.add(packet, {
      decoderConfig: { codec: 'vp09.00.10.08', codedWidth: 320, codedHeight: 240 }
    })
  }
  await output.finalize()
  return Buffer.from(target.buffer!)
}

const SOUNDS = {
  m4a: [() => new Mp4OutputFormat(), 'opus'],
  weba: [() => new WebMOutputFormat({ appendOnly: true }), 'opus'],
  ogg: [() => new OggOutputFormat(), 'opus'],
  wav: [() => new WavOutputFormat(), 'pcm-s16'],
  mp3: [() => new Mp3OutputFormat({ xingHeader: false }), 'mp3']
} as const satisfies Record<string, readonly [() => OutputFormat, AudioCodec]>

/** One channel, 48 kHz. */
const OPUS_HEAD = Buffer.from('OpusHead\x01\x01\x00\x00\x80\xbb\x00\x00\x00\x00\x00', 'latin1')

/** Somebody says nothing for a while. */
export async function sound(seconds: number, as: keyof typeof SOUNDS = 'm4a') {
  const [format, codec] = SOUNDS[as]
  const { output, target } = outputOf(format())
  const audio = new EncodedAudioPacketSource(codec)
  output.addAudioTrack(audio)
  await output.start()
  const rate = codec === 'pcm-s16' ? 8_000 : 48_000
  const step = codec === 'mp3' ? 1152 / rate : PACKET_SECONDS
  for (let at = 0; at < seconds - step / 2; at += step) {
    await audio.add(new EncodedPacket(silence(codec, rate), 'key', at, step), {
      decoderConfig: {
        codec,
        numberOfChannels: 1,
        sampleRate: rate,
        ...(codec === 'opus' && { description: OPUS_HEAD })
      }
    })
  }
  await output.finalize()
  return Buffer.from(target.buffer!)
}

function silence(codec: AudioCodec, rate: number) {
  if (codec === 'pcm-s16') return new Uint8Array(rate * PACKET_SECONDS * 2)
  if (codec === 'opus') return new Uint8Array([0x08, 0, 0, 0]) // 20 ms of one channel
  const frame = new Uint8Array(384) // MPEG-1 layer 3, 128 kbit/s, 48 kHz, one channel
  frame.set([0xff, 0xfb, 0x94, 0xc4])
  return frame
}

function outputOf(format: OutputFormat) {
  const target = new BufferTarget()
  return { output: new Output({ format, target }), target }
}
