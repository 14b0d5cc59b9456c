import Database from 'better-sqlite3'
import { readdirSync } from 'node:fs'
import path from 'node:path'

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
