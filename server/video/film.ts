/** 一次推流: what one go-live is, and when its picture counts as lost. */

/** A picture that has been silent for so long is away: viewers read “马上回来”. */
export const AWAY_AFTER_MS = 2_000
/**
 * An away picture may come back for so long; then the show is over. Phones on the mud flats lose signal for minutes
 * at a time, and a host who walks back to the road must find her show still open.
 */
export const AWAY_LIMIT_MS = 10 * 60_000

export type Presence = 'waiting' | 'here' | 'away' | 'over'

/** `openedAt`, `firstFrameAt`, `lastFrameAt`: ms since 1970. */
export function presence(
  film: { openedAt: number; firstFrameAt: number | undefined; lastFrameAt: number | undefined },
  now: number
): Presence {
  const silentMs = now - (film.lastFrameAt ?? film.openedAt)
  if (silentMs > AWAY_LIMIT_MS) return 'over'
  if (film.firstFrameAt === undefined) return 'waiting'
  return silentMs > AWAY_AFTER_MS ? 'away' : 'here'
}

/** A piece of a recording without a hole: when it was filmed, and where in the recording it begins. */
export interface Stretch {
  filmedAt: number
  fromMs: number
  durationMs: number
}

/** Segments that were filmed within so long of each other belong together: timestamps are rounded. */
const SEAM_MS = 1_000

/** The segments of a recording, in order, as pieces: where the picture was lost for a while, a new one begins. */
export function stretchesOf(segments: readonly { filmedAt: number; durationMs: number }[]): Stretch[] {
  const stretches: Stretch[] = []
  let fromMs = 0
  for (const { filmedAt, durationMs } of segments) {
    const last = stretches.at(-1)
    if (last && Math.abs(filmedAt - last.filmedAt - last.durationMs) <= SEAM_MS) last.durationMs += durationMs
    else stretches.push({ filmedAt, fromMs, durationMs })
    fromMs += durationMs
  }
  return stretches
}

/** Bandwidth of a household: so much at once, then so much a second. `nowMs` may begin anywhere. */
export function allowance(perSecond: number, atOnce: number) {
  let left = atOnce
  let at: number | undefined
  /** Whether `n` more are within bounds; if not, nothing is taken. */
  return (n: number, nowMs: number): boolean => {
    left = Math.min(atOnce, left + ((nowMs - (at ?? nowMs)) / 1000) * perSecond)
    at = nowMs
    if (n > left) return false
    left -= n
    return true
  }
}
