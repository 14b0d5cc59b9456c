import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { turns } from '../objects/turns.ts'
import type { Container, Inside } from './file.ts'

const LOOKER = path.join(import.meta.dirname, 'look.ts')
/** The tables of an honest clip of 40 MB need a tenth of this. */
const MEMORY_MB = 128
/** An honest clip takes a fifth of a second. */
const LOOK_MS = 5_000
const AT_ONCE = 2
const WAITING = 40

/** What is inside of a container of sound or picture; undefined: nobody can say. */
export function openInside({ lookMs = LOOK_MS } = {}) {
  const inTurn = turns(AT_ONCE, WAITING)
  return (file: string, container: Container) => inTurn(() => looked(file, container, lookMs))
}

async function looked(file: string, container: Container, lookMs: number): Promise<Inside | undefined> {
  const looker = new Worker(LOOKER, {
    workerData: { file, container },
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    stdout: true, // what a library says of a broken file is no news of the village's
    stderr: true
  })
  const late = setTimeout(() => void looker.terminate(), lookMs)
  try {
    return await new Promise<Inside | undefined>((resolve) => {
      looker.on('message', resolve)
      looker.on('error', () => resolve(undefined))
      looker.on('exit', () => resolve(undefined))
    })
  } finally {
    clearTimeout(late)
    await looker.terminate()
  }
}
