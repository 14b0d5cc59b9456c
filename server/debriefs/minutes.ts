import { MAX_MINUTES } from '../../shared/contracts/debriefs.ts'
import type { Clock } from '../clock.ts'
import type { Show } from '../live/show.ts'
import type { Store } from '../store/store.ts'
import { MINUTE_MS } from './debrief.ts'
import { debriefStore, type MinuteRow } from './store.ts'

/** How often the shows on air are counted: a minute is looked at four times. */
export const COUNT_EVERY_MS = 15_000
/** Minutes that wait to be written; beyond it the newest are let go, for nobody buys by them. */
const MAX_WAITING = 2_000

export type Minutes = ReturnType<typeof openMinutes>

/**
 * How many watched in each minute of a show. Every server counts what all of them see and writes the highest, so that
 * neither a second server nor a lost one changes what is kept by more than a few seconds.
 */
export function openMinutes({
  store,
  clock,
  onAir,
  viewers,
  onCount
}: {
  store: Store
  clock: Clock
  onAir: () => Promise<Pick<Show, 'id' | 'kind' | 'openedAt'>[]>
  viewers: (showId: string) => Promise<number>
  /** Hears of every change between two looks. */
  onCount: (listener: (showId: string, viewers: number) => void) => void
}) {
  const rows = debriefStore(store)
  const openedAt = new Map<string, number>()
  let waiting = new Map<string, MinuteRow>()
  let written = new Map<string, number>()

  function note(showId: string, count: number) {
    const began = openedAt.get(showId)
    if (began === undefined) return
    const minute = Math.floor((clock.now() - began) / MINUTE_MS)
    if (minute < 0 || minute >= MAX_MINUTES) return
    const key = `${showId} ${minute}`
    const known = Math.max(waiting.get(key)?.viewers ?? -1, written.get(key) ?? -1)
    if (count > known && (waiting.has(key) || waiting.size < MAX_WAITING))
      waiting.set(key, { showId, minute, viewers: count })
  }
  onCount(note)

  return {
    async count(): Promise<void> {
      const shows = (await onAir()).filter(({ kind, openedAt: began }) => kind !== 'class' && began !== null)
      openedAt.clear()
      for (const { id, openedAt: began } of shows) openedAt.set(id, began!)
      await Promise.all(shows.map(async ({ id }) => note(id, await viewers(id))))
      if (!waiting.size) return
      const writing = waiting
      waiting = new Map()
      try {
        await store.tx((tx) => rows.keepMinutes(tx, [...writing.values()]))
      } catch (error) {
        for (const [key, row] of writing) if (!waiting.has(key)) waiting.set(key, row)
        throw error
      }
      const current = [...written, ...[...writing].map(([key, row]) => [key, row.viewers] as const)]
      written = new Map(current.slice(-MAX_WAITING))
    }
  }
}
