import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'

/** Where one suite's village keeps its facts: settings for `openStore` and what to clean up. */
export interface Engine {
  name: 'sqlite' | 'postgres'
  make(): Promise<{ databaseUrl: string; dataDir: string; drop(): Promise<void> }>
}

let made = 0

const folder = () => mkdtempSync(path.join(tmpdir(), 'yujia-'))

const sqlite: Engine = {
  name: 'sqlite',
  async make() {
    const dataDir = folder()
    return { databaseUrl: '', dataDir, drop: async () => rmSync(dataDir, { recursive: true, force: true }) }
  }
}

const postgres: Engine = {
  name: 'postgres',
  async make() {
    const base = inject('postgresUrl')
    const name = `village_${process.pid}_${++made}`
    const dataDir = folder()
    await onServer(base, `create database ${name}`)
    return {
      databaseUrl: base + name,
      dataDir,
      async drop() {
        await onServer(base, `drop database if exists ${name} with (force)`)
        rmSync(dataDir, { recursive: true, force: true })
      }
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

/** Both engines, for `describe.each`: a rule that holds on one of them only is not a rule. */
export const engines: Engine[] = [sqlite, postgres]
