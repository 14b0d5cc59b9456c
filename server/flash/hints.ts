import type { Hints } from '../../shared/room.ts'
import { gather } from '../gather.ts'
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
  const products = gather(
    GATHER_MS,
    MAX_WAITING,
    async (productIds) => {
      for (const { showId, ...left } of await leftOf(productIds)) hint(showId, 'flash_left', left, 'here')
    },
    report
  )
  /** Stock of these products has changed, on whichever server. */
  return { changed: products.add, close: products.close }
}
