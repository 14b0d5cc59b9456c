import type { AudioConfig, VideoConfig } from '../../shared/video.ts'
import { Problem } from '../../shared/problems.ts'
import type { AudioTrack, VideoTrack } from './fmp4.ts'

/** What phones encode and every player decodes: baseline, main, extended, high. */
const PROFILES = [66, 77, 88, 100]
/** 5.1: more than any phone films. */
const MAX_LEVEL = 51
const MIN_SIDE = 64
const MAX_SIDE = 1920
const MAX_AVCC_BYTES = 1024
const MAX_SPECIFIC_CONFIG_BYTES = 64
const AAC_RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350]
const OPUS_RATE = 48_000
/** AudioObjectType of ISO/IEC 14496-3. */
const AAC_LC = 2
/** `nal_unit_type` of ISO/IEC 14496-10: a picture that needs no other. */
const IDR = 5

/** What a player is told about a picture before it has seen one. */
export interface Tracks {
  video: VideoTrack
  audio: AudioTrack | undefined
  /** RFC 6381, as a master playlist lists them. */
  codecs: string
}

/**
 * The tracks that a publisher announces, checked. Size, profile and level are read from the parameter sets
 * themselves: what the publisher says of them is not asked. Refuses with `not_video`.
 */
export function readTracks(video: VideoConfig, audio: AudioConfig | undefined): Tracks {
  const avcC = readBase64(video?.description, MAX_AVCC_BYTES)
  const picture = readAvcC(avcC)
  const sound = audio && readAudio(audio)
  const names = [picture.codec, ...(sound ? [sound.codec === 'aac' ? 'mp4a.40.2' : 'opus'] : [])]
  return {
    video: { width: picture.width, height: picture.height, avcC },
    audio: sound,
    codecs: names.join(',')
  }
}

/** Whether these bytes are whole AVC access units with four-byte lengths; a key frame also needs its IDR picture. */
export function isPicture(data: Uint8Array, key: boolean): boolean {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  let at = 0
  let idr = false
  while (at + 4 < data.length) {
    const length = view.getUint32(at)
    if (length === 0 || length > data.length - at - 4) return false
    const header = data[at + 4]!
    if (header & 0x80) return false
    if ((header & 31) === IDR) idr = true
    at += 4 + length
  }
  return at === data.length && at > 0 && (!key || idr)
}

const notVideo = (why: string) => new Problem('not_video', { why })

function readBase64(text: unknown, limit: number): Buffer {
  if (typeof text !== 'string' || text.length > limit * 2) throw notVideo('description')
  return Buffer.from(text, 'base64')
}

/** AVCDecoderConfigurationRecord, ISO/IEC 14496-15 section 5.3.3.1. */
function readAvcC(bytes: Buffer) {
  if (bytes.length < 10 || bytes[0] !== 1) throw notVideo('avcC')
  const [, profile, compatibility, level] = bytes as unknown as [number, number, number, number]
  if (!PROFILES.includes(profile)) throw notVideo('profile')
  if (level < 9 || level > MAX_LEVEL) throw notVideo('level')
  if ((bytes[4]! & 3) !== 3) throw notVideo('NAL length size')
  if ((bytes[5]! & 31) === 0) throw notVideo('no SPS')
  const length = bytes.readUInt16BE(6)
  if (length < 4 || 8 + length >= bytes.length) throw notVideo('SPS length')
  const { width, height } = readSps(bytes.subarray(8, 8 + length))
  const codec = `avc1.${Buffer.from([profile, compatibility, level]).toString('hex').toUpperCase()}`
  return { width, height, codec }
}

/** The size in a sequence parameter set, ISO/IEC 14496-10 section 7.3.2.1.1. */
function readSps(nal: Uint8Array): { width: number; height: number } {
  if ((nal[0]! & 31) !== 7) throw notVideo('SPS')
  const read = bits(withoutEmulation(nal.subarray(1)))
  const profile = read.u(8)
  read.u(16)
  read.ue()
  let chroma = 1
  if (profile === 100) {
    chroma = read.ue()
    if (chroma !== 1) throw notVideo('chroma')
    read.ue()
    read.ue()
    read.u(1)
    // Scaling matrices change the picture, not its size; no phone sends them.
    if (read.u(1)) throw notVideo('scaling matrix')
  }
  read.ue()
  const order = read.ue()
  if (order === 0) read.ue()
  if (order === 1) {
    read.u(1)
    read.ue()
    read.ue()
    const cycle = read.ue()
    if (cycle > 255) throw notVideo('SPS')
    for (let i = 0; i < cycle; i++) read.ue()
  }
  read.ue()
  read.u(1)
  const mbWidth = read.ue() + 1
  const mapHeight = read.ue() + 1
  const framesOnly = read.u(1)
  if (!framesOnly) read.u(1)
  read.u(1)
  const [left, right, top, bottom] = read.u(1) ? [read.ue(), read.ue(), read.ue(), read.ue()] : [0, 0, 0, 0]
  const width = mbWidth * 16 - 2 * (left + right)
  const height = mapHeight * 16 * (2 - framesOnly) - 2 * (2 - framesOnly) * (top + bottom)
  const sane = (side: number) => side >= MIN_SIDE && side <= MAX_SIDE
  if (!sane(width) || !sane(height)) throw notVideo('size')
  return { width, height }
}

function withoutEmulation(bytes: Uint8Array): Uint8Array {
  const kept: number[] = []
  let zeros = 0
  for (const byte of bytes) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0
      continue
    }
    zeros = byte === 0 ? zeros + 1 : 0
    kept.push(byte)
  }
  return Uint8Array.from(kept)
}

/** Reads whole numbers and Exp-Golomb codes; running off the end means that this was no parameter set. */
function bits(bytes: Uint8Array) {
  let at = 0
  const u = (count: number) => {
    let value = 0
    for (; count > 0; count--, at++) {
      if (at >= bytes.length * 8) throw notVideo('SPS ends early')
      value = value * 2 + ((bytes[at >> 3]! >> (7 - (at & 7))) & 1)
    }
    return value
  }
  const ue = () => {
    let zeros = 0
    while (u(1) === 0) if (++zeros > 31) throw notVideo('SPS')
    return 2 ** zeros - 1 + u(zeros)
  }
  return { u, ue }
}

function readAudio({ codec, sampleRate, channels, description }: AudioConfig): AudioTrack {
  if (channels !== 1 && channels !== 2) throw notVideo('channels')
  if (codec === 'opus') return { codec, sampleRate: OPUS_RATE, channels, specificConfig: Buffer.alloc(0) }
  if (codec !== 'aac') throw notVideo('audio codec')
  const specificConfig = readBase64(description, MAX_SPECIFIC_CONFIG_BYTES)
  if (specificConfig.length < 2 || specificConfig[0]! >> 3 !== AAC_LC) throw notVideo('AudioSpecificConfig')
  const rate = AAC_RATES[((specificConfig[0]! & 7) << 1) | (specificConfig[1]! >> 7)]
  if (rate === undefined || rate !== sampleRate) throw notVideo('sample rate')
  if (((specificConfig[1]! >> 3) & 15) !== channels) throw notVideo('channels')
  return { codec, sampleRate, channels, specificConfig }
}
