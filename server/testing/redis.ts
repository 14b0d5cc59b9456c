import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort, listening } from './ports.ts'

export const redisProgram = () =>
  ['valkey-server', 'redis-server'].find((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0)

/** A Valkey or Redis of one suite's own, which it may kill and start again. It waits for the disk before it answers. */
export async function ownRedis() {
  const program = redisProgram()!
  const port = await freePort(15_800)
  const folder = mkdtempSync(path.join(tmpdir(), 'yujia-own-redis-'))
  const words = `--port ${port} --bind 127.0.0.1 --appendonly yes --appendfsync always --dir`
  let child: ChildProcess | undefined

  async function start() {
    child = spawn(program, [...words.split(' '), folder], { stdio: 'ignore' })
    await listening(port)
  }
  /** `kill -9`. */
  async function kill() {
    if (!child) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    child = undefined
  }
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    kill,
    async drop() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
