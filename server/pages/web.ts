import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, existsSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** Higher takes seconds of a village server's start for a few per cent. */
const BROTLI_QUALITY = 9
/** Below this a header costs more than the compression saves. */
const SMALLEST_BYTES = 1024

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mp4': 'video/mp4',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2'
}
const PACKED_ALREADY = new Set(['.jpg', '.png', '.webp', '.mp4', '.woff2', '.ico'])

export type Encoding = 'br' | 'gzip' | 'identity'

/** Bytes that are sent again and again: each form is made when it is first asked for, once, and kept. */
export class Sendable {
  readonly type: string
  readonly etag: string
  readonly lasting: boolean
  readonly #plain: Buffer
  readonly #packs: boolean
  readonly #packed = new Map<Encoding, Promise<Buffer>>()

  constructor(plain: Buffer, type: string, { lasting = false, packs = true } = {}) {
    this.#plain = plain
    this.type = type
    this.lasting = lasting
    this.#packs = packs && plain.length >= SMALLEST_BYTES
    this.etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
  }

  /** The best form for an Accept-Encoding header, and its name. */
  async for(accepted: string | undefined): Promise<{ bytes: Buffer; encoding: Encoding }> {
    const encoding = this.#packs ? best(accepted ?? '') : 'identity'
    if (encoding === 'identity') return { bytes: this.#plain, encoding }
    let made = this.#packed.get(encoding)
    if (!made) this.#packed.set(encoding, (made = pack(this.#plain, encoding)))
    return { bytes: await made, encoding }
  }
}

/** `br;q=0` refuses; of what is left we take the smallest form. */
export function best(accepted: string): Encoding {
  const willing = new Set<string>()
  for (const part of accepted.split(',')) {
    const [name = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase())
    const quality = parameters.find((each) => each.startsWith('q='))
    if (!quality || Number(quality.slice(2)) > 0) willing.add(name)
  }
  if (willing.has('br')) return 'br'
  return willing.has('gzip') ? 'gzip' : 'identity'
}

const gzipped = promisify(gzip)
const brotlied = promisify(brotliCompress)
const pack = (plain: Buffer, encoding: Encoding) =>
  encoding === 'br'
    ? brotlied(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } })
    : gzipped(plain, { level: 9 })

/** The web app as the server hands it out: built files, or in development whatever Vite makes of them. */
export interface Web {
  shell(address: string): Promise<string> | string
  file(path: string): Sendable | undefined
}

const NOT_BUILT =
  '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><!--page--><!--/page--></head><body>网页还没有构建：npm start</body></html>'

/** Everything under `dist` in memory (a megabyte): nothing on disk can be reached by a clever address. */
export function builtWeb(dist: string): Web {
  const files = new Map<string, Sendable>()
  if (!existsSync(path.join(dist, 'index.html'))) return { shell: () => NOT_BUILT, file: () => undefined }
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const place = path.join(entry.parentPath, entry.name)
    const address = `/${path.relative(dist, place).split(path.sep).join('/')}`
    const ending = path.extname(entry.name)
    files.set(
      address,
      new Sendable(readFileSync(place), TYPES[ending] ?? 'application/octet-stream', {
        // Vite names everything in assets/ after its content.
        lasting: address.startsWith('/assets/'),
        packs: !PACKED_ALREADY.has(ending)
      })
    )
  }
  const shell = readFileSync(path.join(dist, 'index.html'), 'utf8')
  files.delete('/index.html')
  return { shell: () => shell, file: (address) => files.get(address) }
}
