import type { Hints } from '../../shared/room.ts'
import type { FlashSales } from './sales.ts'

/** In a rush what is left changes with every order; the store is asked so often. */
const GATHER_MS = 300
/** Products that wait to be looked at; beyond it viewers see it at the next change. */
const MAX_WAITING = 500

/** Tells rooms how many are left at a flash price. Each server hears of a change by itself and tells its own viewers. */
export function openFlashHints({
  leftOf,
  hint,
  report
}: {
  leftOf: FlashSales['leftOf']
  hint: (roomId: string, type: 'flash_left', body: Hints['flash_left'], reach: 'here') => void
  report: (error: unknown) => void
}) {
  const waiting = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let telling: Promise<void> = Promise.resolve()

  async function tell() {
    timer = undefined
    const productIds = [...waiting]
    waiting.clear()
    for (const { showId, ...left } of await leftOf(productIds)) hint(showId, 'flash_left', left, 'here')
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
