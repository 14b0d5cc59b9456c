import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** A tick of /proc/PID/stat; Linux has had a hundred a second on every machine we know. */
const TICK_MS = 10
const READY_MS = 60_000
/** One stretch of work that is the same every time, to see how busy the machine is otherwise. */
const SPIN_TURNS = 20_000_000

/** The server under load runs on core 0 and the load on core 1, where the machine has two and `taskset`. */
const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-cp', String(process.pid)]).status === 0
export const SERVER_CORE = 0
export const LOAD_CORE = 1

/** Keeps this process, which makes the load, off the server's core. */
export function standAside() {
  if (canPin) spawnSync('taskset', ['-acp', String(LOAD_CORE), String(process.pid)])
}

/** A server in a process of its own. */
export interface Served<Ready> {
  pid: number
  /** What the child said once it was ready. */
  ready: Ready
  /** Asks the child something and awaits its next message. */
  ask<Answer>(question: unknown): Promise<Answer>
  stop(): Promise<void>
}

/** Starts a `.ts` file as a child that calls `process.send` when it is ready. */
export async function serve<Ready>(file: string, args: string[] = []): Promise<Served<Ready>> {
  const command = [process.execPath, file, ...args]
  if (canPin) command.unshift('taskset', '-c', String(SERVER_CORE))
  const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  // A bench that fails half way leaves no server behind.
  process.once('exit', () => child.kill('SIGKILL'))
  const ready = (await nextMessage(child)) as Ready
  return {
    pid: child.pid!,
    ready,
    async ask<Answer>(question: unknown) {
      const answer = nextMessage(child)
      child.send(question as object)
      return (await answer) as Answer
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    }
  }
}

async function nextMessage(child: ChildProcess) {
  const answered = new AbortController()
  const signal = AbortSignal.any([answered.signal, AbortSignal.timeout(READY_MS)])
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`the server under load ended with ${String(code)}`)
  })
  ended.catch(() => {}) // the race below hears it; once it is over nobody needs to
  try {
    const [message] = await Promise.race([once(child, 'message', { signal }), ended])
    return message as unknown
  } finally {
    answered.abort()
  }
}

/** CPU time of a process so far, in milliseconds: far steadier than rates on a machine that others use too. */
export function cpuMs(pid: number) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

/** A B C A B C …: a slow minute of the machine meets all of them. */
export async function interleaved<Result>(
  rounds: number,
  variants: Record<string, () => Promise<Result>>
): Promise<Record<string, Result>[]> {
  const results: Record<string, Result>[] = []
  for (let round = 0; round < rounds; round++) {
    const result: Record<string, Result> = {}
    for (const [name, measure] of Object.entries(variants)) result[name] = await measure()
    results.push(result)
  }
  return results
}

export function median(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Latencies by the tenth of a millisecond up to ten seconds. */
export class Latencies {
  readonly #tenths = new Uint32Array(100_000)
  #count = 0

  add(ms: number) {
    this.#tenths[Math.min(this.#tenths.length - 1, Math.max(0, Math.round(ms * 10)))]!++
    this.#count++
  }

  clear() {
    this.#tenths.fill(0)
    this.#count = 0
  }

  /** In milliseconds; NaN when nothing was measured. */
  quantile(share: number) {
    let seen = 0
    for (let i = 0; i < this.#tenths.length; i++) {
      seen += this.#tenths[i]!
      if (seen > 0 && seen >= this.#count * share) return i / 10
    }
    return Number.NaN
  }
}

/** Milliseconds of wall clock for a fixed piece of work. Two calls that differ say that the machine was not ours. */
export function spinMs() {
  const beganAt = performance.now()
  let sum = 0
  for (let i = 0; i < SPIN_TURNS; i++) sum = (sum + i * 31) | 0
  return performance.now() - beganAt + (sum === 1 ? 1 : 0)
}

/** One line of a bench's table. */
export function row(name: string, figures: Record<string, string | number>) {
  const cells = Object.entries(figures).map(([label, figure]) => `${label} ${round(figure)}`)
  console.log(`  ${name.padEnd(34)} ${cells.join(' · ')}`)
}

const round = (figure: string | number) =>
  typeof figure === 'string' ? figure : Number(figure.toFixed(figure < 10 ? 2 : figure < 100 ? 1 : 0))
