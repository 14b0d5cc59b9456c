import {
  endLeave,
  listClasses,
  listResources,
  moveClass,
  type ClassCard,
  type Leave,
  type Resource
} from '../../shared/contracts/classes.ts'
import { Refusal } from '../../shared/refusal.ts'
import { call } from '../call.ts'
import { DAY_MS } from './times.ts'

/** What stands in the way of a class: another one, or a leave. */
export interface Clash {
  resourceId: string
  /** The trainer, room or kit. */
  name: string
  what: 'class' | 'leave'
  title: string
  startsAt: number
  endsAt: number
}

/** What is in the way, as a refusal says it; undefined when it was refused for something else. */
export function clashesOf(error: unknown): Clash[] | undefined {
  if (!(error instanceof Refusal) || error.code !== 'double_booked') return undefined
  const { clashes } = error.details ?? {}
  return Array.isArray(clashes) ? (clashes as Clash[]) : []
}

/** Long enough to notice, short enough that nobody was told yet. */
export const UNDO_MS = 12_000
/** The server answers at most so much of a calendar at once. */
const LONGEST_LOOK_MS = 100 * DAY_MS

interface Moved {
  /** As it is now. */
  now: ClassCard
  from: { startsAt: number; endsAt: number }
}

/** The calendar of the school: classes, who and what they need, and leaves. */
export class Timetable {
  classes = $state.raw<ClassCard[]>([])
  resources = $state.raw<Resource[]>([])
  leaves = $state.raw<Leave[]>([])
  loaded = $state(false)
  failed = $state<unknown>()
  /** The last move, as long as it can be taken back. */
  moved = $state.raw<Moved>()
  /** Why the last move was refused. */
  clashes = $state.raw<Clash[]>()
  trainerId = $state('')

  shown = $derived(
    this.classes.filter(
      ({ state, trainer }) => state === 'open' && (!this.trainerId || trainer.id === this.trainerId)
    )
  )
  trainers = $derived(this.resources.filter(({ kind }) => kind === 'trainer'))
  rooms = $derived(this.resources.filter(({ kind, open }) => kind === 'room' && open))
  kits = $derived(this.resources.filter(({ kind, open }) => kind === 'kit' && open))

  #range = { from: 0, to: 0 }
  #asked = 0
  #undo: ReturnType<typeof setTimeout> | undefined

  /** Shows this time; the newest question wins. */
  async look(from = this.#range.from, to = this.#range.to) {
    this.#range = { from, to: Math.min(to, from + LONGEST_LOOK_MS) }
    const asked = ++this.#asked
    try {
      const [classes, things] = await Promise.all([
        call(listClasses, { query: this.#range }),
        call(listResources)
      ])
      if (asked !== this.#asked) return
      this.classes = classes.items
      this.resources = things.resources
      this.leaves = things.leaves
      this.loaded = true
      this.failed = undefined
    } catch (error) {
      if (asked === this.#asked) this.failed = error
    }
  }

  byId = (classId: string) => this.classes.find(({ id }) => id === classId)

  /**
   * Moves a class. False: it stays where it was, and `clashes` says what is in the way; other refusals are thrown.
   */
  async move(classId: string, startsAt: number, endsAt: number): Promise<boolean> {
    const before = this.byId(classId)
    if (!before) return false
    if (before.startsAt === startsAt && before.endsAt === endsAt) return true
    this.clashes = undefined
    try {
      const { class: now } = await call(moveClass, {
        params: { classId },
        body: { version: before.version, startsAt, endsAt }
      })
      this.put(now)
      this.#offerUndo({ now, from: { startsAt: before.startsAt, endsAt: before.endsAt } })
      return true
    } catch (error) {
      const clashes = clashesOf(error)
      if (clashes) {
        this.clashes = clashes
        return false
      }
      // Somebody else changed it: what is shown is old.
      if (error instanceof Refusal && error.code === 'class_changed') void this.look()
      throw error
    }
  }

  /** Puts the last moved class back. */
  async takeBack() {
    const moved = this.moved
    if (!moved) return
    this.#forgetUndo()
    const { class: back } = await call(moveClass, {
      params: { classId: moved.now.id },
      body: { version: moved.now.version, ...moved.from }
    })
    this.put(back)
  }

  put(one: ClassCard) {
    this.classes = this.byId(one.id)
      ? this.classes.map((each) => (each.id === one.id ? one : each))
      : [...this.classes, one]
    // An undo of what has been changed again would be refused.
    if (this.moved?.now.id === one.id) this.#forgetUndo()
  }

  async endLeave(leaveId: string) {
    await call(endLeave, { params: { leaveId } })
    this.leaves = this.leaves.filter(({ id }) => id !== leaveId)
  }

  nameOf = (resourceId: string) => this.resources.find(({ id }) => id === resourceId)?.name ?? ''

  isPerson = (resourceId: string) => this.trainers.some(({ id }) => id === resourceId)

  close() {
    clearTimeout(this.#undo)
  }

  #offerUndo(moved: Moved) {
    clearTimeout(this.#undo)
    this.moved = moved
    this.#undo = setTimeout(() => this.#forgetUndo(), UNDO_MS)
  }

  #forgetUndo() {
    clearTimeout(this.#undo)
    this.moved = undefined
  }
}
