import type { Block, Lesson } from '../../shared/contracts/school.ts'

/** A jump longer than this is no listening. */
const STEP_SECONDS = 2
/** Players stop a little before the end. */
const NEARLY_SECONDS = 2

const lengthOf = (block: Block) => (block.kind === 'audio' || block.kind === 'video' ? block.seconds : 0)

/** How far she is in one lesson: what she heard and saw in a row, not where she jumped to. */
export class Study {
  readonly lesson: Lesson
  /** Of each block, how far she came in seconds. */
  reached: number[] = $state()!
  done = $state(false)
  seconds = $derived(
    Math.min(this.lessonSeconds, Math.floor(this.reached.reduce((sum, seconds) => sum + seconds, 0)))
  )
  readonly #at: number[]

  constructor(lesson: Lesson, known = { seconds: 0, done: false }) {
    this.lesson = lesson
    this.done = known.done
    let left = known.seconds
    this.reached = lesson.blocks.map((block) => {
      const here = Math.min(left, lengthOf(block))
      left -= here
      return here
    })
    this.#at = [...this.reached]
  }

  get lessonSeconds() {
    return this.lesson.blocks.reduce((sum, block) => sum + lengthOf(block), 0)
  }

  /** Where a player begins: where she stopped, or from the start once it was over. */
  startOf = (block: number) => {
    const reached = this.reached[block] ?? 0
    return reached + NEARLY_SECONDS >= lengthOf(this.lesson.blocks[block]!) ? 0 : reached
  }

  /** A player is at this second. True: there is something new to tell. */
  plays(block: number, at: number): boolean {
    const step = at - (this.#at[block] ?? 0)
    this.#at[block] = at
    const reached = this.reached[block] ?? 0
    if (step <= 0 || step > STEP_SECONDS || at <= reached || at - step > reached + STEP_SECONDS) return false
    this.reached[block] = Math.min(at, lengthOf(this.lesson.blocks[block]!))
    this.#judge()
    return true
  }

  /** She said herself that she is through: lessons to be read have no other end. */
  finish() {
    this.done = true
  }

  #judge() {
    if (!this.lessonSeconds) return
    this.done ||= this.lesson.blocks.every(
      (block, i) => (this.reached[i] ?? 0) + NEARLY_SECONDS >= lengthOf(block)
    )
  }
}
