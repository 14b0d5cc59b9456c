import { promisify } from 'node:util'
import { inflateRaw } from 'node:zlib'
import { Problem } from '../../shared/problems.ts'

const inflate = promisify(inflateRaw)

const ENTRY = 0x02014b50
const ENTRY_BYTES = 46
const LOCAL = 0x04034b50
const LOCAL_BYTES = 30
const END = 0x06054b50
const END_BYTES = 22
/** What may stand after the end of the list: a comment. */
const COMMENT_BYTES = 65_535
const ENCRYPTED = 1
const STORED = 0
const DEFLATED = 8
/** Pictures and printer settings included; a sheet has some twenty parts. */
const MAX_ENTRIES = 2_000

/** Takes single files out of a zip, and never more than `limitBytes` of them, whatever their heads claim. */
export function openZip(bytes: Buffer, limitBytes: number) {
  const entries = new Map(listed(bytes))
  let left = limitBytes

  return async (name: string): Promise<string | undefined> => {
    const entry = entries.get(name)
    if (!entry) return undefined
    const packed = dataOf(bytes, entry)
    if (!packed || entry.encrypted) throw unreadable(`${name} is locked or lies elsewhere`)
    const unpacked = await unpack(packed, entry.method, left)
    left -= unpacked.length
    return unpacked.toString('utf8')
  }
}

/** Every file in a zip, whatever it is called, and never more than `limitBytes` of them together. */
export async function unpackAll(bytes: Buffer, limitBytes: number): Promise<Buffer[]> {
  const files: Buffer[] = []
  let left = limitBytes
  for (const [name, entry] of listed(bytes)) {
    const packed = dataOf(bytes, entry)
    if (!packed || entry.encrypted) throw unreadable(`${name} is locked or lies elsewhere`)
    if (!packed.length) continue // a folder
    const file = await unpack(packed, entry.method, left)
    left -= file.length
    files.push(file)
  }
  return files
}

interface Entry {
  at: number
  size: number
  method: number
  encrypted: boolean
}

/** The list of contents stands at the end of a zip. */
function* listed(bytes: Buffer): Generator<[name: string, Entry]> {
  const end = endOf(bytes)
  const count = bytes.readUInt16LE(end + 10)
  let at = bytes.readUInt32LE(end + 16)
  if (count > MAX_ENTRIES) throw unreadable('too many parts')
  for (let n = 0; n < count; n++) {
    if (at + ENTRY_BYTES > bytes.length || bytes.readUInt32LE(at) !== ENTRY) throw unreadable('a torn list')
    const nameEnd = at + ENTRY_BYTES + bytes.readUInt16LE(at + 28)
    yield [
      bytes.toString('utf8', at + ENTRY_BYTES, nameEnd),
      {
        encrypted: (bytes.readUInt16LE(at + 8) & ENCRYPTED) !== 0,
        method: bytes.readUInt16LE(at + 10),
        size: bytes.readUInt32LE(at + 20),
        at: bytes.readUInt32LE(at + 42)
      }
    ]
    at = nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
}

function endOf(bytes: Buffer): number {
  const first = Math.max(0, bytes.length - END_BYTES - COMMENT_BYTES)
  for (let at = bytes.length - END_BYTES; at >= first; at--) if (bytes.readUInt32LE(at) === END) return at
  throw unreadable('no zip')
}

function dataOf(bytes: Buffer, { at, size }: Entry): Buffer | undefined {
  if (at + LOCAL_BYTES > bytes.length || bytes.readUInt32LE(at) !== LOCAL) return undefined
  const from = at + LOCAL_BYTES + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28)
  return from + size <= bytes.length ? bytes.subarray(from, from + size) : undefined
}

async function unpack(packed: Buffer, method: number, left: number): Promise<Buffer> {
  if (method === STORED && packed.length <= left) return packed
  if (method !== STORED && method !== DEFLATED) throw unreadable('packed in a way that nobody uses')
  try {
    if (method === STORED || left <= 0) throw Object.assign(new Error(), { code: 'ERR_BUFFER_TOO_LARGE' })
    return await inflate(packed, { maxOutputLength: left })
  } catch (error) {
    // A few kilobytes that unpack to gigabytes are cut off at the limit, not after it.
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw new Problem('too_big')
    throw unreadable('damaged')
  }
}

/** Not a zip, or not one that we read; why is for whoever looks into the answer’s details. */
export const unreadable = (why: string) => new Problem('sheet_unreadable', { why })
