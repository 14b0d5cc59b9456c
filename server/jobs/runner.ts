import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm'
import type { Clock } from '../clock.ts'
import { newId } from '../store/id.ts'
import type { Store } from '../store/store.ts'
import type { Job, Jobs } from './jobs.ts'

/** How often a server looks for work; nothing runs more often than that. */
const LOOK_MS = 1_000
/** A server that dies loses its jobs to another one after this long. */
const LEASE_MS = 60_000
/** Jobs of one server that run at the same moment. */
const AT_ONCE = 20
/** About a day and a half of waits, then the job rests until somebody looks at its error. */
const TRIES = 40
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 3_600_000
const ERROR_CHARS = 500

const NOTHING = { taken: 0, finished: Promise.resolve() as Promise<unknown> }

type Run = (job: Job<never>) => Promise<void>

interface Sweep {
  name: string
  everyMs: number
  sweep: () => Promise<unknown>
  dueAt: number
  running: Promise<void> | undefined
}

export interface JobOptions {
  store: Store
  clock: Clock
  /** Hears of every failed job and sweep. */
  report: (error: unknown, what: string) => void
  leaseMs?: number
  lookMs?: number
}

/** Jobs in the village's own store: leased, so that a dead server's work is taken over, and fenced by the lease. */
export function jobRunner({ store, clock, report, leaseMs = LEASE_MS, lookMs = LOOK_MS }: JobOptions): Jobs {
  const { jobs } = store.schema
  const kinds = new Map<string, Run>()
  const sweeps: Sweep[] = []
  const running = new Set<Promise<void>>()
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<unknown> | undefined

  const due = (limit: number) =>
    store.read
      .select({ id: jobs.id })
      .from(jobs)
      .where(lte(jobs.runAt, clock.now()))
      .orderBy(asc(jobs.runAt))
      .limit(limit)

  /** Takes what is due, as far as there is room. Another server may be faster; the lease says whose it is. */
  async function take() {
    const room = AT_ONCE - running.size
    if (room <= 0) return NOTHING
    const ids = (await due(room)).map((job) => job.id)
    if (!ids.length) return NOTHING
    const now = clock.now()
    const taken = await store.tx(
      (tx) =>
        tx
          .update(jobs)
          .set({ runAt: now + leaseMs, attempts: sql`${jobs.attempts} + 1`, lease: newId(now) })
          .where(and(inArray(jobs.id, ids), lte(jobs.runAt, now)))
          .returning(),
      { hot: 'jobs' }
    )
    const all = taken.map((job) => {
      const done = run(job).finally(() => running.delete(done))
      running.add(done)
      return done
    })
    return { taken: all.length, finished: Promise.all(all) }
  }

  async function run(job: typeof jobs.$inferSelect) {
    // Matches nothing once the lease ran out and somebody else took the job.
    const mine = and(eq(jobs.id, job.id), eq(jobs.lease, job.lease))
    const lost = new AbortController()
    const renewal = setInterval(() => {
      store
        .tx((tx) =>
          tx
            .update(jobs)
            .set({ runAt: clock.now() + leaseMs })
            .where(mine)
            .returning({ id: jobs.id })
        )
        .then((rows) => rows.length || lost.abort(new Error('another server has taken this job over')))
        .catch((error: unknown) => report(error, `renewing the lease of ${job.kind}`))
    }, leaseMs / 3)
    try {
      const kind = kinds.get(job.kind)
      if (!kind) throw new Error(`nobody says what a job of kind ${job.kind} does`)
      await kind({
        id: job.id,
        payload: job.payload as never,
        attempt: job.attempts,
        signal: AbortSignal.any([stopping.signal, lost.signal])
      })
      await store.tx((tx) => tx.delete(jobs).where(mine).returning({ id: jobs.id }))
    } catch (error) {
      report(error, `job ${job.kind} ${job.id}, attempt ${job.attempts}`)
      const again = {
        runAt: job.attempts >= TRIES ? Number.MAX_SAFE_INTEGER : clock.now() + waitAfter(job.attempts),
        error: String(error).slice(0, ERROR_CHARS)
      }
      await store
        .tx((tx) => tx.update(jobs).set(again).where(mine).returning({ id: jobs.id }))
        .catch((failure: unknown) => report(failure, `putting job ${job.id} off`))
    } finally {
      clearInterval(renewal)
    }
  }

  /** A sweep that is still running is left alone, however late it is. */
  function sweepDue() {
    const now = clock.now()
    for (const each of sweeps) {
      if (each.running || each.dueAt > now) continue
      each.dueAt = now + each.everyMs
      each.running = Promise.resolve()
        .then(each.sweep)
        .then(() => {})
        .catch((error: unknown) => report(error, `sweep ${each.name}`))
        .finally(() => (each.running = undefined))
    }
    return Promise.all(sweeps.map(async (each) => each.running))
  }

  async function look() {
    void sweepDue() // a long sweep does not keep the jobs waiting
    try {
      await take()
    } catch (error) {
      report(error, 'looking for jobs')
    }
  }

  return {
    on: (kind, run) => void kinds.set(kind, run as Run),
    every: (name, everyMs, sweep) =>
      void sweeps.push({ name, everyMs, sweep, dueAt: clock.now(), running: undefined }),
    async add(tx, kind, payload, { runAt = clock.now(), id = newId(clock.now()) } = {}) {
      await tx
        .insert(jobs)
        .values({ id, kind, payload, runAt, attempts: 0, lease: '', error: '' })
        .onConflictDoNothing()
    },
    async runDue() {
      await sweepDue()
      const { taken, finished } = await take()
      await finished
      return taken
    },
    start() {
      const lookAgain = async () => {
        looking = look()
        await looking
        if (!stopping.signal.aborted) timer = setTimeout(lookAgain, lookMs)
      }
      void lookAgain()
    },
    async stop() {
      stopping.abort(new Error('the server is stopping'))
      clearTimeout(timer)
      await looking
      await Promise.all([...running, ...sweeps.map(async (each) => each.running)])
    }
  }
}

const waitAfter = (attempts: number) => Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempts - 1))
