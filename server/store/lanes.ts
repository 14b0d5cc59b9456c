import { StoreBusy } from './store.ts'

/** About two seconds of a rush. Whoever comes later is told at once that it is too full, instead of after a wait. */
const WAITING_UNITS = 2_000

interface Lane {
  running: number
  waiting: (() => void)[]
}

/**
 * Units that want the same hot row line up here, in front of the connections: without it a rush on one coupon would
 * hold every connection of this server and the whole shop would wait with it. `width` of each name go in at once.
 */
export function hotLanes(width: number) {
  const lanes = new Map<string, Lane>()

  /** Resolves to what must be called on the way out. */
  return async function enter(name: string): Promise<() => void> {
    const lane = lanes.get(name) ?? { running: 0, waiting: [] }
    lanes.set(name, lane)
    if (lane.waiting.length >= WAITING_UNITS) throw new StoreBusy(`too many wait for ${name}`)
    // The one who leaves hands her place over, so that nobody who has just come slips in between.
    if (lane.running >= width) await new Promise<void>((go) => lane.waiting.push(go))
    else lane.running++
    return () => {
      const next = lane.waiting.shift()
      if (next) next()
      else if (--lane.running === 0) lanes.delete(name)
    }
  }
}
