import { rmSync } from 'node:fs'
import path from 'node:path'
import { get, httpLoad, type HttpFigures } from './http-load.ts'
import { interleaved, median, row, serve, standAside } from './measure.ts'

const CONNECTIONS = 64
const ROUND_MS = 2_000
const ROUNDS = 3

interface Ready {
  port: number
  path: string
  dataDir: string
}

/**
 * GET of a full room, through everything that every request meets (headers, limits, who is asking), against a bare
 * “hello world” of Fastify in the same rounds. Compared by CPU per answer.
 */
export async function readsBench({ roundMs = ROUND_MS, rounds = ROUNDS, pinned = true } = {}) {
  if (pinned) standAside()
  const file = (name: string) => path.join(import.meta.dirname, name)
  const hello = await serve<{ port: number }>(file('reads-hello.ts'))
  const ours = await serve<Ready>(file('reads-ours.ts'))
  const unkept = await serve<Ready>(file('reads-ours.ts'), ['per-request'])
  const asked = (server: { pid: number; ready: { port: number } }, request: Buffer) => () =>
    httpLoad({
      port: server.ready.port,
      pid: server.pid,
      connections: CONNECTIONS,
      ms: roundMs,
      request: () => request
    })
  try {
    const measured = await interleaved<HttpFigures>(rounds, {
      hello: asked(hello, get('/hello')),
      room: asked(ours, get(ours.ready.path)),
      gzip: asked(ours, get(ours.ready.path, 'Accept-Encoding: gzip')),
      unkept: asked(unkept, get(unkept.ready.path))
    })
    return report(measured)
  } finally {
    await Promise.all([hello.stop(), ours.stop(), unkept.stop()])
    for (const { ready } of [ours, unkept]) rmSync(ready.dataDir, { recursive: true, force: true })
  }
}

function report(rounds: Record<string, HttpFigures>[]) {
  const names = {
    hello: 'hello world',
    room: 'room, kept',
    gzip: 'room, kept, gzip',
    unkept: 'room from the store'
  }
  const of = (name: string, pick: (figures: HttpFigures) => number) =>
    median(rounds.map((round) => pick(round[name]!)))
  for (const [name, words] of Object.entries(names)) {
    row(words, {
      'CPU µs/answer': of(name, (figures) => figures.cpuMicros),
      'answers/s': of(name, (figures) => figures.perSecond),
      'p99 ms': of(name, (figures) => figures.p99Ms),
      'load core': of(name, (figures) => figures.loadShare)
    })
  }
  const ratios = (name: string) => rounds.map((round) => round.hello!.cpuMicros / round[name]!.cpuMicros)
  const wrong = rounds.flatMap((round) =>
    Object.values(round).filter(({ statuses }) => Object.keys(statuses).some((status) => status !== '200'))
  )
  if (wrong.length)
    throw new Error(`answers other than 200: ${JSON.stringify(wrong.map((each) => each.statuses))}`)
  return {
    /** As every browser asks for it. */
    ratio: median(ratios('gzip')),
    ratioRange: [Math.min(...ratios('gzip')), Math.max(...ratios('gzip'))],
    /** Ten times the bytes for the kernel to copy. */
    plainRatio: median(ratios('room')),
    vsStore: median(rounds.map((round) => round.unkept!.cpuMicros / round.room!.cpuMicros)),
    p99Ms: of('gzip', (figures) => figures.p99Ms),
    loadShare: of('gzip', (figures) => figures.loadShare)
  }
}
