const TICK_MS = 1000
/** A Date header is rounded down to the second. */
const ROUNDING_MS = 500

class ServerClock {
  #aheadMs = 0
  /** Ticks once a second while somebody looks: countdowns go by the server's clock, never by the phone's. */
  now = $state(Date.now())

  constructor() {
    setInterval(() => (this.now = this.exact()), TICK_MS)
  }

  exact() {
    return Date.now() + this.#aheadMs
  }

  set(serverMs: number) {
    this.#aheadMs = serverMs - Date.now()
    this.now = this.exact()
  }

  get aheadMs() {
    return this.#aheadMs
  }
}

export const clock = new ServerClock()

/** A phone whose clock is right to the second is left alone. */
export function hearServerTime(date: string | null) {
  if (!date) return
  const server = Date.parse(date) + ROUNDING_MS
  if (Math.abs(server - clock.exact()) > 2 * TICK_MS) clock.set(server)
}
