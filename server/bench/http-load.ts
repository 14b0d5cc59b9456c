import net from 'node:net'

/** What a run of the generator saw. */
export interface HttpRun {
  answers: number
  seconds: number
  perSecond: number
  p50Ms: number
  p99Ms: number
  /** How many answers had which status. */
  statuses: Record<number, number>
  /** Share of one core that the generator itself used; above 0.85 it is the generator that was measured. */
  generatorCpu: number
}

export interface HttpLoad {
  port: number
  connections: number
  /** The next whole request, head and body; undefined when there is none left. */
  next: () => string | undefined
  /** Every answer, for those who count more than statuses. */
  onAnswer?: (status: number, body: string) => void
  /** Stops asking after this time; without it the run ends with the last request. */
  durationMs?: number
}

const READ_BYTES = 64 * 1024
const HEAD_END = '\r\n\r\n'

/**
 * Asks over keep-alive connections, one request in flight on each. All sockets read into one shared buffer: the
 * generator must cost less than what it measures, and libraries that parse everything do not.
 */
export function httpLoad({ port, connections, next, onAnswer, durationMs }: HttpLoad): Promise<HttpRun> {
  const shared = Buffer.allocUnsafe(READ_BYTES)
  const latencies: number[] = []
  const statuses: Record<number, number> = {}
  const began = performance.now()
  const cpu = process.cpuUsage()

  return new Promise((resolve, reject) => {
    let open = connections
    for (let i = 0; i < connections; i++) ask()

    function ask() {
      let asked = 0
      let pending = ''
      let wanted = 0 // length of head and body together, once the head is here
      const socket = net.connect({
        port,
        host: '127.0.0.1',
        noDelay: true,
        onread: {
          buffer: shared,
          callback(bytes, buffer) {
            const piece = (buffer as Buffer).latin1Slice(0, bytes)
            pending = pending ? pending + piece : piece
            if (!wanted) wanted = lengthOf(pending)
            if (wanted && pending.length >= wanted) answered()
            return true
          }
        }
      })
      socket.on('connect', send)
      socket.on('error', reject)
      socket.on('close', () => {
        if (--open === 0) resolve(summary())
      })

      function send() {
        const late = durationMs !== undefined && performance.now() - began > durationMs
        const request = late ? undefined : next()
        if (request === undefined) return socket.destroy()
        asked = performance.now()
        socket.write(request, 'latin1')
      }

      function answered() {
        latencies.push(performance.now() - asked)
        const status = Number(pending.slice(9, 12))
        statuses[status] = (statuses[status] ?? 0) + 1
        onAnswer?.(status, pending.slice(pending.indexOf(HEAD_END) + HEAD_END.length, wanted))
        pending = ''
        wanted = 0
        send()
      }
    }

    function summary(): HttpRun {
      const seconds = (performance.now() - began) / 1000
      const used = process.cpuUsage(cpu)
      const sorted = Float64Array.from(latencies).sort()
      const at = (share: number) =>
        sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
      return {
        answers: latencies.length,
        seconds,
        perSecond: latencies.length / seconds,
        p50Ms: at(0.5),
        p99Ms: at(0.99),
        statuses,
        generatorCpu: (used.user + used.system) / 1e6 / seconds
      }
    }
  })
}

/** 0 while the head is not complete. Every answer of ours says its length. */
function lengthOf(text: string) {
  const end = text.indexOf(HEAD_END)
  if (end < 0) return 0
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1]
  return end + HEAD_END.length + Number(length ?? 0)
}
