import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { pgKit } from './kit.ts'
import { makeSchema } from './schema.ts'
import {
  refuseNesting,
  unitOfWork,
  type Gate,
  type Query,
  type Reader,
  type Statement,
  type Store,
  type Tx
} from './store.ts'

pg.types.setTypeParser(pg.types.builtins.INT8, Number) // counts, milliseconds and fen all stay below 2^53

const LIMIT_MS = 2_000
const CONNECTIONS = 20
const TRIES = 50
const MIGRATION_LOCK = 20230901
/** 40001 serialization failure, 40P01 deadlock: PostgreSQL asks for the unit to be run again. */
const AGAIN = new Set(['40001', '40P01'])

export interface PostgresOptions {
  url: string
  migrations?: string
  connections?: number
  limitMs?: number
  tries?: number
}

type Run = (query: pg.QueryConfig, params: unknown[]) => Promise<pg.QueryResult>

/** Every unit SERIALIZABLE and run again on a conflict; a hot unit queues on an advisory lock before it begins. */
export async function openPostgres(options: PostgresOptions): Promise<Store> {
  const { url, migrations = path.resolve('drizzle/postgres') } = options
  const { connections = CONNECTIONS, limitMs = LIMIT_MS, tries = TRIES } = options
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 5_000,
    options: `-c default_transaction_read_only=on -c statement_timeout=${limitMs} -c idle_in_transaction_session_timeout=${limitMs}`
  })
  pool.on('error', () => {}) // an idle connection died: the pool replaces it
  pool.on('connect', (client) => client.on('error', () => {})) // one in use died: its query rejects
  await migrateOnce(url, migrations)

  async function attempt<T>(work: (run: Run, gate: Gate) => Promise<T>, hot?: string): Promise<T> {
    const client = await pool.connect()
    let lost: Error | undefined
    let conflict: unknown
    try {
      // Before BEGIN: a lock taken inside would be waited for with a snapshot that is stale by then.
      if (hot) await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [hot])
      await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE')
      const value = await unitOfWork((gate) => {
        const run: Run = (query, params) =>
          gate(() =>
            client.query(query, params).catch((error: pg.DatabaseError) => {
              if (AGAIN.has(error.code ?? '')) conflict = error // code in between may wrap it; the verdict stays
              throw error
            })
          )
        return work(run, gate)
      }, limitMs)
      await client.query('COMMIT')
      if (hot) await client.query('SELECT pg_advisory_unlock_all()')
      return value
    } catch (error) {
      const undo = hot ? 'ROLLBACK; SELECT pg_advisory_unlock_all()' : 'ROLLBACK'
      await client.query(undo).catch((failure: Error) => (lost = failure))
      throw conflict ?? error
    } finally {
      client.release(lost)
    }
  }

  async function retrying<T>(work: (run: Run, gate: Gate) => Promise<T>, hot?: string): Promise<T> {
    for (let n = 1; ; n++) {
      try {
        return await attempt(work, hot)
      } catch (error) {
        if (n >= tries || !AGAIN.has(sqlState(error))) throw error
        await sleep(Math.random() * Math.min(50, 2 ** n))
      }
    }
  }

  const over = (run: Run) => drizzle({ query: run } as unknown as pg.Pool) as unknown as Tx
  const runs = new WeakMap<object, Run>()

  async function tx<T>(fn: (tx: Tx) => Promise<T>, hint?: { hot: string }) {
    refuseNesting()
    return retrying((run) => {
      const handle = over(run)
      runs.set(handle, run)
      return fn(handle)
    }, hint?.hot)
  }

  const read = drizzle(pool) as unknown as Reader
  let statements = 0

  function statement<Row>(build: (query: Tx) => Query<Row>): Statement<Row> {
    let turn: Run | undefined
    const query = build(over((config, params) => turn!(config, params)))
    const compiled = (query as unknown as { prepare(name: string): Compiled<Row> }).prepare(
      `s${++statements}`
    )
    return async (on, values) => {
      turn = on === read ? (config, params) => pool.query(config, params) : runs.get(on)
      if (!turn) throw new TypeError('run a statement on a unit of work or on store.read')
      return compiled.execute(values) // reaches `turn` before its first await; the contract suite proves it
    }
  }

  const each = over((query, params) => {
    refuseNesting()
    return retrying((run) => run(query, params))
  })

  return {
    engine: 'postgres',
    schema: makeSchema(pgKit),
    read,
    tx,
    statement,
    each: Object.assign(each, { transaction: tx }) as never,
    async backup() {
      throw new Error('PostgreSQL is backed up with pg_dump or by its provider')
    },
    close: () => pool.end()
  }
}

interface Compiled<Row> {
  execute(values: Record<string, unknown>): Promise<Row[]>
}

/** Several servers may start at the same moment; one migrates, the others wait for it. */
async function migrateOnce(url: string, migrationsFolder: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK])
    await migrate(drizzle(client), { migrationsFolder })
  } finally {
    await client.end()
  }
}

/** drizzle wraps the driver's error. */
function sqlState(error: unknown) {
  const { code, cause } = error as { code?: string; cause?: { code?: string } }
  return cause?.code ?? code ?? ''
}
