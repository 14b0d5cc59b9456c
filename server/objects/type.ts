/** What the village keeps; a key's ending tells its type on disk, where there is no other place to write it. */
const TYPES: Record<string, string> = {
  m4s: 'video/mp4',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  wav: 'audio/wav',
  weba: 'audio/webm',
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  vtt: 'text/vtt',
  pdf: 'application/pdf',
  json: 'application/json'
}

export const OTHER_TYPE = 'application/octet-stream'

export const typeOf = (key: string) => TYPES[key.slice(key.lastIndexOf('.') + 1)] ?? OTHER_TYPE

/** The same object must be called the same from disk and from a bucket. */
export function checkType(key: string, type: string) {
  if (type !== typeOf(key))
    throw new TypeError(`${key} is called ${type}, but its ending says ${typeOf(key)}`)
}
