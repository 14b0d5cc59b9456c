import { mkdirSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { drizzle as drizzleProxy } from 'drizzle-orm/sqlite-proxy'
import { openFlush, type Flush } from './flush.ts'
import { sqliteKit } from './kit.ts'
import { timeLimit } from './limit.ts'
import { makeSchema } from './schema.ts'
import {
  refuseNesting,
  refuseReadInside,
  StoreBusy,
  TransactionError,
  unitOfWork,
  type Gate,
  type Query,
  type Reader,
  type Statement,
  type Store,
  type Tx
} from './store.ts'

/** A unit of work must not make every other writer wait longer than this. */
const LIMIT_MS = 2_000
/** Turns of the event loop that a batch may gather while it still grows. */
const GATHER_TURNS = 24
const UNITS_PER_COMMIT = 200
const COMPILED_STATEMENTS = 500
/** A rush touches a page for each member; those of SQLite's own 2 MB are read anew for every batch. */
const CACHE_KIB = 32 * 1024
/** 16 MB: a page that many commits touch is put in its place once, not once for every dozen commits. */
const CHECKPOINT_PAGES = 4_000
/** How long another process may hold the file. Only tools do: a second server is refused. */
const BUSY_MS = 5_000
/** One or two seconds of work. Whoever comes later is told at once that it is too full. */
const WAITING_UNITS = 20_000

export interface SqliteOptions {
  file: string
  migrations?: string
  limitMs?: number
  unitsPerCommit?: number
  waitingUnits?: number
  busyMs?: number
  /** Waits for the disk inside COMMIT, as SQLite does by itself: what `npm run bench` compares with. */
  flushInCommit?: boolean
  /** Waits for the disk after COMMIT. */
  flush?: (walFile: string) => Flush
  /** The disk did not take what was committed. Nobody can know what is on it, so by default the process ends. */
  onLost?: (error: unknown) => void
  /** For what only the connection can tell or be told: how the disk is waited for, how full it may get. */
  onWriter?: (writer: Database.Database) => void
}

/** A unit that waits for the writer. */
interface Waiting {
  /** Its turn has come. */
  begin: (turn: Turn) => void
  refuse: (error: unknown) => void
}

/** A unit's place in a batch. */
interface Turn {
  /** Says how the unit ended; resolves when the batch is on disk, rejects when nothing of it is. */
  end(outcome: { failed?: unknown }): Promise<void>
}

/** By which a statement finds the unit that it runs in. */
const GATE = Symbol('gate')

/** What `fn` of a unit is handed; the builder is made when it is first asked for. */
interface Handle {
  gate: Gate
  builder?: object
}

/** Outside of any promise, so that nobody catches it: what readers see may not be on disk. */
const endProcess = (error: unknown) =>
  void setImmediate(() => {
    throw error
  })

/** One writer connection with group commit, one read-only connection. */
export function openSqlite(options: SqliteOptions): Store {
  const { file, migrations = path.join(import.meta.dirname, '../../drizzle/sqlite') } = options
  const { limitMs = LIMIT_MS, unitsPerCommit = UNITS_PER_COMMIT } = options
  const { waitingUnits = WAITING_UNITS, busyMs = BUSY_MS, onWriter: show } = options
  const { flushInCommit = false, flush: openFlusher = openFlush, onLost = endProcess } = options
  mkdirSync(path.dirname(file), { recursive: true })
  const writer = new Database(file)
  writer.pragma('journal_mode = WAL')
  // NORMAL does not wait for the disk at a commit: `flush` does, and no answer leaves before it.
  writer.pragma(`synchronous = ${flushInCommit ? 'FULL' : 'NORMAL'}`)
  writer.pragma(`cache_size = -${CACHE_KIB}`)
  writer.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  writer.pragma(`busy_timeout = ${busyMs}`)
  migrateSafely(writer, migrations)
  const disk = flushInCommit ? undefined : openFlusher(`${file}-wal`)
  show?.(writer)
  const reader = new Database(file, { readonly: true })
  reader.pragma(`busy_timeout = ${busyMs}`)

  const schema = makeSchema(sqliteKit)
  const onWriter = compiledStatements(writer)
  const onReader = compiledStatements(reader)
  const limit = timeLimit(limitMs)
  const waiting: Waiting[] = []
  let busy = false
  let closed = false
  let lost: TransactionError | undefined

  /** Resolves when all that was committed so far is on disk; if the disk refuses, this store has served its time. */
  async function flushed() {
    try {
      await disk?.flush()
    } catch (cause) {
      lost = new TransactionError('the disk did not take what was committed', { cause })
      onLost(lost)
      throw lost
    }
  }

  /** Group commit: units that wait in the same turn share one BEGIN … COMMIT, each in a savepoint of its own. */
  async function commitBatch() {
    const units = waiting.splice(0, unitsPerCommit)
    const onDisk = Promise.withResolvers<void>()
    onDisk.promise.catch(() => {}) // a batch whose units have all failed has nobody who listens
    let begun = 0
    try {
      writer.exec('BEGIN IMMEDIATE')
      for (const { begin } of units) {
        begun++
        onWriter.exec('SAVEPOINT unit')
        const { failed } = await new Promise<{ failed?: unknown }>((ended) => {
          begin({
            end(outcome) {
              ended(outcome)
              return onDisk.promise
            }
          })
        })
        if (failed !== undefined) {
          if (!writer.inTransaction) throw failed // disk full: SQLite has rolled the whole batch back
          onWriter.exec('ROLLBACK TO unit')
        }
        onWriter.exec('RELEASE unit')
      }
      writer.exec('COMMIT')
      await flushed()
      onDisk.resolve()
    } catch (error) {
      if (writer.inTransaction) writer.exec('ROLLBACK')
      onDisk.reject(busyOr(error))
      const unheard = [...units.slice(begun), ...(lost ? waiting.splice(0) : [])]
      for (const { refuse } of unheard) refuse(busyOr(error))
    }
    if (waiting.length) setImmediate(gather) // the event loop breathes between batches
    else busy = false
  }

  /** A commit waits for the disk, so it is worth a turn or two to see whether more are just coming in. */
  function gather(seen = 0, turns = 0) {
    const more = waiting.length > seen && waiting.length < unitsPerCommit && turns < GATHER_TURNS
    if (more) setImmediate(gather, waiting.length, turns + 1)
    else void commitBatch()
  }

  /** The work runs in its caller's own continuation, so whatever context she has is there without being carried. */
  async function enqueue<T>(work: (gate: Gate) => Promise<T>): Promise<T> {
    refuseNesting()
    if (closed) throw new TransactionError('the store is closed')
    if (lost) throw lost
    if (waiting.length >= waitingUnits) throw new StoreBusy('too many units wait for the writer')
    const turn = await new Promise<Turn>((begin, refuse) => {
      waiting.push({ begin, refuse })
      if (busy) return
      busy = true
      setImmediate(gather)
    })
    let value: T
    try {
      value = await unitOfWork(work, limit)
    } catch (error) {
      await turn.end({ failed: error ?? new TransactionError('a unit of work threw nothing') })
      throw error
    }
    await turn.end({})
    return value
  }

  // A unit that only runs statements never asks for a query builder, and making one costs more than its queries.
  const lazily: ProxyHandler<Handle> = {
    get(handle, name) {
      if (name === GATE) return handle.gate
      handle.builder ??= drizzle(onWriter.client(handle.gate))
      return Reflect.get(handle.builder, name) as unknown
    }
  }
  const tx = <T>(fn: (tx: Tx) => Promise<T>) =>
    enqueue((gate) => fn(new Proxy<Handle>({ gate }, lazily) as unknown as Tx))

  const reading: Gate = (query) => {
    refuseReadInside()
    return query()
  }
  const read = drizzle(onReader.client(reading)) as unknown as Reader

  function statement<Row>(build: (query: Tx) => Query<Row>): Statement<Row> {
    let turn: Gate | undefined
    const inTurn: Gate = (query) => {
      if (!turn) throw new TransactionError('a statement ran outside its turn')
      return turn(query)
    }
    const inUnit = prepared<Row>(build(drizzle(onWriter.client(inTurn)) as unknown as Tx))
    const committed = prepared<Row>(build(drizzle(onReader.client(reading)) as unknown as Tx))
    return async (on, values) => {
      if (on === read) return committed(values)
      turn = (on as { [GATE]?: Gate })[GATE]
      if (!turn) throw new TypeError('run a statement on a unit of work or on store.read')
      try {
        return inUnit(values)
      } finally {
        turn = undefined
      }
    }
  }

  const each = drizzleProxy((sql, params, method) =>
    enqueue(async (gate) => {
      const statement = onWriter.client(gate).prepare(sql)
      if (method === 'run') return { rows: [], changes: statement.run(...params).changes }
      const raw = statement.raw()
      return { rows: (method === 'get' ? raw.get(...params) : raw.all(...params)) as unknown[] }
    })
  )

  return {
    engine: 'sqlite',
    schema,
    read,
    tx,
    statement,
    each: Object.assign(each, { transaction: tx }) as never,
    async backup(copy) {
      const part = `${copy}.part`
      await rm(part, { force: true })
      await copied(file, part)
      await rename(part, copy)
    },
    async close() {
      closed = true
      while (busy) await new Promise(setImmediate)
      disk?.close()
      reader.close()
      writer.close()
    }
  }
}

/** Another process (a tool, a second shell) held the file for longer than `busy_timeout`. */
function busyOr(error: unknown) {
  const held = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')
  return held ? new StoreBusy('another process writes to the database', { cause: error }) : error
}

/** Resolves when the copy is complete and on disk. */
function copied(from: string, to: string) {
  return new Promise<void>((resolve, reject) => {
    const worker = new Worker(path.join(import.meta.dirname, 'copy.ts'), { workerData: { from, to } })
    worker.once('error', reject)
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`the copy ended with ${code}`))))
  })
}

