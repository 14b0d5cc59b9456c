import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from '../../server/testing/ports.ts'

/** The demo village tells its whole history before it opens; a busy machine takes its time. */
const READY_MS = 90_000
const LEAVE_MS = 10_000

/** The product as `npm start` runs it, demo village and all, in a process and a folder of its own. */
export interface RunningVillage {
  url: string
  /** What it printed. */
  log(): string
  stop(): Promise<void>
}

export async function runVillage(): Promise<RunningVillage> {
  const port = await freePort(17_000)
  const dataDir = mkdtempSync(path.join(tmpdir(), 'yujia-journey-'))
  const url = `http://localhost:${port}`
  const server = spawn(process.execPath, ['server/main.ts'], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: String(port), DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let printed = ''
  server.stdout.on('data', (text: Buffer) => (printed += text.toString()))
  server.stderr.on('data', (text: Buffer) => (printed += text.toString()))
  await ready(url, server, () => printed)
  return {
    url,
    log: () => printed,
    async stop() {
      await gone(server)
      rmSync(dataDir, { recursive: true, force: true })
    }
  }
}

async function ready(url: string, server: ChildProcess, printed: () => string) {
  const until = Date.now() + READY_MS
  while (Date.now() < until) {
    if (server.exitCode !== null) break
    const answer = await fetch(`${url}/api/health`).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await gone(server)
  throw new Error(`the village did not open:\n${printed()}`)
}

async function gone(server: ChildProcess) {
  if (server.exitCode !== null) return
  const exit = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGTERM')
  const hard = setTimeout(() => server.kill('SIGKILL'), LEAVE_MS)
  await exit
  clearTimeout(hard)
}
