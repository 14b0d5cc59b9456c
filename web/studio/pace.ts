/** Below it a face is no longer a face. */
const LEAST_BITS_PER_S = 200_000
/** Behind by so much: less picture; by so much more: far less. */
const LATE_MS = 350
const VERY_LATE_MS = 1_200
/** So far behind that it is better to leave out what is waiting and begin anew. */
const SKIP_MS = 2_000
const CAUGHT_UP_MS = 400
/** The network has room again when it has been this quick for so long. */
const QUICK_MS = 120
const QUICK_FOR_MS = 3_000
const DOWN_EVERY_MS = 700
const UP_EVERY_MS = 2_000

/**
 * How much picture the uplink carries, told by how late the server's acknowledgements are. What waits in the
 * socket cannot be seen from here: phones, routers and proxies hide seconds of it.
 */
export class Pace {
  bitsPerS: number
  /** Frames are left out until the next key frame. */
  skipping = false
  readonly #most: number
  #quickest = Infinity
  #changedAt = -Infinity
  #quickSince = 0

  constructor(most: number) {
    this.#most = most
    this.bitsPerS = most
  }

  /** `lagMs`: how old the newest frame is that the server has acknowledged. Answers how late that is. */
  heard(lagMs: number, nowMs: number): number {
    this.#quickest = Math.min(this.#quickest, lagMs)
    const lateMs = lagMs - this.#quickest
    if (lateMs > LATE_MS) {
      this.#quickSince = nowMs
      if (nowMs - this.#changedAt > DOWN_EVERY_MS) this.#set(lateMs > VERY_LATE_MS ? 0.45 : 0.65, nowMs)
      if (lateMs > SKIP_MS) this.skipping = true
      return lateMs
    }
    if (lateMs < CAUGHT_UP_MS) this.skipping = false
    if (lateMs > QUICK_MS) this.#quickSince = nowMs
    else if (nowMs - this.#quickSince > QUICK_FOR_MS && nowMs - this.#changedAt > UP_EVERY_MS) {
      this.#set(1.25, nowMs)
    }
    return lateMs
  }

  /** A new connection has its own quickest way. */
  restart(nowMs: number) {
    this.skipping = false
    this.#quickest = Infinity
    this.#quickSince = nowMs
  }

  #set(factor: number, nowMs: number) {
    this.bitsPerS = Math.round(Math.min(this.#most, Math.max(LEAST_BITS_PER_S, this.bitsPerS * factor)))
    this.#changedAt = nowMs
  }
}
