import { mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'
import { afterAll, expect, inject, it } from 'vitest'
import { beginsLikeAPhoto, openDarkroom } from '../objects/darkroom.ts'
import { openObjects } from '../objects/open.ts'
import { readSettings } from '../settings.ts'
import { settableClock } from '../testing/clock.ts'
import { openPhotos } from './photos.ts'

const dataDir = mkdtempSync(path.join(inject('scratch'), 'photos-'))
const objects = await openObjects({ ...readSettings({ DEMO: '0' }), dataDir })
const photos = openPhotos({ objects, clock: settableClock(), darkroom: openDarkroom() })
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

const red = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#c33' } })

async function kept(url: string) {
  const key = url.slice(url.indexOf('photos/'))
  const found = await objects.get(key)
  return buffer(found!.body)
}

it('a photo loses where it was taken, is turned upright and made small, and has a small copy', async () => {
  const fromPhone = await red(4000, 3000)
    .withExif({ IFD0: { Make: 'Phone' }, IFD3: { GPSLatitude: '36/1 13/1 0/1', GPSLatitudeRef: 'N' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  expect((await sharp(fromPhone).metadata()).exif).toBeDefined()

  const { url } = await photos.keep(fromPhone)
  const photo = await sharp(await kept(url)).metadata()
  expect(photo).toMatchObject({ format: 'webp', width: 1200, height: 1600 })
  expect([photo.exif, photo.xmp, photo.iptc, photo.orientation]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined
  ])
  const thumb = await sharp(await kept(url.replace('.webp', '-thumb.webp'))).metadata()
  expect(thumb).toMatchObject({ format: 'webp', width: 360, height: 480 })
  expect(photos.isOurs(url)).toBe(true)
})

it('a small photo is not blown up', async () => {
  const { url } = await photos.keep(await red(300, 200).png().toBuffer())
  expect(await sharp(await kept(url)).metadata()).toMatchObject({ width: 300, height: 200 })
})

it.each([
  ['a text', Buffer.from('这不是照片')],
  ['nothing', Buffer.alloc(0)],
  [
    'a drawing that is a program',
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
  ],
  ['a drawing behind the first bytes of a photo', Buffer.from('GIF89a<svg width="9" height="9"/>')],
  ['half a photo', (await red(900, 900).jpeg().toBuffer()).subarray(0, 700)],
  // 144 million pixels of one colour are 200 kB on the wire and half a gigabyte unpacked.
  ['a picture that unpacks without end', await red(12_000, 12_000).png({ compressionLevel: 9 }).toBuffer()]
])('%s is not a photo, and nothing is kept of it', async (_what, upload) => {
  const before = await objects.list('photos')
  await expect(photos.keep(upload)).rejects.toMatchObject({ code: 'not_a_picture' })
  expect(await objects.list('photos')).toEqual(before)
})

it('is known for a photo before anything unpacks it', async () => {
  const picture = red(9, 9)
  const made = await Promise.all([
    picture.clone().jpeg().toBuffer(),
    picture.clone().png().toBuffer(),
    picture.clone().gif().toBuffer(),
    picture.clone().webp().toBuffer(),
    picture.clone().avif().toBuffer()
  ])
  expect(made.map(beginsLikeAPhoto)).toEqual(made.map(() => true))
  const others = [
    '<svg xmlns="…"/>',
    ' <?xml version="1.0"?>',
    '%PDF-1.7',
    'II*\0',
    'RIFF....AVI ',
    '....ftypisom',
    ''
  ]
  expect(others.map((text) => beginsLikeAPhoto(Buffer.from(text)))).toEqual(others.map(() => false))
})

it('many photos at once wait for their turn, and a flood is told to come back', async () => {
  const upload = await red(400, 400).jpeg().toBuffer()
  const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => photos.keep(upload)))
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
  expect(refused).toHaveLength(40 - 2 - 20)
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'busy' })
  await expect(photos.keep(upload)).resolves.toMatchObject({ url: expect.any(String) })
})

it('an address of somebody else’s server is not ours', () => {
  expect(photos.isOurs('https://elsewhere.example/pixel.gif')).toBe(false)
  expect(photos.isOurs('//elsewhere.example/pixel.gif')).toBe(false)
  expect(photos.isOurs('/demo/clams.svg')).toBe(true)
  expect(photos.isOurs('')).toBe(true)
})
