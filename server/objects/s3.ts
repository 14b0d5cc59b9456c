import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { S3mini } from 's3mini'
import { checkedKey, LIST_OBJECTS, type ByteRange, type Objects } from './objects.ts'
import { checkType, OTHER_TYPE } from './type.ts'

/** Until the bucket begins to answer; the body may take its time. */
const ANSWER_MS = 15_000
const FOREVER = 'public, max-age=31536000, immutable'

export interface S3Options {
  /** Address of the bucket, with the bucket. */
  endpoint: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  /** Where browsers fetch objects: a CDN in front of the bucket, or this server. */
  base: string
}

/** Objects in a bucket that speaks S3. */
export function s3Objects({ base, ...options }: S3Options): Objects {
  const s3 = new S3mini({ ...options, fetch: answeredInTime })

  async function keysIn(folder: string, limit?: number) {
    const found = await s3.listObjects('/', `${checkedKey(folder)}/`, limit)
    return (found ?? []).map((object) => object.Key)
  }

  async function fetched(key: string, range?: ByteRange) {
    const to = range?.to === undefined ? undefined : range.to + 1 // s3mini's end does not count
    try {
      return await s3.getObjectRaw(key, !range, range?.from, to)
    } catch (error) {
      const { status } = error as { status?: number }
      if (status === 404) return undefined
      if (status === 416) return 'beyond'
      throw error
    }
  }

  return {
    async put(key, body, type) {
      checkType(checkedKey(key), type)
      // s3mini passes every header on; its type names only those that begin with x-amz-.
      const headers = { 'cache-control': FOREVER } as Record<string, string>
      await s3.putObject(key, body, type, undefined, headers)
    },
    async get(key, range) {
      const answer = await fetched(checkedKey(key), range)
      if (!answer) return undefined
      if (answer === 'beyond') {
        const size = await s3.getContentLength(key)
        return { body: Readable.from([]), size, from: size, to: size - 1, type: OTHER_TYPE }
      }
      const length = Number(answer.headers.get('content-length'))
      const [from, to, size] = bytesOf(answer.headers.get('content-range')) ?? [0, length - 1, length]
      const type = answer.headers.get('content-type') ?? OTHER_TYPE
      const body = answer.body ? Readable.fromWeb(answer.body as ReadableStream) : Readable.from([])
      return { body, size, from, to, type }
    },
    list: async (folder) => (await keysIn(folder, LIST_OBJECTS)).toSorted(),
    async remove(key) {
      const keys = [checkedKey(key), ...(await keysIn(key))]
      const gone = await s3.deleteObjects(keys)
      const kept = keys.filter((_, i) => !gone[i])
      if (kept.length) throw new Error(`the bucket did not remove ${kept.length} objects under ${key}`)
    },
    url: (key) => `${base}/${checkedKey(key)}`
  }
}

/** `bytes 0-99/1234` as numbers. */
function bytesOf(contentRange: string | null) {
  const parts = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(contentRange ?? '')
  return parts && ([Number(parts[1]), Number(parts[2]), Number(parts[3])] as const)
}

/** A bucket that hangs must not hang the show with it. */
async function answeredInTime(input: Parameters<typeof fetch>[0], init: RequestInit = {}) {
  const slow = new AbortController()
  const timer = setTimeout(
    () => slow.abort(new Error(`the bucket was silent for ${ANSWER_MS} ms`)),
    ANSWER_MS
  )
  try {
    return await fetch(input, { ...init, signal: slow.signal })
  } finally {
    clearTimeout(timer)
  }
}
