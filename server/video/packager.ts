import type { Tracks } from './codec.ts'
import { fragment, initSegment, VIDEO_TIMESCALE, type Run, type Sample } from './fmp4.ts'

/** A part is published as soon as one more frame would make it longer than this. */
export const PART_TICKS = VIDEO_TIMESCALE / 3
/** A key frame ends a segment that has got this far; the studio sends one every 2 s. */
const SEGMENT_TICKS = 1.8 * VIDEO_TIMESCALE
/** The very first segment is short, for players begin with a whole one: whoever waits sees her a second earlier. */
const FIRST_SEGMENT_TICKS = 0.7 * VIDEO_TIMESCALE
/** Without a key frame for so long the picture stops until one comes: it is what bounds a segment’s memory. */
export const KEY_WAIT_TICKS = 10 * VIDEO_TIMESCALE
/** Timestamps that jump further than this, or back, are taken as a cut: the timeline goes on without a hole. */
export const CUT_TICKS = VIDEO_TIMESCALE
const USUAL_FRAME_TICKS = VIDEO_TIMESCALE / 30
/** Sound this near to where it belongs is put end to end; players stall at holes in the sound. */
const SNAP_S = 0.06
/** When the microphone is silent for longer than this behind the picture, silence is put in its place. */
const SOUND_LATE_S = 0.5
const AAC_FRAME_SAMPLES = 1024
const OPUS_FRAME_SAMPLES = 960
/** One coded frame of nothing to hear. */
const SILENCE = {
  aac1: Uint8Array.of(0x00, 0xc8, 0x00, 0x80, 0x23, 0x80),
  aac2: Uint8Array.of(0x21, 0x00, 0x49, 0x90, 0x02, 0x19, 0x00, 0x23, 0x80),
  opus: Uint8Array.of(0xf8, 0xff, 0xfe)
}

export interface Picture {
  key: boolean
  /** On the publisher’s own clock, µs. */
  timestampUs: number
  data: Uint8Array
  /** Presentation minus decoding time, µs; 0 without B frames. */
  compositionUs?: number
  /** When it was filmed, ms since 1970. */
  filmedAt: number
}
export interface Sound {
  timestampUs: number
  durationUs: number
  data: Uint8Array
}

export interface Part {
  bytes: Buffer
  durationS: number
  /** Begins with a key frame. */
  independent: boolean
}

/** A stretch of picture that begins with a key frame. `parts` is what was published of it so far. */
export interface Segment {
  msn: number
  /** Which init segment it needs. */
  init: number
  discontinuity: boolean
  filmedAt: number
  durationS: number
  parts: Part[]
  closed: boolean
}

export interface PackagerOutput {
  init(number: number, bytes: Buffer): void
  part(segment: Segment, part: Part): void
  closed(segment: Segment): void
}

/** Where an earlier life of the same film stopped: the next numbers to give. */
export interface Resume {
  msn: number
  init: number
}

interface Placed extends Sample {
  start: number
}

/**
 * Cuts frames into parts and segments. The timeline it writes never has a hole and never goes back, whatever the
 * network or the phone’s clocks do; when things were really filmed is kept beside it, per segment. It decodes
 * nothing, waits for nothing and keeps only the open segment.
 */
