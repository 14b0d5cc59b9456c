import Database from 'better-sqlite3'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openSqlite } from './sqlite.ts'
import { StoreBusy, type Store } from './store.ts'

const MIGRATIONS = path.resolve('drizzle/sqlite')

describe('the store on SQLite', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'yujia-sqlite-'))
    file = path.join(folder, 'village.db')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const lineFor = (store: Store, id: string, text = '') =>
    store.tx((tx) =>
      tx.insert(store.schema.devInbox).values({ id, phone: '', text, code: '', sentAt: 1 }).returning()
    )

  async function lines(store: Store) {
    const { devInbox } = store.schema
    return (await store.read.select({ id: devInbox.id }).from(devInbox).orderBy(devInbox.id)).map(
      (row) => row.id
    )
  }

  it('waits for the disk before it answers, and lets others come meanwhile', async () => {
    const waits: (() => void)[] = []
    const flush = () => new Promise<void>((onDisk) => waits.push(onDisk))
    const store = openSqlite({ file, flush: () => ({ flush, close() {} }) })
    const answered: string[] = []
    const line = (id: string) => lineFor(store, id).then(() => answered.push(id))
    const first = line('first')
    await vi.waitFor(() => expect(waits).toHaveLength(1))
    expect(await lines(store)).toEqual(['first']) // committed, and still not promised to anybody
    const second = line('second')
    await setImmediate()
    expect(answered).toEqual([])
    waits.shift()!()
    await first
    expect(answered).toEqual(['first'])
    await vi.waitFor(() => expect(waits).toHaveLength(1))
    waits.shift()!()
    await second
    await store.close()
  })

  it('promises nothing more once the disk has refused what was committed', async () => {
    const told: unknown[] = []
    let refuse!: (error: Error) => void
    const flush = () => new Promise<void>((_, reject) => (refuse = reject))
    const store = openSqlite({
      file,
      flush: () => ({ flush, close() {} }),
      onLost: (error) => told.push(error)
    })
    const first = lineFor(store, 'first')
    await vi.waitFor(() => expect(refuse).toBeDefined())
    const second = lineFor(store, 'second')
    refuse(new Error('EIO'))
    for (const unit of [first, second, lineFor(store, 'third')]) await expect(unit).rejects.toThrow('disk')
    expect(told).toHaveLength(1)
    expect(await lines(store)).toEqual(['first'])
    await store.close()
  })

  it('refuses what no longer fits on the disk, keeps what it promised, and works on when there is room', async () => {
    let writer!: Database.Database
    const store = openSqlite({ file, onWriter: (opened) => (writer = opened) })
    await lineFor(store, 'before')
    writer.pragma(`max_page_count = ${Number(writer.pragma('page_count', { simple: true })) + 4}`)
    const sizes = [1, 100_000, 1]
    const answers = await Promise.allSettled(
      sizes.map((size, i) => lineFor(store, `${i}`, '海'.repeat(size)))
    )
    expect(String((answers[1] as PromiseRejectedResult).reason)).toContain('full')
    writer.pragma('max_page_count = 1000000')
    await lineFor(store, 'after')
    const promised = answers.flatMap((answer, i) => (answer.status === 'fulfilled' ? [`${i}`] : []))
    expect(await lines(store)).toEqual([...promised, 'after', 'before'])
    await store.close()
  })

  it('rejects every unit of a batch that SQLite itself has rolled back', async () => {
    let writer!: Database.Database
    const store = openSqlite({ file, onWriter: (opened) => (writer = opened) })
    const answers = await Promise.allSettled([
      lineFor(store, 'first'),
      store.tx(async () => {
        writer.exec('ROLLBACK') // what SQLite does when the disk is full or fails
        throw new Error('database or disk is full')
      }),
      lineFor(store, 'third')
    ])
    expect(answers.map((answer) => String((answer as PromiseRejectedResult).reason))).toEqual(
      Array(3).fill('Error: database or disk is full')
    )
    await lineFor(store, 'after')
    expect(await lines(store)).toEqual(['after'])
    await store.close()
  })

  it('is copied whole while it is being written to', async () => {
    const store = openSqlite({ file })
    const lines = Array.from({ length: 200 }, (_, i) => lineFor(store, `old-${i}`, '海'.repeat(2_000)))
    await Promise.all(lines)
    let copying = true
    let written = 0
    const writing = (async () => {
      while (copying) await lineFor(store, `new-${written++}`)
    })()
    const copy = path.join(folder, 'copy.db')
    await store.backup(copy)
    copying = false
    await writing
    await store.close()
    expect(written).toBeGreaterThan(0)
    const found = new Database(copy, { readonly: true })
    expect(found.pragma('integrity_check', { simple: true })).toBe('ok')
    const { n } = found.prepare(`select count(*) as n from dev_inbox where id like 'old-%'`).get() as {
      n: number
    }
    expect(n).toBe(200)
    found.close()
    expect(existsSync(`${copy}.part`)).toBe(false)
  })

  it('keeps the rows that refer to a table when a migration builds that table anew', async () => {
    const migrations = path.join(folder, 'migrations')
    cpSync(MIGRATIONS, migrations, { recursive: true })
    const journalFile = path.join(migrations, 'meta/_journal.json')
    const journal = JSON.parse(readFileSync(journalFile, 'utf8')) as { entries: object[] }
    const landed = journal.entries.length
    const migrate = (tag: string, ...lines: string[]) => {
      const idx = journal.entries.length
      journal.entries.push({ idx, version: '6', when: 9_000_000_000_000 + idx, tag, breakpoints: true })
      writeFileSync(path.join(migrations, `${tag}.sql`), lines.join('--> statement-breakpoint\n'))
      writeFileSync(journalFile, JSON.stringify(journal))
    }
    migrate(
      'boats',
      'CREATE TABLE boats (id text PRIMARY KEY);',
      'CREATE TABLE catches (boat text NOT NULL REFERENCES boats(id) ON DELETE CASCADE);',
      `INSERT INTO boats VALUES ('lucky');`,
      `INSERT INTO catches VALUES ('lucky');`
    )
    await openSqlite({ file, migrations }).close()
    migrate(
      'boats_again',
      'PRAGMA foreign_keys=OFF;',
      'CREATE TABLE new_boats (id text PRIMARY KEY, sail text);',
      'INSERT INTO new_boats SELECT id, null FROM boats;',
      'DROP TABLE boats;',
      'ALTER TABLE new_boats RENAME TO boats;'
    )
    await openSqlite({ file, migrations }).close()
    const db = new Database(file)
    expect(db.prepare('select boat from catches').all()).toEqual([{ boat: 'lucky' }])
    expect(() => db.prepare(`insert into catches values ('no such boat')`).run()).toThrow('FOREIGN KEY')
    db.close()
    expect(journal.entries).toHaveLength(landed + 2)
  })

  it('refuses at once when more wait than it could serve in a moment', async () => {
    const store = openSqlite({ file, waitingUnits: 10 })
    const crowd = await Promise.allSettled(Array.from({ length: 15 }, (_, i) => lineFor(store, `c${i}`)))
    const refused = crowd.filter((answer) => answer.status === 'rejected')
    expect(refused).toHaveLength(5)
    expect(refused[0]!.reason).toBeInstanceOf(StoreBusy)
    await lineFor(store, 'later')
    await store.close()
  })

  it('calls it busy when a tool holds the database for too long', async () => {
    const store = openSqlite({ file, busyMs: 10 })
    const tool = new Database(file)
    tool.exec('BEGIN IMMEDIATE')
    await expect(lineFor(store, 'held up')).rejects.toThrow(StoreBusy)
    tool.exec('ROLLBACK')
    tool.close()
    await lineFor(store, 'after')
    expect(await lines(store)).toEqual(['after'])
    await store.close()
  })

  it('makes its folder when there is none', async () => {
    const store = openSqlite({ file: path.join(folder, 'deep/er/village.db') })
    await lineFor(store, 'first')
    await store.close()
    expect(existsSync(path.join(folder, 'deep/er/village.db'))).toBe(true)
  })
})
