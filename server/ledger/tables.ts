import { sql } from 'drizzle-orm'
import type { Kit } from '../store/kit.ts'

export const ledgerTables = (kit: Kit) => ({
  /** 分录凭证: one thing that happened to money. Its entries sum to 0. */
  postings: kit.table(
    'postings',
    {
      id: kit.text('id').primaryKey(),
      /** What it is written for (`sale:ORDER`, `refund:REFUND`): the same thing is written once. */
      key: kit.text('key').notNull().unique(),
      kind: kit.oneOf('kind', ['sale', 'refund', 'fee', 'payout', 'correction']).notNull(),
      orderId: kit.text('order_id').notNull(),
      shopId: kit.text('shop_id').notNull(),
      /** Money of the demo cashier: a book of its own. */
      test: kit.bool('test').notNull(),
      words: kit.text('words').notNull(),
      actorId: kit.text('actor_id').notNull(),
      at: kit.big('at').notNull(),
      /** When its order was done, so that the host's share may be paid out; 0: not yet, or there is nothing to pay. */
      dueAt: kit.big('due_at').notNull().default(0),
      /** The batch that pays it out; empty: none yet. */
      batchId: kit.text('batch_id').notNull().default('')
    },
    (t) => [
      kit.index('postings_shop').on(t.shopId, t.test, t.at, t.id),
      kit.index('postings_order').on(t.orderId),
      kit.index('postings_due').on(t.batchId, t.test, t.shopId, t.dueAt),
      kit.check('postings_no_test_money', sql`not (${t.test} and ${t.batchId} <> '')`)
    ]
  ),
  /** Debits are positive, credits negative. */
  entries: kit.table(
    'entries',
    {
      postingId: kit.text('posting_id').notNull(),
      n: kit.int('n').notNull(),
      account: kit.text('account').notNull(),
      fen: kit.big('fen').notNull(),
      test: kit.bool('test').notNull(),
      at: kit.big('at').notNull()
    },
    (t) => [
      kit.primaryKey({ columns: [t.postingId, t.n] }),
      kit.index('entries_account').on(t.account, t.test, t.at),
      kit.check('entries_fen', sql`${t.fen} <> 0`)
    ]
  ),
  /** 打款: what goes to the hosts in one sheet for the bank; paid when two people have said so. */
  payoutBatches: kit.table(
    'payout_batches',
    {
      id: kit.text('id').primaryKey(),
      state: kit.oneOf('state', ['drawn_up', 'half_paid', 'paid', 'dropped']).notNull(),
      totalFen: kit.big('total_fen').notNull(),
      /** What was earned up to then. */
      upTo: kit.big('up_to').notNull(),
      createdBy: kit.text('created_by').notNull(),
      createdAt: kit.big('created_at').notNull(),
      firstBy: kit.text('first_by').notNull(),
      firstAt: kit.big('first_at').notNull(),
      secondBy: kit.text('second_by').notNull(),
      secondAt: kit.big('second_at').notNull(),
      version: kit.int('version').notNull()
    },
    (t) => [
      kit.index('payout_batches_at').on(t.createdAt, t.id),
      kit.check('payout_batches_two', sql`${t.secondBy} = '' or ${t.secondBy} <> ${t.firstBy}`)
    ]
  ),
  payouts: kit.table(
    'payouts',
    {
      batchId: kit.text('batch_id').notNull(),
      shopId: kit.text('shop_id').notNull(),
      fen: kit.big('fen').notNull(),
      /** As it stood when the batch was drawn up: name, bank and the last digits. */
      payee: kit.text('payee').notNull()
    },
    (t) => [
      kit.primaryKey({ columns: [t.batchId, t.shopId] }),
      kit.index('payouts_shop').on(t.shopId),
      kit.check('payouts_fen', sql`${t.fen} > 0`)
    ]
  ),
  /** Where a host's money goes, sealed. */
  bankAccounts: kit.table('bank_accounts', {
    shopId: kit.text('shop_id').primaryKey(),
    sealed: kit.text('sealed').notNull(),
    /** What may be shown: bank and last four digits. */
    shown: kit.text('shown').notNull(),
    updatedBy: kit.text('updated_by').notNull(),
    updatedAt: kit.big('updated_at').notNull()
  })
})