export function packager(output: PackagerOutput, resume: Resume = { msn: 0, init: 0 }) {
  let { msn, init: nextInit } = resume
  let tracks: Tracks | undefined
  let announced: Buffer | undefined
  let awaitingKey = true
  let discontinuity = nextInit > 0
  let segment: Segment | undefined
  let segmentStart = 0
  let sequence = 0

  /** Added to a publisher’s timestamp to get its place on our timeline, ticks. */
  let offset = 0
  /** Where the newest frame would lie by its own timestamp; undefined before the first. */
  let newest: number | undefined
  /** Where the timeline has got to. */
  let end = 0
  let frameTicks = USUAL_FRAME_TICKS
  let pictures: Placed[] = []

  let sounds: Sample[] = []
  /** Where the first sound of `sounds` lies, and where the next will, in samples. */
  let soundStart = 0
  let soundEnd = 0

  return {
    /** A config that is the same as before asks only for a key frame; a new one begins a new init segment. */
    configure(next: Tracks) {
      awaitingKey = true
      const bytes = initSegment(next.video, next.audio)
      if (announced?.equals(bytes)) return
      closeSegment()
      discontinuity ||= tracks !== undefined
      tracks = next
      announced = bytes
      sounds = []
      soundStart = soundEnd = next.audio ? Math.round((end / VIDEO_TIMESCALE) * next.audio.sampleRate) : 0
      output.init(nextInit++, bytes)
    },

    video(picture: Picture) {
      if (!tracks || (awaitingKey && !picture.key)) return
      const { start, cut } = place(picture.timestampUs)
      const last = pictures.at(-1)
      if (last) {
        last.duration = Math.max(1, start - last.start)
        end = last.start + last.duration
      }
      // A key frame after a cut also begins a segment, so that the recording knows when each was filmed.
      const reached = segment ? end - segmentStart : 0
      const enough = segment?.msn === 0 ? FIRST_SEGMENT_TICKS : SEGMENT_TICKS
      if (segment && picture.key && (cut || discontinuity || awaitingKey || reached >= enough)) {
        closeSegment()
      } else if (segment && !picture.key && reached >= KEY_WAIT_TICKS) {
        closeSegment()
        awaitingKey = true
        return
      } else if (pictures.length && end + frameTicks - pictures[0]!.start > PART_TICKS + frameTicks / 4) {
        publish()
      }
      awaitingKey = false
      segment ??= openSegment(picture.filmedAt)
      // The part before this one ended with a guess, so the first frame of a part begins where that one ended.
      const placed = pictures.length ? Math.max(start, end) : end
      pictures.push({
        start: placed,
        duration: Math.round(frameTicks),
        data: picture.data,
        key: picture.key,
        compositionOffset: Math.round(((picture.compositionUs ?? 0) * VIDEO_TIMESCALE) / 1e6)
      })
      end = placed + Math.round(frameTicks)
      // Publishing now and not when the next frame shows how long this one lasts saves viewers a frame of waiting.
      if (end + frameTicks - pictures[0]!.start > PART_TICKS + frameTicks / 4) publish()
    },

    audio(sound: Sound) {
      const track = tracks?.audio
      if (!track || awaitingKey || newest === undefined) return
      const at = sound.timestampUs / 1e6 + offset / VIDEO_TIMESCALE
      // Sound of a stretch whose picture has not come yet: the cut will be known with the next frame.
      if (at > (end + CUT_TICKS) / VIDEO_TIMESCALE) return
      const start = Math.round(at * track.sampleRate)
      const snap = SNAP_S * track.sampleRate
      if (start < soundEnd - snap) return
      if (start > soundEnd + snap) fillWithSilence(start)
      const samples =
        track.codec === 'aac'
          ? AAC_FRAME_SAMPLES
          : Math.round((sound.durationUs * track.sampleRate) / 1e6) || OPUS_FRAME_SAMPLES
      addSound(sound.data, samples)
    },

    /** Publishes what is held back and ends the open segment. */
    close: closeSegment,
    get awaitingKey() {
      return awaitingKey
    },
    get tracks() {
      return tracks
    }
  }

  function place(timestampUs: number): { start: number; cut: boolean } {
    const ticks = Math.round((timestampUs * VIDEO_TIMESCALE) / 1e6)
    const step = newest === undefined ? Infinity : ticks + offset - newest
    const cut = step <= 0 || step > CUT_TICKS
    if (cut) offset = end - ticks
    else if (step < CUT_TICKS / 5) frameTicks = frameTicks * 0.9 + step * 0.1
    newest = ticks + offset
    return { start: newest, cut }
  }

  function openSegment(filmedAt: number): Segment {
    segmentStart = end
    const opened: Segment = {
      msn: msn++,
      init: nextInit - 1,
      discontinuity,
      filmedAt,
      durationS: 0,
      parts: [],
      closed: false
    }
    discontinuity = false
    return opened
  }

  function closeSegment() {
    publish()
    if (!segment) return
    const closing = segment
    segment = undefined
    closing.closed = true
    output.closed(closing)
  }

  function publish() {
    const [first] = pictures
    if (!first || !segment) return
    const part: Part = {
      bytes: fragment(++sequence, { start: first.start, samples: pictures }, takeSounds()),
      durationS: (end - first.start) / VIDEO_TIMESCALE,
      independent: first.key
    }
    pictures = []
    segment.parts.push(part)
    segment.durationS += part.durationS
    output.part(segment, part)
  }

  function takeSounds(): Run | undefined {
    const track = tracks?.audio
    if (!track) return undefined
    const pictureEnd = (end / VIDEO_TIMESCALE) * track.sampleRate
    if (pictureEnd - soundEnd > SOUND_LATE_S * track.sampleRate) {
      fillWithSilence(pictureEnd - (SOUND_LATE_S / 2) * track.sampleRate)
    }
    if (!sounds.length) return undefined
    const run = { start: soundStart, samples: sounds }
    sounds = []
    soundStart = soundEnd
    return run
  }

  function fillWithSilence(until: number) {
    const { codec, channels } = tracks!.audio!
    const data = codec === 'opus' ? SILENCE.opus : channels === 1 ? SILENCE.aac1 : SILENCE.aac2
    const samples = codec === 'opus' ? OPUS_FRAME_SAMPLES : AAC_FRAME_SAMPLES
    while (soundEnd + samples <= until) addSound(data, samples)
  }

  function addSound(data: Uint8Array, samples: number) {
    sounds.push({ duration: samples, data, key: true, compositionOffset: 0 })
    soundEnd += samples
  }
}

export type Packager = ReturnType<typeof packager>
