import type { Store } from '../store/store.ts'
import type { Rooms } from './rooms.ts'
import { roomStore } from './store.ts'

/** Hearts are counted here and written down once in this time. */
const GATHER_MS = 1_000
/** One tap of a finger is one heart; a phone that sends more than this at once is no finger. */
export const HEARTS_AT_ONCE = 20

export interface Hearts {
  give(roomId: string, count: number): void
  close(): Promise<void>
}

/** 点赞: summed per room, so that a thousand thumbs are one row and one hint a second. */
export function openHearts({ store, rooms }: { store: Store; rooms: Rooms }): Hearts {
  const logs = roomStore(store)
  const given = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  async function writeDown() {
    timer = undefined
    for (const [roomId, count] of given) {
      given.delete(roomId)
      // Lost when the store is not to be had: a heart is not an order.
      const total = await store.tx((tx) => logs.addHearts(tx, roomId, count)).catch(() => undefined)
      if (total !== undefined) rooms.hint(roomId, 'hearts', { total })
    }
  }

  return {
    give(roomId, count) {
      const whole = Math.max(0, Math.min(HEARTS_AT_ONCE, Math.floor(count)))
      if (!whole) return
      given.set(roomId, (given.get(roomId) ?? 0) + whole)
      timer ??= setTimeout(() => (writing = writeDown()), GATHER_MS)
    },
    async close() {
      if (timer) {
        clearTimeout(timer)
        writing = writeDown()
      }
      await writing
    }
  }
}
