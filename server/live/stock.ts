import type { Hints } from '../../shared/room.ts'
import type { Rooms } from './rooms.ts'

/** In a rush the stock changes with every order; a room hears of it so often. */
const GATHER_MS = 1_000
/** Products whose stock is waiting to be told; beyond it viewers learn it from the sheet. */
const MAX_WAITING = 500

/** Tells the rooms on air how much is left of what stands on their shelves. */
export function openStockHints({
  rooms,
  onAirWith,
  specsOf,
  report
}: {
  rooms: Rooms
  onAirWith: (productIds: string[]) => Promise<{ showId: string; productId: string }[]>
  specsOf: (productIds: string[]) => Promise<Hints['stock_left'][]>
  report: (error: unknown) => void
}) {
  const waiting = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let telling: Promise<void> = Promise.resolve()

  async function tell() {
    timer = undefined
    const productIds = [...waiting]
    waiting.clear()
    const shown = await onAirWith(productIds)
    if (!shown.length) return
    const specs = Map.groupBy(await specsOf(productIds), ({ productId }) => productId)
    for (const { showId, productId } of shown) {
      // Every server hears of a change by itself and tells its own viewers.
      for (const spec of specs.get(productId) ?? []) rooms.hint(showId, 'stock_left', spec, 'here')
    }
  }

  return {
    /** Stock of these products has changed, on whichever server. */
    changed(productIds: readonly string[]) {
      for (const productId of productIds) if (waiting.size < MAX_WAITING) waiting.add(productId)
      timer ??= setTimeout(() => (telling = tell().catch(report)), GATHER_MS)
    },
    async close() {
      clearTimeout(timer)
      await telling
    }
  }
}
