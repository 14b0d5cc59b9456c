import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'

/** Where one suite's village keeps its facts: settings for `openStore` and what to clean up. */
export interface Engine {
  name: 'sqlite' | 'postgres'
  make(): Promise<Place>
}

export interface Place {
  databaseUrl: string
  dataDir: string
  drop(): Promise<void>
}

let made = 0

const folder = () => mkdtempSync(path.join(inject('scratch'), 'village-'))

const sqlite: Engine = {
  name: 'sqlite',
  async make() {
    const dataDir = folder()
    copyFileSync(inject('migratedFile'), path.join(dataDir, 'village.db'))
    return { databaseUrl: '', dataDir, drop: async () => rmSync(dataDir, { recursive: true, force: true }) }
  }
}

const postgres: Engine = { name: 'postgres', make: () => onPostgres(inject('migratedDatabase')) }

/** A database that no server has migrated yet. */
export const emptyPostgres = () => onPostgres('template0')

async function onPostgres(template: string): Promise<Place> {
  const base = inject('postgresUrl')
  const name = `village_${process.pid}_${++made}`
  const dataDir = folder()
  await onServer(base, `create database ${name} template ${template}`)
  return {
    databaseUrl: base + name,
    dataDir,
    async drop() {
      await onServer(base, `drop database if exists ${name} with (force)`)
      rmSync(dataDir, { recursive: true, force: true })
    }
  }
}

async function onServer(url: string, sql: string) {
  const client = new pg.Client({ connectionString: `${url}postgres` })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/**
 * Both engines, for `describe.each`: a rule that holds on one of them only is not a rule. Every place is a
 * copy of one that was migrated before the first suite: hundreds of them would otherwise be migrated anew.
 */
export const engines: Engine[] = [sqlite, postgres]
