import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readFilm } from '../seed/film.ts'
import { boxes, readTracks as tracksIn } from '../testing/boxes.ts'
import { readTracks } from './codec.ts'
import { packager, type Part, type Segment } from './packager.ts'
import { livePlaylist, PART_TARGET_S, recordedPlaylist } from './playlist.ts'

const { video, audio } = readFilm()
const tracks = readTracks(video, audio)
const FRAME_US = 33_333
const SOUND_US = 21_333
const NOON = Date.UTC(2026, 10, 22, 4)
const data = Buffer.from([0, 0, 0, 2, 0x65, 0x88])

function filming() {
  const inits: Buffer[] = []
  const parts: Part[] = []
  const segments: Segment[] = []
  const pack = packager({
    init: (_, bytes) => inits.push(bytes),
    part: (_, part) => parts.push(part),
    closed: (segment) => segments.push(segment)
  })
  const picture = (timestampUs: number, key = false) =>
    pack.video({ key, timestampUs, data, filmedAt: NOON + timestampUs / 1000 })
  const sound = (timestampUs: number) => pack.audio({ timestampUs, durationUs: SOUND_US, data })
  /** So many seconds as a phone films them, a key frame every two. */
  const film = (seconds: number, fromUs = 0, withSound = true) => {
    let heard = fromUs
    for (let i = 0; i < seconds * 30; i++) {
      const at = fromUs + i * FRAME_US
      picture(at, i % 60 === 0)
      for (; withSound && heard <= at; heard += SOUND_US) sound(heard)
    }
  }
  return { pack, inits, parts, segments, picture, sound, film }
}

/** Fails when a track has a hole, an overlap or a step back. */
function expectNoHole(parts: Part[]) {
  const reached = new Map<number, number>()
  for (const { bytes } of parts) {
    for (const { id, start, durations, sizes } of tracksIn(bytes)) {
      expect(start, `track ${id}`).toBe(reached.get(id) ?? start)
      expect(Math.min(...durations)).toBeGreaterThan(0)
      expect(sizes.every((size) => size > 0)).toBe(true)
      reached.set(id, start + durations.reduce((sum, each) => sum + each, 0))
    }
  }
  return reached
}

