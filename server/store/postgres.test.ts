import { eq } from 'drizzle-orm'
import fastify from 'fastify'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { guardTheEdge } from '../http/edge.ts'
import type { Http } from '../http/http.ts'
import { readSettings } from '../settings.ts'
import { contenders } from '../testing/contend.ts'
import { emptyPostgres, engines } from '../testing/engines.ts'
import { openPostgres, type PostgresOptions } from './postgres.ts'
import { StoreBusy, type Store } from './store.ts'

/** Processes take their time to start on a machine that runs every other suite as well. */
const PROCESSES_MS = 60_000

const postgres = engines.find((engine) => engine.name === 'postgres')!

describe.skipIf(!inject('postgresUrl'))('the store on PostgreSQL', () => {
  let place: Awaited<ReturnType<typeof postgres.make>>
  const open: Store[] = []
  async function opened(options: Omit<PostgresOptions, 'url'> = {}) {
    const store = await openPostgres({ url: place.databaseUrl, ...options })
    open.push(store)
    return store
  }
  const addSpec = (store: Store, id: string) =>
    store.tx((tx) =>
      tx
        .insert(store.schema.specs)
        .values({ id, productId: 'p', name: '大', unit: 'jin', priceFen: 1, stock: 0, position: 0 })
        .returning()
    )

  beforeEach(async () => {
    place = await postgres.make()
  })
  afterEach(async () => {
    await Promise.all(open.splice(0).map((store) => store.close()))
    await place.drop()
  })

  it('runs a unit again when PostgreSQL could not put it in order with another one', async () => {
    const store = await opened()
    await addSpec(store, 'collide')
    const { specs } = store.schema
    const ours = eq(specs.id, 'collide')
    let runs = 0
    let bothHaveRead!: () => void
    const both = new Promise<void>((resolve) => (bothHaveRead = resolve))
    const unit = () =>
      store.tx(async (tx) => {
        const [spec] = await tx.select({ stock: specs.stock }).from(specs).where(ours)
        if (++runs === 2) bothHaveRead()
        await both
        await tx
          .update(specs)
          .set({ stock: spec!.stock + 1 })
          .where(ours)
      })
    await Promise.all([unit(), unit()])
    const [spec] = await store.read.select({ stock: specs.stock }).from(specs).where(ours)
    expect([runs, spec!.stock]).toEqual([3, 2])
  })

  it('remembers that a unit collided even when code in between calls it something else', async () => {
    const store = await opened()
    await addSpec(store, 'wrapped')
    const { specs } = store.schema
    const ours = eq(specs.id, 'wrapped')
    let runs = 0
    const unit = store.tx(async (tx) => {
      const [spec] = await tx.select({ stock: specs.stock }).from(specs).where(ours)
      if (++runs === 1) {
        const other = new pg.Client({ connectionString: place.databaseUrl })
        await other.connect()
        await other.query('update specs set stock = 7')
        await other.end()
      }
      try {
        await tx
          .update(specs)
          .set({ stock: spec!.stock + 1 })
          .where(ours)
      } catch {
        throw new Error('could not create the user')
      }
    })
    await unit
    const [spec] = await store.read.select({ stock: specs.stock }).from(specs).where(ours)
    expect([runs, spec!.stock]).toEqual([2, 8])
  })

  it('survives a connection that dies in the middle of a unit', async () => {
    const store = await opened()
    await Promise.all(Array.from({ length: 8 }, (_, i) => addSpec(store, `warm-${i}`)))
    const { specs } = store.schema
    const killer = new pg.Client({ connectionString: place.databaseUrl })
    await killer.connect()
    try {
      const unit = store.tx(async (tx) => {
        await tx.update(specs).set({ stock: 9 })
        await killer.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid()`
        )
        await tx.$count(specs)
      })
      await expect(unit).rejects.toThrow('PostgreSQL is busy')
      expect(await store.read.$count(specs, eq(specs.stock, 9))).toBe(0)
      await addSpec(store, 'connected again')
    } finally {
      await killer.end()
    }
  })

  it('tells who comes too late that it is busy, and the edge answers 503 with when to come again', async () => {
    const store = await opened({ connections: 1, connectMs: 100 })
    let letGo!: () => void
    const holding = store.tx(async (tx) => {
      await tx.$count(store.schema.specs)
      await new Promise<void>((resolve) => (letGo = resolve))
    })
    await expect(store.tx((tx) => tx.$count(store.schema.specs))).rejects.toThrow(StoreBusy)

    const http: Http = fastify().withTypeProvider<TypeBoxTypeProvider>()
    const settings = readSettings({})
    await guardTheEdge(http, { settings, memberOf: async () => undefined, origins: () => true })
    http.get('/specs', { config: { who: 'anyone' } }, () => store.read.$count(store.schema.specs))
    const answer = await http.inject({ url: '/specs' })
    expect(answer.statusCode).toBe(503)
    expect(answer.headers['retry-after']).toBe('2')
    expect(answer.json()).toMatchObject({ code: 'busy' })
    letGo()
    await holding
    expect((await http.inject({ url: '/specs' })).statusCode).toBe(200)
    await http.close()
  })

  it('keeps connections for the rest of the shop while many want one coupon', async () => {
    const store = await opened({ connections: 4, connectMs: 100, hotWidth: 3 })
    let letGo!: () => void
    const gate = new Promise<void>((resolve) => (letGo = resolve))
    let runs = 0
    const rush = Array.from({ length: 20 }, () =>
      store.tx(
        async (tx) => {
          await tx.$count(store.schema.specs)
          runs++
          await gate
        },
        { hot: 'coupon' }
      )
    )
    await expect.poll(() => runs).toBe(1)
    await addSpec(store, 'an order of somebody else')
    expect(await store.read.$count(store.schema.specs)).toBe(1)
    letGo()
    await Promise.all(rush)
    expect(runs).toBe(20)
  })

  it(
    'is migrated once by three servers that start at the same moment',
    async () => {
      const empty = await emptyPostgres()
      const servers = await contenders(3, empty)
      expect(await servers.want({ want: 'stock', id: 'none', tries: 1 })).toEqual([0, 0, 0])
      await servers.leave()
      await empty.drop()
    },
    PROCESSES_MS
  )
})
