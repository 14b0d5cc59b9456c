import { getTableName, is } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import * as postgresTables from '../../drizzle/postgres.tables.ts'
import * as sqliteTables from '../../drizzle/sqlite.tables.ts'
import { pgKit, sqliteKit } from './kit.ts'
import { makeSchema } from './schema.ts'

const names = (tables: object, kind: typeof SQLiteTable | typeof PgTable) =>
  Object.values(tables)
    .filter((table) => is(table, kind))
    .map((table) => getTableName(table))
    .toSorted()

describe('the migrations', () => {
  it('are made from every table there is, on both engines', () => {
    const sqlite = names(makeSchema(sqliteKit), SQLiteTable)
    expect(sqlite.length).toBeGreaterThan(20)
    expect(names(sqliteTables, SQLiteTable)).toEqual(sqlite)
    expect(names(makeSchema(pgKit), PgTable)).toEqual(sqlite)
    expect(names(postgresTables, PgTable)).toEqual(sqlite)
  })

  it.each(['sqlite', 'postgresql'])(
    'say what the tables say on %s',
    async (dialect) => {
      // drizzle-kit takes only relative folders, so its copy of the migrations lies in this folder for a moment.
      const folder = dialect === 'sqlite' ? 'sqlite' : 'postgres'
      const copy = mkdtempSync(path.join('node_modules', '.drift-'))
      try {
        cpSync(path.join('drizzle', folder), copy, { recursive: true })
        const before = readdirSync(copy)
        const args = ['--dialect', dialect, '--schema', `./drizzle/${folder}.tables.ts`, '--out', `./${copy}`]
        const kit = spawn('drizzle-kit', ['generate', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
        let said = ''
        kit.stdout.on('data', (text: Buffer) => (said += text.toString()))
        kit.stderr.on('data', (text: Buffer) => (said += text.toString()))
        await once(kit, 'close')
        expect(said).toContain('No schema changes')
        expect(readdirSync(copy)).toEqual(before)
      } finally {
        rmSync(copy, { recursive: true, force: true })
      }
    },
    60_000
  )
})
