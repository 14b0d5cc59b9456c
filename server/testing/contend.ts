import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Contest } from './contender.ts'

const CONTENDER = path.join(import.meta.dirname, 'contender.ts')

export interface Contenders {
  /** All want the same thing at the same moment; resolves to what each of them got. */
  want(contest: Contest): Promise<number[]>
  leave(): Promise<void>
}

/** Processes that open one store at the same moment, each for itself. */
export async function contenders(
  processes: number,
  { databaseUrl, dataDir }: { databaseUrl: string; dataDir: string }
): Promise<Contenders> {
  const all = Array.from({ length: processes }, (_, i) =>
    fork(CONTENDER, [JSON.stringify({ databaseUrl, dataDir, name: `p${i}` })], { execArgv: [] })
  )
  async function leave() {
    const gone = all.map(async (each) => {
      if (each.exitCode === null && each.signalCode === null) await once(each, 'exit')
    })
    for (const each of all) each.kill()
    await Promise.all(gone)
  }
  try {
    await Promise.all(all.map(answerOf))
  } catch (error) {
    await leave()
    throw error
  }
  return {
    async want(contest) {
      const got = all.map(answerOf)
      for (const each of all) each.send(contest)
      return (await Promise.all(got)) as number[]
    },
    leave
  }
}

async function answerOf(contender: ReturnType<typeof fork>) {
  const over = new AbortController()
  const died = once(contender, 'exit', { signal: over.signal }).then(([code]) => {
    throw new Error(`a contender ended with ${code}`)
  })
  died.catch(() => {})
  try {
    const [answer] = await Promise.race([once(contender, 'message', { signal: over.signal }), died])
    return answer as unknown
  } finally {
    over.abort()
  }
}
