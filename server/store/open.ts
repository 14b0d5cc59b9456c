import path from 'node:path'
import type { Settings } from '../settings.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'
import type { Store } from './store.ts'

/** The store that the settings ask for, migrated. */
export async function openStore(settings: Pick<Settings, 'databaseUrl' | 'dataDir'>): Promise<Store> {
  if (settings.databaseUrl) return openPostgres({ url: settings.databaseUrl })
  return openSqlite({ file: path.join(settings.dataDir, 'village.db') })
}
