import { PHOTO_BYTES } from '../../shared/contracts/catalogue.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Darkroom } from '../objects/darkroom.ts'
import type { Objects } from '../objects/objects.ts'
import { newId } from '../store/id.ts'

/** The longer side of a photo and of its small copy. */
const PHOTO_PX = 1600
const THUMB_PX = 480

export type Photos = ReturnType<typeof openPhotos>

/** Takes photos of goods and keeps them in two sizes, for anybody to see. */
export function openPhotos({
  objects,
  clock,
  darkroom
}: {
  objects: Objects
  clock: Clock
  darkroom: Darkroom
}) {
  return {
    /** Whether an address is one of ours: a photo that was taken here, or a drawing that comes with the village. */
    isOurs: (url: string) =>
      url === '' || /^\/[^/\\]/.test(url) || url.startsWith(`${objects.url('photos')}/`),

    /** Keeps a photo and answers its address; `-thumb` before `.webp` is the small copy. Problems: not_a_picture, busy. */
    async keep(upload: Uint8Array): Promise<{ url: string }> {
      if (upload.byteLength > PHOTO_BYTES) throw new Problem('too_big')
      const [photo, thumb] = await darkroom.develop(upload, [PHOTO_PX, THUMB_PX])
      const id = newId(clock.now())
      await objects.put(`photos/${id}-thumb.webp`, thumb!, 'image/webp')
      await objects.put(`photos/${id}.webp`, photo!, 'image/webp')
      return { url: objects.url(`photos/${id}.webp`) }
    }
  }
}
