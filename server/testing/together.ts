import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** Servers in processes of their own, for suites in which several of them want the same thing at the same moment. */
export interface Together<Errand, Got> {
  /** Gives each process its errand, lets all go at the same moment, and answers what each of them got. */
  go(errands: Errand[]): Promise<Got[]>
  leave(): Promise<void>
}

/**
 * Starts a program as often as there are to be processes. To begin a process costs seconds, so they are kept for one
 * errand after another; the program calls `onErrand`.
 */
export function together<Errand extends object, Got>(
  program: string,
  processes: number
): Together<Errand, Got> {
  const all = Array.from({ length: processes }, () => fork(program, ['together'], { execArgv: [] }))
  return {
    async go(errands) {
      const each = errands.map((errand, i) => ({ errand, process: all[i]! }))
      await Promise.all(each.map(({ errand, process }) => answerTo(process, errand)))
      return (await Promise.all(each.map(({ process }) => answerTo(process, 'go')))) as Got[]
    },
    async leave() {
      await Promise.all(
        all.map(async (each) => {
          if (each.exitCode !== null || each.signalCode !== null) return
          const gone = once(each, 'exit')
          each.kill()
          await gone
        })
      )
    }
  }
}

async function answerTo(process: ChildProcess, message: object | string): Promise<unknown> {
  const over = new AbortController()
  const died = once(process, 'exit', { signal: over.signal }).then(([code]) => {
    throw new Error(`a process ended with ${code}`)
  })
  died.catch(() => {})
  try {
    const answer = once(process, 'message', { signal: over.signal })
    process.send(message)
    return ((await Promise.race([answer, died])) as unknown[])[0]
  } finally {
    over.abort()
  }
}

/** The other side: opens what an errand needs, and answers what runs it once all are ready. */
export function onErrand<Errand, Got>(prepare: (errand: Errand) => Promise<() => Promise<Got>>) {
  if (!process.send || process.argv[2] !== 'together') return
  let run: (() => Promise<Got>) | undefined
  process.on('message', async (message: Errand | 'go') => {
    if (message !== 'go') {
      run = await prepare(message)
      process.send!('ready')
    } else process.send!(await run!())
  })
}
