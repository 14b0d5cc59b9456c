import type { HeldLine } from '../catalogue/products.ts'
import type { FlashPrice, Sending } from './neighbours.ts'
import { fenOf } from './order.ts'

/** A line with the price that it has for her now. */
export interface Priced extends HeldLine {
  flashId: string
}

/** The lines at their flash prices, where they have one. */
export const atFlash = (
  lines: readonly HeldLine[],
  prices: ReadonlyMap<string, Pick<FlashPrice, 'flashId' | 'priceFen'>>
): Priced[] =>
  lines.map((line) => {
    const { flashId = '', priceFen = line.priceFen } = prices.get(line.specId) ?? {}
    return { ...line, priceFen, flashId }
  })

/** What of one shop's order is put into boxes, and where to. */
export const sendingOf = (
  { shopId, lines }: { shopId: string; lines: readonly Priced[] },
  region: string,
  readyAt = 0
): Sending => ({
  shopId,
  region,
  lines: lines
    .filter(({ kind }) => kind === 'goods')
    .map(({ productId, specId, qty, grams, tempClass, priceFen }) => {
      return { productId, specId, qty, grams, tempClass, fen: fenOf({ qty, priceFen }) }
    }),
  ...(readyAt && { readyAt })
})

/** What coupons look at. */
export const forCoupons = (orders: readonly { shopId: string; lines: readonly Priced[] }[]) =>
  orders.map(({ shopId, lines }) => ({
    shopId,
    lines: lines.map(({ specId, productId, ...line }) => ({ specId, productId, fen: fenOf(line) }))
  }))
