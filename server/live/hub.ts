import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { CATCH_UP_EVENTS } from '../../shared/room.ts'
import { PING, textFrame } from './frame.ts'

/** Share of the event loop that one room's fan-out may take. */
export const DUTY = 0.4
const MIN_TICK_MS = 5
const MAX_TICK_MS = 250
/** Sockets written before the loop serves others: an order must not wait for five thousand viewers. */
const SLICE = 200
/** A viewer with more than this unsent gets nothing new … */
const BACKLOG_BYTES = 64 * 1024
/** … until she is down to this … */
const RESUME_BYTES = 16 * 1024
/** … and is let go when that takes longer. */
const LAG_MS = 10_000
/** How long a fact may be missing before the log is asked for it. */
const GAP_MS = 50

const OPEN = 1
/** RFC 6455's “service restart”: connect again. */
const TRY_AGAIN = 1012
/** Beats without anybody before the hub may go: somebody who reloads the page finds it as she left it. */
const EMPTY_BEATS = 3

/** One socket in a room. Frames go straight to `raw`: the same buffer for everybody, framed once. */
export interface Listener {
  ws: WebSocket
  raw: Socket
  /** Since when she is too slow; undefined while she keeps up. */
  laggedSince: number | undefined
  /** The host or a helper: she hears the room but is not one of its viewers. */
  works?: boolean
}

/** One fact as it goes over the wire. */
export interface Line {
  n: number
  json: string
}

/** What a hub asks of the room's log. */
export type ReadSince = (after: number, limit: number) => Promise<Line[]>

/**
 * Everybody of one room who is connected to this server. It takes facts from anywhere in any order and says them
 * once, in order, to all; what never came it fetches from the log. Many facts go out as one frame: the next tick
 * comes no sooner than DUTY allows after what the last one cost.
 */
export class Hub {
  /** How many watched on all servers at the last count. */
  viewers = 0
  /** Somebody was greeted with a guess of the count since; the next count is told even when it is the same. */
  guessed = false
  readonly #listeners = new Set<Listener>()
  #audience = 0
  readonly #since: ReadSince
  readonly #now: () => number
  /** The last fact taken over in order. */
  #version: number
  /** The last fact that a flush has begun to write. */
  #written: number
  /** The last facts before `#version`, for those who come back after a moment. */
  #recent: Line[] = []
  #early = new Map<number, string>()
  #facts: Line[] = []
  #hints = new Map<string, string>()
  #tick: NodeJS.Timeout | NodeJS.Immediate | undefined
  #gap: NodeJS.Timeout | undefined
  #healing: Promise<void> | undefined
  #flushing = false
  #nextAt = 0
  #costMs = 0
  #closed = false
  #emptyBeats = 0

  constructor(version: number, since: ReadSince, now: () => number) {
    this.#version = version
    this.#written = version
    this.#since = since
    this.#now = now
  }

  get version() {
    return this.#version
  }

  get size() {
    return this.#listeners.size
  }

  /** Who watches from this server; who works here is not counted. */
  get audience() {
    return this.#audience
  }

  /** Nobody has been here for a while. */
  get deserted() {
    return this.#emptyBeats >= EMPTY_BEATS
  }

  /** Somebody is about to join. */
  expect() {
    this.#emptyBeats = 0
  }

