import type { CouponDraft } from '../../shared/contracts/coupons.ts'
import type { Village } from '../app.ts'
import { UNION } from '../coupons/budgets.ts'
import type { Member } from '../members/member.ts'

const WEEK_MS = 7 * 86_400_000
const BUDGET = { name: '渔家节', totalFen: 200_000 }
/** What a coupon of the union is besides what it takes off. */
const ANYWHERE = { scope: 'union', total: 100, perMember: 1, lifeMs: 4 * WEEK_MS } as const
const COUPONS: Omit<CouponDraft, 'budgetId' | keyof typeof ANYWHERE>[] = [
  { kind: 'code', code: '渔家节', offFen: 1500, offPermyriad: 1000, thresholdFen: 5000 },
  { kind: 'plain', offFen: 800, thresholdFen: 0, newBuyer: true },
  { kind: 'plain', offFen: 1000, thresholdFen: 9900 }
]

/** The union puts money aside for its festival and hangs out what it gives for it; the last stands first. */
export async function giveForTheFestival({ coupons }: Village, officer: Member) {
  if ((await coupons.budgets.list(UNION)).length) return
  const { id: budgetId } = await coupons.budgets.add(officer, UNION, BUDGET)
  for (const draft of COUPONS) await coupons.give(officer, { ...ANYWHERE, ...draft, budgetId })
}
