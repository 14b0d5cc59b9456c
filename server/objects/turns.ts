import { Problem } from '../../shared/problems.ts'

const COME_BACK_MS = 2_000

/** Lets a few work at once and a few more wait; whoever comes after that hears `busy`. */
export function turns(atOnce: number, waiting: number) {
  let working = 0
  const line: (() => void)[] = []
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (working >= atOnce) {
      if (line.length >= waiting) throw new Problem('busy', { waitMs: COME_BACK_MS })
      await new Promise<void>((resolve) => line.push(resolve))
    } else working++
    try {
      return await work()
    } finally {
      const next = line.shift() // hands its turn on
      if (next) next()
      else working--
    }
  }
}
