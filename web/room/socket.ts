import ReconnectingSocket from 'partysocket/ws'
import type { RoomCommand, RoomFrame } from '../../shared/room.ts'

/** Nothing heard for this long, not even the answer to a ping: the line is dead whatever the phone believes. */
const SILENCE_MS = 15_000
const PING_MS = 10_000
/** A blink of the network is not worth a banner. */
const BLINK_MS = 1_200
const RETRY_MS = { first: 500, longest: 8_000 }

/** The room's line: comes back by itself, with the newest version it has heard of in its address. */
export class RoomSocket {
  #socket: ReconnectingSocket
  #heardAt = Date.now()
  #banner: ReturnType<typeof setTimeout> | undefined
  #alive: ReturnType<typeof setInterval>
  #connected: (yes: boolean) => void

  constructor(
    path: () => string,
    { heard, connected }: { heard: (frame: RoomFrame) => void; connected: (yes: boolean) => void }
  ) {
    this.#connected = connected
    this.#socket = new ReconnectingSocket(
      () => {
        const address = new URL(path(), location.href)
        address.protocol = address.protocol.replace('http', 'ws')
        return address.href
      },
      [],
      {
        minReconnectionDelay: RETRY_MS.first,
        maxReconnectionDelay: RETRY_MS.longest,
        reconnectionDelayGrowFactor: 1.6,
        // What was said on a dead line is said again by the room once it is welcome.
        maxEnqueuedMessages: 0
      }
    )
    this.#socket.addEventListener('open', () => {
      this.#heardAt = Date.now()
      clearTimeout(this.#banner)
      this.#banner = undefined
      connected(true)
    })
    this.#socket.addEventListener('close', () => this.#lost())
    this.#socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
      this.#heardAt = Date.now()
      heard(JSON.parse(data) as RoomFrame)
    })
    this.#alive = setInterval(() => this.#check(), PING_MS)
    document.addEventListener('visibilitychange', this.#seen)
    addEventListener('offline', this.#gone)
    addEventListener('online', this.#back)
  }

  send(command: RoomCommand) {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(command))
  }

  /** A new connection, because the old one does not know who signed in. */
  again() {
    this.#socket.reconnect()
  }

  close() {
    clearInterval(this.#alive)
    clearTimeout(this.#banner)
    document.removeEventListener('visibilitychange', this.#seen)
    removeEventListener('offline', this.#gone)
    removeEventListener('online', this.#back)
    this.#socket.close()
  }

  #check() {
    if (Date.now() - this.#heardAt > SILENCE_MS) {
      this.#heardAt = Date.now()
      this.#lost()
      this.#socket.reconnect()
    } else this.send({ t: 'ping' })
  }

  #seen = () => {
    if (!document.hidden) this.#check()
  }

  #gone = () => this.#lost()

  /** The phone has a signal again: the old connection may not know that it died. */
  #back = () => this.#socket.reconnect()

  #lost() {
    this.#banner ??= setTimeout(() => this.#connected(false), BLINK_MS)
  }
}
