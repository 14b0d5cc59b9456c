import net from 'node:net'
import { cpuMs, Latencies } from './measure.ts'

const BUFFER_BYTES = 256 * 1024
const WARM_MS = 500
const END_OF_HEAD = Buffer.from('\r\n\r\n')
const LENGTH = Buffer.from('content-length: ')

export interface HttpAnswer {
  connection: number
  status: number
  /** Only where `bodies` is asked for. */
  body: string
}

export interface HttpLoad {
  port: number
  connections: number
  /** How long is measured, after `warmMs` that are not. */
  ms: number
  warmMs?: number
  /** The whole next request of a connection; undefined: it has no more to say. */
  request: (connection: number) => string | Buffer | undefined
  onAnswer?: (answer: HttpAnswer) => void
  bodies?: boolean
  /** Whose CPU time is measured. */
  pid: number
}

export interface HttpFigures {
  answers: number
  perSecond: number
  p50Ms: number
  p99Ms: number
  /** CPU microseconds of the server per answer. */
  cpuMicros: number
  /** Share of a core that the load itself took: above 0.85 the figures say more of it than of the server. */
  loadShare: number
  statuses: Record<number, number>
}

/** A request without a body; `headers` are whole lines. */
export const get = (path: string, ...headers: string[]) =>
  Buffer.from([`GET ${path} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n'))

export const post = (path: string, body: string, ...headers: string[]) =>
  Buffer.from(
    [
      `POST ${path} HTTP/1.1`,
      'Host: localhost',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...headers,
      '',
      body
    ].join('\r\n')
  )

/**
 * Keeps `connections` requests in flight over raw keep-alive sockets that share one read buffer: the load takes less
 * CPU than the server it measures. Reads answers by their Content-Length; chunked ones are a mistake in the bench.
 */
export async function httpLoad(load: HttpLoad): Promise<HttpFigures> {
  const { connections, ms, warmMs = WARM_MS, pid } = load
  const latencies = new Latencies()
  const statuses: Record<number, number> = {}
  let answers = 0
  let measuring = false
  let ending = false
  let busy = connections
  let finished!: () => void
  const quiet = new Promise<void>((resolve) => (finished = resolve))

  const sockets = await Promise.all(
    Array.from({ length: connections }, (_, connection) => connect(connection))
  )

  function connect(connection: number) {
    return new Promise<net.Socket>((resolve, reject) => {
      let held = Buffer.alloc(0)
      let sentAt = 0
      const socket = net.connect({
        port: load.port,
        host: '127.0.0.1',
        noDelay: true,
        onread: {
          buffer: Buffer.allocUnsafe(BUFFER_BYTES),
          callback(bytes, buffer) {
            const arrived = (buffer as Buffer).subarray(0, bytes)
            const bytesSoFar = held.length ? Buffer.concat([held, arrived]) : arrived
            const length = answerLength(bytesSoFar)
            if (length === undefined || bytesSoFar.length < length) {
              held = Buffer.from(bytesSoFar)
              return true
            }
            held = Buffer.alloc(0)
            answered(bytesSoFar)
            return true
          }
        }
      })
      function answered(bytes: Buffer) {
        const status = (bytes[9]! - 48) * 100 + (bytes[10]! - 48) * 10 + (bytes[11]! - 48)
        if (measuring) {
          answers++
          latencies.add(performance.now() - sentAt)
          statuses[status] = (statuses[status] ?? 0) + 1
        }
        const body = load.bodies ? bytes.toString('utf8', bytes.indexOf(END_OF_HEAD) + 4) : ''
        load.onAnswer?.({ connection, status, body })
        next()
      }
      function next() {
        const request = ending ? undefined : load.request(connection)
        if (request === undefined) {
          if (--busy === 0) finished()
          return
        }
        sentAt = performance.now()
        socket.write(request)
      }
      socket.once('connect', () => {
        resolve(socket)
        next()
      })
      socket.on('error', (error) => {
        reject(error) // before the connection stands; afterwards it is an answer that never came
        statuses[0] = (statuses[0] ?? 0) + 1
        if (--busy === 0) finished()
      })
    })
  }

  await new Promise((resolve) => setTimeout(resolve, warmMs))
  measuring = true
  const serverBefore = cpuMs(pid)
  const before = process.cpuUsage()
  const beganAt = performance.now()
  await Promise.race([quiet, new Promise((resolve) => setTimeout(resolve, ms))])
  measuring = false
  const tookMs = performance.now() - beganAt
  const serverTook = cpuMs(pid) - serverBefore
  const { user, system } = process.cpuUsage(before)
  ending = true
  await quiet
  for (const socket of sockets) socket.destroy()

  return {
    answers,
    perSecond: (answers / tookMs) * 1000,
    p50Ms: latencies.quantile(0.5),
    p99Ms: latencies.quantile(0.99),
    cpuMicros: (serverTook * 1000) / answers,
    loadShare: (user + system) / 1000 / tookMs,
    statuses
  }
}

/** Bytes of the answer that begins here, as far as its head is there. */
function answerLength(bytes: Buffer) {
  const end = bytes.indexOf(END_OF_HEAD)
  if (end < 0) return undefined
  const at = bytes.subarray(0, end).indexOf(LENGTH)
  if (at < 0) return end + 4
  let length = 0
  for (let i = at + LENGTH.length; bytes[i]! >= 48 && bytes[i]! <= 57; i++)
    length = length * 10 + bytes[i]! - 48
  return end + 4 + length
}
