import sharp from 'sharp'
import { Problem } from '../../shared/problems.ts'
import { turns } from './turns.ts'

const QUALITY = 80
/** A phone's largest photo is 50 million pixels; a picture that unpacks to more is not from a phone. */
const MAX_PIXELS = 50_000_000
const WORK_SECONDS = 20
/** Pictures in work at one moment: each may hold 200 MB unpacked, and two keep both cores busy. */
const AT_ONCE = 2
const WAITING = 20
/** How what phones and cameras send begins: JPEG, PNG, GIF, WebP, HEIF. */
const BEGINNINGS = [
  /^\xff\xd8\xff/,
  /^\x89PNG\r\n/,
  /^GIF8/,
  /^RIFF[^]{4}WEBP/,
  /^[^]{4}ftyp(hei|hev|mif1|msf1|avi)/
]
const BEGINNING_BYTES = 12

export type Darkroom = ReturnType<typeof openDarkroom>

/** Develops what phones send as pictures: turned upright, without EXIF (it says where she lives), as WebP. */
export function openDarkroom() {
  const inTurn = turns(AT_ONCE, WAITING)

  return {
    /** The picture in these sizes, each made from the one before. Problems: not_a_picture, busy. */
    develop: (upload: Uint8Array, sides: readonly number[]) => inTurn(() => developed(upload, sides))
  }
}

/** Asked before anything looks inside: an SVG is a program, and merely to ask it how large it is may take a gigabyte. */
export function beginsLikeAPhoto(upload: Uint8Array) {
  const beginning = Buffer.from(upload.subarray(0, BEGINNING_BYTES)).toString('latin1')
  return BEGINNINGS.some((each) => each.test(beginning))
}

async function developed(upload: Uint8Array, sides: readonly number[]): Promise<Buffer[]> {
  if (!beginsLikeAPhoto(upload)) throw new Problem('not_a_picture')
  try {
    const pictures: Buffer[] = []
    for (const side of sides) pictures.push(await scaled(pictures.at(-1) ?? upload, side))
    return pictures
  } catch {
    throw new Problem('not_a_picture')
  }
}

const scaled = (picture: Uint8Array, side: number) =>
  sharp(picture, { limitInputPixels: MAX_PIXELS, sequentialRead: true, failOn: 'error' })
    .rotate() // upright by EXIF, which `webp` then leaves out
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: QUALITY })
    .timeout({ seconds: WORK_SECONDS })
    .toBuffer()
