import type { Due } from '../../shared/contracts/ledger.ts'

/** What one account of one shop holds. */
export interface Held {
  shopId: string
  account: string
  /** As the book has it: what is owed is below 0. */
  fen: number
}

/** What each shop would get, by account and in all. */
export function dueOf(
  held: readonly Held[]
): Map<string, { fen: number; accounts: { account: string; fen: number }[] }> {
  const shops = new Map<string, { fen: number; accounts: { account: string; fen: number }[] }>()
  for (const { shopId, account, fen } of held) {
    const shop = shops.get(shopId) ?? { fen: 0, accounts: [] }
    shop.fen -= fen
    if (fen !== 0) shop.accounts.push({ account, fen: 0 - fen })
    shops.set(shopId, shop)
  }
  return shops
}

/** Why a shop is in no batch, or that it is in one. */
export const problemOf = (fen: number, payee: string): Due['problem'] =>
  fen <= 0 ? 'nothing_left' : payee ? '' : 'no_account'
