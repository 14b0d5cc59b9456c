import { SvelteSet } from 'svelte/reactivity'
import {
  addSheet,
  bookFor,
  DOORS_CLOSE_MS,
  DOORS_OPEN_MS,
  getRoster,
  PAPER_LATE_MS,
  scanMember,
  tick,
  unbook,
  untick,
  type ClassCard,
  type RosterRow
} from '../../shared/contracts/classes.ts'
import type { Answer, Body } from '../../shared/contract.ts'
import { call } from '../call.ts'
import { codeIn } from '../ui/scanned.ts'

/** Several people check in at one door, some by themselves: every screen looks again this often. */
export const LOOK_EVERY_MS = 3_000

/** Whether women may be ticked now: at the door, afterwards from the paper sheet alone, or not. */
export function doorOf({ startsAt, endsAt }: Pick<ClassCard, 'startsAt' | 'endsAt'>, now: number) {
  if (now < startsAt - DOORS_OPEN_MS) return 'shut'
  if (now < endsAt + DOORS_CLOSE_MS) return 'open'
  return now < endsAt + PAPER_LATE_MS ? 'paper' : 'shut'
}

/** Who booked a class, who waits, who came. */
export class Roster {
  readonly classId: string
  class = $state<ClassCard>()
  rows = $state.raw<RosterRow[]>([])
  sheets = $state.raw<Answer<typeof getRoster>['sheets']>([])
  /** The first look failed: there is nothing to show. */
  failed = $state<unknown>()
  /** A later look failed: what is shown may be old. */
  stale = $state(false)
  /** Whose tick is on its way. */
  pending = new SvelteSet<string>()

  booked = $derived(this.rows.filter(({ state }) => state === 'booked'))
  waiting = $derived(this.rows.filter(({ state }) => state === 'waiting').toSorted((a, b) => a.line - b.line))
  here = $derived(this.rows.filter(({ attended }) => attended).length)
  stars = $derived(this.rows.flatMap(({ stars }) => (stars ? [stars] : [])))
  /** Of five, one decimal; 0 while nobody has said anything. */
  mood = $derived(
    this.stars.length
      ? Math.round((this.stars.reduce((sum, each) => sum + each, 0) / this.stars.length) * 10) / 10
      : 0
  )

  /** Goes up when a change begins and when it is answered: a look that overlaps one is old news. */
  #changes = 0

  constructor(classId: string) {
    this.classId = classId
  }

  async look() {
    const changes = this.#changes
    try {
      const seen = await call(getRoster, { params: { classId: this.classId } })
      if (changes !== this.#changes) return
      this.class = seen.class
      this.rows = seen.rows
      this.sheets = seen.sheets
      this.failed = undefined
      this.stale = false
    } catch (error) {
      if (this.class) this.stale = true
      else this.failed = error
    }
  }

  /** Looks again and again while somebody looks at the page. Answers what ends it. */
  watch(): () => void {
    let looking = false
    const timer = setInterval(() => {
      if (looking || document.hidden) return
      looking = true
      void this.look().finally(() => (looking = false))
    }, LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }

  tick = (memberId: string, how: 'manual' | 'paper') =>
    this.#change(memberId, () => call(tick, { params: { classId: this.classId, memberId }, body: { how } }))

  untick = (memberId: string, reason: string) =>
    this.#change(memberId, () =>
      call(untick, { params: { classId: this.classId, memberId }, body: { reason } })
    )

  /** A member’s code from her phone, or the one on her slip. */
  scan = (scanned: string) =>
    this.#change('', () =>
      call(scanMember, { params: { classId: this.classId }, body: { code: codeIn(scanned) } })
    )

  bookFor = (body: Body<typeof bookFor>) =>
    this.#change(body.memberId ?? '', () => call(bookFor, { params: { classId: this.classId }, body }), true)

  async unbook(memberId: string) {
    await this.#change(
      memberId,
      async () => {
        await call(unbook, { params: { classId: this.classId, memberId } })
        return undefined
      },
      true
    )
  }

  async addSheet(fileId: string) {
    await call(addSheet, { params: { classId: this.classId }, body: { fileId } })
    await this.look()
  }

  /** `moves`: others on the list may move with it, so the whole is asked for again. */
  async #change(
    memberId: string,
    work: () => Promise<{ row: RosterRow } | undefined>,
    moves = false
  ): Promise<RosterRow | undefined> {
    this.#changes++
    if (memberId) this.pending.add(memberId)
    try {
      const row = (await work())?.row
      if (row) this.#put(row)
      return row
    } finally {
      this.#changes++
      this.pending.delete(memberId)
      if (moves) void this.look()
    }
  }

  #put(row: RosterRow) {
    const known = this.rows.some(({ memberId }) => memberId === row.memberId)
    this.rows = known
      ? this.rows.map((each) => (each.memberId === row.memberId ? row : each))
      : [...this.rows, row]
  }
}
