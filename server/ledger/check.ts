import type { Accounts, BookTrouble } from '../../shared/contracts/ledger.ts'

interface Entry {
  account: string
  fen: number
}

const ROOTS: Record<string, keyof Accounts> = {
  cash: 'cashFen',
  host: 'hostsFen',
  freight: 'hostsFen',
  payout: 'paidOutFen'
}

export const NO_ACCOUNTS: Accounts = {
  cashFen: 0,
  couponFen: 0,
  feeFen: 0,
  hostsFen: 0,
  paidOutFen: 0,
  otherFen: 0
}

/** What an account is for: `host:SHOP` and `freight:SHOP` are both the hosts’. */
export function kindOf(account: string): keyof Accounts {
  if (account === 'union:coupons') return 'couponFen'
  if (account === 'union:fee') return 'feeFen'
  return ROOTS[account.slice(0, account.indexOf(':'))] ?? 'otherFen'
}

export function added(accounts: Accounts, entries: readonly Entry[]): Accounts {
  const sums = { ...accounts }
  for (const { account, fen } of entries) sums[kindOf(account)] += fen
  return sums
}

export const wholeOf = (accounts: Accounts) => Object.values(accounts).reduce((sum, fen) => sum + fen, 0)

/** Accounts that say something else than they should. Both sides have each account once. */
export function differing(
  subject: string,
  expected: readonly Entry[],
  found: readonly Entry[]
): BookTrouble[] {
  const should = new Map(expected.map(({ account, fen }) => [account, fen]))
  const does = new Map(found.map(({ account, fen }) => [account, fen]))
  return [...new Set([...should.keys(), ...does.keys()])].flatMap((account) => {
    const expectedFen = should.get(account) ?? 0
    const foundFen = does.get(account) ?? 0
    return expectedFen === foundFen
      ? []
      : [{ what: 'order_differs', subject, account, expectedFen, foundFen }]
  })
}

export const trouble = (
  what: BookTrouble['what'],
  subject: string,
  expectedFen: number,
  foundFen: number
): BookTrouble => ({ what, subject, account: '', expectedFen, foundFen })
