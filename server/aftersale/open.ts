import type { Cases } from '../cases/cases.ts'
import type { Member } from '../members/member.ts'
import { openAlerts, type Ground } from './alerts.ts'
import { openCompensations, type CompensationNeighbours } from './compensations.ts'
import { openOrderFiles, type OrderFileNeighbours } from './order-files.ts'
import { openRefunds, type RefundNeighbours } from './refunds.ts'
import { openReturns, type ReturnNeighbours } from './returns.ts'
import { openRules } from './rules.ts'

export type Aftersale = ReturnType<typeof openAftersale>

/** 售后: what comes after a sale. Other domains have `refundIn` and `on`; money of an order goes back in no other way. */
export function openAftersale({
  cases,
  shopIdOf,
  ...ground
}: Ground &
  RefundNeighbours &
  CompensationNeighbours &
  ReturnNeighbours &
  Omit<OrderFileNeighbours, 'casesOf'> & {
    cases: Cases
    /** The shop of this member; undefined: she has none. */
    shopIdOf: (memberId: string) => Promise<string | undefined>
  }) {
  const alerts = openAlerts(ground)
  const rules = openRules(ground)
  const refunds = openRefunds({ ...ground, alerts })
  const compensations = openCompensations({ ...ground, cases, refunds, rules })
  const returns = openReturns({ ...ground, refunds })
  const files = openOrderFiles({
    ...ground,
    refunds,
    compensations,
    returns,
    rules,
    casesOf: cases.views
  })

  return {
    alerts,
    rules,
    refunds,
    compensations,
    returns,
    files,

    on: refunds.on,
    refundIn: refunds.refundIn,
    sayChanged: refunds.sayChanged,

    /** What waits at the desk, and what too long. */
    async waits() {
      const [counts, back, failed, open] = await Promise.all([
        cases.countsOf('compensation'),
        returns.waits(),
        refunds.failedCount(),
        alerts.openCount()
      ])
      return { bad: counts.open, badLate: counts.overdue, ...back, failed, alerts: open }
    },

    /** A host sees what is said of her own goods. */
    async ofMyShop(me: Member) {
      const shopId = await shopIdOf(me.id)
      if (!shopId) return { compensations: [], returns: [] }
      const [bad, back] = await Promise.all([compensations.ofShop(shopId), returns.ofShop(shopId)])
      return { compensations: bad, returns: back }
    }
  }
}
