import { mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const MEMORY = '/dev/shm'
/** A run needs a quarter of it; a container’s usual 64 MB are none. */
const ROOM_BYTES = 4 * 2 ** 30
const NAME = 'yujia-run-'

/**
 * The folder of one run of the suites, for all of their villages: in memory where there is room, for on a disk they wait
 * for it half of their time. A process that is killed loses no more of the one than of the other.
 */
export function openScratch() {
  const base = freeBytes(MEMORY) >= ROOM_BYTES ? MEMORY : tmpdir()
  for (const name of readdirSync(base)) {
    if (name.startsWith(NAME) && !runs(Number(name.slice(NAME.length)))) remove(path.join(base, name))
  }
  const folder = path.join(base, `${NAME}${process.pid}`)
  mkdirSync(folder)
  return { folder, close: () => remove(folder) }
}

function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return 0 // there is none on this machine
  }
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const remove = (folder: string) => rmSync(folder, { recursive: true, force: true })
