import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import {
  answerKept,
  keptFileOf,
  keptUrl,
  NoPiece,
  PIECE_BYTES,
  pieceOf,
  stretchOf,
  sweepPieces
} from './pieces.ts'
import { memoryCaches } from './testing.ts'

const FILE = Uint8Array.from({ length: PIECE_BYTES * 2 + 1000 }, (_, i) => i % 251)
let asked: string[] = []
let caches = memoryCaches()

/** The village's server, as far as one file goes. */
async function fetchPart(_url: string, { headers }: { headers: { range: string } }) {
  asked.push(headers.range)
  const [, from, to] = /bytes=(\d+)-(\d+)/.exec(headers.range)!
  const bytes = FILE.slice(Number(from), Number(to) + 1)
  return new Response(bytes, {
    status: 206,
    headers: { 'content-type': 'video/mp4', 'content-range': `bytes ${from}-x/${FILE.length}` }
  })
}

beforeEach(() => {
  asked = []
  caches = memoryCaches()
  vi.stubGlobal('caches', caches)
  vi.stubGlobal('fetch', fetchPart)
})
afterEach(() => vi.unstubAllGlobals())

const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer())

it('knows its files by their address, and leaves every other request alone', () => {
  const at = (address: string) => keptFileOf(new URL(address, 'https://shop.example'))
  expect(at(keptUrl('f1'))).toBe('f1')
  expect(at('/api/files/f1')).toBeUndefined()
  expect(at('/api/rooms/f1?kept')).toBeUndefined()
  expect(at('/api/files/f1/x?kept')).toBeUndefined()
})

it('fetches each piece once, and gives the whole file back as it was', async () => {
  const whole = await answerKept('f1', null)
  expect(whole.status).toBe(200)
  expect(await bytesOf(whole)).toEqual(FILE)
  expect(asked).toHaveLength(3)
  expect(await bytesOf(await answerKept('f1', null))).toEqual(FILE)
  expect(asked).toHaveLength(3)
})

it('gives a player the stretch that it asks for, over the seams of the pieces', async () => {
  const from = PIECE_BYTES - 10
  const part = await answerKept('f1', `bytes=${from}-${from + 19}`)
  expect(part.status).toBe(206)
  expect(part.headers.get('content-range')).toBe(`bytes ${from}-${from + 19}/${FILE.length}`)
  expect(part.headers.get('content-type')).toBe('video/mp4')
  expect(await bytesOf(part)).toEqual(FILE.slice(from, from + 20))
})

it('fetches of a long film only what the player reads', async () => {
  const { body } = await answerKept('f1', 'bytes=0-')
  const reader = body!.getReader()
  await reader.read()
  expect(asked).toHaveLength(1)
  await reader.cancel()
})

it('plays without a network what was fetched', async () => {
  for (const piece of [0, 1, 2]) await pieceOf('f1', piece)
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('no network')))
  expect(await bytesOf(await answerKept('f1', 'bytes=1000-'))).toEqual(FILE.slice(1000))
})

it('keeps nothing that is no piece', async () => {
  vi.stubGlobal('fetch', async () => new Response('{}', { status: 403 }))
  await expect(pieceOf('f1', 0)).rejects.toEqual(new NoPiece(403))
  vi.stubGlobal('fetch', async () => {
    return new Response('cut off', { status: 206, headers: { 'content-range': `bytes 0-9/${FILE.length}` } })
  })
  await expect(pieceOf('f1', 0)).rejects.toThrow('no piece')
  expect(caches.kept.size).toBe(0)
})

it('says that there is nothing beyond the end', async () => {
  const answer = await answerKept('f1', `bytes=${FILE.length}-`)
  expect(answer.status).toBe(416)
  expect(answer.headers.get('content-range')).toBe(`bytes */${FILE.length}`)
})

it('reads what players ask for', () => {
  expect(stretchOf(null, 100)).toEqual({ from: 0, to: 99 })
  expect(stretchOf('bytes=0-', 100)).toEqual({ from: 0, to: 99 })
  expect(stretchOf('bytes=10-19', 100)).toEqual({ from: 10, to: 19 })
  expect(stretchOf('bytes=90-200', 100)).toEqual({ from: 90, to: 99 })
  expect(stretchOf('bytes=-5', 100)).toEqual({ from: 95, to: 99 })
  expect(stretchOf('bytes=100-', 100)).toBeUndefined()
  expect(stretchOf('bytes=9-5', 100)).toBeUndefined()
  expect(stretchOf('lines=1-2', 100)).toEqual({ from: 0, to: 99 })
})

it('clears away the files that nobody wants any more', async () => {
  await pieceOf('f1', 0)
  await pieceOf('f2', 0)
  await sweepPieces(new Set(['f2']))
  expect([...caches.kept.keys()]).toEqual(['https://shop.example/kept/f2/0'])
})
