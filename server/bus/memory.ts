import { LRUCache } from 'lru-cache'
import type { Bus } from './bus.ts'
import { Room } from './room.ts'

/** Rooms that nobody on this server listens to and whose history is still kept. */
const IDLE_ROOMS = 1_000
const COUNTERS = 10_000

/** The bus of a village with one server. */
export function memoryBus(report: (error: unknown) => void): Bus {
  const busy = new Map<string, Room>()
  const idle = new LRUCache<string, Room>({ max: IDLE_ROOMS })
  const counters = new LRUCache<string, number>({ max: COUNTERS })
  const life = crypto.randomUUID()
  let events = 0

  const room = (name: string) => busy.get(name) ?? idle.get(name)

  function opened(name: string) {
    const known = room(name)
    if (known) return known
    const made = new Room(report)
    idle.set(name, made)
    return made
  }

  return {
    async publish(name, body) {
      opened(name).append({ id: `${life}-${++events}`, body })
    },
    async subscribe(name, after, deliver) {
      const found = opened(name)
      busy.set(name, found)
      idle.delete(name)
      return found.subscribe(after, deliver, () => {
        if (found.listeners > 0) return
        busy.delete(name)
        idle.set(name, found)
      })
    },
    async add(counter, n) {
      const value = (counters.get(counter) ?? 0) + n
      counters.set(counter, value)
      return value
    },
    share: async (_gauge, part) => part,
    close: async () => {}
  }
}
