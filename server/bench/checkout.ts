import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { MAX_UNPAID } from '../orders/placing.ts'
import { CEILING_URL, type Buyer, type Closed, type Shelf } from './checkout-server.ts'
import { httpLoad, post, type HttpFigures } from './http-load.ts'
import { interleaved, median, row, serve, standAside, type Served } from './measure.ts'

/** Sessions are remembered for 15 s: few enough that looking them up again does not disturb the comparison. */
const MEMBERS = 500
const CONNECTIONS = 64
const ROUNDS = 5
const SAMPLE_MS = 2_000
const WARM_MS = 300
const ORDERS_URL = '/api/orders'
/** Above this share of a core it is the generator that was measured. */
const GENERATOR_BOUND = 0.9

interface Sample extends HttpFigures {
  correct: boolean
}

type Server = Served<Shelf> & { buyers: Buyer[] }

interface Size {
  members?: number
  roundMs?: number
  rounds?: number
  pinned?: boolean
}

/**
 * Checkout: orders placed on disk-durable SQLite (synchronous = FULL) over HTTP with real sessions, two kinds of goods
 * each, with freight by weight and an address, half of the goods from a landing. Each round: the same route without a
 * database (ceiling), ours, and ours with one transaction per request.
 */
export async function checkoutBench({
  members = MEMBERS,
  roundMs = SAMPLE_MS,
  rounds: many = ROUNDS,
  pinned = true
}: Size = {}) {
  // Beside the modules, for /tmp may be memory.
  mkdirSync('node_modules/.cache', { recursive: true })
  const folder = mkdtempSync(path.resolve('node_modules/.cache/checkout-'))
  if (pinned) standAside()
  const ours = await opened(path.join(folder, 'ours'), members)
  const oneByOne = await opened(path.join(folder, 'one-by-one'), members, '1')
  try {
    const rush = (server: Server) => placed(server, roundMs)
    await rush(ours) // warm
    const rounds = (await interleaved<Sample>(many, {
      ceiling: () => ceiling(ours, roundMs),
      ours: () => rush(ours),
      oneByOne: () => rush(oneByOne)
    })) as Round[]
    return report(rounds)
  } finally {
    await ours.stop()
    await oneByOne.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function opened(folder: string, members: number, ...units: string[]): Promise<Server> {
  const file = path.join(import.meta.dirname, 'checkout-server.ts')
  const server = await serve<Shelf>(file, [folder, ...units])
  return Object.assign(server, { buyers: await server.ask<Buyer[]>({ ask: 'buyers', members }) })
}

type Round = Record<'ceiling' | 'ours' | 'oneByOne', Sample>

function report(rounds: Round[]) {
  const middle = (pick: (round: Round) => number) => median(rounds.map(pick))
  const names = {
    ceiling: 'no database (ceiling)',
    ours: 'group commit (ours)',
    oneByOne: 'one transaction per request'
  }
  for (const [name, label] of Object.entries(names) as [keyof Round, string][]) {
    row(label, {
      'orders/s': middle((round) => round[name].perSecond),
      'p50 ms': middle((round) => round[name].p50Ms),
      'p99 ms': middle((round) => round[name].p99Ms),
      'CPU µs': middle((round) => round[name].cpuMicros),
      load: middle((round) => round[name].loadShare)
    })
  }
  const ratios = rounds.map((round) => round.ours.perSecond / round.ceiling.perSecond)
  const gains = rounds.map((round) => round.ours.perSecond / round.oneByOne.perSecond)
  row('ours ÷ ceiling', { median: median(ratios), worst: Math.min(...ratios), best: Math.max(...ratios) })
  row('ours ÷ one by one', { median: median(gains), worst: Math.min(...gains), best: Math.max(...gains) })
  const generatorBound = rounds.some((round) => round.ceiling.loadShare > GENERATOR_BOUND)
  if (generatorBound) console.log('  generator-bound: the ceiling is higher than what could be asked for')
  return {
    ratio: median(ratios),
    vsPerRequest: median(gains),
    correct: rounds.every((round) => round.ceiling.correct && round.ours.correct && round.oneByOne.correct),
    ordersPerSecond: Math.round(middle((round) => round.ours.perSecond)),
    ceilingPerSecond: Math.round(middle((round) => round.ceiling.perSecond)),
    cpuMicros: Math.round(middle((round) => round.ours.cpuMicros)),
    p99Ms: middle((round) => round.ours.p99Ms),
    generatorBound
  }
}

let keys = 0

/** Each buyer in turn, as often as she may hold goods that she has not paid. */
function* requests(url: string, { ready: { specIds, payFen }, buyers }: Server, times: number) {
  for (let n = 0; n < times; n++) {
    for (const [i, { cookie, addressId }] of buyers.entries()) {
      const first = (n + i) % specIds.length
      const lines = [first, (first + 1) % specIds.length].map((at) => {
        return { specId: specIds[at]!, qty: 1, agreed: true }
      })
      const body = { key: `key-${String(++keys).padStart(9, '0')}`, lines, addressId, payFen }
      yield post(url, JSON.stringify(body), `Cookie: ${cookie}`)
    }
  }
}

/** The figures of the sample, and all of its answers by status, those before and after it too. */
async function measured(server: Server, url: string, times: number, ms: number) {
  const waiting = requests(url, server, times)
  const all: Record<number, number> = {}
  const figures = await httpLoad({
    port: server.ready.port,
    pid: server.pid,
    connections: CONNECTIONS,
    ms,
    warmMs: WARM_MS,
    request: () => waiting.next().value ?? undefined,
    onAnswer: ({ status }) => (all[status] = (all[status] ?? 0) + 1)
  })
  return { figures, all }
}

async function ceiling(server: Server, ms: number): Promise<Sample> {
  const { figures, all } = await measured(server, CEILING_URL, Number.MAX_SAFE_INTEGER, ms)
  await server.ask<Closed>({ ask: 'close' }) // the one bill that every answer is a copy of
  return { ...figures, correct: Object.keys(all).join() === '200' }
}

/** Answers and orders on disk are the same number, nobody met a refusal, and every piece is somewhere. */
async function placed(server: Server, ms: number): Promise<Sample> {
  const { figures, all } = await measured(server, ORDERS_URL, MAX_UNPAID, ms)
  const { orders, complete } = await server.ask<Closed>({ ask: 'close' })
  return { ...figures, correct: Object.keys(all).join() === '200' && all[200] === orders && complete }
}
