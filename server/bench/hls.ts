import { fork } from 'node:child_process'
import http from 'node:http'
import path from 'node:path'
import { playFilm } from '../seed/film.ts'
import { freePort } from '../testing/ports.ts'
import { partName, RENDITION } from '../video/playlist.ts'
import { openVillageForBench } from './lab.ts'

const VIEWERS = 500
const SECONDS = 10
const PART_MS = 1000 / 3
const PARTS_A_SEGMENT = 6
/** What a part of the demo film and its playlist weigh. */
const PART_BYTES = 32 * 1024
const PLAYLIST_BYTES = 1_600

interface Counted {
  playlists: number
  parts: number
  bytes: number
  unchanged: number
  broken: number
}

/**
 * Viewers of one live show: each waits for the next part in a blocked playlist and fetches it. The ceiling is bare
 * node:http that wakes the same requests on a timer and sends as many bytes; the ratio is its CPU to ours.
 */
export async function hlsBench() {
  const bare = await bareServer()
  const floor = await measure(bare.port, '/bare')
  await bare.close()

  const { village, base, close } = await openVillageForBench()
  const sessionId = await village.films.open('bench', 'bench')
  const arrived = new Promise((resolve) => village.films.on({ arrived: resolve }))
  const film = playFilm(await village.films.publisher(sessionId))
  await arrived
  const ours = await measure(Number(new URL(base).port), `/live/${sessionId}/${RENDITION}`)
  film.stop()
  await close()

  const result = {
    viewers: VIEWERS,
    cpuPercent: ours.cpuPercent,
    cpuPercentPerThousand: Number(((ours.cpuPercent * 1000) / VIEWERS).toFixed(1)),
    ceilingCpuPercent: floor.cpuPercent,
    ratio: Number((floor.usPerRequest / ours.usPerRequest).toFixed(3)),
    requestsPerS: ours.requestsPerS,
    megabytesPerS: ours.megabytesPerS,
    broken: ours.broken
  }
  console.log(
    `${VIEWERS} viewers  ${ours.requestsPerS} requests/s, ${ours.megabytesPerS} MB/s, ${ours.broken} broken`
  )
  console.log(`ours         ${ours.cpuPercent} % of a core, ${ours.usPerRequest} µs a request`)
  console.log(`bare node    ${floor.cpuPercent} % of a core, ${floor.usPerRequest} µs; ratio ${result.ratio}`)
  return result
}

async function measure(port: number, folder: string) {
  const program = path.join(import.meta.dirname, 'hls-viewers.ts')
  const viewers = fork(program, [String(port), folder, String(VIEWERS), String(SECONDS)])
  let cpu: NodeJS.CpuUsage | undefined
  const counted = await new Promise<Counted>((resolve, reject) => {
    viewers.on('message', (message) => {
      if (message === 'measuring') cpu = process.cpuUsage()
      else resolve(message as Counted)
    })
    viewers.on('exit', () => reject(new Error('the viewers left')))
  })
  const { user, system } = process.cpuUsage(cpu)
  const requests = counted.playlists + counted.parts
  return {
    cpuPercent: Number(((user + system) / SECONDS / 1e4).toFixed(1)),
    usPerRequest: Number(((user + system) / requests).toFixed(1)),
    requestsPerS: Math.round(requests / SECONDS),
    megabytesPerS: Number((counted.bytes / SECONDS / 1e6).toFixed(1)),
    broken: counted.broken
  }
}

/** The least that any server has to do: wake who waits, three times a second, and send the bytes. */
async function bareServer() {
  const part = Buffer.alloc(PART_BYTES)
  let number = 0
  let waiting: http.ServerResponse[] = []
  const playlist = () => {
    const name = partName(Math.floor(number / PARTS_A_SEGMENT), number % PARTS_A_SEGMENT)
    return `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${name}"\n`.padEnd(PLAYLIST_BYTES, '#')
  }
  const send = (response: http.ServerResponse, body: string | Buffer) => {
    response.writeHead(200, { 'content-length': body.length })
    response.end(body)
  }
  const server = http.createServer(({ url = '' }, response) => {
    if (url.endsWith('.m4s')) send(response, part)
    else if (url.includes('_HLS_msn')) waiting.push(response)
    else send(response, playlist())
  })
  const clock = setInterval(() => {
    number++
    const woken = waiting
    waiting = []
    const text = playlist()
    for (const response of woken) send(response, text)
  }, PART_MS)
  const port = await freePort(18_300)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    port,
    async close() {
      clearInterval(clock)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}
