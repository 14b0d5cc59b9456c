import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { CEILING_URL, type Books, type Question } from './claims-server.ts'
import { httpLoad, post, type HttpFigures } from './http-load.ts'
import { interleaved, median, row, serve, standAside, type Served } from './measure.ts'

/** Sessions are remembered for 15 s: few enough that looking them up again does not disturb the comparison. */
const MEMBERS = 500
const CONNECTIONS = 64
const ROUNDS = 9
const SAMPLE_MS = 1_500
const WARM_MS = 300
/** Enough for one sample: every member claims each of them once. */
const COUPONS = 160
const COUPONS_ONE_BY_ONE = 20
/** One more coupon runs out half way through its rush, and everybody asks for it twice. */
const SHORT_TOTAL = MEMBERS / 2
/** Above this share of a core it is the generator that was measured. */
const GENERATOR_BOUND = 0.9

interface Sample extends HttpFigures {
  correct: boolean
}

type Server = Served<{ port: number }> & { cookies: string[] }

/**
 * A coupon rush on disk-durable SQLite over HTTP with real sessions. Each round: the same route without a database
 * (ceiling), ours, and ours with one transaction per request that waits for the disk in its COMMIT (synchronous = FULL).
 */
export async function claimsBench() {
  // Beside the modules, for /tmp may be memory.
  mkdirSync('node_modules/.cache', { recursive: true })
  const folder = mkdtempSync(path.resolve('node_modules/.cache/claims-'))
  standAside()
  const ours = await opened(path.join(folder, 'ours'))
  const oneByOne = await opened(path.join(folder, 'one-by-one'), '1')
  try {
    await rush(ours, COUPONS) // warm
    await rush(oneByOne, COUPONS_ONE_BY_ONE)
    const rounds = (await interleaved<Sample>(ROUNDS, {
      ceiling: () => ceiling(ours),
      ours: () => rush(ours, COUPONS),
      oneByOne: () => rush(oneByOne, COUPONS_ONE_BY_ONE)
    })) as Round[]
    return report(rounds)
  } finally {
    await ours.stop()
    await oneByOne.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function opened(folder: string, ...units: string[]): Promise<Server> {
  const server = await serve<{ port: number }>(path.join(import.meta.dirname, 'claims-server.ts'), [
    folder,
    ...units
  ])
  return Object.assign(server, { cookies: await asked<string[]>(server, { ask: 'crowd', members: MEMBERS }) })
}

const asked = <Answer>(server: Served<unknown>, question: Question) => server.ask<Answer>(question)

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
      'claims/s': middle((round) => round[name].perSecond),
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
    claimsPerSecond: Math.round(middle((round) => round.ours.perSecond)),
    ceilingPerSecond: Math.round(middle((round) => round.ceiling.perSecond)),
    p99Ms: middle((round) => round.ours.p99Ms),
    generatorBound
  }
}

/** What every cookie asks: each of these addresses once, one address after the other, a rush upon each. */
function* requests(urls: string[], cookies: string[]) {
  for (const url of urls) for (const cookie of cookies) yield post(url, '{}', `Cookie: ${cookie}`)
}

/** The figures of the sample, and all of its answers by status, those before and after it too. */
async function measured({ ready, pid, cookies }: Server, urls: string[], ms = SAMPLE_MS, warmMs = WARM_MS) {
  const waiting = requests(urls, cookies)
  const all: Record<number, number> = {}
  const figures = await httpLoad({
    port: ready.port,
    pid,
    connections: CONNECTIONS,
    ms,
    warmMs,
    request: () => waiting.next().value ?? undefined,
    onAnswer: ({ status }) => (all[status] = (all[status] ?? 0) + 1)
  })
  return { figures, all }
}

async function ceiling(server: Server): Promise<Sample> {
  const urls = Array.from({ length: COUPONS }, (_, i) => CEILING_URL.replace(':couponId', `coupon-${i}`))
  const { figures, all } = await measured(server, urls)
  return { ...figures, correct: Object.keys(all).join() === '200' }
}

async function rush(server: Server, coupons: number): Promise<Sample> {
  const couponIds = await asked<string[]>(server, { ask: 'drop', coupons, total: MEMBERS })
  const { figures, all } = await measured(server, couponIds.map(urlOf))
  const books = await asked<Books>(server, { ask: 'check', couponIds })

  // Apart from the rate, for refusals are cheaper than claims and would flatter it.
  const [short] = await asked<string[]>(server, { ask: 'drop', coupons: 1, total: SHORT_TOTAL })
  const twice = await measured(server, [urlOf(short!), urlOf(short!)], 30_000, 0)
  const shortBooks = await asked<Books>(server, { ask: 'check', couponIds: [short!] })
  const ranOut = twice.all[200] === SHORT_TOTAL && twice.all[409] === 2 * MEMBERS - SHORT_TOTAL
  return { ...figures, correct: agree(all, books) && agree(twice.all, shortBooks) && ranOut }
}

const urlOf = (couponId: string) => `/api/coupons/${couponId}/claim`

/** Answers, rows and what is left tell the same story, nobody has more than one, and nobody met a 500. */
function agree(all: Record<number, number>, { rows, taken, mostOfOne }: Books) {
  const strange = Object.keys(all).filter((status) => status !== '200' && status !== '409')
  return all[200] === rows && rows === taken && mostOfOne === 1 && !strange.length
}
