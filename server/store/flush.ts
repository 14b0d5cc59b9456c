import { closeSync, fdatasync, openSync } from 'node:fs'

/** Waits for the disk, beside the thread that everybody shares. */
export interface Flush {
  /** Resolves when every byte that was written to the log before is on disk. */
  flush(): Promise<void>
  close(): void
}

/**
 * Over a handle of its own to SQLite's log (`-wal`), which is there and stays there while the writer is open. A commit
 * in WAL mode is on disk when its frames are, so with `synchronous = NORMAL` this is all that FULL would have done
 * (https://sqlite.org/pragma.html#pragma_synchronous).
 */
export function openFlush(walFile: string): Flush {
  const log = openSync(walFile, 'r+')
  return {
    flush: () =>
      new Promise((resolve, reject) => fdatasync(log, (error) => (error ? reject(error) : resolve()))),
    close: () => closeSync(log)
  }
}
