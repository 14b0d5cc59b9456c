import { HOLD_BACK_S } from '../video/playlist.ts'
import { openLab } from './lab.ts'

const ARRIVAL_MS = 20_000
/** A viewer comes into a show that has begun. */
const SHOW_RUNS_MS = 4_000
/** The player needs a moment to find its distance. */
const SETTLE_MS = 8_000
const MEASURE_MS = 30_000

/**
 * Glass to glass: from the moment a picture is drawn before the studio's encoder to the moment the room's player
 * shows it. The ceiling is what the playlist tells players to keep as distance; nothing can be nearer.
 */
export async function videoBench() {
  const lab = await openLab('host', 'viewer')
  try {
    const sessionId = await lab.village.films.open('bench', lab.hostId)
    const arrived = new Promise<number>((resolve, reject) => {
      lab.village.films.on({ arrived: () => resolve(performance.now()) })
      setTimeout(() => reject(new Error('the picture never arrived')), ARRIVAL_MS).unref()
    })
    const tapped = performance.now()
    await lab.page(`/lab/host.html?ingest=/ws/ingest/${sessionId}`)
    const onAirMs = Math.round((await arrived) - tapped)
    await new Promise((resolve) => setTimeout(resolve, SHOW_RUNS_MS))
    const viewer = await lab.page(`/lab/viewer.html?playlist=/live/${sessionId}/master.m3u8`)
    await viewer.waitForTimeout(SETTLE_MS)
    await viewer.evaluate('seen.agesMs.length = seen.frozenMs.length = 0, seen.torn = 0')
    const cpu = process.cpuUsage()
    await viewer.waitForTimeout(MEASURE_MS)
    const { user, system } = process.cpuUsage(cpu)
    const seen = await viewer.evaluate<{
      agesMs: number[]
      torn: number
      frozenMs: number[]
      firstFrameMs: number
    }>('seen')

    const ages = seen.agesMs.toSorted((a, b) => a - b)
    const at = (share: number) => ages[Math.floor(ages.length * share)] ?? Infinity
    const ceilingMs = Math.round(HOLD_BACK_S * 1000)
    const result = {
      p50Ms: at(0.5),
      p95Ms: at(0.95),
      ceilingMs,
      ratio: Number((ceilingMs / at(0.5)).toFixed(3)),
      frames: ages.length,
      torn: seen.torn,
      freezes: seen.frozenMs.length,
      frozenMs: seen.frozenMs.reduce((sum, ms) => sum + ms, 0),
      onAirMs,
      firstFrameMs: Math.round(seen.firstFrameMs),
      serverCpuPercent: Number(((user + system) / MEASURE_MS / 10).toFixed(1))
    }
    console.log(`drawn → shown        p50 ${result.p50Ms} ms, p95 ${result.p95Ms} ms (${ages.length} frames)`)
    console.log(`hold-back, the floor ${ceilingMs} ms; ratio ${result.ratio}`)
    console.log(`freezes              ${result.freezes} (${result.frozenMs} ms), torn frames ${result.torn}`)
    console.log(`page opened → on air ${onAirMs} ms; viewer’s first frame ${result.firstFrameMs} ms`)
    return result
  } finally {
    await lab.close()
  }
}
