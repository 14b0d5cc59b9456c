import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, inject, it } from 'vitest'
import { clip, sound } from '../testing/clips.ts'
import { openInside } from './inside.ts'

const folder = mkdtempSync(path.join(inject('scratch'), 'inside-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let kept = 0
function fileOf(bytes: Buffer) {
  const file = path.join(folder, `${++kept}`)
  writeFileSync(file, bytes)
  return file
}

it('what is inside of a container is what can be seen and heard, and for how long', async () => {
  const inside = openInside()
  expect(await inside(fileOf(await clip(7)), 'mp4')).toEqual({ video: true, audio: false, durationMs: 7_000 })
  expect(await inside(fileOf(await sound(2)), 'mp4')).toEqual({
    video: false,
    audio: true,
    durationMs: 2_000
  })
  expect(await inside(path.join(folder, 'nothing'), 'mp4')).toBeUndefined()
})

it('a container that keeps whoever looks into it busy for ever is let go, and the next one is looked into', async () => {
  const endless = await clip(3)
  // Four thousand million samples in the four millionth chunk.
  const chunks = endless.indexOf('stsc')
  endless.writeUInt32BE(0x003f3a44, chunks + 12)
  endless.writeUInt32BE(0xe4000001, chunks + 16)
  const inside = openInside({ lookMs: 3_000 })
  const looks = Array.from({ length: 3 }, () => inside(fileOf(endless), 'mp4'))
  const good = inside(fileOf(await sound(1, 'ogg')), 'ogg')
  expect(await Promise.all(looks)).toEqual([undefined, undefined, undefined])
  expect(await good).toMatchObject({ audio: true, durationMs: 1_000 })
})
