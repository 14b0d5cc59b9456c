import pg from 'pg'
import { SettingsError } from '../settings.ts'

const CONNECT_MS = 5_000
/** PostgreSQL answered, and what it said is about the address: no such database, wrong password, no such role. */
const WRONG_ADDRESS = /^(3D000|28P01|28000)$/
const NOBODY = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH)$|timeout expired/

/** A connection outside of the pool. Says in a sentence when DATABASE_URL leads nowhere, without the password. */
export async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true
  })
  client.on('error', () => {}) // its queries reject; without a listener the process would exit
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => {})
    const { code = '', message } = error as { code?: string; message: string }
    const { host } = new URL(url)
    if (WRONG_ADDRESS.test(code)) throw new SettingsError(`DATABASE_URL: ${host} says: ${message}`)
    if (NOBODY.test(code) || NOBODY.test(message))
      throw new SettingsError(`DATABASE_URL: no PostgreSQL answers at ${host}`)
    throw error
  }
}
