import { Problem } from '../../shared/problems.ts'
import { packager, type Packager, type Part, type Resume, type Segment } from './packager.ts'
import { livePlaylist, SEGMENT_TARGET_S } from './playlist.ts'

/** Viewers may be so far behind; older segments are objects. */
const WINDOW_S = 12
const WINDOW_SEGMENTS = 40
/** hls.js gives a blocked playlist up after 1.6 s at our target; unchanged but in time is better than late. */
export const PLAYLIST_WAIT_MS = 1_400
/** A part that is hinted at comes within a few frames or not at all. */
const PART_WAIT_MS = 3_000
/** Requests that wait for the next part of one film. */
const WAITERS = 20_000
/** Nobody may ask for parts that are further ahead than this. */
const AHEAD_SEGMENTS = 2

interface Waiter {
  go: () => void
  timer: NodeJS.Timeout
}

interface Reel {
  packager: Packager
  readonly hasPicture: boolean
  /** Resolves when the part is there (without a part: the whole segment), or unchanged after 1.4 s. */
  playlist(msn?: number, part?: number): Promise<Buffer>
  init(number: number): Buffer | undefined
  segment(msn: number): Buffer | undefined
  /** Waits for a part that is about to be made. */
  part(msn: number, part: number): Promise<Buffer | undefined>
  /** No more parts come from here and nobody waits any longer; `over`: from nowhere, and the playlist says so. */
  finish(over: boolean): void
}

export interface ReelListener {
  init(number: number, bytes: Buffer): void
  /** Before anybody is told of the part. */
  part(segment: Segment, part: Part): void
  closed(segment: Segment, bytes: Buffer): void
}

/** What a server keeps in memory of a film that is being made: the newest seconds and who waits for more of it. */
export function newReel(
  listener: ReelListener,
  earlier: { resume: Resume; segments: Segment[]; discontinuities: number }
): Reel {
  const segments = [...earlier.segments]
  const inits = new Map<number, Buffer>()
  /** The bytes of closed segments; their parts are slices of them. */
  const whole = new Map<number, Buffer>()
  const waiting = new Map<number, Map<number, Waiter[]>>()
  let waiters = 0
  let discontinuitySequence = earlier.discontinuities
  let targetS = SEGMENT_TARGET_S
  let ended = false
  let text: Buffer | undefined

  return {
    packager: packager(
      {
        init(number, bytes) {
          inits.set(number, bytes)
          listener.init(number, bytes)
        },
        part(segment, part) {
          listener.part(segment, part)
          if (segments.at(-1) !== segment) segments.push(segment)
          targetS = Math.max(targetS, Math.round(segment.durationS))
          text = undefined
          wake(segment.msn, segment.parts.length - 1)
        },
        closed(segment) {
          const bytes = Buffer.concat(segment.parts.map((part) => part.bytes))
          let at = 0
          for (const part of segment.parts) part.bytes = bytes.subarray(at, (at += part.bytes.length))
          whole.set(segment.msn, bytes)
          listener.closed(segment, bytes)
          forgetTheOldest()
          text = undefined
          wake(segment.msn)
        }
      },
      earlier.resume
    ),
    get hasPicture() {
      return segments.length > 0
    },
    async playlist(msn, part) {
      if (msn !== undefined && !isThere(msn, part)) {
        if (msn > newestMsn() + AHEAD_SEGMENTS) throw new Problem('bad_input', { field: '_HLS_msn' })
        await until(msn, part ?? Infinity, PLAYLIST_WAIT_MS)
      } else if (!segments.some((segment) => segment.closed) && !ended) {
        // A player that finds parts but no whole segment gives up and asks again much later.
        await until(segments[0]?.msn ?? newestMsn() + 1, Infinity, PLAYLIST_WAIT_MS)
      }
      if (!segments.length) throw new Problem('segment_gone')
      text ??= Buffer.from(livePlaylist({ segments, discontinuitySequence, targetS, ended }))
      return text
    },
    init: (number) => inits.get(number),
    segment: (msn) => whole.get(msn),
    async part(msn, part) {
      const found = () => segments.find((segment) => segment.msn === msn)?.parts[part]?.bytes
      if (!found() && !isThere(msn, part) && msn <= newestMsn() + 1) await until(msn, part, PART_WAIT_MS)
      return found()
    },
    finish(over) {
      ended = over
      text = undefined
      for (const msn of waiting.keys()) wake(msn)
    }
  }

  function newestMsn() {
    return segments.at(-1)?.msn ?? earlier.resume.msn - 1
  }

  function isThere(msn: number, part: number | undefined): boolean {
    if (ended || msn < newestMsn()) return true
    const newest = segments.at(-1)
    if (!newest || msn > newest.msn) return false
    return newest.closed || (part !== undefined && part < newest.parts.length)
  }

  /** The players' wish is indexed by what they wait for, so that a new part wakes those it is for and scans nobody. */
  function until(msn: number, part: number, waitMs: number): Promise<void> {
    if (waiters >= WAITERS) throw new Problem('busy')
    let ofSegment = waiting.get(msn)
    if (!ofSegment) waiting.set(msn, (ofSegment = new Map()))
    let ofPart = ofSegment.get(part)
    if (!ofPart) ofSegment.set(part, (ofPart = []))
    waiters++
    return new Promise((resolve) => {
      const waiter: Waiter = {
        go() {
          clearTimeout(waiter.timer)
          waiters--
          resolve()
        },
        timer: setTimeout(() => {
          ofPart.splice(ofPart.indexOf(waiter), 1)
          waiter.go()
        }, waitMs)
      }
      ofPart.push(waiter)
    })
  }

  /** Those who wait for this part; without a part, all who wait for this segment. */
  function wake(msn: number, part?: number) {
    const ofSegment = waiting.get(msn)
    if (!ofSegment) return
    for (const [which, waiters] of ofSegment) {
      if (part !== undefined && which > part) continue
      ofSegment.delete(which)
      for (const waiter of waiters.splice(0)) waiter.go()
    }
    if (!ofSegment.size) waiting.delete(msn)
  }

  function forgetTheOldest() {
    let lengthS = segments.reduce((sum, segment) => sum + segment.durationS, 0)
    while (segments.length > WINDOW_SEGMENTS || lengthS - segments[0]!.durationS >= WINDOW_S) {
      const oldest = segments.shift()!
      lengthS -= oldest.durationS
      whole.delete(oldest.msn)
      // A discontinuity is counted when the segment that carries its mark has left.
      if (oldest.discontinuity) discontinuitySequence++
      for (const init of inits.keys()) if (init < segments[0]!.init) inits.delete(init)
    }
  }
}

export type { Reel }
