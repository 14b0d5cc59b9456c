// @vitest-environment node
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'

/** Gzip kilobytes of JavaScript that a cheap phone loads before the page works. */
const STOREFRONT_KB = 60
const ROOM_KB = 200
/** Of everything that the worker keeps, so that the app and its lessons open without a network. */
const KEPT_KB = 130
/** Of what it keeps besides on phones that stand at gates, most of it for the camera. */
const GATE_KB = 50

interface Chunk {
  file: string
  css?: string[]
  imports?: string[]
  dynamicImports?: string[]
}

const dist = path.resolve(import.meta.dirname, '../dist')

function manifest(): Record<string, Chunk> {
  try {
    return JSON.parse(readFileSync(path.join(dist, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>
  } catch {
    throw new Error('build the web side first: npm run check')
  }
}

/** A chunk with everything it cannot start without. */
function needed(chunks: Record<string, Chunk>, key: string, found = new Set<string>()) {
  if (found.has(key)) return found
  found.add(key)
  for (const each of chunks[key]?.imports ?? []) needed(chunks, each, found)
  return found
}

function kilobytes(chunks: Record<string, Chunk>, keys: Iterable<string>) {
  return weight(new Set([...keys].map((key) => chunks[key]!.file).filter((file) => file.endsWith('.js'))))
}

/** Gzip kilobytes of these files. */
function weight(files: Iterable<string>) {
  let bytes = 0
  for (const file of files) bytes += gzipSync(readFileSync(path.join(dist, file)), { level: 9 }).length
  return bytes / 1000
}

it('the storefront opens with little JavaScript', () => {
  const chunks = manifest()
  const kb = kilobytes(chunks, needed(chunks, 'index.html'))
  expect(kb).toBeGreaterThan(5)
  expect(kb).toBeLessThanOrEqual(STOREFRONT_KB)
})

it('the room opens within its budget, the player included', () => {
  const chunks = manifest()
  const room = needed(chunks, 'room/RoomPage.svelte', needed(chunks, 'index.html'))
  const player = Object.keys(chunks).find((key) => key.includes('hls.js'))
  expect(player, 'the player is a chunk of its own').toBeDefined()
  const kb = kilobytes(chunks, needed(chunks, player!, room))
  expect(kb).toBeGreaterThan(50)
  expect(kb).toBeLessThanOrEqual(ROOM_KB)
})

/** What the worker keeps. */
const KEPT = [
  'index.html',
  'school/SchoolPage.svelte',
  'school/CoursePage.svelte',
  'school/LessonPage.svelte',
  'me/MePage.svelte',
  'me/VouchersPage.svelte',
  'offline/start.ts'
]
const AT_GATES = ['gate/GatePage.svelte', 'gate/GatesPage.svelte', '../node_modules/qr/dom.js']

it('the worker keeps the first page and the lessons, and little else; a gate only where one stands at it', () => {
  const worker = readFileSync(path.join(dist, 'sw.js'), 'utf8')
  const named = new Set(worker.match(/(?<=\/)assets\/[\w.-]+\.(?:js|css)/g))
  const chunks = manifest()
  const files = (pages: string[]) => {
    const keys = pages.flatMap((page) => [...needed(chunks, page)])
    return new Set(keys.flatMap((key) => [chunks[key]!.file, ...(chunks[key]!.css ?? [])]))
  }
  const everywhere = files(KEPT)
  const atGates = files(AT_GATES).difference(everywhere)
  expect([...everywhere.union(atGates)].toSorted()).toEqual([...named].toSorted())
  expect(weight(everywhere)).toBeLessThanOrEqual(KEPT_KB)
  expect(weight(atGates)).toBeLessThanOrEqual(GATE_KB)
})
