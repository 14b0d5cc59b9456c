import { LRUCache } from 'lru-cache'
import type { Hints } from '../../shared/room.ts'
import { gather } from '../gather.ts'
import type { Rooms } from './rooms.ts'

/** In a rush the stock changes with every order; the store is asked so often. Sold out is told within this and a breath. */
const GATHER_MS = 200
/** Products whose stock is waiting to be told; beyond it viewers learn it from the sheet. */
const MAX_WAITING = 500
/** Of so many shelves and specs we remember whether there was any, to tell at once when that changes. */
const REMEMBERED = 20_000

/** Tells the rooms that somebody listens to on this server how much is left of what stands on their shelves. */
export function openStockHints({
  rooms,
  shelvesWith,
  specsOf,
  report
}: {
  rooms: Pick<Rooms, 'hint' | 'listenedTo'>
  /** Which of these shows have which of these products on their shelves. */
  shelvesWith: (productIds: string[], showIds: string[]) => Promise<{ showId: string; productId: string }[]>
  specsOf: (productIds: string[]) => Promise<Hints['stock_left'][]>
  report: (error: unknown) => void
}) {
  const told = new LRUCache<string, 'some' | 'none'>({ max: REMEMBERED })

  async function tell(productIds: string[]) {
    const showIds = rooms.listenedTo()
    const shown = showIds.length ? await shelvesWith(productIds, showIds) : []
    if (!shown.length) return
    const specs = Map.groupBy(await specsOf(productIds), ({ productId }) => productId)
    for (const { showId, productId } of shown) {
      for (const spec of specs.get(productId) ?? []) {
        const known = `${showId} ${spec.specId}`
        const there = spec.left > 0 ? 'some' : 'none'
        const pace = told.get(known) === there ? 'once a second' : 'at once'
        told.set(known, there)
        // Every server hears of a change by itself and tells its own viewers.
        rooms.hint(showId, 'stock_left', spec, 'here', pace)
      }
    }
  }

  const products = gather(GATHER_MS, MAX_WAITING, tell, report)
  /** Stock of these products has changed, on whichever server. */
  return { changed: products.add, close: products.close }
}
