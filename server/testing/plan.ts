import Database from 'better-sqlite3'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openEngine } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { engines, type Place } from './engines.ts'

export interface Query {
  toSQL(): { sql: string; params: unknown[] }
}

/** How SQLite would go about a query of this village, a line a step: `SEARCH … USING INDEX …` or `SCAN …`. */
export function planOf(dataDir: string, { sql, params }: { sql: string; params: unknown[] }): string {
  const file = readdirSync(dataDir).find((name) => /\.(db|sqlite)$/.test(name))
  if (!file) throw new Error(`no database in ${dataDir}`)
  const db = new Database(path.join(dataDir, file), { readonly: true })
  try {
    const steps = db.prepare(`explain query plan ${sql}`).all(...params) as { detail: string }[]
    return steps.map(({ detail }) => detail).join('\n')
  } finally {
    db.close()
  }
}

/** A database of its own for a suite that asks how its queries are planned. */
export function planner() {
  let place: Place
  let store: Store
  beforeAll(async () => {
    place = await engines[0]!.make()
    store = await openEngine(place)
  })
  afterAll(async () => {
    await store.close()
    await place.drop()
  })
  return {
    get store() {
      return store
    },
    plan: (query: Query) => planOf(place.dataDir, query.toSQL())
  }
}
