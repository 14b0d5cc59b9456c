import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** A server in a process of its own, made to be killed. */
export interface Mortal<Answer> {
  /** What it said when it was ready. */
  answer: Answer
  /** kill -9. */
  kill(): Promise<void>
}

export interface Mortals<Errand, Answer> {
  start(errand: Errand): Promise<Mortal<Answer>>
  /** Kills those that are left; the next one to start stays. */
  killAll(): Promise<void>
  leave(): Promise<void>
}

/**
 * Servers that run one program, which waits for `errandOf`, and says when it is ready. To begin a process costs seconds, so the
 * next one is always begun before it is wanted.
 */
export function mortals<Errand extends object, Answer>(program: string): Mortals<Errand, Answer> {
  const begin = () => fork(program, { execArgv: [] })
  const running: ChildProcess[] = []
  let next = begin()
  const killAll = async () => void (await Promise.all(running.splice(0).map(killed)))
  return {
    async start(errand) {
      const server = next
      running.push(server)
      next = begin()
      const ended = once(server, 'exit').then(([code]) => {
        throw new Error(`the server ended: ${code}`)
      })
      ended.catch(() => {})
      server.send(errand)
      const [answer] = (await Promise.race([once(server, 'message'), ended])) as [Answer]
      return { answer, kill: () => killed(server) }
    },
    killAll,
    async leave() {
      await killAll()
      await killed(next)
    }
  }
}

async function killed(server: ChildProcess) {
  if (server.exitCode !== null || server.signalCode !== null) return
  const gone = once(server, 'exit')
  server.kill('SIGKILL')
  await gone
}

/** The other side: what this server is to do. */
export const errandOf = async <Errand>() => ((await once(process, 'message')) as [Errand])[0]
