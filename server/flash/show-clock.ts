import type { Facts } from '../../shared/room.ts'
import type { Clock } from '../clock.ts'
import type { Tx } from '../store/store.ts'

type Ends = Facts['clock_resumed']['ends']
type Tell = <T extends 'clock_stopped' | 'clock_resumed'>(
  roomId: string,
  type: T,
  body: Facts[T],
  actorId: string
) => Promise<unknown>

/** What ends by the clock of a show: coupons dropped into it, its flash sales. */
export interface Timers {
  /** Answers whether any of them ran. */
  stopIn: (tx: Tx, showId: string) => Promise<boolean>
  /** Answers when each of those that stood still ends now. */
  resumeIn: (tx: Tx, showId: string) => Promise<Ends>
}

interface OnAir {
  id: string
  hostId: string
}

/**
 * 直播钟: when the picture is lost what ends by its clock stands still, and goes on as much later when the picture is back
 * or the show is over. Nobody loses a minute to a dead signal.
 */
export function showClock(clock: Clock, timers: readonly Timers[]) {
  async function resume(tx: Tx, show: OnAir, tell: Tell) {
    const ends: Ends = []
    for (const { resumeIn } of timers) ends.push(...(await resumeIn(tx, show.id)))
    if (ends.length) await tell(show.id, 'clock_resumed', { ends }, show.hostId)
  }

  return {
    async away(tx: Tx, show: OnAir, tell: Tell) {
      let ran = false
      for (const { stopIn } of timers) ran = (await stopIn(tx, show.id)) || ran
      if (ran) await tell(show.id, 'clock_stopped', { at: clock.now() }, show.hostId)
    },
    back: resume,
    ended: resume
  }
}
