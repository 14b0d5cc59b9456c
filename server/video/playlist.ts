import type { Segment } from './packager.ts'

/** Seconds. Parts are cut at 1/3 s; a frame that comes late may make one a little longer. */
export const PART_TARGET_S = 0.35
/** How far behind the newest part viewers stay: three parts, which carries them over one that comes late. */
export const HOLD_BACK_S = 3 * PART_TARGET_S
/** The studio sends a key frame every 2 s; the target never gets smaller while a show runs. */
export const SEGMENT_TARGET_S = 2
/** Only the newest segments are also listed in parts: nobody starts further back. */
const SEGMENTS_IN_PARTS = 3

/** Bits per second that a master playlist names; with one rendition nothing is chosen by it. */
const BANDWIDTH = 1_500_000

export const RENDITION = 'main'
export const initName = (init: number) => `init-${init}.mp4`
export const segmentName = (msn: number) => `seg-${msn}.m4s`
export const partName = (msn: number, part: number) => `part-${msn}-${part}.m4s`

/** A segment as the recording's index knows it. */
export interface Recorded {
  msn: number
  init: number
  discontinuity: boolean
  filmedAt: number
  durationMs: number
}

export interface LiveWindow {
  /** Oldest first, each with the msn after the one before; the last may be open. */
  segments: readonly Segment[]
  /** How many discontinuities have left the window. */
  discontinuitySequence: number
  targetS: number
  ended: boolean
}

/** The moving window of a film that is being made (RFC 8216bis): parts, blocking reload and a hint at the next part. */
export function livePlaylist({ segments, discontinuitySequence, targetS, ended }: LiveWindow): string {
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    `#EXT-X-TARGETDURATION:${targetS}`,
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${HOLD_BACK_S.toFixed(3)}`,
    `#EXT-X-PART-INF:PART-TARGET=${PART_TARGET_S}`,
    `#EXT-X-MEDIA-SEQUENCE:${segments[0]?.msn ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuitySequence}`
  ]
  let init = -1
  segments.forEach((segment, i) => {
    lines.push(...headOf(segment, init))
    init = segment.init
    if (i >= segments.length - SEGMENTS_IN_PARTS) {
      segment.parts.forEach((part, k) =>
        lines.push(
          `#EXT-X-PART:DURATION=${part.durationS.toFixed(5)},URI="${partName(segment.msn, k)}"` +
            (part.independent ? ',INDEPENDENT=YES' : '')
        )
      )
    }
    if (segment.closed) lines.push(`#EXTINF:${segment.durationS.toFixed(5)},`, segmentName(segment.msn))
  })
  const newest = segments.at(-1)
  if (ended) lines.push('#EXT-X-ENDLIST')
  else if (newest) {
    // A segment that is as long as it should be ends with the next frame, which is a key frame.
    const full = newest.closed || newest.durationS > SEGMENT_TARGET_S - PART_TARGET_S / 2
    const [msn, part] = full ? [newest.msn + 1, 0] : [newest.msn, newest.parts.length]
    lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${partName(msn, part)}"`)
  }
  return lines.join('\n') + '\n'
}

/**
 * Segments that are kept, ordered by when they were filmed, so a stretch that is sent late finds its place.
 * `VOD` is finished, `EVENT` grows at its end; without a kind it is the moving window of a film whose parts are
 * not to be had here. `address` is where a browser fetches a name.
 */
export function recordedPlaylist(
  segments: readonly Recorded[],
  { kind, address }: { kind: 'VOD' | 'EVENT' | undefined; address: (name: string) => string }
): string {
  const longest = Math.max(SEGMENT_TARGET_S * 1000, ...segments.map(({ durationMs }) => durationMs))
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    ...(kind ? [`#EXT-X-PLAYLIST-TYPE:${kind}`] : []),
    `#EXT-X-TARGETDURATION:${Math.round(longest / 1000)}`,
    `#EXT-X-MEDIA-SEQUENCE:${segments[0]?.msn ?? 0}`
  ]
  let init = -1
  let next: number | undefined
  segments.forEach((segment) => {
    // Neighbours on this list that were not neighbours on the timeline must not be played as if they were.
    const strayed = next !== undefined && segment.msn !== next
    lines.push(
      ...headOf({ ...segment, discontinuity: segment.discontinuity || strayed }, init, address),
      `#EXTINF:${(segment.durationMs / 1000).toFixed(3)},`,
      address(segmentName(segment.msn))
    )
    init = segment.init
    next = segment.msn + 1
  })
  if (kind === 'VOD') lines.push('#EXT-X-ENDLIST')
  return lines.join('\n') + '\n'
}

/** One rendition for now; a second encoder on the phone adds a line here. */
export function masterPlaylist({ codecs, width, height }: { codecs: string; width: number; height: number }) {
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-STREAM-INF:BANDWIDTH=${BANDWIDTH},CODECS="${codecs}",RESOLUTION=${width}x${height}`,
    `${RENDITION}/index.m3u8`,
    ''
  ].join('\n')
}

function headOf(
  segment: Pick<Segment, 'discontinuity' | 'init' | 'filmedAt'>,
  init: number,
  address = (name: string) => name
): string[] {
  return [
    ...(segment.discontinuity ? ['#EXT-X-DISCONTINUITY'] : []),
    ...(segment.init === init ? [] : [`#EXT-X-MAP:URI="${address(initName(segment.init))}"`]),
    `#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.filmedAt).toISOString()}`
  ]
}
