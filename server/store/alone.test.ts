import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { engines } from '../testing/engines.ts'
import { holdVillage } from './alone.ts'
import { openStore } from './open.ts'

/** Processes take their time to start on a machine that runs every other suite as well. */
const PROCESSES_MS = 60_000
const HOLDER = path.join(import.meta.dirname, '../testing/holder.ts')

describe.each(engines)('a village on $name without Redis', ({ make }) => {
  let place: Awaited<ReturnType<typeof make>>
  const settings = () => ({ ...place, redisUrl: '' })
  beforeEach(async () => {
    place = await make()
  })
  afterEach(() => place.drop())

  it('is held by one server at a time', async () => {
    const store = await openStore(settings())
    await expect(openStore(settings())).rejects.toThrow('Another server already runs')
    await store.close()
    await (await openStore(settings())).close()
  })

  it(
    'is refused to a second process, and free again after kill -9 of the first',
    async () => {
      const first = fork(HOLDER, { execArgv: [] })
      first.send(settings())
      expect(await once(first, 'message')).toEqual(['held', undefined])
      await expect(holdVillage(settings())).rejects.toThrow('Another server already runs')
      const gone = once(first, 'exit')
      first.kill('SIGKILL')
      await gone
      // PostgreSQL needs a moment to see that the connection is gone.
      await expect
        .poll(() => holdVillage(settings()).then((letGo) => letGo()), { timeout: 5_000 })
        .toBe(undefined)
    },
    PROCESSES_MS
  )
})

describe.skipIf(!inject('postgresUrl'))('a village on PostgreSQL', () => {
  const postgres = engines.find((engine) => engine.name === 'postgres')!

  it('takes many servers when they hear each other over Redis', async () => {
    const place = await postgres.make()
    const settings = { ...place, redisUrl: 'redis://somewhere' }
    const letGo = await Promise.all([holdVillage(settings), holdVillage(settings)])
    expect(letGo).toHaveLength(2)
    for (const go of letGo) await go()
    await place.drop()
  })

  it('says at the start when DATABASE_URL leads nowhere, without the password', async () => {
    const nowhere = {
      dataDir: '',
      redisUrl: '',
      databaseUrl: 'postgres://village:secret@127.0.0.1:1/village'
    }
    await expect(openStore(nowhere)).rejects.toThrow(
      /^DATABASE_URL: no PostgreSQL answers at 127\.0\.0\.1:1$/
    )
    const missing = `${inject('postgresUrl')}no_such_village`
    await expect(openStore({ ...nowhere, databaseUrl: missing })).rejects.toThrow(
      /"no_such_village" does not exist/
    )
  })

  it('is held again after the connection that holds it was cut', async () => {
    const place = await postgres.make()
    const settings = { ...place, redisUrl: '' }
    const letGo = await holdVillage(settings)
    const client = new pg.Client({ connectionString: place.databaseUrl })
    await client.connect()
    const holders = async () =>
      (
        await client.query(`select pid from pg_locks where locktype = 'advisory' and database =
        (select oid from pg_database where datname = current_database())`)
      ).rows.map((row: { pid: number }) => row.pid)
    const [before] = await holders()
    await client.query('select pg_terminate_backend($1)', [before])
    await expect
      .poll(async () => (await holders()).filter((pid) => pid !== before), { timeout: 5_000 })
      .toHaveLength(1)
    await expect(holdVillage(settings)).rejects.toThrow('Another server already runs')
    await letGo()
    await client.end()
    await place.drop()
  })

  it('reports that somebody else took it while the connection was cut', async () => {
    const place = await postgres.make()
    const settings = { ...place, redisUrl: '' }
    const reported: string[] = []
    const letGo = await holdVillage(settings, (error) => void reported.push((error as Error).message))
    const thief = new pg.Client({ connectionString: place.databaseUrl })
    await thief.connect()
    // Waits in line for the lock, so it has it before the server can ask again.
    const taken = thief.query('select pg_advisory_lock(objid::bigint) from pg_locks where locktype = $1', [
      'advisory'
    ])
    const killer = new pg.Client({ connectionString: place.databaseUrl })
    await killer.connect()
    await expect
      .poll(async () => (await killer.query(`select 1 from pg_locks where not granted`)).rowCount)
      .toBe(1)
    await killer.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and database =
        (select oid from pg_database where datname = current_database())`
    )
    await taken
    await expect.poll(() => reported).toHaveLength(1)
    expect(reported[0]).toContain('Another server already runs')
    await letGo()
    await thief.end()
    await killer.end()
    await place.drop()
  })
})
