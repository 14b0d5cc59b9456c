import * as pg from 'drizzle-orm/pg-core'
import * as sqlite from 'drizzle-orm/sqlite-core'

/**
 * The column vocabulary: everything a table may use exists in both engines with one TypeScript type.
 * Times are milliseconds since 1970 and money is fen, both `big`; ids are text made by `newId`.
 */
export const sqliteKit = {
  table: sqlite.sqliteTable,
  index: sqlite.index,
  uniqueIndex: sqlite.uniqueIndex,
  primaryKey: sqlite.primaryKey,
  check: sqlite.check,
  text: (name: string) => sqlite.text(name),
  oneOf: <const T extends [string, ...string[]]>(name: string, values: T) =>
    sqlite.text(name, { enum: values }),
  /** Counts: 32 bit in PostgreSQL. */
  int: (name: string) => sqlite.integer(name),
  /** Milliseconds and fen: 53 bit. */
  big: (name: string) => sqlite.integer(name),
  /** Only for the sign-in library, which insists on Date objects. */
  date: (name: string) => sqlite.integer(name, { mode: 'timestamp_ms' }),
  bool: (name: string) => sqlite.integer(name, { mode: 'boolean' }),
  json: <T>(name: string) => sqlite.text(name, { mode: 'json' }).$type<T>()
}

export type Kit = typeof sqliteKit

/** PostgreSQL's half of the same vocabulary; typed as the SQLite half, here and nowhere else. */
export const pgKit = {
  table: pg.pgTable,
  index: pg.index,
  uniqueIndex: pg.uniqueIndex,
  primaryKey: pg.primaryKey,
  check: pg.check,
  text: (name: string) => pg.text(name),
  oneOf: (name: string, values: [string, ...string[]]) => pg.text(name, { enum: values }),
  int: (name: string) => pg.integer(name),
  big: (name: string) => pg.bigint(name, { mode: 'number' }),
  date: (name: string) => pg.timestamp(name, { withTimezone: true, precision: 3 }),
  bool: (name: string) => pg.boolean(name),
  json: (name: string) => pg.jsonb(name)
} as unknown as Kit
