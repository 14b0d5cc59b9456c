import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Rows that move into a rebuilt table. */
const MOVED = /INSERT INTO `__new_(\w+)`\(([^)]*)\) SELECT ([^;]*) FROM `\w+`;/g
const FOLDER = path.join(import.meta.dirname, '../../drizzle/sqlite')

// Both engines' migrations come from the same tables; what has landed is never edited.
const before = migrations()
for (const DIALECT of ['sqlite', 'postgresql']) {
  const kit = spawnSync(
    'drizzle-kit',
    ['generate', '--config', 'drizzle/config.ts', ...process.argv.slice(2)],
    {
      stdio: 'inherit',
      env: { ...process.env, DIALECT }
    }
  )
  if (kit.status !== 0) process.exit(kit.status ?? 1)
}
const made = migrations().filter((name) => !before.includes(name))
for (const name of made) moveWhatThereWas(name, columnsBefore(before.at(-1)))

function migrations() {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql'))
    .toSorted()
}

/** The columns of every table as the migration before left them. */
function columnsBefore(last: string | undefined): Record<string, { columns: Record<string, unknown> }> {
  if (!last) return {}
  const file = path.join(FOLDER, 'meta', `${last.slice(0, 4)}_snapshot.json`)
  return (JSON.parse(readFileSync(file, 'utf8')) as { tables: ReturnType<typeof columnsBefore> }).tables
}

/**
 * drizzle-kit selects a rebuilt table's new columns from the old table, which has none of them; SQLite would take their
 * quoted names for texts. Only what was there moves; the rest has its default.
 */
function moveWhatThereWas(name: string, tables: ReturnType<typeof columnsBefore>) {
  const file = path.join(FOLDER, name)
  const sql = readFileSync(file, 'utf8').replace(MOVED, (_all, table: string, into: string) => {
    const kept = into
      .split(', ')
      .filter((column) => column.slice(1, -1) in tables[table]!.columns)
      .join(', ')
    return `INSERT INTO \`__new_${table}\`(${kept}) SELECT ${kept} FROM \`${table}\`;`
  })
  writeFileSync(file, sql)
}
