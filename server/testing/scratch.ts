import { randomUUID } from 'node:crypto'
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
export function openScratch(base = freeBytes(MEMORY) >= ROOM_BYTES ? MEMORY : tmpdir()) {
  for (const name of readdirSync(base)) {
    if (name.startsWith(NAME) && !runs(Number.parseInt(name.slice(NAME.length)))) {
      try {
        remove(path.join(base, name))
      } catch {
        // Another user's: it stays until she runs hers.
      }
    }
  }
  // No mkdtemp: the database runs as another user, who has to come in.
  const folder = path.join(base, `${NAME}${process.pid}-${randomUUID().slice(0, 8)}`)
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

/** Whether another run still goes on. What is called after this process was left by one that is gone. */
function runs(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const remove = (folder: string) => rmSync(folder, { recursive: true, force: true })
