import { and, asc, count, desc, eq, gt, gte, inArray, lt, ne, or, sum } from 'drizzle-orm'
import type { AftersaleRules } from '../../shared/contracts/aftersale.ts'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

/** As orders keep them. */
export type OrderRow = Schema['orders']['$inferSelect']
export type LineRow = Schema['orderLines']['$inferSelect']
export type RefundRow = Schema['orderRefunds']['$inferSelect']
export type CompensationRow = Schema['compensations']['$inferSelect']
export type ReturnRow = Schema['goodsReturns']['$inferSelect']
export type AlertRow = Schema['moneyAlerts']['$inferSelect']
export type PackRow = Schema['rulePacks']['$inferSelect']

/** What is on its way back, or is about to be. */
const COMING_BACK = ['asked', 'sent'] as const
const CODES = 20
const OF_ORDER = 50

type On = Tx | Reader

/** The only SQL over what comes after a sale. */
export const aftersaleStore = (store: Store) => ({
  ...refundQueries(store),
  ...compensationQueries(store),
  ...returnQueries(store),
  ...alertQueries(store),
  ...ruleQueries(store)
})

function refundQueries({ schema: { orderRefunds, orderChanges } }: Store) {
  return {
    changesOf: async (on: On, orderId: string) =>
      on
        .select()
        .from(orderChanges)
        .where(eq(orderChanges.orderId, orderId))
        .orderBy(asc(orderChanges.n))
        .limit(OF_ORDER),

    async refund(on: On, id: string): Promise<RefundRow | undefined> {
      return (await on.select().from(orderRefunds).where(eq(orderRefunds.id, id)))[0]
    },
    async refundByKey(on: On, orderId: string, key: string): Promise<RefundRow | undefined> {
      const named = and(eq(orderRefunds.orderId, orderId), eq(orderRefunds.key, key))
      return (await on.select().from(orderRefunds).where(named))[0]
    },
    /** Oldest first. */
    refundsOf: async (on: On, orderIds: string[]): Promise<RefundRow[]> =>
      orderIds.length
        ? on
            .select()
            .from(orderRefunds)
            .where(inArray(orderRefunds.orderId, orderIds))
            .orderBy(asc(orderRefunds.createdAt), asc(orderRefunds.id))
            .limit(OF_ORDER * orderIds.length)
        : [],
    async addRefund(tx: Tx, row: RefundRow): Promise<void> {
      await tx.insert(orderRefunds).values(row)
    },
    /** Only one that stands there; undefined where somebody was faster. */
    async moveRefund(
      tx: Tx,
      id: string,
      from: RefundRow['state'],
      to: Partial<Pick<RefundRow, 'state' | 'doneAt' | 'words'>>
    ): Promise<RefundRow | undefined> {
      const rows = await tx
        .update(orderRefunds)
        .set(to)
        .where(and(eq(orderRefunds.id, id), eq(orderRefunds.state, from)))
        .returning()
      return rows[0]
    },
    /** Those that failed, the oldest first; or all, the newest first. */
    failedQuery: (on: On, last: RefundRow | undefined, limit: number) =>
      on
        .select()
        .from(orderRefunds)
        .where(
          and(
            eq(orderRefunds.state, 'failed'),
            last &&
              or(
                gt(orderRefunds.createdAt, last.createdAt),
                and(eq(orderRefunds.createdAt, last.createdAt), gt(orderRefunds.id, last.id))
              )
          )
        )
        .orderBy(asc(orderRefunds.createdAt), asc(orderRefunds.id))
        .limit(limit),
    /** Ids begin with the time. */
    refundsQuery: (on: On, last: RefundRow | undefined, limit: number) =>
      on
        .select()
        .from(orderRefunds)
        .where(last && lt(orderRefunds.id, last.id))
        .orderBy(desc(orderRefunds.id))
        .limit(limit),
    failedCount: (on: On) => on.$count(orderRefunds, eq(orderRefunds.state, 'failed'))
  }
}

