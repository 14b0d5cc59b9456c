import net from 'node:net'
import { Latencies } from './measure.ts'

const BUFFER_BYTES = 256 * 1024
const END_OF_HEAD = Buffer.from('\r\n\r\n')
/** Connections that are opened at the same moment: a server accepts one in each turn of its loop. */
const AT_ONCE = 100
/** So many viewers share an address, as a village does behind its network. */
const PER_ADDRESS = 100
/** Shorter than the server's patience; a raw socket does not answer pings by itself. */
const PONG_MS = 20_000
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0])
/** The first few viewers also check that every number comes once and in order. */
const CHECKED = 20

const MARK = '@'.charCodeAt(0)
const STAMP_DIGITS = 16
const NUMBER = /\[(\d+),\d+,"message_said"/g

/** Viewers on raw sockets that count what reaches them. A delivery is one message at one viewer. */
export interface Crowd {
  delivered(): number
  latencies: Latencies
  /** Numbers that came twice or out of order at the viewers that are watched closely. */
  disordered(): number
  /** Forgets what was counted so far. */
  begin(): void
  leave(): void
}

/** Microseconds that generator and messages count by. */
export const nowMicros = () => Math.floor(performance.now() * 1000)

/** A text that says when it was meant to be said. */
export const stamped = (micros: number, text: string) =>
  `@${String(micros).padStart(STAMP_DIGITS, '0')} ${text}`

const handshake = (path: string, headers: string[]) =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    ...headers,
    '',
    ''
  ].join('\r\n')

/** Opens `viewers` sockets that share one read buffer, so that the load takes less CPU than the server. */
export async function openCrowd(port: number, path: string, viewers: number): Promise<Crowd> {
  const latencies = new Latencies()
  const shared = Buffer.allocUnsafe(BUFFER_BYTES)
  const sockets: net.Socket[] = []
  let delivered = 0
  let disordered = 0

  for (let opened = 0; opened < viewers; opened += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, viewers - opened) }, (_, i) => connect(opened + i))
    sockets.push(...(await Promise.all(batch)))
  }
  const pongs = setInterval(() => {
    for (const socket of sockets) socket.write(PONG)
  }, PONG_MS)

  function connect(index: number) {
    const village = Math.floor(index / PER_ADDRESS)
    const from = `X-Forwarded-For: 10.0.${village >> 8}.${village & 255}`
    return new Promise<net.Socket>((resolve, reject) => {
      let open = false
      const frames = frameReader(index < CHECKED ? checkOrder() : undefined)
      const socket = net.connect({
        port,
        host: '127.0.0.1',
        noDelay: true,
        onread: {
          buffer: shared,
          callback(bytes, buffer) {
            let from = 0
            if (!open) {
              const end = (buffer as Buffer).subarray(0, bytes).indexOf(END_OF_HEAD)
              const head = (buffer as Buffer).toString('latin1', 0, bytes)
              if (!head.startsWith('HTTP/1.1 101')) reject(new Error(head.slice(0, 200)))
              open = true
              from = end + END_OF_HEAD.length
              resolve(socket)
            }
            frames(buffer as Buffer, from, bytes)
            return true
          }
        }
      })
      socket.once('connect', () => socket.write(handshake(path, [from])))
      socket.on('error', reject)
    })
  }

  /**
   * Follows the frames, for a length byte may look like a mark, and a frame may come in any number of pieces. Inside
   * a payload each mark is one message.
   */
  function frameReader(check: ((payload: Buffer) => void) | undefined) {
    let left = 0
    const head: number[] = []
    return (buffer: Buffer, from: number, to: number) => {
      const now = nowMicros()
      let i = from
      while (i < to) {
        if (left === 0) {
          head.push(buffer[i++]!)
          const size = payloadLength(head)
          if (size === undefined) continue
          left = size
          head.length = 0
          continue
        }
        const end = Math.min(to, i + left)
        for (let at = buffer.indexOf(MARK, i); at >= 0 && at < end; at = buffer.indexOf(MARK, at + 1)) {
          delivered++
          if (at + STAMP_DIGITS < end) latencies.add((now - digits(buffer, at + 1)) / 1000)
        }
        check?.(buffer.subarray(i, end))
        left -= end - i
        i = end
      }
    }
  }

  /** Only for viewers whose frames come whole; a number that was cut in two is not looked at. */
  function checkOrder() {
    let last = 0
    return (payload: Buffer) => {
      for (const [, digits] of payload.toString('latin1').matchAll(NUMBER)) {
        const n = Number(digits)
        if (n <= last) disordered++
        last = n
      }
    }
  }

  return {
    latencies,
    delivered: () => delivered,
    disordered: () => disordered,
    begin() {
      delivered = 0
      disordered = 0
      latencies.clear()
    },
    leave() {
      clearInterval(pongs)
      for (const socket of sockets) socket.destroy()
    }
  }
}

function payloadLength(head: number[]) {
  if (head.length < 2) return undefined
  const short = head[1]! & 127
  if (short < 126) return short
  const bytes = short === 126 ? 2 : 8
  if (head.length < 2 + bytes) return undefined
  return head.slice(2).reduce((sum, byte) => sum * 256 + byte, 0)
}

function digits(buffer: Buffer, from: number) {
  let value = 0
  for (let i = from; i < from + STAMP_DIGITS; i++) value = value * 10 + buffer[i]! - 48
  return value
}
