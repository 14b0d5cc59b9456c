/**
 * Files of lessons lie on the phone in pieces. A player that asks for a stretch and a page that fetches the whole share
 * them: nothing is fetched twice, and a download that the tide cut off goes on where it stopped.
 */
export const PIECE_BYTES = 512 * 1024
/** Half a megabyte over the worst line that still carries a call. */
const TIMEOUT_MS = 60_000
const SHELF = 'lessons'
const KEPT = '?kept'
/** As `fileUrl` in the contract says; the worker would carry every schema for this line. */
const FILES = '/api/files/'
const TOTAL = 'x-total'

/** Where a page finds a file that is kept: the worker answers it from the phone, and without a worker the server does. */
export const keptUrl = (fileId: string) => FILES + fileId + KEPT

/** The file that a request of ours asks for; undefined: it is not for us. */
export function keptFileOf({ pathname, search }: URL): string | undefined {
  const fileId = pathname.slice(FILES.length)
  return search === KEPT && pathname.startsWith(FILES) && /^[0-9a-z-]+$/.test(fileId) ? fileId : undefined
}

const addressOf = (fileId: string, piece: number) => `/kept/${fileId}/${piece}`
const fileIdOf = (address: string) => new URL(address).pathname.split('/')[2]!

export interface Piece {
  bytes: Blob
  /** Of the whole file. */
  total: number
  type: string
}

/** The server has an answer, but no piece: no such file, or not hers. */
export class NoPiece extends Error {
  readonly status: number
  constructor(status: number) {
    super(`no piece: ${status}`)
    this.status = status
  }
}

/** A piece from the phone, else from the network; then the phone has it. */
export async function pieceOf(fileId: string, piece: number, signal?: AbortSignal): Promise<Piece> {
  const address = addressOf(fileId, piece)
  const kept = await lookUp(address)
  if (kept) return kept
  return inTurn(address, async () => (await lookUp(address)) ?? fetchPiece(fileId, piece, address, signal))
}

/** Two who want the same piece at the same moment, the page and its player, fetch it once. */
const inTurn = <T>(name: string, work: () => Promise<T>): Promise<T> =>
  globalThis.navigator?.locks ? (navigator.locks.request(name, work) as Promise<T>) : work()

async function lookUp(address: string): Promise<Piece | undefined> {
  const kept = await (await caches.open(SHELF)).match(address)
  if (!kept) return undefined
  return {
    bytes: await kept.blob(),
    total: Number(kept.headers.get(TOTAL)),
    type: kept.headers.get('content-type') ?? ''
  }
}

async function fetchPiece(
  fileId: string,
  piece: number,
  address: string,
  signal?: AbortSignal
): Promise<Piece> {
  const from = piece * PIECE_BYTES
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  const answer = await fetch(FILES + fileId, {
    headers: { range: `bytes=${from}-${from + PIECE_BYTES - 1}` },
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout
  })
  if (answer.status !== 206) throw new NoPiece(answer.status)
  const [, total] = /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '') ?? []
  const type = answer.headers.get('content-type') ?? ''
  const bytes = await answer.blob()
  const made = { bytes, total: Number(total), type }
  if (!total || bytes.size !== Math.min(PIECE_BYTES, made.total - from)) throw new NoPiece(502)
  const shelf = await caches.open(SHELF)
  await shelf.put(address, new Response(bytes, { headers: { 'content-type': type, [TOTAL]: total } }))
  return made
}

/** Answers what a page or its player asked for, `Range` and all, piece by piece as it is read. */
export async function answerKept(fileId: string, range: string | null): Promise<Response> {
  const first = await pieceOf(fileId, 0)
  const { total, type } = first
  const stretch = stretchOf(range, total)
  if (!stretch) return new Response(null, { status: 416, headers: { 'content-range': `bytes */${total}` } })
  const { from, to } = stretch
  let at = from
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(reader) {
        const piece = Math.floor(at / PIECE_BYTES)
        const start = piece * PIECE_BYTES
        const { bytes } = piece === 0 ? first : await pieceOf(fileId, piece)
        const end = Math.min(to + 1, start + bytes.size)
        reader.enqueue(new Uint8Array(await bytes.slice(at - start, end - start).arrayBuffer()))
        at = end
        if (at > to) reader.close()
      }
    },
    { highWaterMark: 0 }
  )
  const headers: Record<string, string> = {
    'content-type': type,
    'content-length': String(to - from + 1),
    'accept-ranges': 'bytes',
    // As the server says it: what somebody sent us is shown, never run.
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff'
  }
  if (range === null) return new Response(body, { headers })
  return new Response(body, {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${from}-${to}/${total}` }
  })
}

/** `bytes=5-`, `bytes=5-9`, `bytes=-5`; undefined: there is no such stretch. What we can't read is the whole. */
export function stretchOf(range: string | null, total: number): { from: number; to: number } | undefined {
  const [, start = '', end = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? []
  if (!start && !end) return total ? { from: 0, to: total - 1 } : undefined
  if (!start) return { from: Math.max(0, total - Number(end)), to: total - 1 }
  const from = Number(start)
  const to = Math.min(end ? Number(end) : total - 1, total - 1)
  return from <= to ? { from, to } : undefined
}

/** Takes every piece off the phone whose file nobody kept wants. */
export async function sweepPieces(wanted: ReadonlySet<string>) {
  const shelf = await caches.open(SHELF)
  for (const { url } of await shelf.keys()) {
    if (!wanted.has(fileIdOf(url))) await shelf.delete(url)
  }
}
