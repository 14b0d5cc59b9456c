import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { openEngine } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import type { Job, Jobs } from './jobs.ts'
import { jobRunner, type JobOptions } from './runner.ts'

const HOUR_MS = 3_600_000

/** A promise and what settles it. */
function door<T = void>() {
  return Promise.withResolvers<T>()
}

describe.each(engines)('jobs on $name', ({ make }) => {
  let store: Store
  let drop: () => Promise<void>
  let clock: ReturnType<typeof settableClock>
  let runner: Jobs
  const reported: string[] = []
  const open: Jobs[] = []

  beforeAll(async () => {
    const place = await make()
    drop = place.drop
    store = await openEngine(place)
  })
  afterAll(async () => {
    await store.close()
    await drop()
  })

  function server(options: Partial<JobOptions> = {}) {
    const report = (error: unknown, what: string) =>
      void reported.push(`${what}: ${(error as Error).message}`)
    const jobs = jobRunner({ store, clock, report, ...options })
    open.push(jobs)
    return jobs
  }
  beforeEach(() => {
    clock = settableClock()
    reported.length = 0
    runner = server()
  })
  afterEach(async () => {
    await Promise.all(open.splice(0).map((jobs) => jobs.stop()))
    await store.tx((tx) => tx.delete(store.schema.jobs).returning())
  })

  const add = (...args: [kind: string, payload: unknown, when?: { runAt?: number; id?: string }]) =>
    store.tx((tx) => runner.add(tx, ...args))
  const kept = () => store.read.$count(store.schema.jobs)

  it('does a job once, with what it was given, and forgets it', async () => {
    const done: unknown[] = []
    runner.on('remind', async ({ payload, attempt }) => void done.push([payload, attempt]))
    await add('remind', { show: 'clams at dawn' })
    expect(await runner.runDue()).toBe(1)
    expect(await runner.runDue()).toBe(0)
    expect(done).toEqual([[{ show: 'clams at dawn' }, 1]])
    expect(await kept()).toBe(0)
  })

  it('has no job when the unit of work that added it failed', async () => {
    const failing = store.tx(async (tx) => {
      await runner.add(tx, 'remind', 1)
      throw new Error('the order was refused')
    })
    await expect(failing).rejects.toThrow('the order was refused')
    expect(await kept()).toBe(0)
  })

  it('keeps a job of the same id once', async () => {
    let done = 0
    runner.on('refund', async () => void done++)
    await add('refund', 1, { id: 'refund of order 7' })
    await add('refund', 2, { id: 'refund of order 7' })
    await runner.runDue()
    expect(done).toBe(1)
  })

  it('waits until a job is due', async () => {
    let done = 0
    runner.on('remind', async () => void done++)
    await add('remind', 1, { runAt: clock.now() + HOUR_MS })
    clock.pass(HOUR_MS - 1)
    expect([await runner.runDue(), done]).toEqual([0, 0])
    clock.pass(1)
    expect([await runner.runDue(), done]).toEqual([1, 1])
  })

  it('shares the work between two servers, each job to one of them', async () => {
    const other = server()
    const done: string[] = []
    for (const jobs of [runner, other]) jobs.on('pack', async ({ id }) => void done.push(id))
    await store.tx(async (tx) => {
      for (let i = 0; i < 60; i++) await runner.add(tx, 'pack', i, { id: `parcel-${i}` })
    })
    while ((await Promise.all([runner.runDue(), other.runDue()])).some((taken) => taken > 0));
    expect(done.toSorted()).toEqual(Array.from({ length: 60 }, (_, i) => `parcel-${i}`).toSorted())
  })

  it('tries a failed job again after a longer and longer wait, and reports it', async () => {
    const attempts: number[] = []
    runner.on('send', async ({ attempt }) => {
      attempts.push(attempt)
      if (attempt < 3) throw new Error('the bridge is down')
    })
    await add('send', 1, { id: 'sms' })
    await runner.runDue()
    clock.pass(999)
    expect(await runner.runDue()).toBe(0)
    clock.pass(1)
    expect(await runner.runDue()).toBe(1)
    clock.pass(1_999)
    expect(await runner.runDue()).toBe(0)
    clock.pass(1)
    expect(await runner.runDue()).toBe(1)
    expect(attempts).toEqual([1, 2, 3])
    expect(reported).toEqual([1, 2].map((n) => `job send sms, attempt ${n}: the bridge is down`))
    expect(await kept()).toBe(0)
  })

  it('lays a job aside that never succeeds, with its error', async () => {
    runner.on('send', async () => {
      throw new Error('no such number')
    })
    await add('send', 1)
    let tries = 0
    for (; (await runner.runDue()) === 1; tries++) clock.pass(HOUR_MS)
    expect(tries).toBe(40)
    clock.pass(1_000 * HOUR_MS)
    expect(await runner.runDue()).toBe(0)
    const [row] = await store.read.select().from(store.schema.jobs)
    expect(row).toMatchObject({ attempts: 40, error: 'Error: no such number' })
  })

  it('leaves a kind that it does not know to a server that does', async () => {
    const newer = server()
    let done = 0
    newer.on('carve', async () => void done++)
    await add('carve', 1)
    await runner.runDue()
    expect(reported[0]).toContain('nobody says what a job of kind carve does')
    clock.pass(HOUR_MS)
    expect([await newer.runDue(), done]).toEqual([1, 1])
  })

  it('takes over the job of a server that is dead, whose late end changes nothing', async () => {
    const [started, end] = [door<Job>(), door()]
    runner.on('cut film', async (job: Job) => {
      started.resolve(job)
      await end.promise
    })
    await add('cut film', 1, { id: 'film' })
    const stuck = runner.runDue()
    await started.promise

    const other = server()
    const again = door()
    other.on('cut film', () => again.promise)
    expect(await other.runDue()).toBe(0) // the lease still holds
    clock.pass(60_001)
    const takenOver = other.runDue()
    await expect.poll(async () => (await store.read.select().from(store.schema.jobs))[0]?.attempts).toBe(2)
    end.resolve()
    await stuck
    expect(await kept()).toBe(1) // not the late server's to forget
    again.resolve()
    expect(await takenOver).toBe(1)
    expect(await kept()).toBe(0)
  })

  it('tells a job that it has lost its lease', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    try {
      const started = door<Job>()
      runner.on('cut film', (job: Job) => {
        started.resolve(job)
        return new Promise((_, reject) => {
          job.signal.addEventListener('abort', () => reject(job.signal.reason))
        })
      })
      await add('cut film', 1)
      const stuck = runner.runDue()
      await started.promise
      const { jobs } = store.schema
      await store.tx((tx) =>
        tx.update(jobs).set({ lease: 'somebody else' }).where(eq(jobs.kind, 'cut film')).returning()
      )
      vi.advanceTimersByTime(20_000)
      await stuck
      expect(reported[0]).toContain('another server has taken this job over')
      const [row] = await store.read.select().from(jobs)
      expect(row).toMatchObject({ lease: 'somebody else', error: '' })
    } finally {
      vi.useRealTimers()
    }
  })

  it('renews the lease of a job that takes long', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    try {
      const [started, end] = [door(), door()]
      runner.on('cut film', () => {
        started.resolve()
        return end.promise
      })
      await add('cut film', 1)
      const long = runner.runDue()
      await started.promise
      clock.pass(50_000)
      vi.advanceTimersByTime(20_000)
      const { jobs } = store.schema
      await expect
        .poll(async () => (await store.read.select().from(jobs))[0]!.runAt)
        .toBe(clock.now() + 60_000)
      end.resolve()
      expect(await long).toBe(1)
    } finally {
      vi.useRealTimers()
    }
  })

  it('waits at its end for what is running, and asks it to hurry', async () => {
    const started = door()
    let finished = false
    runner.on('cut film', async ({ signal }) => {
      started.resolve()
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      await new Promise(setImmediate)
      finished = true
    })
    await add('cut film', 1)
    runner.start()
    await started.promise
    await runner.stop()
    expect(finished).toBe(true)
    expect(await kept()).toBe(0)
  })

  it('finds work by itself once it is started, and no more after its end', async () => {
    const looking = server({ lookMs: 5 })
    let done = 0
    looking.on('remind', async () => void done++)
    looking.start()
    await add('remind', 1)
    await add('remind', 2)
    await expect.poll(() => done).toBe(2)
    await looking.stop()
    await add('remind', 3)
    expect(await kept()).toBe(1)
  })

  describe('a sweep', () => {
    it('runs when it is due and not before', async () => {
      let swept = 0
      runner.every('expire orders', 15_000, async () => void swept++)
      await runner.runDue()
      await runner.runDue()
      expect(swept).toBe(1)
      clock.pass(14_999)
      await runner.runDue()
      expect(swept).toBe(1)
      clock.pass(1)
      await runner.runDue()
      expect(swept).toBe(2)
    })

    it('never runs twice at the same moment, however long it takes', async () => {
      const end = door()
      let running = 0
      let most = 0
      let swept = 0
      runner.every('expire orders', 1_000, async () => {
        most = Math.max(most, ++running)
        swept++
        await end.promise
        running--
      })
      const first = runner.runDue()
      clock.pass(5_000)
      const second = runner.runDue()
      end.resolve()
      await Promise.all([first, second])
      expect([swept, most]).toEqual([1, 1])
      await runner.runDue()
      expect(swept).toBe(2)
    })

    it('that fails is reported and runs again, and keeps no job waiting', async () => {
      let done = 0
      runner.on('remind', async () => void done++)
      runner.every('expire orders', 1_000, async () => {
        throw new Error('the store is busy')
      })
      await add('remind', 1)
      await runner.runDue()
      clock.pass(1_000)
      await runner.runDue()
      expect(done).toBe(1)
      expect(reported).toEqual(Array(2).fill('sweep expire orders: the store is busy'))
    })
  })
})
