import type { Readable } from 'node:stream'

/** Both ends count, as in HTTP; without `to` up to the end. */
export interface ByteRange {
  from: number
  to?: number
}

export interface StoredObject {
  /** The bytes asked for; whoever gets it reads it to the end or destroys it. */
  body: Readable
  /** Bytes of the whole object. */
  size: number
  /** Which of them `body` carries. Beyond the end of the object: none, and `from` is `size`. */
  from: number
  to: number
  type: string
}

/**
 * Photos, segments and recordings. Keys are made by the server: lower-case words, digits, `-`, `.`, parted by `/`.
 * A key is written once: browsers and CDNs keep what they found under it for a year.
 */
export interface Objects {
  /** When it resolves, the object is on disk. `type` is what the key's ending says (`typeOf`), or it is refused. */
  put(key: string, body: Uint8Array, type: string): Promise<void>
  /** Undefined: there is no such object. */
  get(key: string, range?: ByteRange): Promise<StoredObject | undefined>
  /** The keys under a folder, sorted; at most `LIST_OBJECTS` of them. */
  list(folder: string): Promise<string[]>
  /** Forgets one object, or everything in a folder. */
  remove(key: string): Promise<void>
  /** Where a browser fetches it: this server or the CDN. */
  url(key: string): string
}

/** A show of six hours in segments of two seconds, and its pictures. */
export const LIST_OBJECTS = 12_000
const KEY_CHARS = 200
const KEY = /^[a-z0-9][a-z0-9-]*(\.[a-z0-9]+)*(\/[a-z0-9][a-z0-9-]*(\.[a-z0-9]+)*)*$/

export const isKey = (key: string) => key.length <= KEY_CHARS && KEY.test(key)

/** Where files lie that not everybody may see. No public address leads there; who may see one is asked each time. */
export const PRIVATE = 'private'
export const isPrivate = (key: string) => key === PRIVATE || key.startsWith(`${PRIVATE}/`)

/** The key itself, if it is one: it never climbs out of its folder on disk. */
export function checkedKey(key: string) {
  if (!isKey(key)) throw new TypeError(`bad object key ${JSON.stringify(key)}`)
  return key
}
