/**
 * What this phone keeps for where there is no signal: IndexedDB in three calls. Each is one transaction, so two open
 * pages of one phone do not write over each other.
 */
export interface Pocket {
  get<T>(drawer: Drawer, key: string): Promise<T | undefined>
  all<T>(drawer: Drawer): Promise<Entry<T>[]>
  /** Puts what `by` makes of the old value; undefined takes it out. */
  change<T>(drawer: Drawer, key: string, by: (old: T | undefined) => T | undefined): Promise<void>
}

export type Entry<T> = [key: string, value: T]

/**
 * lessons: those she opened. answers: pages as she saw them last. progress: what waits for the network. bundles: the
 * open vouchers of a shop. books: what was redeemed at its gate.
 */
const DRAWERS = ['lessons', 'answers', 'progress', 'bundles', 'books'] as const
export type Drawer = (typeof DRAWERS)[number]

const NAME = 'yujia'
const VERSION = 2
/** What must outlive an empty battery: somebody was let in because it is written down. */
const STRICT: readonly Drawer[] = ['books']

function openPocket(): Pocket {
  let opened: Promise<IDBDatabase> | undefined
  const database = () => {
    opened ??= open(() => (opened = undefined))
    opened.catch(() => (opened = undefined))
    return opened
  }
  const within = async <T>(
    drawer: Drawer,
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore, done: (value: T) => void) => void
  ) => {
    const durability = STRICT.includes(drawer) ? 'strict' : 'default'
    const transaction = (await database()).transaction(drawer, mode, { durability })
    return new Promise<T>((resolve, reject) => {
      let result: T
      transaction.oncomplete = () => resolve(result)
      transaction.onerror = transaction.onabort = () =>
        reject(transaction.error ?? new Error('the pocket is shut'))
      work(transaction.objectStore(drawer), (value) => (result = value))
    })
  }
  return {
    get: (drawer, key) =>
      within(drawer, 'readonly', (store, done) => {
        const request = store.get(key)
        request.onsuccess = () => done(request.result)
      }),

    all: <T>(drawer: Drawer) =>
      within<Entry<T>[]>(drawer, 'readonly', (store, done) => {
        const found: Entry<T>[] = []
        done(found)
        const request = store.openCursor()
        request.onsuccess = () => {
          const cursor = request.result
          if (!cursor) return
          found.push([String(cursor.key), cursor.value as T])
          cursor.continue()
        }
      }),

    change: (drawer, key, by) =>
      within<void>(drawer, 'readwrite', (store) => {
        const request = store.get(key)
        request.onsuccess = () => {
          const next = by(request.result)
          if (next === undefined) store.delete(key)
          else store.put(next, key)
        }
      })
  }
}

function open(closed: () => void) {
  return new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION)
    request.onupgradeneeded = () => {
      for (const drawer of DRAWERS) {
        if (!request.result.objectStoreNames.contains(drawer)) request.result.createObjectStore(drawer)
      }
    }
    request.onerror = () => reject(request.error ?? new Error('the pocket does not open'))
    request.onblocked = () => reject(new Error('another page holds the pocket'))
    request.onsuccess = () => {
      const database = request.result
      // A newer page wants another shape of it; this one opens it again when it needs it.
      database.onversionchange = () => {
        database.close()
        closed()
      }
      database.onclose = closed
      resolve(database)
    }
  })
}

export const pocket = openPocket()
