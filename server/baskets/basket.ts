import { MAX_QTY } from '../../shared/contracts/orders.ts'

/** What became of something in a basket since it was put in. */
export type Standing = 'ok' | 'short' | 'sold_out' | 'off_sale'

/** Whether so many can still be bought. `left` counts what is kept for her too. */
export function standing(qty: number, { onSale, left }: { onSale: boolean; left: number }): Standing {
  if (!onSale) return 'off_sale'
  if (left <= 0) return 'sold_out'
  return left < qty ? 'short' : 'ok'
}

/** So many more of it, as far as one buyer carries. */
export const together = (before: number, more: number) => Math.min(before + more, MAX_QTY)
