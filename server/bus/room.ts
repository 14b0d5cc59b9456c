import type { RoomEvent, Subscription } from './bus.ts'

/** How many events of a room a server can always replay; it holds up to twice as many before it drops half. */
export const HISTORY_EVENTS = 500
/** The cursor of a room where nothing has happened yet. */
export const START = '0'

/** One room as one server sees it: the latest events and everybody who listens. */
export class Room {
  #history: RoomEvent[] = []
  #forgotten = false
  #listeners = new Set<(event: RoomEvent) => void>()
  #report: (error: unknown) => void

  constructor(report: (error: unknown) => void) {
    this.#report = report
  }

  get last() {
    return this.#history.at(-1)?.id ?? START
  }

  get listeners() {
    return this.#listeners.size
  }

  append(event: RoomEvent) {
    this.#history.push(event)
    if (this.#history.length > 2 * HISTORY_EVENTS) {
      this.#history.splice(0, HISTORY_EVENTS)
      this.#forgotten = true
    }
    for (const deliver of this.#listeners) this.#tell(deliver, event)
  }

  subscribe(
    after: string | undefined,
    deliver: (event: RoomEvent) => void,
    left: () => void = () => {}
  ): Subscription {
    const missed = this.#after(after)
    const cursor = this.last
    for (const event of missed ?? this.#history) this.#tell(deliver, event)
    // Wrapped, so that one function may listen twice and leave once.
    const listener = (event: RoomEvent) => deliver(event)
    this.#listeners.add(listener)
    return {
      cursor,
      complete: missed !== undefined,
      close: () => {
        if (this.#listeners.delete(listener)) left()
      }
    }
  }

  /** Undefined: the history does not reach back that far. */
  #after(after: string | undefined) {
    if (after === undefined) return []
    if (after === START)
      return this.#forgotten || this.#history.length > HISTORY_EVENTS ? undefined : this.#history
    const at = this.#history.findLastIndex((event) => event.id === after)
    return at < 0 ? undefined : this.#history.slice(at + 1)
  }

  /** One listener's bug must not keep the event from the others. */
  #tell(deliver: (event: RoomEvent) => void, event: RoomEvent) {
    try {
      deliver(event)
    } catch (error) {
      this.#report(error)
    }
  }
}
