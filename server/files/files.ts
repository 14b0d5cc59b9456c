import { randomBytes } from 'node:crypto'
import { open, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { FileKind, FileRef } from '../../shared/contracts/files.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { Darkroom } from '../objects/darkroom.ts'
import { PRIVATE, type ByteRange, type Objects } from '../objects/objects.ts'
import { turns } from '../objects/turns.ts'
import { typeOf } from '../objects/type.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import {
  BEGINNING_BYTES,
  concerns,
  containerOf,
  MAX_BYTES,
  maxBytesOf,
  mayKeep,
  sortOf,
  takes
} from './file.ts'
import { openInside } from './inside.ts'
import { withoutPlaces } from './places.ts'
import { openSpool } from './spool.ts'
import { fileStore, type FileRow } from './store.ts'

/** What one member may bring within a day: a trainer with a whole course does not come near it. */
export const FILES_A_DAY = 300
export const BYTES_A_DAY = 1024 * 1024 * 1024
const DAY_MS = 24 * 60 * 60_000
/** Uploads that one server takes in at the same time: 2.4 GB of disk while they last. */
const UPLOADS_AT_ONCE = 60
/** Of one member: nobody keeps the others out with uploads that trickle in. */
export const UPLOADS_EACH = 4
const COME_BACK_MS = 5_000
/** Read whole and written to the objects at one moment; each may hold a clip of 40 MB. */
const WRITTEN_AT_ONCE = 4
/** The longer side: enough to read the stamp on a licence. */
const PICTURE_PX = 2000

export type Files = ReturnType<typeof openFiles>

