import ReconnectingWebSocket from 'partysocket/ws'
import type { RoomCommand, RoomFrame } from '../../shared/room.ts'

const PING_MS = 20_000
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 5_000

/** A socket to a numbered log that comes back by itself, asking for whatever came after what we know. */
export class Line {
  connected = $state(false)
  readonly #socket: ReconnectingWebSocket
  readonly #beat: ReturnType<typeof setInterval>

  constructor(path: string, version: () => number, hear: (event: RoomFrame[number]) => void) {
    const address = () =>
      `${location.origin.replace(/^http/, 'ws')}${path}?after=${encodeURIComponent(version())}`
    this.#socket = new ReconnectingWebSocket(address, [], {
      minReconnectionDelay: FIRST_WAIT_MS,
      maxReconnectionDelay: LONGEST_WAIT_MS,
      maxEnqueuedMessages: 0
    })
    this.#socket.addEventListener('open', () => (this.connected = true))
    this.#socket.addEventListener('close', () => (this.connected = false))
    this.#socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
      for (const event of JSON.parse(data) as RoomFrame) hear(event)
    })
    this.#beat = setInterval(() => this.say({ t: 'ping' }), PING_MS)
  }

  /** False: there is no connection now, so nothing was sent. */
  say(command: RoomCommand) {
    if (!this.connected) return false
    this.#socket.send(JSON.stringify(command))
    return true
  }

  close() {
    clearInterval(this.#beat)
    this.#socket.close()
  }
}
