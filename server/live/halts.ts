import type { Tx } from '../store/store.ts'
import type { Tell } from './rooms.ts'
import { onAir, type Show } from './show.ts'
import type { roomStore, showStore } from './store.ts'

/**
 * What holds a show without ending it, as part of the caller's unit: 带播 pauses while a mentor is away, 停售 lets nothing
 * be bought. Each answers the show as it was, or nothing where it is over or stands so already.
 */
export function openHalts({
  shows,
  logs
}: {
  shows: ReturnType<typeof showStore>
  logs: ReturnType<typeof roomStore>
}) {
  return {
    async setPausedIn(
      tx: Tx,
      tell: Tell,
      showId: string,
      paused: boolean,
      actorId: string
    ): Promise<Show | undefined> {
      const show = await shows.one(tx, showId)
      if (!show || !onAir(show) || show.paused === paused) return undefined
      await shows.change(tx, showId, { paused })
      await tell(showId, paused ? 'show_paused' : 'show_resumed', {}, actorId)
      return show
    },

    /** `reason`: what viewers are told; the pin goes, the picture stays. */
    async stopSaleIn(
      tx: Tx,
      tell: Tell,
      showId: string,
      reason: string,
      actorId: string
    ): Promise<Show | undefined> {
      const show = await shows.one(tx, showId)
      if (!show || !onAir(show) || show.saleStopped !== '') return undefined
      await shows.change(tx, showId, { saleStopped: reason })
      await tell(showId, 'sale_stopped', { reason }, actorId)
      if (await logs.pinned(tx, showId)) {
        await logs.pin(tx, showId, null)
        await tell(showId, 'product_unpinned', {}, actorId)
      }
      return show
    },

    async resumeSaleIn(tx: Tx, tell: Tell, showId: string, actorId: string): Promise<Show | undefined> {
      const show = await shows.one(tx, showId)
      if (!show || !onAir(show) || show.saleStopped === '') return undefined
      await shows.change(tx, showId, { saleStopped: '' })
      await tell(showId, 'sale_resumed', {}, actorId)
      return show
    },

    /** 带播: who must be at its desk; empty: nobody any more. */
    superviseIn: (tx: Tx, showId: string, mentorId: string) => shows.change(tx, showId, { mentorId })
  }
}
