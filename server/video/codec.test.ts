import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Problem } from '../../shared/problems.ts'
import { readFilm } from '../seed/film.ts'
import { FRAME } from '../../shared/video.ts'
import { isPicture, readTracks } from './codec.ts'

const { video, audio, frames } = readFilm()

it('reads size and codec from the parameter sets, whatever the publisher says of them', () => {
  const read = readTracks({ ...video, width: 9999, height: 1, codec: 'nonsense' }, audio)
  expect(read.video).toMatchObject({ width: 540, height: 960 })
  expect(read.codecs).toBe('avc1.42C01F,mp4a.40.2')
})

it('believes every frame that a real encoder made', () => {
  const pictures = frames.filter(({ kind }) => kind === FRAME.key || kind === FRAME.delta)
  expect(pictures.length).toBeGreaterThan(400)
  expect(pictures.filter(({ kind, data }) => !isPicture(data, kind === FRAME.key))).toEqual([])
})

it('refuses what only claims to be a picture', () => {
  const noise = Buffer.from('the quick brown fox jumps over the lazy dog')
  expect(isPicture(noise, false)).toBe(false)
  expect(isPicture(Buffer.alloc(0), false)).toBe(false)
  const delta = frames.find(({ kind }) => kind === FRAME.delta)!
  expect(isPicture(delta.data, true), 'a delta frame is no key frame').toBe(false)
  expect(isPicture(delta.data.subarray(0, -1), false), 'cut off').toBe(false)
})

function verdict(avcC: Buffer) {
  try {
    const { width, height } = readTracks({ ...video, description: avcC.toString('base64') }, audio).video
    return Math.max(width, height) <= 1920 ? 'a picture' : 'too big a picture'
  } catch (error) {
    return error instanceof Problem ? error.code : 'a bug'
  }
}

it('answers any parameter set with a picture or with not_video, never with a bug', () => {
  const good = Buffer.from(video.description, 'base64')
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, length) => {
      const bytes = Buffer.from(good.subarray(0, length))
      if (at < bytes.length) bytes[at] = byte
      expect(verdict(bytes)).toMatch(/^(a picture|not_video)$/)
    }),
    { numRuns: 2000 }
  )
})

it.each([
  ['a codec we do not know', { codec: 'mp3' as 'aac' }],
  ['five channels', { channels: 5 }],
  ['another rate than its config says', { sampleRate: 44_100 }],
  ['no config', { description: '' }]
])('refuses sound with %s', (_, wrong) => {
  expect(() => readTracks(video, { ...audio!, ...wrong })).toThrow(Problem)
})
