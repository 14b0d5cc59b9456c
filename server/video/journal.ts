import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs'
import path from 'node:path'
import type { Part, Segment } from './packager.ts'

type Head = Pick<Segment, 'msn' | 'init' | 'discontinuity' | 'filmedAt'>

/** A segment that was being filmed when its server died. */
export interface Rescued extends Head {
  durationS: number
  bytes: Buffer
}

const HEADER_BYTES = 12

/**
 * What viewers have seen but no object holds yet: a file per segment, a part at a time, on this machine. Written
 * before a part is published and without waiting, so that `kill -9` takes nothing that anybody has watched.
 */
export function filmJournal(folder: string) {
  mkdirSync(folder, { recursive: true })
  const open = new Map<string, number>()
  const fileOf = (sessionId: string, msn: number) => path.join(folder, `${sessionId}.${msn}.open`)
  const filesOf = (sessionId: string) =>
    readdirSync(folder)
      .filter((name) => name.startsWith(`${sessionId}.`) && name.endsWith('.open'))
      .map((name) => path.join(folder, name))

  return {
    part(sessionId: string, { msn, init, discontinuity, filmedAt }: Head, part: Part) {
      const file = fileOf(sessionId, msn)
      let handle = open.get(file)
      if (handle === undefined) {
        handle = openSync(file, 'w')
        open.set(file, handle)
        const head = Buffer.from(JSON.stringify({ msn, init, discontinuity, filmedAt } satisfies Head))
        write(handle, head, 0)
      }
      write(handle, part.bytes, part.durationS)
    },

    /** The segment gets no further part. */
    closed(sessionId: string, msn: number) {
      const file = fileOf(sessionId, msn)
      const handle = open.get(file)
      if (handle !== undefined) closeSync(handle)
      open.delete(file)
    },

    /** The segment is safely an object. */
    kept(sessionId: string, msn: number) {
      rmSync(fileOf(sessionId, msn), { force: true })
    },

    /** What an earlier life left of this film, oldest first. A part that was half written is left out. */
    rescue(sessionId: string): Rescued[] {
      return filesOf(sessionId)
        .filter((file) => !open.has(file))
        .flatMap((file) => read(readFileSync(file)) ?? [])
        .toSorted((one, other) => one.msn - other.msn)
    }
  }
}

export type FilmJournal = ReturnType<typeof filmJournal>

function write(handle: number, bytes: Uint8Array, durationS: number) {
  const record = Buffer.alloc(HEADER_BYTES + bytes.length)
  record.writeUInt32BE(bytes.length, 0)
  record.writeDoubleBE(durationS, 4)
  record.set(bytes, HEADER_BYTES)
  writeSync(handle, record)
}

function read(file: Buffer): Rescued | undefined {
  const records: { bytes: Buffer; durationS: number }[] = []
  for (let at = 0; at + HEADER_BYTES <= file.length;) {
    const next = at + HEADER_BYTES + file.readUInt32BE(at)
    if (next > file.length) break
    records.push({ bytes: file.subarray(at + HEADER_BYTES, next), durationS: file.readDoubleBE(at + 4) })
    at = next
  }
  const [head, ...parts] = records
  if (!head || !parts.length) return undefined
  return {
    ...(JSON.parse(head.bytes.toString()) as Head),
    durationS: parts.reduce((sum, { durationS }) => sum + durationS, 0),
    bytes: Buffer.concat(parts.map(({ bytes }) => bytes))
  }
}
