import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Contest } from './contender.ts'

const CONTENDER = path.join(import.meta.dirname, 'contender.ts')

/** Lets several processes want the same thing at the same moment; resolves to what each of them got. */
export async function contend(processes: number, contest: Omit<Contest, 'name'>): Promise<number[]> {
  const contenders = Array.from({ length: processes }, () =>
    fork(CONTENDER, { env: { ...process.env, CONTENDER: '1' }, execArgv: [] })
  )
  try {
    await Promise.all(
      contenders.map(async (each, i) => {
        each.send({ ...contest, name: `p${i}` } satisfies Contest)
        await answerOf(each)
      })
    )
    const got = contenders.map(answerOf)
    for (const each of contenders) each.send('go')
    return (await Promise.all(got)) as number[]
  } finally {
    for (const each of contenders) each.kill()
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
