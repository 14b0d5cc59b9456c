import type { Lesson } from '../../shared/contracts/school.ts'
import { PIECE_BYTES, pieceOf, sweepPieces, type Piece } from './pieces.ts'
import type { Pocket } from './pocket.ts'

/** What lessons may take up on her phone; the one that was opened longest ago goes first. */
export const KEPT_BYTES = 200 * 1024 * 1024

export interface KeptLesson {
  lesson: Lesson
  bytes: number
  openedAt: number
}

interface Pieces {
  pieceOf(fileId: string, piece: number, signal?: AbortSignal): Promise<Piece>
  sweepPieces(wanted: ReadonlySet<string>): Promise<void>
}

export const filesOf = ({ blocks }: Lesson) => [
  ...new Set(blocks.flatMap((block) => (block.kind === 'text' ? [] : [block.fileId])))
]

/** Puts a lesson on the phone while it is open: after one visit it plays without a network. */
export class Shelf {
  state = $state<'none' | 'keeping' | 'kept' | 'failed'>('none')
  /** 0 to 100. */
  percent = $state(0)
  readonly #pocket: Pocket
  readonly #pieces: Pieces

  constructor(pocket: Pocket, pieces: Pieces = { pieceOf, sweepPieces }) {
    this.#pocket = pocket
    this.#pieces = pieces
  }

  async lesson(lessonId: string): Promise<Lesson | undefined> {
    return (await this.#pocket.get<KeptLesson>('lessons', lessonId))?.lesson
  }

  /** What lies on the phone, the newest first. */
  async lessons(): Promise<Lesson[]> {
    const kept = await this.#pocket.all<KeptLesson>('lessons')
    return kept
      .map(([, each]) => each)
      .toSorted((one, other) => other.openedAt - one.openedAt)
      .map(({ lesson }) => lesson)
  }

  /** Keeps the whole lesson. Cut off, it stays where it is; the next visit goes on from there. */
  async keep(lesson: Lesson, now: number, signal: AbortSignal): Promise<void> {
    this.state = 'keeping'
    this.percent = 0
    try {
      const files = filesOf(lesson)
      await this.#note(lesson, 0, now)
      let total = 0
      const lengths: number[] = []
      for (const file of files) {
        const length = (await this.#pieces.pieceOf(file, 0, signal)).total
        lengths.push(length)
        total += length
      }
      await this.#note(lesson, total, now)
      await this.#makeRoom(lesson.id)
      let here = 0
      for (const [i, file] of files.entries()) {
        const length = lengths[i]!
        for (let piece = 0; piece * PIECE_BYTES < length; piece++) {
          if (signal.aborted) return
          await this.#pieces.pieceOf(file, piece, signal)
          here += Math.min(PIECE_BYTES, length - piece * PIECE_BYTES)
          this.percent = Math.floor((here / total) * 100)
        }
      }
      this.state = 'kept'
    } catch {
      if (!signal.aborted) this.state = 'failed'
    }
  }

  #note(lesson: Lesson, bytes: number, openedAt: number) {
    return this.#pocket.change<KeptLesson>('lessons', lesson.id, (old) => ({
      lesson,
      bytes: bytes || (old?.bytes ?? 0),
      openedAt
    }))
  }

  /** The lesson in her hand stays, however big it is. */
  async #makeRoom(lessonId: string) {
    const kept = (await this.#pocket.all<KeptLesson>('lessons'))
      .map(([, each]) => each)
      .toSorted((one, other) => other.openedAt - one.openedAt)
    let bytes = kept.find(({ lesson }) => lesson.id === lessonId)?.bytes ?? 0
    const wanted = new Set<string>()
    for (const each of kept) {
      const here = each.lesson.id === lessonId
      if (!here) bytes += each.bytes
      if (here || bytes <= KEPT_BYTES) for (const file of filesOf(each.lesson)) wanted.add(file)
      else await this.#pocket.change('lessons', each.lesson.id, () => undefined)
    }
    await this.#pieces.sweepPieces(wanted)
  }
}
