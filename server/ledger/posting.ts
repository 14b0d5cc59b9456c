import { shareOut } from '../../shared/share-out.ts'

/** Debits are positive, credits negative. */
export interface Entry {
  account: string
  fen: number
}

/** What an order that was paid is made of. */
export interface Sold {
  shopId: string
  /** Who took the money; empty where there was nothing to pay. */
  gateway: string
  freightFen: number
  lines: readonly { specId: string; qty: number; priceFen: number; offFen: number }[]
  coupons: readonly { offFen: number; payer: 'host' | 'union' }[]
}

/** What of it has been given back in all. */
export interface Back {
  lines: readonly { specId: string; qty: number; fen: number }[]
  freightFen: number
}

export const NOTHING_BACK: Back = { lines: [], freightFen: 0 }

/** The union keeps so many ten-thousandths of what a host earns; of her freight nothing. */
export interface FeeRule {
  permyriad: number
}

export const accounts = {
  cash: (gateway: string) => `cash:${gateway}`,
  host: (shopId: string) => `host:${shopId}`,
  freight: (shopId: string) => `freight:${shopId}`,
  payout: (batchId: string) => `payout:${batchId}`,
  coupons: 'union:coupons',
  fee: 'union:fee'
}

/** The batch that a posting paid out; empty: none. */
export const paidOutBy = (entries: readonly Entry[]) =>
  entries
    .find(({ account }) => account.startsWith(accounts.payout('')))
    ?.account.slice(accounts.payout('').length) ?? ''

export const sumOf = (entries: readonly Entry[]) => entries.reduce((sum, { fen }) => sum + fen, 0)

/** Each account once, and only those that something is left on; in the order of their names. */
export function gathered(entries: readonly Entry[]): Entry[] {
  const sums = new Map<string, number>()
  for (const { account, fen } of entries) sums.set(account, (sums.get(account) ?? 0) + fen)
  return [...sums]
    .filter(([, fen]) => fen !== 0)
    .map(([account, fen]) => ({ account, fen }))
    .toSorted((a, b) => (a.account < b.account ? -1 : 1))
}

/**
 * A sale: what the buyer paid is with the gateway; what a union’s coupon took off is paid to the host by the union; a
 * host’s own coupon makes her earn less. Then the union’s fee.
 */
export const saleEntries = (sold: Sold, rule: FeeRule): Entry[] =>
  standing(sold, feeFenOf(sold, rule), NOTHING_BACK)

/** One refund: what the books say after it, less what they said before it. So many refunds can’t drift from one. */
export const refundEntries = (sold: Sold, feeFen: number, before: Back, after: Back): Entry[] =>
  gathered([...standing(sold, feeFen, after), ...negative(standing(sold, feeFen, before))])

/** The union’s fee, rounded down. */
export const feeFenOf = (sold: Sold, { permyriad }: FeeRule) =>
  part(permyriad, worthOf(sold).worthFen, 10_000)

/**
 * What the accounts say of one order once so much of it has been given back. Of a line that is paid back in part, the
 * same part of the union’s coupon goes back to the union; of the fee as much as of what the host earned. At the last fen
 * nothing is left on any account.
 */
export function standing(sold: Sold, feeFen: number, back: Back): Entry[] {
  const { lines, worthFen } = worthOf(sold)
  let paidFen = sold.freightFen - back.freightFen
  let couponFen = 0
  let keptFen = 0
  for (const line of lines) {
    const backFen = backOf(back, line.specId, ({ fen }) => fen)
    const backQty = backOf(back, line.specId, ({ qty }) => qty)
    const couponBackFen = line.paidFen
      ? part(line.couponFen, backFen, line.paidFen)
      : part(line.couponFen, Math.min(backQty, line.qty), line.qty)
    paidFen += line.paidFen - backFen
    couponFen += line.couponFen - couponBackFen
    keptFen += line.paidFen - backFen + line.couponFen - couponBackFen
  }
  const keptFeeFen = worthFen ? feeFen - part(feeFen, worthFen - keptFen, worthFen) : 0
  const freightFen = sold.freightFen - back.freightFen
  return gathered([
    { account: accounts.cash(sold.gateway), fen: paidFen },
    { account: accounts.coupons, fen: couponFen },
    { account: accounts.fee, fen: -keptFeeFen },
    { account: accounts.freight(sold.shopId), fen: -freightFen },
    { account: accounts.host(sold.shopId), fen: keptFeeFen - keptFen }
  ])
}

/** What each line brings its host: what the buyer paid for it and what the union’s coupons pay on top. */
function worthOf({ lines, coupons }: Sold) {
  const offFen = lines.reduce((sum, line) => sum + line.offFen, 0)
  const byUnion = coupons.reduce((sum, { payer, offFen: off }) => sum + (payer === 'union' ? off : 0), 0)
  const couponFens = shareOut(
    Math.min(byUnion, offFen),
    lines.map((line) => line.offFen)
  )
  const worth = lines.map((line, i) => ({
    ...line,
    paidFen: line.qty * line.priceFen - line.offFen,
    couponFen: couponFens[i]!
  }))
  return {
    lines: worth,
    worthFen: worth.reduce((sum, { paidFen, couponFen }) => sum + paidFen + couponFen, 0)
  }
}

const backOf = (back: Back, specId: string, of: (line: Back['lines'][number]) => number) =>
  back.lines.reduce((sum, line) => sum + (line.specId === specId ? of(line) : 0), 0)

/** Two backs are one. */
export const together = (...backs: Back[]): Back => ({
  lines: backs.flatMap(({ lines }) => lines),
  freightFen: backs.reduce((sum, { freightFen }) => sum + freightFen, 0)
})

export const taken = ({ lines, freightFen }: Back): Back => ({
  lines: lines.map(({ specId, qty, fen }) => ({ specId, qty: -qty, fen: -fen })),
  freightFen: -freightFen
})

export const negative = (entries: readonly Entry[]): Entry[] =>
  entries.map(({ account, fen }) => ({ account, fen: -fen }))

/** That part of a sum, rounded down: a million yuan times a million yuan is more than a number keeps exactly. */
const part = (fen: number, of: number, whole: number) => Number((BigInt(fen) * BigInt(of)) / BigInt(whole))

/** How an amount of a host came about: what she reads on her statement. They add up to `fen`. */
export interface Share {
  /** What the buyer paid for the goods. */
  buyerFen: number
  /** What the union’s coupons add. */
  couponFen: number
  freightFen: number
  /** What the union keeps, below 0. */
  feeFen: number
  /** What went to her bank, below 0. */
  paidOutFen: number
  fen: number
}

export function shareOf(entries: readonly Entry[], shopId: string): Share {
  const sum = (is: (account: string) => boolean) => sumOf(entries.filter(({ account }) => is(account)))
  const freightFen = 0 - sum((account) => account === accounts.freight(shopId))
  const payoutFen = sum((account) => account.startsWith('payout:'))
  const cashFen = sum((account) => account.startsWith('cash:'))
  const isPayout = payoutFen !== 0
  return {
    buyerFen: isPayout ? 0 : cashFen - freightFen,
    couponFen: sum((account) => account === accounts.coupons),
    freightFen: isPayout ? 0 : freightFen,
    feeFen: sum((account) => account === accounts.fee),
    paidOutFen: payoutFen,
    fen: freightFen - sum((account) => account === accounts.host(shopId))
  }
}
