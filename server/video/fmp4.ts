/**
 * Fragmented MP4 (ISO/IEC 14496-12), as much of it as one video and one audio track need. Boxes are named as the
 * specification names them; every number is big-endian.
 */

/** Ticks per second of the video track: every usual frame rate is a whole number of them. */
export const VIDEO_TIMESCALE = 90_000
const MOVIE_TIMESCALE = 1000
const VIDEO_TRACK = 1
const AUDIO_TRACK = 2

export interface VideoTrack {
  width: number
  height: number
  /** AVCDecoderConfigurationRecord (ISO/IEC 14496-15). */
  avcC: Uint8Array
}

export interface AudioTrack {
  codec: 'aac' | 'opus'
  /** Samples per second; also the track's timescale. */
  sampleRate: number
  channels: number
  /** AudioSpecificConfig (ISO/IEC 14496-3); empty for Opus. */
  specificConfig: Uint8Array
}

/** One coded frame. Durations and offsets in ticks of its track. */
export interface Sample {
  duration: number
  data: Uint8Array
  key: boolean
  /** Presentation minus decoding time; 0 without B frames. */
  compositionOffset: number
}

/** Samples that follow one another without a hole, from `start` ticks on the track's timeline. */
export interface Run {
  start: number
  samples: Sample[]
}

/** What a player needs before the first part: `ftyp` and an empty `moov`. */
export function initSegment(video: VideoTrack, audio: AudioTrack | undefined): Buffer {
  const tracks = [
    trak(VIDEO_TRACK, VIDEO_TIMESCALE, 'vide', avc1(video), video),
    ...(audio ? [trak(AUDIO_TRACK, audio.sampleRate, 'soun', audioEntry(audio))] : [])
  ]
  const trex = (id: number) => fullBox('trex', 0, 0, u32(id, 1, 0, 0, 0))
  return Buffer.concat([
    box('ftyp', ascii('iso5'), u32(512), ascii('iso5iso6mp41')),
    box(
      'moov',
      fullBox(
        'mvhd',
        0,
        0,
        u32(0, 0, MOVIE_TIMESCALE, 0, 0x10000),
        u16(0x100, 0),
        u32(0, 0),
        MATRIX,
        Buffer.alloc(24),
        u32(AUDIO_TRACK + 1)
      ),
      ...tracks,
      box('mvex', trex(VIDEO_TRACK), ...(audio ? [trex(AUDIO_TRACK)] : []))
    )
  ])
}

/** One `moof` and its `mdat`: a part of low-latency HLS. Several of them after one another are a segment. */
export function fragment(sequence: number, video: Run, audio: Run | undefined): Buffer {
  const videoBytes = bytesOf(video)
  const audioBytes = audio ? bytesOf(audio) : 0
  const moof = (first: number) =>
    box(
      'moof',
      fullBox('mfhd', 0, 0, u32(sequence)),
      traf(VIDEO_TRACK, video, first),
      ...(audio ? [traf(AUDIO_TRACK, audio, first + videoBytes)] : [])
    )
  // The data offsets inside `moof` count from its own beginning, so its length has to be known first.
  const head = moof(moof(0).length + 8)
  const mdat = Buffer.concat([u32(8 + videoBytes + audioBytes), ascii('mdat')])
  return Buffer.concat([head, mdat, ...[...video.samples, ...(audio?.samples ?? [])].map(({ data }) => data)])
}

const bytesOf = ({ samples }: Run) => samples.reduce((sum, { data }) => sum + data.length, 0)

// — boxes of the init segment —

function trak(
  id: number,
  timescale: number,
  handler: 'vide' | 'soun',
  entry: Buffer,
  size?: { width: number; height: number }
) {
  const { width = 0, height = 0 } = size ?? {}
  const TRACK_ENABLED_IN_MOVIE = 7
  return box(
    'trak',
    fullBox(
      'tkhd',
      0,
      TRACK_ENABLED_IN_MOVIE,
      u32(0, 0, id, 0, 0, 0, 0),
      u16(0, size ? 0 : 1, size ? 0 : 0x100, 0),
      MATRIX,
      u32(width * 0x10000, height * 0x10000)
    ),
    box(
      'mdia',
      fullBox('mdhd', 0, 0, u32(0, 0, timescale, 0), u16(UNDETERMINED_LANGUAGE, 0)),
      fullBox('hdlr', 0, 0, u32(0), ascii(handler), u32(0, 0, 0), ascii(`${handler}\0`)),
      box(
        'minf',
        size ? fullBox('vmhd', 0, 1, u16(0, 0, 0, 0)) : fullBox('smhd', 0, 0, u16(0, 0)),
        box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1))),
        box(
          'stbl',
          fullBox('stsd', 0, 0, u32(1), entry),
          fullBox('stts', 0, 0, u32(0)),
          fullBox('stsc', 0, 0, u32(0)),
          fullBox('stsz', 0, 0, u32(0, 0)),
          fullBox('stco', 0, 0, u32(0))
        )
      )
    )
  )
}

