import { MAX_BUDGETS, type Budget } from '../../shared/contracts/coupons.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import { newId } from '../store/id.ts'
import type { Store, Tx } from '../store/store.ts'
import { budgetStore, type BudgetRow, type Owner } from './budget-store.ts'

export const UNION: Owner = { payer: 'union', shopId: '' }
export const ofShop = (shopId: string): Owner => ({ payer: 'host', shopId })

/** Writes down who did what, in the same unit. */
export type Audit = (
  tx: Tx,
  line: { actorId: string; action: string; subject: string; details: Record<string, unknown> }
) => Promise<void>

export type Budgets = ReturnType<typeof openBudgets>

/** 预算: money that is put aside for coupons. What bills have used of it is never more than its total. */
export function openBudgets({ store, clock, audit }: { store: Store; clock: Clock; audit: Audit }) {
  const rows = budgetStore(store)

  function rowOf(me: Member, owner: Owner, name: string, totalFen: number): BudgetRow {
    const now = clock.now()
    return { ...owner, id: newId(now), name, totalFen, leftFen: totalFen, createdBy: me.id, createdAt: now }
  }

  return {
    list: (owner: Owner): Promise<Budget[]> => rows.list(store.read, owner),
    leftOf: (budgetId: string) => rows.leftOf(store.read, budgetId),

    /** Problem too_many_budgets. */
    async add(me: Member, owner: Owner, draft: { name: string; totalFen: number }): Promise<Budget> {
      const row = rowOf(me, owner, draft.name.trim(), draft.totalFen)
      await store.tx(async (tx) => {
        if ((await rows.countOf(tx, owner)) >= MAX_BUDGETS) throw new Problem('too_many_budgets')
        await rows.add(tx, row)
        const details = { name: row.name, totalFen: row.totalFen }
        await audit(tx, { actorId: me.id, action: 'budget_added', subject: row.id, details })
      })
      return budgetOf(row)
    },

    /** Problems: no_such_budget, budget_changed {totalFen}, budget_too_small {usedFen}. */
    async change(
      me: Member,
      owner: Owner,
      budgetId: string,
      { fromFen, totalFen }: { fromFen: number; totalFen: number }
    ): Promise<Budget> {
      const row = await store.tx(async (tx) => {
        const changed = await rows.resize(tx, owner, budgetId, fromFen, totalFen)
        if (!changed) throw refusal(await rows.one(tx, owner, budgetId), fromFen)
        const details = { fromFen, totalFen }
        await audit(tx, { actorId: me.id, action: 'budget_changed', subject: budgetId, details })
        return changed
      })
      return budgetOf(row)
    },

    /** A pot of this owner, for a coupon that is being dropped. Problem no_such_budget. */
    async forCouponIn(tx: Tx, owner: Owner, budgetId: string): Promise<BudgetRow> {
      const row = await rows.one(tx, owner, budgetId)
      if (!row) throw new Problem('no_such_budget')
      return row
    },

    /** A pot of one coupon's own. */
    async openIn(tx: Tx, me: Member, owner: Owner, totalFen: number): Promise<BudgetRow> {
      const row = rowOf(me, owner, '', totalFen)
      await rows.add(tx, row)
      return row
    }
  }
}

function refusal(row: BudgetRow | undefined, fromFen: number) {
  if (!row) return new Problem('no_such_budget')
  if (row.totalFen !== fromFen) return new Problem('budget_changed', { totalFen: row.totalFen })
  return new Problem('budget_too_small', { usedFen: row.totalFen - row.leftFen })
}

const budgetOf = ({ id, payer, name, totalFen, leftFen, createdAt }: BudgetRow): Budget => ({
  id,
  payer,
  name,
  totalFen,
  leftFen,
  createdAt
})
