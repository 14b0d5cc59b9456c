import sharp from 'sharp'
import { PHOTO_BYTES } from '../../shared/contracts/catalogue.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Objects } from '../objects/objects.ts'
import { newId } from '../store/id.ts'

/** The longer side of a photo and of its small copy. */
const PHOTO_PX = 1600
const THUMB_PX = 480
const QUALITY = 80
/** A phone's largest photo is 50 million pixels; a picture that unpacks to more is not from a phone. */
const MAX_PIXELS = 50_000_000
const WORK_SECONDS = 20
/** Pictures in work at one moment: each may hold 200 MB unpacked, and two keep both cores busy. */
const AT_ONCE = 2
const WAITING = 20
/** How what phones and cameras send begins: JPEG, PNG, GIF, WebP, HEIF. */
const BEGINNINGS = [/^\xff\xd8\xff/, /^\x89PNG\r\n/, /^GIF8/, /^RIFF[^]{4}WEBP/, /^[^]{4}ftyp/]
const BEGINNING_BYTES = 12

export type Photos = ReturnType<typeof openPhotos>

/** Takes photos: turned upright, without EXIF (it says where she lives), in two sizes. */
export function openPhotos({ objects, clock }: { objects: Objects; clock: Clock }) {
  const inTurn = turns()

  return {
    /** Whether an address is one of ours: a photo that was taken here, or a drawing that comes with the village. */
    isOurs: (url: string) =>
      url === '' || /^\/[^/\\]/.test(url) || url.startsWith(`${objects.url('photos')}/`),

    /** Keeps a photo and answers its address; `-thumb` before `.webp` is the small copy. Problems: not_a_picture, busy. */
    async keep(upload: Uint8Array): Promise<{ url: string }> {
      if (upload.byteLength > PHOTO_BYTES) throw new Problem('too_big')
      const [photo, thumb] = await inTurn(() => developed(upload))
      const id = newId(clock.now())
      await objects.put(`photos/${id}-thumb.webp`, thumb, 'image/webp')
      await objects.put(`photos/${id}.webp`, photo, 'image/webp')
      return { url: objects.url(`photos/${id}.webp`) }
    }
  }
}

/** Asked before anything looks inside: an SVG is a program, and merely to ask it how large it is may take a gigabyte. */
export function beginsLikeAPhoto(upload: Uint8Array) {
  const beginning = Buffer.from(upload.subarray(0, BEGINNING_BYTES)).toString('latin1')
  return BEGINNINGS.some((each) => each.test(beginning))
}

async function developed(upload: Uint8Array) {
  if (!beginsLikeAPhoto(upload)) throw new Problem('not_a_picture')
  try {
    const photo = await scaled(upload, PHOTO_PX)
    return [photo, await scaled(photo, THUMB_PX)] as const
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

/** Lets a few work at once and a few more wait; whoever comes after that hears `busy`. */
function turns() {
  let working = 0
  const waiting: (() => void)[] = []
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (working >= AT_ONCE) {
      if (waiting.length >= WAITING) throw new Problem('busy', { waitMs: 2_000 })
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else working++
    try {
      return await work()
    } finally {
      const next = waiting.shift() // hands its turn on
      if (next) next()
      else working--
    }
  }
}
