/** Addresses of one film session’s picture; parts and segments are cached for ever, playlists never. */
export const livePlaylist = (sessionId: string, mediaUrl = '') => `${mediaUrl}/live/${sessionId}/master.m3u8`
export const replayPlaylist = (sessionId: string, mediaUrl = '') =>
  `${mediaUrl}/live/${sessionId}/replay.m3u8`
export const ingestPath = (sessionId: string) => `/ws/ingest/${sessionId}`

/** Kinds of binary message on the ingest socket: `u8 kind | f64 timestamp µs | u32 duration µs | payload`. */
export const FRAME = { delta: 0, key: 1, audio: 2, lowDelta: 10, lowKey: 11, thumbnail: 4 } as const
export const FRAME_HEADER_BYTES = 13
export const MAX_FRAME_BYTES = 2 * 1024 * 1024

export interface VideoConfig {
  /** RFC 6381, `avc1.42E01F`. */
  codec: string
  width: number
  height: number
  /** AVCDecoderConfigurationRecord (ISO/IEC 14496-15), base64. */
  description: string
}
export interface AudioConfig {
  codec: 'aac' | 'opus'
  sampleRate: number
  channels: number
  /** AudioSpecificConfig (ISO/IEC 14496-3), base64; empty for Opus. */
  description: string
}

/** What the studio says on the ingest socket, as JSON text. */
export type StudioMessage =
  | { t: 'config'; video: VideoConfig; audio?: AudioConfig }
  | { t: 'ping' }
  | { t: 'end' }

/** What the server answers there. `ready`: send a key frame now. `ack`: the newest video timestamp that arrived. */
export type IngestMessage =
  | { t: 'ready' }
  | { t: 'pong' }
  | { t: 'ack'; timestampUs: number }
  | { t: 'refused'; code: string; message: string }
