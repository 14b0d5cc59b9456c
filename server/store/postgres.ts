import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { connected } from './connect.ts'
import { pgKit } from './kit.ts'
import { hotLanes } from './lanes.ts'
import { timeLimit } from './limit.ts'
import { makeSchema } from './schema.ts'
import {
  refuseNesting,
  refuseReadInside,
  StoreBusy,
  TransactionError,
  unitOfWork,
  type Query,
  type Reader,
  type Statement,
  type Store,
  type Tx
} from './store.ts'

pg.types.setTypeParser(pg.types.builtins.INT8, Number) // counts, milliseconds and fen all stay below 2^53

/** Longer than SQLite's: here others go on beside a unit that brings in a whole sheet on a busy machine. */
const LIMIT_MS = 5_000
const CONNECTIONS = 20
/** How long a unit or a read waits for a connection, and how many may wait. */
const CONNECT_MS = 5_000
const WAITING = 5_000
/** Units of one hot name that hold a connection: one works, the next already stands at PostgreSQL's door. */
const HOT_WIDTH = 2
const TRIES = 50
const MIGRATION_LOCK = 20230901
/** 40001 serialization failure, 40P01 deadlock: PostgreSQL asks for the unit to be run again. */
const AGAIN = new Set(['40001', '40P01'])
/** The connection was cut. */
const LOST = new Set(['57P01', '57P02', 'ECONNRESET', 'EPIPE'])
const LOST_TRIES = 5
/** By then the pool has noticed which of its other connections are dead. */
const LOST_WAIT_MS = 20
/** Too slow, too many, just starting or stopping: nothing is wrong with the request. */
const BUSY = new Set([...AGAIN, '57014', '53300', '57P03', 'ECONNREFUSED'])
/** node-postgres gives these no code. */
const BUSY_WORDS = /timeout exceeded when trying to connect/
const LOST_WORDS = /Connection terminated|is not queryable/
const UNLOCK = 'SELECT pg_advisory_unlock_all()'

export interface PostgresOptions {
  url: string
  migrations?: string
  connections?: number
  connectMs?: number
  hotWidth?: number
  limitMs?: number
  tries?: number
}

type Run = (query: pg.QueryConfig, params: unknown[]) => Promise<pg.QueryResult>

/** Every unit SERIALIZABLE and run again on a conflict; a hot unit queues on an advisory lock before it begins. */
export async function openPostgres(options: PostgresOptions): Promise<Store> {
  const { url, migrations = path.join(import.meta.dirname, '../../drizzle/postgres') } = options
  const { connections = CONNECTIONS, connectMs = CONNECT_MS, hotWidth = HOT_WIDTH } = options
  const { limitMs = LIMIT_MS, tries = TRIES } = options
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: connectMs,
    options: `-c default_transaction_read_only=on -c statement_timeout=${limitMs} -c idle_in_transaction_session_timeout=${limitMs}`
  })
  pool.on('error', () => {}) // an idle connection died: the pool replaces it
  pool.on('connect', (client) => client.on('error', () => {})) // one in use died: its query rejects
  await migrateOnce(url, migrations)
  const limit = timeLimit(limitMs)
  const enter = hotLanes(hotWidth)

  function refuseCrowd() {
    if (pool.waitingCount >= WAITING) throw new StoreBusy('too many wait for a connection')
  }

  /** A connection in which a unit has just begun. */
  async function begun(hot?: string) {
    for (let n = 1; ; n++) {
      refuseCrowd()
      const client = await pool.connect()
      try {
        // Before BEGIN: a lock taken inside would be waited for with a snapshot that is stale by then.
        if (hot) await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [hot])
        await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE')
        return client
      } catch (error) {
        client.release(true)
        if (n >= LOST_TRIES || !isLost(error)) throw error
        await sleep(LOST_WAIT_MS) // nothing has happened yet: another connection will do
      }
    }
  }

  async function attempt<T>(work: (run: Run) => Promise<T>, hot?: string): Promise<T> {
    const client = await begun(hot)
    let lost: Error | undefined
    let conflict: unknown
    /** A connection does one thing at a time; whoever asks for more at once, and whoever does not wait, lines up here. */
    let last: Promise<unknown> = Promise.resolve()
    try {
      const value = await unitOfWork((gate) => {
        const run: Run = (query, params) =>
          gate(() => {
            const answer = last
              .then(() => client.query(query, params))
              .catch((error: pg.DatabaseError) => {
                if (AGAIN.has(error.code ?? '')) conflict = error // code in between may wrap it; the verdict stays
                throw error
              })
            last = answer.catch(() => {})
            return answer
          })
        return work(run)
      }, limit)
      await last
      // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and calls it a success.
      const [committed] = [await client.query(hot ? `COMMIT; ${UNLOCK}` : 'COMMIT')].flat()
      if (committed?.command !== 'COMMIT') throw new TransactionError('a query that nobody waited for failed')
      return value
    } catch (error) {
      await last
      await client.query(hot ? `ROLLBACK; ${UNLOCK}` : 'ROLLBACK').catch((failure: Error) => (lost = failure))
      throw conflict ?? error
    } finally {
      client.release(lost)
    }
  }

  async function retrying<T>(work: (run: Run) => Promise<T>, hot?: string): Promise<T> {
    const leave = hot ? await enter(hot) : undefined
    try {
      for (let n = 1; ; n++) {
        try {
          return await attempt(work, hot)
        } catch (error) {
          if (n >= tries || !AGAIN.has(codeOf(error))) throw busyOr(error)
          await sleep(Math.random() * Math.min(50, 2 ** n))
        }
      }
    } finally {
      leave?.()
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

  const runRead: Run = async (query, params) => {
    refuseReadInside()
    refuseCrowd()
    for (let n = 1; ; n++) {
      try {
        return await pool.query(query, params)
      } catch (error) {
        if (n >= LOST_TRIES || !isLost(error)) throw busyOr(error)
        await sleep(LOST_WAIT_MS)
      }
    }
  }
  const read = over(runRead) as unknown as Reader
  let statements = 0

  function statement<Row>(build: (query: Tx) => Query<Row>): Statement<Row> {
    let turn: Run | undefined
    const inTurn: Run = (config, params) => {
      if (!turn) throw new TransactionError('a statement ran outside its turn')
      return turn(config, params)
    }
    const query = build(over(inTurn))
    const compiled = (query as unknown as { prepare(name: string): Compiled<Row> }).prepare(
      `s${++statements}`
    )
    return async (on, values) => {
      turn = on === read ? runRead : runs.get(on)
      if (!turn) throw new TypeError('run a statement on a unit of work or on store.read')
      const answer = compiled.execute(values) // reaches `inTurn` before its first await …
      turn = undefined // … and if one day it does not, it finds no turn instead of somebody else's
      return answer
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
  const client = await connected(url)
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK])
    await migrate(drizzle(client), { migrationsFolder })
  } finally {
    await client.end()
  }
}

/** drizzle wraps the driver's error. */
function driverError(error: unknown) {
  const { cause } = error as { cause?: unknown }
  return (cause instanceof Error ? cause : error) as { code?: string; message?: string }
}

const codeOf = (error: unknown) => driverError(error).code ?? ''

function isLost(error: unknown) {
  const { code = '', message = '' } = driverError(error)
  return LOST.has(code) || LOST_WORDS.test(message)
}

function busyOr(error: unknown) {
  const { code = '', message = '' } = driverError(error)
  if (!isLost(error) && !BUSY.has(code) && !BUSY_WORDS.test(message)) return error
  return new StoreBusy(`PostgreSQL is busy: ${message}`, { cause: error })
}
