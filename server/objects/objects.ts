import type { Readable } from 'node:stream'

export interface StoredObject {
  body: Readable
  size: number
  type: string
}

/** Photos, segments and recordings. Keys are made by the server: lower-case words, digits, `-`, `.`, parted by `/`. */
export interface Objects {
  put(key: string, body: Uint8Array, type: string): Promise<void>
  /** Undefined: there is no such object. */
  get(key: string): Promise<StoredObject | undefined>
  list(prefix: string): Promise<string[]>
  /** Forgets everything under a prefix. */
  remove(prefix: string): Promise<void>
  /** Where a browser fetches it: this server or the CDN. */
  url(key: string): string
}
