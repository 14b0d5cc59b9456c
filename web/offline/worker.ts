import { answerKept, keptFileOf, NoPiece } from './pieces.ts'

/**
 * The worker of this phone: it keeps the app itself, so that it opens without a network, and it answers the files of
 * lessons that she opened. Everything else, live picture and every other answer of the server, passes it by.
 */

/** Put in by the build: what the app needs to open and to show a lesson, and a name for exactly that. */
declare const SHELL_FILES: readonly string[]
/** What a gate needs besides, on phones that have stood at one. */
declare const GATE_FILES: readonly string[]
declare const SHELL_NAME: string

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface Fetched extends Extendable {
  request: Request
  preloadResponse?: Promise<Response | undefined>
  respondWith(answer: Promise<Response>): void
}
/** TypeScript knows a page or a worker, not both in one project. */
interface Worker {
  addEventListener(type: 'install' | 'activate', listener: (event: Extendable) => void): void
  addEventListener(type: 'message', listener: (event: MessageEvent & Extendable) => void): void
  addEventListener(type: 'fetch', listener: (event: Fetched) => void): void
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void> }
  registration: { navigationPreload?: { enable(): Promise<void> } }
}
const worker = self as unknown as Worker

const SHELLS = 'shell-'
const shell = SHELLS + SHELL_NAME
/** A page without anybody's data in it: the app fills it on the phone. */
const PAGE = '/school'
const gateFiles = GATE_FILES
const kept = new Set([...SHELL_FILES, ...gateFiles])
/** An empty cache as a mark: this phone stands at gates, and the next worker keeps their pages too. */
const AT_GATES = 'at-gates'
/** On the pier a page that has not come by then does not come. */
const NAVIGATE_MS = 5_000
/** Addresses that are no pages of the app. */
const NOT_PAGES = /^\/(api|dev|live|media)\//

worker.addEventListener('install', (event) => event.waitUntil(install()))
worker.addEventListener('activate', (event) => event.waitUntil(activate()))
worker.addEventListener('message', (event) => {
  if (event.data === 'now') void worker.skipWaiting()
  if (event.data === 'gate') event.waitUntil(keepGate().then(() => event.ports[0]?.postMessage('kept')))
})
worker.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  const file = keptFileOf(url)
  if (file) event.respondWith(lessonFile(file, request))
  else if (request.mode === 'navigate' && !NOT_PAGES.test(url.pathname)) event.respondWith(page(event))
  else if (kept.has(url.pathname)) event.respondWith(shellFile(request))
})

async function install() {
  const cache = await caches.open(shell)
  // Named by their content, so whatever the browser has of them is right; the page itself must be the newest.
  await cache.addAll(SHELL_FILES)
  await cache.add(new Request(PAGE, { cache: 'no-cache' }))
  if (await caches.has(AT_GATES)) await cache.addAll(gateFiles)
}

async function keepGate() {
  await caches.open(AT_GATES)
  const cache = await caches.open(shell)
  const missing: string[] = []
  for (const file of gateFiles) if (!(await cache.match(file))) missing.push(file)
  await cache.addAll(missing)
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith(SHELLS) && name !== shell) await caches.delete(name)
  }
  await worker.registration.navigationPreload?.enable()
  await worker.clients.claim()
}

/** The server's page while there is a network, else the one that lies here. */
async function page(event: Fetched): Promise<Response> {
  const stop = AbortSignal.timeout(NAVIGATE_MS)
  try {
    const fetched = Promise.resolve(event.preloadResponse).then(
      (preloaded) => preloaded ?? fetch(event.request)
    )
    return await Promise.race([fetched, late(stop)])
  } catch {
    return (await caches.match(PAGE, { cacheName: shell })) ?? Response.error()
  }
}

const late = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('too late'))))

const shellFile = async (request: Request) =>
  (await caches.match(request, { cacheName: shell })) ?? fetch(request)

async function lessonFile(fileId: string, request: Request): Promise<Response> {
  try {
    return await answerKept(fileId, request.headers.get('range'))
  } catch (error) {
    return error instanceof NoPiece ? new Response(null, { status: error.status }) : Response.error()
  }
}
