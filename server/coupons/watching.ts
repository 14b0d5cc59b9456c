import { WATCH_BEAT_MS } from '../../shared/contracts/coupons.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { Store } from '../store/store.ts'
import { watchStore } from './watch-store.ts'

/** A phone of which one beat is lost has still been there; one of which two are has been away. */
const MOST_MS = 2.5 * WATCH_BEAT_MS

/**
 * How long members have been in rooms, for coupons that ask for it: counted by the server between two beats of a phone
 * that are close to each other, so that nobody watches faster than the clock goes, on however many phones.
 */
export function openWatching({
  store,
  clock,
  onAir
}: {
  store: Store
  clock: Clock
  /** Whether there is a picture to watch. */
  onAir: (showId: string) => Promise<boolean>
}) {
  const rows = watchStore(store)

  return {
    /** So long, in milliseconds. */
    watchedIn: rows.watched,

    /** She is watching; answers how long by now. Nothing is written where no coupon asks for more. */
    async watchOn(me: Member, showId: string): Promise<number> {
      const now = clock.now()
      const before = await rows.watched(store.read, showId, me.id)
      if (before >= (await rows.wanted(store.read, showId, now))) return before
      const mostMs = (await onAir(showId)) ? MOST_MS : 0
      return store.tx((tx) => rows.beat(tx, { showId, memberId: me.id, now, mostMs }))
    }
  }
}