/** A migration that rebuilds a table inside a transaction would delete the rows that refer to it. */
function migrateSafely(writer: Database.Database, migrationsFolder: string) {
  writer.pragma('foreign_keys = OFF')
  migrate(drizzle(writer), { migrationsFolder })
  const dangling = writer.pragma('foreign_key_check') as unknown[]
  if (dangling.length) throw new Error(`${dangling.length} dangling references after the migration`)
  writer.pragma('foreign_keys = ON')
}

interface Prepared {
  execute(values: Record<string, unknown>): { sync(): unknown }
}

/** better-sqlite3 answers at once, so nothing can come between naming the unit and running the query. */
function prepared<Row>(query: Query<Row>) {
  const compiled = (query as unknown as { prepare(): Prepared }).prepare()
  return (values: Record<string, unknown>) => compiled.execute(values).sync() as Row[]
}

/** drizzle compiles every query anew; this keeps the compiled statements. Plain and raw rows need one each. */
function compiledStatements(db: Database.Database) {
  // By the query's own text, whose hash is known after the first time: a key made of parts is hashed at every call.
  const compiled = {
    plain: new Map<string, Database.Statement>(),
    raw: new Map<string, Database.Statement>()
  }
  const statement = (raw: boolean, sql: string) => {
    const known = raw ? compiled.raw : compiled.plain
    let found = known.get(sql)
    if (!found) {
      if (known.size >= COMPILED_STATEMENTS) known.clear()
      found = db.prepare(sql)
      if (raw) found.raw()
      known.set(sql, found)
    }
    return found
  }
  const client = (gate: Gate) =>
    ({
      prepare(sql: string) {
        const via = (raw: boolean) => ({
          run: (...values: unknown[]) => gate(() => statement(raw, sql).run(...values)),
          get: (...values: unknown[]) => gate(() => statement(raw, sql).get(...values)),
          all: (...values: unknown[]) => gate(() => statement(raw, sql).all(...values))
        })
        return { ...via(false), raw: () => via(true) }
      }
    }) as unknown as Database.Database
  return { client, exec: (sql: string) => statement(false, sql).run() }
}