describe('what is filmed becomes parts and segments', () => {
  it('cuts parts of a third of a second and segments of two, each beginning with a key frame', () => {
    const { pack, film, parts, segments } = filming()
    pack.configure(tracks)
    film(10)
    expect(segments).toHaveLength(4)
    for (const segment of segments) {
      expect(segment.durationS).toBeCloseTo(2, 1)
      expect(segment.parts[0]!.independent).toBe(true)
      expect(segment.parts).toHaveLength(6)
    }
    for (const part of parts) expect(part.durationS).toBeLessThanOrEqual(PART_TARGET_S)
    expectNoHole(parts)
  })

  it('makes the first segment as short as the first key frames allow, and only that one', () => {
    const { pack, picture, segments } = filming()
    pack.configure(tracks)
    for (let i = 0; i < 240; i++) picture(i * FRAME_US, i % 30 === 0)
    expect(segments.map(({ durationS }) => Math.round(durationS))).toEqual([1, 2, 2, 2])
  })

  it('publishes a part with its tenth frame, not only when the eleventh comes', () => {
    const { pack, picture, parts } = filming()
    pack.configure(tracks)
    for (let i = 0; i < 9; i++) picture(i * FRAME_US, i === 0)
    expect(parts).toHaveLength(0)
    picture(9 * FRAME_US)
    expect(parts).toHaveLength(1)
  })

  it('writes fragments whose offsets point at their own bytes', () => {
    const { pack, film, parts, inits } = filming()
    pack.configure(tracks)
    film(1)
    expect(boxes(inits[0]!).map(({ type }) => type)).toEqual(['ftyp', 'moov'])
    for (const { bytes } of parts) {
      expect(boxes(bytes).map(({ type }) => type)).toEqual(['moof', 'mdat'])
      const sum = tracksIn(bytes)
        .flatMap(({ sizes }) => sizes)
        .reduce((a, b) => a + b, 0)
      expect(boxes(bytes)[1]!.body).toHaveLength(sum)
    }
  })

  it('waits for a key frame, at first and after every config', () => {
    const { pack, picture, parts } = filming()
    for (let i = 0; i < 40; i++) picture(i * FRAME_US)
    pack.configure(tracks)
    for (let i = 0; i < 40; i++) picture(i * FRAME_US)
    pack.close()
    expect(parts).toHaveLength(0)
    expect(pack.awaitingKey).toBe(true)
  })

  it('keeps the timeline whole when the network was gone for a minute, and remembers when it was filmed', () => {
    const { pack, film, parts, segments } = filming()
    pack.configure(tracks)
    film(3)
    pack.configure(tracks)
    film(3, 63_000_000)
    pack.close()
    expectNoHole(parts)
    const jump = segments.find(({ filmedAt }) => filmedAt >= NOON + 63_000)!
    expect(jump.filmedAt).toBe(NOON + 63_000)
    expect(jump.discontinuity).toBe(false)
    expect(segments.reduce((sum, { durationS }) => sum + durationS, 0)).toBeCloseTo(6, 1)
  })

  it('goes on when the phone’s clock begins anew after a reload', () => {
    const { pack, film, parts } = filming()
    pack.configure(tracks)
    film(3, 500_000_000)
    pack.configure(tracks)
    film(3, 0)
    pack.close()
    const reached = expectNoHole(parts)
    expect(reached.get(1)! / 90_000).toBeCloseTo(6, 1)
  })

  it('puts silence where the microphone was cut off, so that the picture does not stand', () => {
    const { pack, film, parts } = filming()
    pack.configure(tracks)
    film(1)
    film(4, 1_000_000, false)
    film(1, 5_000_000)
    pack.close()
    const reached = expectNoHole(parts)
    expect(reached.get(2)! / 48_000).toBeGreaterThan(reached.get(1)! / 90_000 - 0.6)
  })

  it('begins a new init segment with a discontinuity when the picture changes, and not when it is the same', () => {
    const { pack, film, inits, segments } = filming()
    pack.configure(tracks)
    film(2)
    pack.configure(tracks)
    film(2, 2_000_000)
    expect(inits).toHaveLength(1)
    pack.configure(readTracks(video, undefined))
    film(2, 4_000_000)
    pack.close()
    expect(inits).toHaveLength(2)
    expect(segments.map(({ init, discontinuity }) => [init, discontinuity])).toEqual([
      [0, false],
      [0, false],
      [1, true]
    ])
  })

  it('stops and asks for a key frame when none comes for ten seconds, so that memory has an end', () => {
    const { pack, picture, parts } = filming()
    pack.configure(tracks)
    for (let i = 0; i < 30 * 20; i++) picture(i * FRAME_US, i === 0)
    expect(pack.awaitingKey).toBe(true)
    expect(parts.reduce((sum, { durationS }) => sum + durationS, 0)).toBeLessThan(10.5)
  })

  it('has no hole whatever network and clocks do', () => {
    const step = fc.oneof(
      { weight: 30, arbitrary: fc.record({ us: fc.integer({ min: 5_000, max: 120_000 }) }) },
      { weight: 1, arbitrary: fc.record({ us: fc.integer({ min: -2_000_000, max: 90_000_000 }) }) }
    )
    fc.assert(
      fc.property(fc.array(step, { minLength: 30, maxLength: 300 }), fc.nat(7), (steps, lose) => {
        const { pack, picture, sound, parts } = filming()
        pack.configure(tracks)
        let at = 10_000_000
        for (const [i, { us }] of steps.entries()) {
          at = Math.max(0, at + us)
          if (us > 2_000_000) pack.configure(tracks)
          picture(at, pack.awaitingKey || i % 50 === 0)
          if (i % 8 !== lose) sound(at)
        }
        pack.close()
        expect(expectNoHole(parts).has(1)).toBe(true)
      }),
      { numRuns: 150 }
    )
  })
})

describe('playlists', () => {
  it('list parts of the newest segments, hint at the next, and end when the show ends', () => {
    const { pack, film, segments } = filming()
    pack.configure(tracks)
    film(9)
    const window = { segments, discontinuitySequence: 0, targetS: 2, ended: false }
    const text = livePlaylist(window)
    expect(text).toContain('#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.050')
    expect(text).toContain('#EXT-X-MEDIA-SEQUENCE:0\n')
    expect(text).not.toContain('part-0-0')
    expect(text).toContain('URI="part-1-0.m4s",INDEPENDENT=YES')
    expect(text).toContain('#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-4-0.m4s"')
    const over = livePlaylist({ ...window, ended: true })
    expect(over).toContain('#EXT-X-ENDLIST')
    expect(over).not.toContain('PRELOAD-HINT')
  })

  it('put a stretch that came late at its true place and mark both of its edges', () => {
    const segment = (msn: number, filmedAt: number) => ({
      msn,
      filmedAt,
      init: 0,
      discontinuity: false,
      durationMs: 2000
    })
    const text = recordedPlaylist([segment(0, NOON), segment(7, NOON + 2000), segment(1, NOON + 9000)], {
      kind: 'VOD',
      address: (name) => `/media/${name}`
    })
    expect(text.match(/seg-\d/g)).toEqual(['seg-0', 'seg-7', 'seg-1'])
    expect(text.match(/#EXT-X-DISCONTINUITY\n/g)).toHaveLength(2)
    expect(text).toContain('#EXT-X-MAP:URI="/media/init-0.mp4"')
  })
})
