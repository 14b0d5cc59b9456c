import { randomUUID } from 'node:crypto'
import { createReadStream, type Dirent } from 'node:fs'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { checkedKey, LIST_OBJECTS, type Objects } from './objects.ts'
import { checkType, typeOf } from './type.ts'

/** Half-written files wait here; no key can name it, for keys do not begin with a dot. */
const PARTS = '.parts'

/** Objects in a folder of this machine. `base` is where this server (or a CDN in front of it) serves them. */
export async function diskObjects(root: string, base: string): Promise<Objects> {
  const parts = path.join(root, PARTS)
  await rm(parts, { recursive: true, force: true }) // what a crash left half written
  await mkdir(parts, { recursive: true })
  const at = (key: string) => path.join(root, checkedKey(key))

  return {
    async put(key, body, type) {
      const file = at(key)
      checkType(key, type)
      const part = path.join(parts, randomUUID())
      const handle = await open(part, 'wx')
      try {
        await handle.writeFile(body)
        await handle.sync()
      } finally {
        await handle.close()
      }
      const folder = path.dirname(file)
      const made = await mkdir(folder, { recursive: true })
      await rename(part, file) // a reader sees the whole object or none
      await syncFolders(folder, made ? path.dirname(made) : folder)
    },
    async get(key, range) {
      const handle = await open(at(key)).catch(notThere)
      if (!handle) return undefined
      const info = await handle.stat()
      if (!info.isFile()) {
        await handle.close()
        return undefined
      }
      const { size } = info
      const from = Math.min(range?.from ?? 0, size)
      const to = Math.min(range?.to ?? size - 1, size - 1)
      const found = { size, from, to, type: typeOf(key) }
      if (to < from) {
        await handle.close()
        return { ...found, body: Readable.from([]) }
      }
      return { ...found, body: createReadStream('', { fd: handle, start: from, end: to }) }
    },
    async list(folder) {
      const found: string[] = []
      for await (const file of filesIn(at(folder))) {
        found.push(path.relative(root, file).replaceAll(path.sep, '/'))
        if (found.length === LIST_OBJECTS) break
      }
      return found.toSorted()
    },
    async remove(key) {
      await rm(at(key), { recursive: true, force: true })
    },
    url: (key) => `${base}/${checkedKey(key)}`
  }
}

/** A new name is on disk only when its folder is, and a new folder only when the folder above it is. */
async function syncFolders(from: string, to: string) {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const handle = await open(folder)
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
    if (folder === to || folder === path.dirname(folder)) return
  }
}

async function* filesIn(folder: string): AsyncGenerator<string> {
  const entries = ((await readdir(folder, { withFileTypes: true }).catch(notThere)) ?? []) as Dirent[]
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) yield* filesIn(file)
    else yield file
  }
}

function notThere(error: NodeJS.ErrnoException) {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
  throw error
}
