import { expect, it } from 'vitest'
import type { Lesson } from '../../shared/contracts/school.ts'
import { PIECE_BYTES, type Piece } from './pieces.ts'
import { KEPT_BYTES, Shelf } from './shelf.svelte.ts'
import { memoryPocket } from './testing.ts'

const lesson = (id: string, ...files: string[]): Lesson => ({
  id,
  courseId: 'c1',
  title: id,
  seconds: 60,
  blocks: [
    { kind: 'text', text: '先问好' },
    ...files.map((fileId) => ({ kind: 'video' as const, fileId, caption: '', seconds: 60 }))
  ]
})

/** Files of these lengths, and the pieces of them that were fetched. */
function files(lengths: Record<string, number>) {
  const fetched: string[] = []
  let wanted = new Set<string>()
  return {
    fetched,
    wanted: () => [...wanted].toSorted(),
    async pieceOf(fileId: string, piece: number): Promise<Piece> {
      if (!(fileId in lengths)) throw new Error('no signal')
      fetched.push(`${fileId} ${piece}`)
      return { bytes: new Blob(), total: lengths[fileId]!, type: 'video/mp4' }
    },
    async sweepPieces(files: ReadonlySet<string>) {
      wanted = new Set(files)
    }
  }
}
const never = new AbortController().signal

it('puts the whole lesson on the phone', async () => {
  const pocket = memoryPocket()
  const pieces = files({ f1: PIECE_BYTES + 1, f2: 10 })
  const shelf = new Shelf(pocket, pieces)
  await shelf.keep(lesson('l1', 'f1', 'f2'), 1, never)
  expect([shelf.state, shelf.percent]).toEqual(['kept', 100])
  expect(new Set(pieces.fetched)).toEqual(new Set(['f1 0', 'f1 1', 'f2 0']))
  expect((await shelf.lesson('l1'))!.title).toBe('l1')
})

it('keeps a lesson to be read, which has no files', async () => {
  const shelf = new Shelf(memoryPocket(), files({}))
  await shelf.keep(lesson('l1'), 1, never)
  expect(shelf.state).toBe('kept')
})

it('says so when the network went away, and still has the words', async () => {
  const shelf = new Shelf(memoryPocket(), files({}))
  await shelf.keep(lesson('l1', 'f1'), 1, never)
  expect(shelf.state).toBe('failed')
  expect(await shelf.lesson('l1')).toBeDefined()
})

it('lets the lesson go that was opened longest ago when the phone is full', async () => {
  const half = KEPT_BYTES / 2
  const pocket = memoryPocket()
  const pieces = files({ f1: half, f2: half, f3: 1 })
  const keep = (id: string, file: string, at: number) =>
    new Shelf(pocket, pieces).keep(lesson(id, file), at, never)
  await keep('l1', 'f1', 1)
  await keep('l2', 'f2', 2)
  expect(pieces.wanted()).toEqual(['f1', 'f2'])
  await keep('l1', 'f1', 3)
  await keep('l3', 'f3', 4)
  expect(pieces.wanted()).toEqual(['f1', 'f3'])
  const shelf = new Shelf(pocket, pieces)
  expect(await shelf.lesson('l2')).toBeUndefined()
  expect(await shelf.lesson('l1')).toBeDefined()
})

it('stops when she leaves the page', async () => {
  const pieces = files({ f1: PIECE_BYTES * 3 })
  const leave = new AbortController()
  const shelf = new Shelf(memoryPocket(), {
    ...pieces,
    async pieceOf(file, piece) {
      if (piece === 1) leave.abort()
      return pieces.pieceOf(file, piece)
    }
  })
  await shelf.keep(lesson('l1', 'f1'), 1, leave.signal)
  expect(pieces.fetched).not.toContain('f1 2')
  expect(shelf.state).toBe('keeping')
})
