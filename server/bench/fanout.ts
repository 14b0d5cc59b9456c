import { rmSync } from 'node:fs'
import path from 'node:path'
import { WebSocket } from 'ws'
import { cpuMs, interleaved, median, row, serve, standAside, type Served } from './measure.ts'
import { nowMicros, openCrowd, stamped, type Crowd } from './socket-load.ts'

const VIEWERS = 5_000
const TALKERS = 4
const MESSAGES_PER_SECOND = 100
const ROUND_MS = 3_000
/** The naive server falls behind at once; what it still had to say would go into the next round. */
const NAIVE_ROUND_MS = 400
const ROUNDS = 3
/** What has not arrived by then is lost. */
const PATIENCE_MS = 25_000
/** A first burst that nobody counts: both servers compile what they run. */
const WARM_MS = 500
const SETTLE_MS = 100

interface Room {
  port: number
  path: string
  cookies: string[]
  dataDir?: string
}

interface Figures {
  cpuMicros: number
  lost: number
  disordered: number
  p50Ms: number
  p99Ms: number
  seconds: number
  /** Server's share of a core while the messages came and went. */
  serverShare: number
  loadShare: number
}

/**
 * One room with thousands of viewers. Both servers hear the same messages over the same four sockets; ours also knows
 * who is speaking, writes every line to disk before anybody hears it, and numbers it. Compared by CPU per delivery.
 */
export async function fanoutBench({
  viewers = VIEWERS,
  roundMs = ROUND_MS,
  rounds = ROUNDS,
  pinned = true
} = {}) {
  if (pinned) standAside()
  const ours = await serve<Room>(path.join(import.meta.dirname, 'fanout-ours.ts'), [String(TALKERS)])
  const naive = await serve<Room>(path.join(import.meta.dirname, 'fanout-naive.ts'))
  try {
    const oursRoom = await openRoom(ours, viewers)
    const naiveRoom = await openRoom(naive, viewers)
    await talk(ours, oursRoom, WARM_MS)
    await talk(naive, naiveRoom, WARM_MS)
    const measured = await interleaved(rounds, {
      ours: () => talk(ours, oursRoom, roundMs),
      naive: () => talk(naive, naiveRoom, Math.min(roundMs, NAIVE_ROUND_MS))
    })
    oursRoom.leave()
    naiveRoom.leave()
    return report(viewers, measured as { ours: Figures; naive: Figures }[])
  } finally {
    await Promise.all([ours.stop(), naive.stop()])
    if (ours.ready.dataDir) rmSync(ours.ready.dataDir, { recursive: true, force: true })
  }
}

function report(viewers: number, rounds: { ours: Figures; naive: Figures }[]) {
  console.log(`  ${viewers} viewers × ${MESSAGES_PER_SECOND} messages a second, ${rounds.length} rounds`)
  for (const [i, round] of rounds.entries()) {
    for (const [name, figures] of Object.entries(round)) {
      row(`${i + 1} ${name}`, {
        'CPU µs/delivery': figures.cpuMicros,
        'p50 ms': figures.p50Ms,
        'p99 ms': figures.p99Ms,
        lost: figures.lost,
        'server core': figures.serverShare,
        'load core': figures.loadShare
      })
    }
  }
  const ratios = rounds.map(({ ours, naive }) => naive.cpuMicros / ours.cpuMicros)
  const of = (pick: (figures: Figures) => number) => median(rounds.map(({ ours }) => pick(ours)))
  const sum = (pick: (figures: Figures) => number) =>
    rounds.reduce((total, { ours }) => total + pick(ours), 0)
  return {
    vsNaive: median(ratios),
    vsNaiveRange: [Math.min(...ratios), Math.max(...ratios)],
    lost: sum((figures) => figures.lost),
    disordered: sum((figures) => figures.disordered),
    p50Ms: of((figures) => figures.p50Ms),
    p99Ms: of((figures) => figures.p99Ms),
    cpuMicros: of((figures) => figures.cpuMicros),
    naiveCpuMicros: median(rounds.map(({ naive }) => naive.cpuMicros)),
    serverShare: of((figures) => figures.serverShare),
    /** Above 0.85 the load itself was the limit. */
    loadShare: of((figures) => figures.loadShare)
  }
}

interface Talkers {
  crowd: Crowd
  viewers: number
  say(id: number, text: string): void
  leave(): void
}

async function openRoom({ ready }: Served<Room>, viewers: number): Promise<Talkers> {
  const crowd = await openCrowd(ready.port, ready.path, viewers)
  const talkers = await Promise.all(
    ready.cookies.map(async (cookie) => {
      const ws = new WebSocket(`ws://127.0.0.1:${ready.port}${ready.path}`, {
        perMessageDeflate: false,
        ...(cookie && { headers: { cookie } })
      })
      await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject))
      ws.on('message', () => {})
      return ws
    })
  )
  return {
    crowd,
    viewers,
    say: (id, text) => talkers[id % talkers.length]!.send(JSON.stringify({ t: 'say', id: `m${id}`, text })),
    leave() {
      crowd.leave()
      for (const ws of talkers) ws.terminate()
    }
  }
}

let messages = 0

/** Says so much a second, each stamped with when it was due, and waits until everybody has heard everything. */
async function talk({ pid }: Served<Room>, { crowd, viewers, say }: Talkers, ms: number): Promise<Figures> {
  crowd.begin()
  const cpuBefore = cpuMs(pid)
  const loadBefore = process.cpuUsage()
  const beganAt = performance.now()
  const firstDue = nowMicros()
  const total = Math.round((ms / 1000) * MESSAGES_PER_SECOND)
  for (let said = 0; said < total;) {
    const due = firstDue + (said * 1_000_000) / MESSAGES_PER_SECOND
    const waitMs = (due - nowMicros()) / 1000
    if (waitMs > 0) await pause(waitMs)
    else {
      say(++messages, stamped(Math.floor(due), '这个蛤蜊多少钱一斤？昨天买的特别好，还想再来两斤'))
      said++
    }
  }
  const expected = total * viewers
  while (crowd.delivered() < expected && performance.now() - beganAt < PATIENCE_MS) await pause(SETTLE_MS)
  const tookMs = performance.now() - beganAt
  const serverMs = cpuMs(pid) - cpuBefore
  const { user, system } = process.cpuUsage(loadBefore)
  return {
    cpuMicros: (serverMs * 1000) / crowd.delivered(),
    lost: expected - crowd.delivered(),
    disordered: crowd.disordered(),
    p50Ms: crowd.latencies.quantile(0.5),
    p99Ms: crowd.latencies.quantile(0.99),
    seconds: tookMs / 1000,
    serverShare: serverMs / tookMs,
    loadShare: (user + system) / 1000 / tookMs
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
