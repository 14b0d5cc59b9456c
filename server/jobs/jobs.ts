import type { Tx } from '../store/store.ts'

export interface Job<Payload = unknown> {
  id: string
  payload: Payload
  attempt: number
  signal: AbortSignal
}

export interface Jobs {
  /** Says what a kind of job does. Runs at least once, so it must be harmless to run again. */
  on<Payload>(kind: string, run: (job: Job<Payload>) => Promise<void>): void
  /** A state sweep: asks the store every so often what is due (orders to expire, shows to close). */
  every(name: string, everyMs: number, sweep: () => Promise<unknown>): void
  /** Part of the caller's unit of work: the job exists exactly if the unit does. The same id is kept once. */
  add(tx: Tx, kind: string, payload: unknown, when?: { runAt?: number; id?: string }): Promise<void>
  /** Runs what is due now and resolves to the number of jobs taken. */
  runDue(): Promise<number>
  start(): void
  /** Lets the running jobs and sweeps finish. */
  stop(): Promise<void>
}
