import type { BankShown } from '../../shared/contracts/ledger.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { Notices } from '../notices/notices.ts'
import type { Seal } from '../seal.ts'
import type { Store, Tx } from '../store/store.ts'
import { lastDigits, readBankAccount, shownOf, type BankAccount } from './bank-account.ts'
import { payoutStore } from './payout-store.ts'

export type Audit = (
  tx: Tx,
  line: { actorId: string; action: string; subject: string; details: Record<string, unknown> }
) => Promise<void>

export type BankAccounts = ReturnType<typeof openBankAccounts>

/** Where a host’s money goes: sealed like ID numbers, and every look at it is written down. */
export function openBankAccounts({
  store,
  clock,
  seal,
  shopOf,
  audit,
  tellIn
}: {
  store: Store
  clock: Clock
  seal: Seal
  shopOf: (hostId: string) => Promise<{ id: string } | undefined>
  audit: Audit
  tellIn: Notices['tellIn']
}) {
  const rows = payoutStore(store)

  return {
    async save(me: Member, typed: BankAccount): Promise<BankShown> {
      const shop = await shopOf(me.id)
      if (!shop) throw new Problem('no_such_shop')
      const account = readBankAccount(typed)
      const bank = { shown: shownOf(account), updatedAt: clock.now() }
      await store.tx(async (tx) => {
        const before = (await rows.bank(tx, [shop.id])).get(shop.id)
        const row = { ...bank, shopId: shop.id, sealed: seal.seal(JSON.stringify(account)), updatedBy: me.id }
        await rows.keepBank(tx, row)
        const details = { shown: bank.shown }
        await audit(tx, { actorId: me.id, action: 'bank_account_changed', subject: shop.id, details })
        // Whoever holds her phone could send her money elsewhere, so she hears of it in two ways.
        const news = { memberId: me.id, kind: 'bank_changed', href: '/studio/money' } as const
        if (before) await tellIn(tx, { ...news, about: { shown: lastDigits(account) } })
      })
      return bank
    },

    async shownOf(shopId: string): Promise<BankShown | undefined> {
      const row = (await rows.bank(store.read, [shopId])).get(shopId)
      return row && { shown: row.shown, updatedAt: row.updatedAt }
    },

    /** A whole account, once; who looked and why is in the book before she sees it, or she sees nothing. */
    async look(officer: Member, shopId: string, reason: string): Promise<BankAccount> {
      return store.tx(async (tx) => {
        const [account] = await openIn(tx, [shopId])
        if (!account) throw new Problem('no_bank_account')
        const details = { reason: reason.trim() }
        await audit(tx, { actorId: officer.id, action: 'bank_account_seen', subject: shopId, details })
        return account
      })
    },

    openIn
  }

  /** Whole accounts, in the order of the shops; throws `no_bank_account` where one is missing. The caller writes it down. */
  async function openIn(tx: Tx, shopIds: readonly string[]): Promise<BankAccount[]> {
    const found = await rows.bank(tx, shopIds)
    return shopIds.map((shopId) => {
      const row = found.get(shopId)
      if (!row) throw new Problem('no_bank_account', { shopId })
      return JSON.parse(seal.open(row.sealed)) as BankAccount
    })
  }
}
