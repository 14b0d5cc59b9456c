import path from 'node:path'
import type { Settings } from '../settings.ts'
import { holdVillage } from './alone.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'
import type { Store } from './store.ts'

type Place = Pick<Settings, 'databaseUrl' | 'dataDir' | 'redisUrl'>

/** The store that the settings ask for, migrated, and held by this server while it is open. */
export async function openStore(
  settings: Place,
  report?: (error: unknown, what: string) => void
): Promise<Store> {
  const letGo = await holdVillage(settings, report)
  try {
    const store = await openEngine(settings)
    return {
      ...store,
      async close() {
        await store.close()
        await letGo()
      }
    }
  } catch (error) {
    await letGo()
    throw error
  }
}

/** The same without holding the village: for many processes over one store, and for tools that only look. */
export async function openEngine({ databaseUrl, dataDir }: Omit<Place, 'redisUrl'>): Promise<Store> {
  if (databaseUrl) return openPostgres({ url: databaseUrl })
  return openSqlite({ file: path.join(dataDir, 'village.db') })
}
