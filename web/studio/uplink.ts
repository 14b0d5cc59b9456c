import {
  FRAME,
  FRAME_HEADER_BYTES,
  type AudioConfig,
  type IngestMessage,
  type StudioMessage,
  type VideoConfig
} from '../../shared/video.ts'
import type { Coded } from './encoder.ts'
import { Pace } from './pace.ts'

const PING_EVERY_MS = 400
/** A network that is gone does not say so: without a word for so long we begin anew. */
const DEAD_MS = 2_000
const CONNECT_MS = 4_000
const FIRST_RETRY_MS = 200
const LAST_RETRY_MS = 3_000
/** A phone whose socket has taken in more than this sends nothing further. */
const BACKLOG_BYTES = 2 * 1024 * 1024
/** Close codes by which the server says that coming back is of no use. */
const FOR_GOOD: Record<number, Farewell> = {
  1000: 'ended',
  4400: 'refused',
  4403: 'refused',
  4409: 'replaced',
  4410: 'over',
  4429: 'refused'
}

/** Why the picture goes no further: she ended it, another phone took over, the show is over, or it was refused. */
export type Farewell = 'ended' | 'replaced' | 'over' | 'refused'

export interface UplinkListener {
  /** The server takes frames now; the next one has to be a key frame. */
  ready(): void
  /** The connection is gone; it is being made again. */
  lost(): void
  /** It is over for good; `words` is the server's own sentence, if it gave one. */
  over(why: Farewell, words: string): void
  /** How late the server is, and how much picture it can take. */
  pace(lateMs: number, bitsPerS: number): void
}

/** One way to the server for everything that is filmed. It comes back by itself, to the same film. */
export class Uplink {
  sentBytes = 0
  /** Frames that were left out because the network could not carry them. */
  dropped = 0
  readonly #url: string
  readonly #listener: UplinkListener
  readonly #pace: Pace
  #socket: WebSocket | undefined
  #config: StudioMessage | undefined
  #ready = false
  #needsKey = true
  #heardAt = 0
  #retryMs = FIRST_RETRY_MS
  #heart: ReturnType<typeof setInterval> | undefined
  #retry: ReturnType<typeof setTimeout> | undefined
  #words = ''
  #closed = false

  /** `path`: the address that going live gave her. */
  constructor(path: string, bitsPerS: number, listener: UplinkListener) {
    const url = new URL(path, location.href)
    url.protocol = url.protocol.replace('http', 'ws')
    this.#url = url.href
    this.#listener = listener
    this.#pace = new Pace(bitsPerS)
    this.#connect()
  }

  /** What the following frames are; said again after every new connection. */
  describe(video: VideoConfig, audio: AudioConfig | undefined) {
    this.#config = { t: 'config', video, ...(audio && { audio }) }
    this.#ready = false
    this.#needsKey = true
    this.#introduce()
  }

  send({ kind, timestampUs, durationUs, data }: Coded) {
    const socket = this.#socket
    const picture = kind === FRAME.key || kind === FRAME.delta
    const takes = socket?.readyState === WebSocket.OPEN && socket.bufferedAmount <= BACKLOG_BYTES
    if (!this.#ready || !takes || (this.#pace.skipping && picture)) {
      if (picture) {
        this.dropped++
        this.#needsKey = true
      }
      return
    }
    if (this.#needsKey) {
      if (kind !== FRAME.key) return
      this.#needsKey = false
    }
    const message = new Uint8Array(FRAME_HEADER_BYTES + data.length)
    const header = new DataView(message.buffer)
    header.setUint8(0, kind)
    header.setFloat64(1, timestampUs)
    header.setUint32(9, durationUs)
    message.set(data, FRAME_HEADER_BYTES)
    socket.send(message)
    this.sentBytes += message.length
  }

  /** Whether a key frame would be sent now and has not been asked for. */
  get needsKey() {
    return this.#ready && this.#needsKey && !this.#pace.skipping
  }

  /** Says that the show is over; the server closes when the recording is whole. */
  end() {
    this.#say({ t: 'end' })
  }

  close() {
    this.#closed = true
    clearTimeout(this.#retry)
    this.#drop()
  }

  #connect() {
    const socket = new WebSocket(this.#url)
    socket.binaryType = 'arraybuffer'
    this.#socket = socket
    this.#heardAt = performance.now()
    socket.onopen = () => {
      this.#heardAt = performance.now()
      this.#introduce()
    }
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data as string) as IngestMessage)
    socket.onclose = ({ code }) => {
      const why = FOR_GOOD[code]
      if (why) this.#over(why)
      else this.#lost()
    }
    this.#heart = setInterval(() => this.#beat(socket), PING_EVERY_MS)
  }

  #beat(socket: WebSocket) {
    const silentMs = performance.now() - this.#heardAt
    const open = socket.readyState === WebSocket.OPEN
    if (silentMs > (open ? DEAD_MS : CONNECT_MS)) this.#lost()
    else this.#say({ t: 'ping' })
  }

  #hear(message: IngestMessage) {
    const now = performance.now()
    this.#heardAt = now
    if (message.t === 'ready') {
      this.#ready = true
      this.#needsKey = true
      this.#retryMs = FIRST_RETRY_MS
      this.#listener.ready()
    } else if (message.t === 'ack') {
      const lateMs = this.#pace.heard(now - message.timestampUs / 1000, now)
      this.#listener.pace(lateMs, this.#pace.bitsPerS)
    } else if (message.t === 'refused') this.#words = message.message
  }

  #introduce() {
    if (this.#config) this.#say(this.#config)
  }

  #say(message: StudioMessage) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
  }

  #lost() {
    this.#drop()
    if (this.#closed) return
    this.#listener.lost()
    this.#retry = setTimeout(() => this.#connect(), this.#retryMs)
    this.#retryMs = Math.min(LAST_RETRY_MS, this.#retryMs * 2)
  }

  #over(why: Farewell) {
    this.close()
    this.#listener.over(why, this.#words)
  }

  #drop() {
    clearInterval(this.#heart)
    this.#ready = false
    this.#needsKey = true
    this.#pace.restart(performance.now())
    const socket = this.#socket
    this.#socket = undefined
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close()
  }
}
