// A worker thread: copies a SQLite database while its server goes on writing. On the server's own thread the copy
// would stand in the way of every request, and `backup()` from a connection that is not the writer never ends.
import { closeSync, fsyncSync, openSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'

const { from, to } = workerData as { from: string; to: string }
const source = new Database(from, { readonly: true })
source.prepare('VACUUM INTO ?').run(to)
source.close()
const copy = openSync(to, 'r+')
fsyncSync(copy)
closeSync(copy)