  /** One fact, from this server or another, perhaps again, perhaps too early. */
  accept(n: number, json: string) {
    if (n <= this.#version || this.#closed) return
    if (n > this.#version + 1) {
      if (this.#early.size < CATCH_UP_EVENTS) this.#early.set(n, json)
      this.#gap ??= setTimeout(() => void this.heal(), GAP_MS)
      return
    }
    this.#append({ n, json })
    for (let next; (next = this.#early.get(this.#version + 1)) !== undefined;) {
      this.#early.delete(this.#version + 1)
      this.#append({ n: this.#version + 1, json: next })
    }
    this.#arm()
  }

  /** The present value of something that may be lost; a newer one of the same key takes its place. */
  hint(key: string, json: string) {
    if (this.#closed) return
    this.#hints.set(key, json)
    this.#arm()
  }

  /** Fetches what is missing from the log. Too much of it: everybody loads the room anew. */
  heal(): Promise<void> {
    this.#healing ??= this.#heal().finally(() => {
      this.#healing = undefined
    })
    return this.#healing
  }

  async #heal() {
    clearTimeout(this.#gap)
    this.#gap = undefined
    const missing = await this.#since(this.#version, CATCH_UP_EVENTS + 1).catch(() => []) // the next beat asks again
    if (missing.length <= CATCH_UP_EVENTS) {
      for (const { n, json } of missing) this.accept(n, json)
    } else {
      this.#recent = []
      this.#facts = []
      this.#version = missing.at(-1)!.n
      this.#hints.set('reload', reload(this.#now()))
      this.#arm()
    }
    for (const n of this.#early.keys()) if (n <= this.#version) this.#early.delete(n)
  }

  /**
   * Lets a socket hear the room. `after`: the last fact she knows; she gets what followed, or `reload` when that is
   * too much. Undefined: she begins with what happens next.
   */
  async join(listener: Listener, after: number | undefined) {
    if (after !== undefined && after > this.#version) await this.heal()
    if (after !== undefined) await this.catchUp(listener, after)
    if (this.#closed) listener.ws.close(TRY_AGAIN)
    else if (listener.ws.readyState === OPEN && !this.#listeners.has(listener)) {
      this.#listeners.add(listener)
      if (!listener.works) this.#audience++
    }
  }

  leave(listener: Listener) {
    if (this.#listeners.delete(listener) && !listener.works) this.#audience--
  }

  /** Writes every fact after `after` that the others have been sent; what is still in the queue comes with the tick. */
  async catchUp(listener: Listener, after: number) {
    if (after > this.#version || this.#version - after > CATCH_UP_EVENTS) {
      this.answer(listener, reload(this.#now()))
      return
    }
    for (let known = after; known < this.#written;) {
      const lines = this.#remembered(known) ?? (await this.#since(known, CATCH_UP_EVENTS))
      const wanted = lines.filter(({ n }) => n > known && n <= this.#written)
      if (!wanted.length) return
      this.answer(listener, ...wanted.map(({ json }) => json))
      known = wanted.at(-1)!.n
    }
  }

  /** Something for one socket only. Whoever asks and does not read is as slow as any other. */
  answer(listener: Listener, ...events: string[]) {
    const { ws, raw } = listener
    if (ws.readyState !== OPEN || !raw.writable) return
    if (raw.writableLength > BACKLOG_BYTES) listener.laggedSince ??= this.#now()
    else raw.write(textFrame(`[${events.join(',')}]`))
  }

  /** Every two seconds: lets go of the sockets that are too slow, and brings those back that have caught up. */
  beat() {
    this.#emptyBeats = this.size ? 0 : this.#emptyBeats + 1
    for (const listener of this.#listeners) {
      if (listener.laggedSince === undefined) continue
      if (this.#now() - listener.laggedSince > LAG_MS) listener.ws.terminate()
      else this.#resume(listener)
    }
  }

  /** Asks every socket whether it is still there; whoever stays silent is noticed by its owner. */
  ping() {
    this.#writeSliced(PING, () => {})
  }

  close() {
    this.#closed = true
    clearTimeout(this.#gap)
    clearTimeout(this.#tick as NodeJS.Timeout)
    clearImmediate(this.#tick as NodeJS.Immediate)
  }

  #append(line: Line) {
    this.#version = line.n
    this.#facts.push(line)
    this.#recent.push(line)
    if (this.#recent.length > 2 * CATCH_UP_EVENTS) this.#recent = this.#recent.slice(-CATCH_UP_EVENTS)
  }

  /** The facts after `known`, if memory reaches that far back. */
  #remembered(known: number) {
    const first = this.#recent[0]
    return first && first.n <= known + 1 ? this.#recent.slice(known + 1 - first.n) : undefined
  }

  #arm() {
    if (this.#tick || this.#flushing || this.#closed) return
    if (!this.#facts.length && !this.#hints.size) return
    const waitMs = this.#nextAt - performance.now()
    const flush = () => this.#flush()
    this.#tick = waitMs <= 0.5 ? setImmediate(flush) : setTimeout(flush, waitMs)
  }

  #flush() {
    this.#tick = undefined
    this.#flushing = true
    const beganAt = performance.now()
    const events = [...this.#facts.map(({ json }) => json), ...this.#hints.values()]
    this.#written = this.#version
    this.#facts = []
    this.#hints.clear()
    this.#writeSliced(textFrame(`[${events.join(',')}]`), (costMs) => {
      this.#costMs = this.#costMs ? this.#costMs * 0.8 + costMs * 0.2 : costMs
      this.#nextAt = beganAt + Math.min(MAX_TICK_MS, Math.max(MIN_TICK_MS, this.#costMs / DUTY))
      this.#flushing = false
      this.#arm()
    })
  }

  #writeSliced(frame: Buffer, done: (costMs: number) => void) {
    const listeners = [...this.#listeners]
    let i = 0
    let costMs = 0
    const slice = () => {
      const beganAt = performance.now()
      const end = Math.min(i + SLICE, listeners.length)
      for (; i < end; i++) this.#write(listeners[i]!, frame)
      costMs += performance.now() - beganAt
      if (i < listeners.length) setImmediate(slice)
      else done(costMs)
    }
    slice()
  }

  #write(listener: Listener, frame: Buffer) {
    const { ws, raw } = listener
    if (ws.readyState !== OPEN || !raw.writable) return
    if (listener.laggedSince !== undefined && !this.#resume(listener)) return
    if (raw.writableLength > BACKLOG_BYTES) listener.laggedSince = this.#now()
    else raw.write(frame)
  }

  /** She has read what she had; of what she missed she loads the outcome. */
  #resume(listener: Listener) {
    if (listener.raw.writableLength > RESUME_BYTES) return false
    listener.laggedSince = undefined
    this.answer(listener, reload(this.#now()))
    return true
  }
}

const reload = (at: number) => JSON.stringify([0, at, 'reload', {}])