function avc1({ width, height, avcC }: VideoTrack) {
  return box(
    'avc1',
    SAMPLE_ENTRY,
    Buffer.alloc(16),
    u16(width, height),
    u32(DPI_72, DPI_72, 0),
    u16(1),
    Buffer.alloc(32),
    u16(24, 0xffff),
    box('avcC', avcC)
  )
}

function audioEntry({ codec, sampleRate, channels, specificConfig }: AudioTrack) {
  const common = [SAMPLE_ENTRY, Buffer.alloc(8), u16(channels, 16, 0, 0), u32(sampleRate * 0x10000)]
  if (codec === 'opus') {
    const dOps = Buffer.concat([u8(0, channels), u16(OPUS_PRE_SKIP), u32(OPUS_RATE), u16(0), u8(0)])
    return box('Opus', ...common, box('dOps', dOps))
  }
  const decoderConfig = descriptor(
    DECODER_CONFIG,
    u8(AAC_OBJECT_TYPE, AUDIO_STREAM),
    u8(0, 0, 0),
    u32(128_000, 128_000),
    descriptor(DECODER_SPECIFIC_INFO, specificConfig)
  )
  const esds = descriptor(ES, u16(AUDIO_TRACK), u8(0), decoderConfig, descriptor(SL_CONFIG, u8(2)))
  return box('mp4a', ...common, fullBox('esds', 0, 0, esds))
}

// — boxes of a fragment —

/** `dataOffset`: where this track's first sample lies, counted from the beginning of `moof`. */
function traf(id: number, { start, samples }: Run, dataOffset: number) {
  const video = id === VIDEO_TRACK
  const DEFAULT_BASE_IS_MOOF = 0x020000
  const DEFAULT_SAMPLE_FLAGS = 0x20
  const perSample = video ? 16 : 8
  // data offset, duration, size; for video also flags and composition offset
  const trunFlags = 0x1 | 0x100 | 0x200 | (video ? 0x400 | 0x800 : 0)
  const table = Buffer.alloc(8 + samples.length * perSample)
  table.writeUInt32BE(samples.length, 0)
  table.writeInt32BE(dataOffset, 4)
  samples.forEach((sample, i) => {
    const at = 8 + i * perSample
    table.writeUInt32BE(sample.duration, at)
    table.writeUInt32BE(sample.data.length, at + 4)
    if (!video) return
    table.writeUInt32BE(sample.key ? SYNC_SAMPLE : DEPENDS_ON_OTHERS, at + 8)
    table.writeInt32BE(sample.compositionOffset, at + 12)
  })
  return box(
    'traf',
    video
      ? fullBox('tfhd', 0, DEFAULT_BASE_IS_MOOF, u32(id))
      : fullBox('tfhd', 0, DEFAULT_BASE_IS_MOOF | DEFAULT_SAMPLE_FLAGS, u32(id, SYNC_SAMPLE)),
    fullBox('tfdt', 1, 0, u64(start)),
    // Version 1 has signed composition offsets.
    fullBox('trun', video ? 1 : 0, trunFlags, table)
  )
}

// — the alphabet —

type Bytes = Uint8Array

function box(type: string, ...body: Bytes[]): Buffer {
  const length = body.reduce((sum, part) => sum + part.length, 8)
  return Buffer.concat([u32(length), ascii(type), ...body], length)
}
const fullBox = (type: string, version: number, flags: number, ...body: Bytes[]) =>
  box(type, u32(version * 0x1000000 + flags), ...body)

/** A descriptor of ISO/IEC 14496-1 with the four-byte length that old players want. */
function descriptor(tag: number, ...body: Bytes[]) {
  const inside = Buffer.concat(body)
  return Buffer.concat([u8(tag, 0x80, 0x80, 0x80, inside.length), inside])
}

const ascii = (text: string) => Buffer.from(text, 'latin1')
const u8 = (...values: number[]) => Buffer.from(values)
function u16(...values: number[]) {
  const bytes = Buffer.alloc(values.length * 2)
  values.forEach((value, i) => bytes.writeUInt16BE(value, i * 2))
  return bytes
}
function u32(...values: number[]) {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, i) => bytes.writeUInt32BE(value, i * 4))
  return bytes
}
function u64(value: number) {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
/** Six reserved bytes and data reference 1. */
const SAMPLE_ENTRY = Buffer.concat([Buffer.alloc(6), u16(1)])
const DPI_72 = 0x480000
const UNDETERMINED_LANGUAGE = 0x55c4
const SYNC_SAMPLE = 0x02000000
const DEPENDS_ON_OTHERS = 0x01010000
const ES = 3
const DECODER_CONFIG = 4
const DECODER_SPECIFIC_INFO = 5
const SL_CONFIG = 6
const AAC_OBJECT_TYPE = 0x40
const AUDIO_STREAM = 0x15
const OPUS_RATE = 48_000
/** Samples at 48 kHz that an Opus decoder needs before its output is good. */
const OPUS_PRE_SKIP = 312
