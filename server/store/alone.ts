import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { SettingsError, type Settings } from '../settings.ts'
import { connected } from './connect.ts'

const VILLAGE_LOCK = 20231225
const AGAIN_MS = 1_000

/** Hears of what the one who called can no longer be told. */
type Report = (error: unknown, what: string) => void

/**
 * Without Redis the servers of one village would not hear each other, and half of a room would miss what is said in
 * the other half. So the first server holds the village and a second one refuses to start. Whatever ends the first
 * (even `kill -9`) lets go of it. Resolves to what lets go.
 */
export async function holdVillage(
  settings: Pick<Settings, 'databaseUrl' | 'dataDir' | 'redisUrl'>,
  report: Report = () => {}
): Promise<() => Promise<void>> {
  if (!settings.databaseUrl) return holdFolder(settings.dataDir)
  if (!settings.redisUrl) return holdDatabase(settings.databaseUrl, report)
  return async () => {}
}

/** An open exclusive transaction on a file of its own; the operating system drops the lock with the process. */
async function holdFolder(dataDir: string) {
  mkdirSync(dataDir, { recursive: true })
  const lock = new Database(path.join(dataDir, 'village.lock'), { timeout: 0 })
  try {
    lock.pragma('locking_mode = EXCLUSIVE')
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error
    throw new SettingsError(
      `Another server already runs on ${dataDir}. Stop it, or give this one a DATA_DIR of its own; ` +
        'several servers of one village need DATABASE_URL and REDIS_URL.'
    )
  }
  return async () => void lock.close()
}

/** A connection of its own, for the lock lives as long as its session. */
async function holdDatabase(url: string, report: Report) {
  let released = false
  let client = await locked(url)

  /** The connection broke, not the server: take the lock again before somebody else thinks the village is free. */
  async function again() {
    for (let tries = 0; !released; tries++) {
      try {
        client = await locked(url)
        if (released) await client.end()
        else client.once('error', again)
        return
      } catch (error) {
        // A sentence in the log, not one a second: perhaps another server has taken the village meanwhile.
        if (tries === 0) report(error, 'this server no longer holds the village, and tries to again')
        await sleep(AGAIN_MS, undefined, { ref: false })
      }
    }
  }
  client.once('error', again)

  return async () => {
    released = true
    await client.end().catch(() => {})
  }
}

async function locked(url: string) {
  const client = await connected(url)
  try {
    const asked = 'SELECT pg_try_advisory_lock($1) AS held'
    const { rows } = await client.query<{ held: boolean }>(asked, [VILLAGE_LOCK])
    if (rows[0]?.held) return client
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
  await client.end()
  throw new SettingsError(
    'Another server already runs on this DATABASE_URL. Several servers of one village need REDIS_URL, ' +
      'or their rooms would not hear each other.'
  )
}