function compensationQueries({ schema: { compensations, photoCodes } }: Store) {
  return {
    async compensation(on: On, id: string): Promise<CompensationRow | undefined> {
      return (await on.select().from(compensations).where(eq(compensations.id, id)))[0]
    },
    /** Oldest first. */
    compensationsOf: async (on: On, orderId: string): Promise<CompensationRow[]> =>
      on
        .select()
        .from(compensations)
        .where(eq(compensations.orderId, orderId))
        .orderBy(asc(compensations.createdAt), asc(compensations.id))
        .limit(OF_ORDER),
    ofCases: async (on: On, caseIds: string[]): Promise<CompensationRow[]> =>
      caseIds.length ? on.select().from(compensations).where(inArray(compensations.caseId, caseIds)) : [],
    ofShop: async (on: On, shopId: string, limit: number): Promise<CompensationRow[]> =>
      on
        .select()
        .from(compensations)
        .where(eq(compensations.shopId, shopId))
        .orderBy(desc(compensations.createdAt), desc(compensations.id))
        .limit(limit),
    closedCompensations: async (on: On, last: CompensationRow | undefined, limit: number) =>
      on
        .select()
        .from(compensations)
        .where(and(ne(compensations.state, 'open'), last && lt(compensations.id, last.id)))
        .orderBy(desc(compensations.id))
        .limit(limit),
    ofMemberSince: async (on: On, memberId: string, since: number): Promise<CompensationRow[]> =>
      on
        .select()
        .from(compensations)
        .where(and(eq(compensations.memberId, memberId), gte(compensations.createdAt, since))),
    /** What was granted by rule: of this order, and to this buyer since then. */
    async automatic(
      on: On,
      { orderId, memberId, since }: { orderId: string; memberId: string; since: number }
    ) {
      const byRule = and(eq(compensations.caseId, ''), eq(compensations.state, 'granted'))
      const all = { fen: sum(compensations.grantedFen).mapWith(Number), times: count() }
      const [ofOrder] = await on
        .select(all)
        .from(compensations)
        .where(and(eq(compensations.orderId, orderId), byRule))
      const [ofMonth] = await on
        .select(all)
        .from(compensations)
        .where(and(eq(compensations.memberId, memberId), gte(compensations.createdAt, since), byRule))
      return {
        orderFen: ofOrder?.fen ?? 0,
        monthFen: ofMonth?.fen ?? 0,
        monthTimes: ofMonth?.times ?? 0
      }
    },
    /** How often each of these has reported since then. */
    async timesOf(on: On, memberIds: string[], since: number): Promise<Map<string, number>> {
      if (!memberIds.length) return new Map()
      const rows = await on
        .select({ memberId: compensations.memberId, times: count() })
        .from(compensations)
        .where(and(inArray(compensations.memberId, memberIds), gte(compensations.createdAt, since)))
        .groupBy(compensations.memberId)
      return new Map(rows.map(({ memberId, times }) => [memberId, times]))
    },
    /** False while one of its line is open. */
    async addCompensation(tx: Tx, row: CompensationRow): Promise<boolean> {
      const rows = await tx.insert(compensations).values(row).onConflictDoNothing().returning()
      return rows.length > 0
    },
    async closeCompensation(
      tx: Tx,
      id: string,
      to: Pick<CompensationRow, 'state' | 'grantedFen' | 'closedAt'>
    ): Promise<CompensationRow | undefined> {
      const rows = await tx
        .update(compensations)
        .set({ ...to, openKey: id })
        .where(and(eq(compensations.id, id), eq(compensations.state, 'open')))
        .returning()
      return rows[0]
    },

    /** The newest first. */
    codesOf: async (on: On, orderId: string) =>
      on
        .select()
        .from(photoCodes)
        .where(eq(photoCodes.orderId, orderId))
        .orderBy(desc(photoCodes.madeAt))
        .limit(CODES),
    /** Makes one and forgets those that are over. */
    async addCode(tx: Tx, row: { orderId: string; code: string; madeAt: number }, over: number) {
      await tx.delete(photoCodes).where(and(eq(photoCodes.orderId, row.orderId), lt(photoCodes.madeAt, over)))
      await tx
        .insert(photoCodes)
        .values(row)
        .onConflictDoUpdate({ target: [photoCodes.orderId, photoCodes.code], set: { madeAt: row.madeAt } })
    }
  }
}

function returnQueries({ schema: { goodsReturns } }: Store) {
  const open = inArray(goodsReturns.state, [...COMING_BACK])
  return {
    async goodsReturn(on: On, id: string): Promise<ReturnRow | undefined> {
      return (await on.select().from(goodsReturns).where(eq(goodsReturns.id, id)))[0]
    },
    returnsOf: async (on: On, orderId: string): Promise<ReturnRow[]> =>
      on
        .select()
        .from(goodsReturns)
        .where(eq(goodsReturns.orderId, orderId))
        .orderBy(asc(goodsReturns.createdAt))
        .limit(OF_ORDER),
    returnsOfShop: async (on: On, shopId: string, limit: number): Promise<ReturnRow[]> =>
      on
        .select()
        .from(goodsReturns)
        .where(eq(goodsReturns.shopId, shopId))
        .orderBy(desc(goodsReturns.createdAt), desc(goodsReturns.id))
        .limit(limit),
    openReturns: async (on: On, last: ReturnRow | undefined, limit: number): Promise<ReturnRow[]> =>
      on
        .select()
        .from(goodsReturns)
        .where(and(open, last && gt(goodsReturns.id, last.id)))
        .orderBy(asc(goodsReturns.id))
        .limit(limit),
    closedReturns: async (on: On, last: ReturnRow | undefined, limit: number): Promise<ReturnRow[]> =>
      on
        .select()
        .from(goodsReturns)
        .where(
          and(
            inArray(goodsReturns.state, ['back', 'refused', 'dropped']),
            last && lt(goodsReturns.id, last.id)
          )
        )
        .orderBy(desc(goodsReturns.id))
        .limit(limit),
    returnsCount: (on: On, dueBefore?: number) =>
      on.$count(
        goodsReturns,
        dueBefore === undefined
          ? open
          : and(open, gt(goodsReturns.dueAt, 0), lt(goodsReturns.dueAt, dueBefore))
      ),
    /** False while another of this order is open. */
    async addReturn(tx: Tx, row: ReturnRow): Promise<boolean> {
      const rows = await tx.insert(goodsReturns).values(row).onConflictDoNothing().returning()
      return rows.length > 0
    },
    async moveReturn(
      tx: Tx,
      id: string,
      from: readonly ReturnRow['state'][],
      to: Partial<
        Pick<ReturnRow, 'state' | 'parcel' | 'words' | 'dueAt' | 'openKey' | 'closedAt' | 'closedBy'>
      >
    ): Promise<ReturnRow | undefined> {
      const rows = await tx
        .update(goodsReturns)
        .set(to)
        .where(and(eq(goodsReturns.id, id), inArray(goodsReturns.state, [...from])))
        .returning()
      return rows[0]
    }
  }
}

