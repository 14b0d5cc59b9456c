import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

const TICKS_PER_SECOND = 100
const START_MS = 60_000

/** CPU time that a process has used so far, in milliseconds (user and system). */
export function cpuMs(pid: number) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name in brackets may hold spaces; the fields after it are counted from the state.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND
}

export function median(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** `0.61 (0.58–0.66)`: the median of the rounds with the worst and the best of them. */
export const spread = (values: readonly number[], digits = 2) =>
  `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`

/** The same work in the same order in every round, so that a slow minute of the machine meets all of it. */
export async function interleaved<Name extends string, Sample>(
  rounds: number,
  variants: Record<Name, (round: number) => Promise<Sample>>
): Promise<Record<Name, Sample>[]> {
  const samples: Record<Name, Sample>[] = []
  for (let round = 0; round < rounds; round++) {
    const sample = {} as Record<Name, Sample>
    for (const name of Object.keys(variants) as Name[]) sample[name] = await variants[name](round)
    samples.push(sample)
  }
  return samples
}

const pinnable = cpus().length > 1 && spawnSync('taskset', ['-V']).status === 0

/** Keeps this process off the core that the measured server is pinned to. */
export function stepAside(core = 1) {
  if (pinnable) spawnSync('taskset', ['-a', '-c', '-p', String(core), String(process.pid)])
}

/** A server in a process of its own, pinned to one core where the machine can do that. */
export interface BenchServer {
  port: number
  pid: number
  /** Asks the child and answers what it answers: one question at a time. */
  ask<Answer>(question: object): Promise<Answer>
  stop(): Promise<void>
}

/** Starts a script that answers `{ port }` over its channel when it listens, and then each question it is asked. */
export async function startServer(
  script: string,
  args: string[] = [],
  { core = 0, execArgv = [] }: { core?: number; execArgv?: string[] } = {}
): Promise<BenchServer> {
  const node = [process.execPath, ...execArgv, script, ...args]
  const [command, ...rest] = pinnable ? ['taskset', '-c', String(core), ...node] : node
  const child = spawn(command!, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const gone = new Promise<never>((_, reject) => {
    child.once('exit', (code, signal) => reject(new Error(`${script} ended: ${code ?? signal}`)))
    child.once('error', reject)
  })
  gone.catch(() => {}) // somebody who waits hears of it; nobody waiting is no bug
  const answer = () => Promise.race([new Promise<unknown>((resolve) => child.once('message', resolve)), gone])

  const tooLong = setTimeout(() => child.kill('SIGKILL'), START_MS)
  const { port } = (await answer()) as { port: number }
  clearTimeout(tooLong)
  return {
    port,
    pid: child.pid!,
    async ask<Answer>(question: object) {
      const answered = answer()
      child.send(question)
      return (await answered) as Answer
    },
    async stop() {
      child.kill('SIGKILL')
      await gone.catch(() => {})
    }
  }
}
