import { and, count, desc, eq, ne, sql } from 'drizzle-orm'
import { MAX_BUDGETS, type Budget } from '../../shared/contracts/coupons.ts'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

export type BudgetRow = Schema['budgets']['$inferSelect']
/** Whose pot: a shop's, or the union's. */
export type Owner = Pick<BudgetRow, 'payer' | 'shopId'>

/** The SQL of pots themselves; what is taken from them as coupons are used is in use-store.ts. */
export const budgetStore = ({ schema: { budgets } }: Store) => {
  const of = ({ payer, shopId }: Owner) => and(eq(budgets.payer, payer), eq(budgets.shopId, shopId))
  const named = (owner: Owner) => and(of(owner), ne(budgets.name, ''))

  return {
    async one(on: Tx | Reader, owner: Owner, id: string): Promise<BudgetRow | undefined> {
      return (
        await on
          .select()
          .from(budgets)
          .where(and(eq(budgets.id, id), of(owner)))
      )[0]
    },
    async leftOf(on: Tx | Reader, id: string): Promise<number> {
      const rows = await on.select({ leftFen: budgets.leftFen }).from(budgets).where(eq(budgets.id, id))
      return rows[0]?.leftFen ?? 0
    },
    /** Those that have a name, newest first; a coupon's own has none. */
    list: async (on: Tx | Reader, owner: Owner): Promise<Budget[]> =>
      on
        .select({
          id: budgets.id,
          payer: budgets.payer,
          name: budgets.name,
          totalFen: budgets.totalFen,
          leftFen: budgets.leftFen,
          createdAt: budgets.createdAt
        })
        .from(budgets)
        .where(named(owner))
        .orderBy(desc(budgets.createdAt), desc(budgets.id))
        .limit(MAX_BUDGETS),
    async countOf(tx: Tx, owner: Owner): Promise<number> {
      return (await tx.select({ many: count() }).from(budgets).where(named(owner)))[0]!.many
    },
    async add(tx: Tx, row: BudgetRow): Promise<void> {
      await tx.insert(budgets).values(row)
    },
    /** Another total, if it is still `fromFen` and what has been used of it stays below; undefined otherwise. */
    async resize(
      tx: Tx,
      owner: Owner,
      id: string,
      fromFen: number,
      totalFen: number
    ): Promise<BudgetRow | undefined> {
      const left = sql`${budgets.leftFen} + ${totalFen - fromFen}`
      const rows = await tx
        .update(budgets)
        .set({ totalFen, leftFen: left })
        .where(and(eq(budgets.id, id), of(owner), eq(budgets.totalFen, fromFen), sql`${left} >= 0`))
        .returning()
      return rows[0]
    }
  }
}
