import net from 'node:net'

/** Viewers of low-latency HLS on raw sockets: `node hls-viewers.ts PORT PATH VIEWERS SECONDS`, result as JSON. */
const [port, folder, viewers, seconds] = process.argv.slice(2)
const SETTLE_MS = 3_000
/** So many come in at once, so often: an opening rush of its own would be another bench. */
const COME_IN = 50
const COME_IN_EVERY_MS = 20
const UNCHANGED_MS = 100

let measuring = false
const counted = { playlists: 0, parts: 0, bytes: 0, unchanged: 0, broken: 0 }

/** One keep-alive connection, one request at a time; bodies are kept only where they are read. */
class Connection {
  readonly #socket = net.connect({ port: Number(port), host: '127.0.0.1', noDelay: true })
  #resolve: ((body: string) => void) | undefined
  #keep = false
  #head = ''
  #body = ''
  #missing = -1

  constructor() {
    this.#socket.on('error', () => counted.broken++)
    this.#socket.on('data', (data) => this.#take(data))
  }

  get(address: string, keep: boolean): Promise<string> {
    this.#keep = keep
    this.#head = this.#body = ''
    this.#missing = -1
    return new Promise((resolve) => {
      this.#resolve = resolve
      this.#socket.write(`GET ${address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)
    })
  }

  #take(data: Buffer) {
    if (measuring) counted.bytes += data.length
    if (this.#missing < 0) {
      this.#head += data.toString('latin1')
      const end = this.#head.indexOf('\r\n\r\n')
      if (end < 0) return
      const length = Number(/content-length: (\d+)/i.exec(this.#head)?.[1] ?? 0)
      this.#body = this.#head.slice(end + 4)
      this.#missing = length - this.#body.length
      if (!this.#head.startsWith('HTTP/1.1 200')) counted.broken++
    } else {
      this.#missing -= data.length
      if (this.#keep) this.#body += data.toString('latin1')
    }
    if (this.#missing <= 0) this.#resolve?.(this.#body)
  }
}

const nextOf = (playlist: string) => {
  const [, msn, part] = /PRELOAD-HINT:TYPE=PART,URI="part-(\d+)-(\d+)/.exec(playlist) ?? []
  return [Number(msn), Number(part)] as const
}

async function watch() {
  const [playlists, parts] = [new Connection(), new Connection()]
  let [msn, part] = nextOf(await playlists.get(`${folder}/index.m3u8`, true))
  for (;;) {
    const text = await playlists.get(`${folder}/index.m3u8?_HLS_msn=${msn}&_HLS_part=${part}`, true)
    if (measuring) counted.playlists++
    const next = nextOf(text)
    if (next[0] === msn && next[1] === part) {
      if (measuring) counted.unchanged++
      await pause(UNCHANGED_MS)
      continue
    }
    await parts.get(`${folder}/part-${msn}-${part}.m4s`, false)
    if (measuring) counted.parts++
    ;[msn, part] = next
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

for (let i = 1; i <= Number(viewers); i++) {
  void watch()
  if (i % COME_IN === 0) await pause(COME_IN_EVERY_MS)
}
await pause(SETTLE_MS)
process.send!('measuring')
measuring = true
await pause(Number(seconds) * 1000)
process.send!({ ...counted })
process.exit(0)
