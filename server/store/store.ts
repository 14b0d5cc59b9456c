import { AsyncLocalStorage } from 'node:async_hooks'
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import type { TimeLimit } from './limit.ts'
import type { Schema } from './schema.ts'

/** The query surface both engines share. There is no driver-specific run result: ask with `.returning()`. */
export type Tx = Pick<
  BaseSQLiteDatabase<'async', void>,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | '$with' | 'with' | '$count'
>
export type Reader = Pick<Tx, 'select' | 'selectDistinct' | '$with' | '$count'>

/** A query that was compiled once; it runs inside any unit of work, or on committed data with `store.read`. */
export type Statement<Row> = (on: Tx | Reader, values: Record<string, unknown>) => Promise<Row[]>

/** What a query builder hands back: something that can be awaited for its rows. */
export interface Query<Row> {
  then: PromiseLike<Row[]>['then']
}

export interface Store {
  readonly engine: 'sqlite' | 'postgres'
  readonly schema: Schema
  /** Committed data, outside any unit of work: cannot write, and refuses inside `tx`, where it would not see her own writes. */
  readonly read: Reader
  /**
   * One serializable, durable unit of work: when it resolves, its writes are on disk. `fn` touches nothing but
   * the database, for it may run more than once. `hot` names a row that many want at the same moment; it only
   * makes the others queue instead of collide.
   */
  tx<T>(fn: (tx: Tx) => Promise<T>, hint?: { hot: string }): Promise<T>
  /**
   * Compiles a query once, for the paths a rush goes through. Values that change go in as `sql.placeholder`.
   * Compiling at every call costs more than the database itself.
   */
  statement<Row>(build: (query: Tx) => Query<Row>): Statement<Row>
  /** For libraries that bring their own queries: each statement is a unit of work of its own. */
  readonly each: Tx & { transaction<T>(fn: (tx: Tx) => Promise<T>): Promise<T> }
  /** Writes a consistent copy while the shop goes on selling. SQLite only; PostgreSQL has pg_dump. */
  backup(file: string): Promise<void>
  close(): Promise<void>
}

/** A unit of work that broke the rules: a bug of ours, never the fault of who asked. */
export class TransactionError extends Error {}

/** The store cannot take any more just now. Nothing was written; it is worth trying again in a moment. */
export class StoreBusy extends Error {}

/** drizzle and other libraries wrap what the store says. */
export function isBusy(error: unknown): boolean {
  return error instanceof StoreBusy || (error instanceof Error && error.cause instanceof StoreBusy)
}

/** Runs a query on the engine's connection on behalf of one unit of work. */
export type Gate = <R>(query: () => R) => R

const inside = new AsyncLocalStorage<{ open: boolean }>()

/** The rules both engines obey: no use after the end, no surviving a failed query, no waiting on the outside world. */
export function unitOfWork<T>(work: (gate: Gate) => Promise<T>, limit: TimeLimit): Promise<T> {
  let broken: unknown
  const unit = { open: true }
  const gate: Gate = (query) => {
    if (broken) throw broken
    if (!unit.open) throw new TransactionError('a query came after the end of its unit of work')
    try {
      const result = query()
      if (result instanceof Promise) result.catch((error: unknown) => (broken ??= error))
      return result
    } catch (error) {
      broken ??= error
      throw error
    }
  }
  return new Promise<T>((resolve, reject) => {
    const inTime = limit.begin(() => {
      unit.open = false
      reject(new TransactionError(`a unit of work was still open after ${limit.ms} ms`))
    })
    const ended = () => {
      inTime()
      unit.open = false // what it started and left behind may use the store again
    }
    // `async` awaits a returned query builder exactly once; every further `.then` would run it again.
    inside
      .run(unit, async () => work(gate))
      .then(
        (value) => {
          ended()
          if (broken) reject(broken)
          else resolve(value)
        },
        (error: unknown) => {
          ended()
          reject(error)
        }
      )
  })
}

/** A unit inside a unit would wait for itself on SQLite and tear atomicity on PostgreSQL. */
export function refuseNesting() {
  if (inside.getStore()?.open) throw new TransactionError('store.tx inside store.tx: hand the tx down')
}

/** It would read what was true before the unit, and on PostgreSQL wait for a second connection while holding one. */
export function refuseReadInside() {
  if (inside.getStore()?.open) throw new TransactionError('store.read inside store.tx: read through the tx')
}
