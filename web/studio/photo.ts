import { uploadPhoto } from '../../shared/contracts/catalogue.ts'
import { call } from '../call.ts'

/** A phone's photo has 12 megapixels; the shop shows no more than this, and the mud flats have little signal. */
const LONGEST_SIDE = 1600
const JPEG_QUALITY = 0.86

/** Makes the photo small on the phone, sends it and answers its address. The server decides what a photo is. */
export async function sendPhoto(file: File): Promise<string> {
  const form = new FormData()
  form.append('photo', (await shrink(file)) ?? file, 'photo.jpg')
  return (await call(uploadPhoto, { body: form })).url
}

/** Undefined: this browser can't read it (HEIC elsewhere than on a Mac); then the server may try. */
export async function shrink(file: File): Promise<Blob | undefined> {
  const picture = await createImageBitmap(file).catch(() => undefined)
  if (!picture) return undefined
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.width * scale)
  canvas.height = Math.round(picture.height * scale)
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  return new Promise((resolve) =>
    canvas.toBlob((blob) => resolve(blob ?? undefined), 'image/jpeg', JPEG_QUALITY)
  )
}
