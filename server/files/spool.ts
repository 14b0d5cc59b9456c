import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import path from 'node:path'
import { Problem } from '../../shared/problems.ts'

/** Phones on the mud flats send for minutes: what has come so far lies on disk, not in memory. */
export function openSpool(folder: string) {
  rmSync(folder, { recursive: true, force: true }) // what a crash left half sent

  return {
    /** Takes in an upload, lets `work` see it as a file, and forgets it. Problem too_big. */
    async through<T>(
      upload: AsyncIterable<Uint8Array> | Uint8Array,
      maxBytes: number,
      work: (file: string) => Promise<T>
    ): Promise<T> {
      await mkdir(folder, { recursive: true })
      const file = path.join(folder, randomUUID())
      try {
        await takeIn(file, upload instanceof Uint8Array ? [upload] : upload, maxBytes)
        return await work(file)
      } finally {
        await rm(file, { force: true })
      }
    }
  }
}

async function takeIn(file: string, chunks: AsyncIterable<Uint8Array> | Uint8Array[], maxBytes: number) {
  const handle = await open(file, 'wx')
  let bytes = 0
  try {
    for await (const chunk of chunks) {
      bytes += chunk.byteLength
      // Heard out to the end, or the phone never reads why it was refused.
      if (bytes <= maxBytes) await handle.write(chunk)
    }
  } finally {
    await handle.close()
  }
  if (bytes > maxBytes) throw new Problem('too_big', { maxBytes })
}
