import { and, asc, desc, eq, gte, inArray, lt } from 'drizzle-orm'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import type { GatewayName } from './payment.ts'
import type { OurPayment, OurRefund } from './reconcile.ts'

export type DayRow = Schema['reconciliations']['$inferSelect']

/** Names in one query. */
const NAMES_AT_ONCE = 500

/** The only SQL over reconciliations, and what they ask of payments and refunds. */
export const reconcileStore = ({ schema, read }: Store) => {
  const { payments, refunds, reconciliations } = schema
  const paymentColumns = {
    id: payments.id,
    orderId: payments.orderId,
    amountFen: payments.amountFen,
    state: payments.state,
    captureRef: payments.captureRef
  }
  const refundColumns = {
    id: refunds.id,
    paymentId: refunds.paymentId,
    orderId: payments.orderId,
    amountFen: refunds.amountFen,
    state: refunds.state
  }
  const theDay = (gateway: string, day: string) =>
    and(eq(reconciliations.gateway, gateway), eq(reconciliations.day, day))

  async function inParts<Row>(
    names: readonly string[],
    ask: (some: string[]) => Promise<Row[]>
  ): Promise<Row[]> {
    const found: Row[] = []
    for (let i = 0; i < names.length; i += NAMES_AT_ONCE)
      found.push(...(await ask(names.slice(i, i + NAMES_AT_ONCE))))
    return found
  }

  return {
    paymentsNamed: (ids: readonly string[]): Promise<OurPayment[]> =>
      inParts(ids, (some) => read.select(paymentColumns).from(payments).where(inArray(payments.id, some))),
    paymentsCaptured: (gateway: GatewayName, refs: readonly string[]): Promise<OurPayment[]> =>
      inParts(refs, (some) =>
        read
          .select(paymentColumns)
          .from(payments)
          .where(and(eq(payments.gateway, gateway), inArray(payments.captureRef, some)))
      ),
    refundsNamed: (ids: readonly string[]): Promise<OurRefund[]> =>
      inParts(ids, (some) =>
        read
          .select(refundColumns)
          .from(refunds)
          .innerJoin(payments, eq(payments.id, refunds.paymentId))
          .where(inArray(refunds.id, some))
      ),
    /** What we heard that it took, in a time whose end is not in it. */
    paymentsPaid: (gateway: GatewayName, from: number, to: number, limit: number): Promise<OurPayment[]> =>
      read
        .select(paymentColumns)
        .from(payments)
        .where(
          and(
            eq(payments.gateway, gateway),
            eq(payments.state, 'paid'),
            gte(payments.paidAt, from),
            lt(payments.paidAt, to)
          )
        )
        .orderBy(asc(payments.paidAt))
        .limit(limit),
    refundsDone: (gateway: GatewayName, from: number, to: number, limit: number): Promise<OurRefund[]> =>
      read
        .select(refundColumns)
        .from(refunds)
        .innerJoin(payments, eq(payments.id, refunds.paymentId))
        .where(
          and(
            eq(payments.gateway, gateway),
            eq(refunds.state, 'done'),
            gte(refunds.doneAt, from),
            lt(refunds.doneAt, to)
          )
        )
        .orderBy(asc(refunds.doneAt))
        .limit(limit),
    /** When a gateway first had anything to do with us. */
    async firstAt(gateway: GatewayName): Promise<number | undefined> {
      const [first] = await read
        .select({ at: payments.createdAt })
        .from(payments)
        .where(eq(payments.gateway, gateway))
        .orderBy(asc(payments.createdAt))
        .limit(1)
      return first?.at
    },

    async one(on: Tx | Reader, gateway: string, day: string): Promise<DayRow | undefined> {
      return (await on.select().from(reconciliations).where(theDay(gateway, day)))[0]
    },
    async daysSince(gateway: string, day: string): Promise<Set<string>> {
      const found = await read
        .select({ day: reconciliations.day })
        .from(reconciliations)
        .where(and(eq(reconciliations.gateway, gateway), gte(reconciliations.day, day)))
      return new Set(found.map((row) => row.day))
    },
    async keep(tx: Tx, row: DayRow): Promise<void> {
      await tx
        .insert(reconciliations)
        .values(row)
        .onConflictDoUpdate({ target: [reconciliations.gateway, reconciliations.day], set: row })
    },
    async settle(tx: Tx, gateway: string, day: string, settledBy: string, words: string): Promise<boolean> {
      const rows = await tx
        .update(reconciliations)
        .set({ settledBy, words })
        .where(
          and(theDay(gateway, day), eq(reconciliations.state, 'differs'), eq(reconciliations.settledBy, ''))
        )
        .returning({ day: reconciliations.day })
      return rows.length > 0
    },
    /** The latest days first. */
    list: (before: string | undefined, limit: number): Promise<DayRow[]> =>
      read
        .select()
        .from(reconciliations)
        .where(before === undefined ? undefined : lt(reconciliations.day, before))
        .orderBy(desc(reconciliations.day), asc(reconciliations.gateway))
        .limit(limit)
  }
}