/** Files that are nobody's business but of those they concern. */
export function openFiles({
  store,
  clock,
  objects,
  darkroom,
  isMember,
  dataDir
}: {
  store: Store
  clock: Clock
  objects: Objects
  darkroom: Darkroom
  isMember: (memberId: string) => Promise<boolean>
  dataDir: string
}) {
  const rows = fileStore(store)
  const spool = openSpool(path.join(dataDir, 'uploads'))
  const inside = openInside()
  const takenIn = turns(UPLOADS_AT_ONCE, 0)
  const written = turns(WRITTEN_AT_ONCE, UPLOADS_AT_ONCE)
  const sending = new Map<string, number>()

  return {
    concerns,

    /**
     * Keeps what a member brings. `kind` and `forId` say whom it will concern. Problems: role_missing, no_such_member,
     * bad_input (a voice that is for nobody), too_big, file_unknown, not_a_picture, files_full, too_fast, busy.
     */
    async keep(
      me: Member,
      {
        kind,
        forId = '',
        upload
      }: { kind: FileKind; forId?: string; upload: AsyncIterable<Uint8Array> | Uint8Array }
    ): Promise<FileRef> {
      if (!mayKeep(kind, me)) throw new Problem('role_missing')
      if (kind === 'voice' && !forId) throw new Problem('bad_input', { field: '/forId' })
      if (forId && !(await isMember(forId))) throw new Problem('no_such_member')
      await roomFor(store.read, me.id, 0)
      const taking = upload instanceof Uint8Array ? takenIn : oneOfHers(me.id)
      return taking(() =>
        spool.through(upload, maxBytesOf(kind), async (file) => {
          const { sort, ending, durationMs } = await recognised(file, kind)
          const row = await written(async () => {
            const bytes = await (sort === 'picture' ? developed(file) : cleaned(file, ending))
            return put({ kind, ownerId: me.id, forId, durationMs }, bytes, ending)
          })
          return refOf(row)
        })
      )
    },

    /** The bytes of a file, or the part asked for. Problems: no_such_file, not_yours. */
    async open(me: Member, fileId: string, range?: ByteRange) {
      const [row] = await rows.byIds(store.read, [fileId])
      if (!row) throw new Problem('no_such_file')
      if (!concerns(me, row)) throw new Problem('not_yours')
      const object = await objects.get(row.key, range)
      if (!object) throw new Problem('no_such_file')
      return { file: refOf(row), ending: row.key.slice(row.key.lastIndexOf('.') + 1), object }
    },

    /** These files, all of this kind and all brought by this member; anything else is no_such_file. */
    async ownedBy(on: Tx | Reader, fileIds: string[], memberId: string, kind: FileKind) {
      return all(on, fileIds, (row) => row.kind === kind && row.ownerId === memberId)
    },

    /** These files, all of this kind, whoever brought them; anything else is no_such_file. */
    async ofKind(on: Tx | Reader, fileIds: string[], kind: FileKind) {
      return all(on, fileIds, (row) => row.kind === kind)
    }
  }

  /** Uploads that come over the network: only so many of one member at the same time. */
  function oneOfHers(memberId: string) {
    return async <T>(work: () => Promise<T>) => {
      const others = sending.get(memberId) ?? 0
      if (others >= UPLOADS_EACH) throw new Problem('too_fast', { waitMs: COME_BACK_MS })
      sending.set(memberId, others + 1)
      try {
        return await takenIn(work)
      } finally {
        const left = sending.get(memberId)! - 1
        if (left) sending.set(memberId, left)
        else sending.delete(memberId)
      }
    }
  }

  async function recognised(file: string, kind: FileKind) {
    const container = containerOf(await beginningOf(file))
    if (!container) throw new Problem('file_unknown')
    const still = container === 'picture' || container === 'pdf'
    const found = still ? undefined : await inside(file, container)
    const is = sortOf(container, found)
    if (!is || !takes(kind, is.sort)) throw new Problem('file_unknown')
    if ((await stat(file)).size > MAX_BYTES[is.sort])
      throw new Problem('too_big', { maxBytes: MAX_BYTES[is.sort] })
    return { ...is, durationMs: found?.durationMs ?? 0 }
  }

  async function developed(file: string) {
    const [picture] = await darkroom.develop(await readFile(file), [PICTURE_PX])
    return picture!
  }

  /** Bytes first, then the row: a file that is in the book is there, and one that is not in the book is found by nobody. */
  async function put(
    about: Pick<FileRow, 'kind' | 'ownerId' | 'forId' | 'durationMs'>,
    bytes: Uint8Array,
    ending: string
  ): Promise<FileRow> {
    const key = `${PRIVATE}/${randomBytes(16).toString('hex')}.${ending}`
    const now = clock.now()
    const type = typeOf(key)
    const row: FileRow = { ...about, id: newId(now), type, bytes: bytes.byteLength, key, createdAt: now }
    await objects.put(key, bytes, type)
    try {
      await store.tx(async (tx) => {
        await roomFor(tx, row.ownerId, row.bytes)
        await rows.add(tx, row)
      })
    } catch (error) {
      await objects.remove(key)
      throw error
    }
    return row
  }

  async function roomFor(on: Tx | Reader, ownerId: string, bytes: number) {
    const brought = await rows.broughtSince(on, ownerId, clock.now() - DAY_MS)
    if (brought.files >= FILES_A_DAY || brought.bytes + bytes > BYTES_A_DAY) throw new Problem('files_full')
  }

  async function all(on: Tx | Reader, fileIds: string[], fits: (row: FileRow) => boolean) {
    const found = new Map((await rows.byIds(on, [...new Set(fileIds)])).map((row) => [row.id, row]))
    return fileIds.map((fileId) => {
      const row = found.get(fileId)
      if (!row || !fits(row)) throw new Problem('no_such_file', { fileId })
      const { ownerId, forId, durationMs, createdAt } = row
      return { ...refOf(row), ownerId, forId, durationMs, createdAt }
    })
  }
}

const refOf = ({ id, kind, type, bytes, durationMs }: FileRow): FileRef => {
  return { id, kind, type, bytes, seconds: Math.ceil(durationMs / 1000) }
}

async function beginningOf(file: string) {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(BEGINNING_BYTES), 0, BEGINNING_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

async function cleaned(file: string, ending: string) {
  const bytes = await readFile(file)
  return ending === 'mp4' || ending === 'mov' || ending === 'm4a' ? withoutPlaces(bytes) : bytes
}