function alertQueries({ schema: { moneyAlerts } }: Store) {
  const openAbout = ({ subject, action }: { subject: string; action?: string | undefined }) =>
    and(
      eq(moneyAlerts.settledAt, 0),
      eq(moneyAlerts.subject, subject),
      action === undefined ? undefined : eq(moneyAlerts.action, action)
    )

  return {
    async alert(on: On, id: string): Promise<AlertRow | undefined> {
      return (await on.select().from(moneyAlerts).where(eq(moneyAlerts.id, id)))[0]
    },
    async addAlert(tx: Tx, row: AlertRow): Promise<void> {
      await tx.insert(moneyAlerts).values(row)
    },
    alerts: async (
      on: On,
      settled: boolean,
      last: AlertRow | undefined,
      limit: number
    ): Promise<AlertRow[]> =>
      on
        .select()
        .from(moneyAlerts)
        .where(
          and(
            settled ? gt(moneyAlerts.settledAt, 0) : eq(moneyAlerts.settledAt, 0),
            last && lt(moneyAlerts.id, last.id)
          )
        )
        .orderBy(desc(moneyAlerts.id))
        .limit(limit),
    openAlerts: (on: On) => on.$count(moneyAlerts, eq(moneyAlerts.settledAt, 0)),
    /** What was said of these, the last of each. */
    alertsAbout: async (on: On, subjects: string[], limit: number): Promise<AlertRow[]> =>
      subjects.length
        ? on
            .select()
            .from(moneyAlerts)
            .where(inArray(moneyAlerts.subject, subjects))
            .orderBy(desc(moneyAlerts.id))
            .limit(limit)
        : [],
    isAlertOpen: async (on: On, about: Pick<AlertRow, 'action' | 'subject'>): Promise<boolean> =>
      (await on.$count(moneyAlerts, openAbout(about))) > 0,
    /** All that was said of one subject, or only this. */
    async settleAbout(
      tx: Tx,
      subject: string,
      settled: Pick<AlertRow, 'settledAt' | 'settledBy' | 'words'>,
      action?: string
    ): Promise<void> {
      await tx.update(moneyAlerts).set(settled).where(openAbout({ subject, action }))
    },
    async settleAlert(
      tx: Tx,
      id: string,
      settled: Pick<AlertRow, 'settledAt' | 'settledBy' | 'words'>
    ): Promise<AlertRow | undefined> {
      const rows = await tx
        .update(moneyAlerts)
        .set(settled)
        .where(and(eq(moneyAlerts.id, id), eq(moneyAlerts.settledAt, 0)))
        .returning()
      return rows[0]
    }
  }
}

/** The rule packs are the union's, one row each; this one is called so. */
const PACK = 'aftersale'

function ruleQueries({ schema: { rulePacks } }: Store) {
  return {
    async pack(on: On): Promise<PackRow | undefined> {
      return (await on.select().from(rulePacks).where(eq(rulePacks.name, PACK)))[0]
    },
    /** False where it is no longer the version that was read. */
    async keepPack(
      tx: Tx,
      version: number,
      change: { rules: AftersaleRules; changedBy: string; changedAt: number }
    ): Promise<boolean> {
      const next = { ...change, version: version + 1 }
      const rows = version
        ? await tx
            .update(rulePacks)
            .set(next)
            .where(and(eq(rulePacks.name, PACK), eq(rulePacks.version, version)))
            .returning()
        : await tx
            .insert(rulePacks)
            .values({ name: PACK, ...next })
            .onConflictDoNothing()
            .returning()
      return rows.length > 0
    }
  }
}
