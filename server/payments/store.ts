import { and, desc, eq, gte, inArray, lt, lte, sql } from 'drizzle-orm'
import type { Reader, Store, Tx } from '../store/store.ts'
import { MAX_ATTEMPTS, type GatewayName, type Payment, type PaymentState } from './payment.ts'

/** The only SQL over payments, what gateways told of them, and refunds. */
export const paymentStore = ({ schema }: Store) => {
  const { payments, paymentEvents, refunds } = schema

  return {
    async one(on: Tx | Reader, id: string): Promise<Payment | undefined> {
      return (await on.select().from(payments).where(eq(payments.id, id)))[0]
    },
    async byIds(on: Tx | Reader, ids: readonly string[]): Promise<Payment[]> {
      return ids.length
        ? on
            .select()
            .from(payments)
            .where(inArray(payments.id, [...ids]))
        : []
    },
    async captured(on: Tx | Reader, gateway: GatewayName, captureRef: string): Promise<Payment | undefined> {
      const named = and(eq(payments.gateway, gateway), eq(payments.captureRef, captureRef))
      return captureRef ? (await on.select().from(payments).where(named).limit(1))[0] : undefined
    },
    /** The attempts for one order, the newest first. */
    async attempts(on: Tx | Reader, orderId: string): Promise<Payment[]> {
      return on
        .select()
        .from(payments)
        .where(eq(payments.orderId, orderId))
        .orderBy(desc(payments.attempt))
        .limit(MAX_ATTEMPTS)
    },
    async reserve(tx: Tx, payment: Payment): Promise<void> {
      await tx.insert(payments).values(payment)
    },
    /** Writes down where the buyer pays. */
    async opened(tx: Tx, id: string, { ref, payUrl }: { ref: string; payUrl: string }) {
      const rows = await tx
        .update(payments)
        .set({ gatewayRef: ref, payUrl })
        .where(and(eq(payments.id, id), eq(payments.state, 'open')))
        .returning()
      return rows[0]
    },
    /** Moves it if it still stands where we think; answers whether it did. */
    async move(
      tx: Tx,
      id: string,
      from: readonly PaymentState[],
      to: { state: PaymentState; paidAt?: number; captureRef?: string }
    ): Promise<Payment | undefined> {
      const rows = await tx
        .update(payments)
        .set(to)
        .where(and(eq(payments.id, id), inArray(payments.state, [...from])))
        .returning()
      return rows[0]
    },
    /** Takes the turn to ask the gateway; false while somebody has asked lately. */
    async takeTurn(tx: Tx, id: string, now: number, everyMs: number): Promise<boolean> {
      const rows = await tx
        .update(payments)
        .set({ askedAt: now })
        .where(and(eq(payments.id, id), lte(payments.askedAt, now - everyMs)))
        .returning({ id: payments.id })
      return rows.length > 0
    },

    /** Whether this is the first time that we hear of the event. */
    async firstHeard(
      tx: Tx,
      event: { gateway: GatewayName; eventId: string; paymentId: string; type: string; receivedAt: number }
    ): Promise<boolean> {
      const rows = await tx.insert(paymentEvents).values(event).onConflictDoNothing().returning()
      return rows.length > 0
    },

    async refund(on: Tx | Reader, id: string) {
      return (await on.select().from(refunds).where(eq(refunds.id, id)))[0]
    },
    /** Reserves the sum; the table refuses more than was paid. */
    async askRefund(
      tx: Tx,
      refund: {
        id: string
        paymentId: string
        amountFen: number
        reason: string
        forId: string
        createdAt: number
      }
    ): Promise<void> {
      await tx
        .update(payments)
        .set({ refundedFen: sql`${payments.refundedFen} + ${refund.amountFen}` })
        .where(eq(payments.id, refund.paymentId))
      await tx.insert(refunds).values({ ...refund, state: 'asked', doneAt: null })
    },
    async refundDone(tx: Tx, id: string, now: number): Promise<boolean> {
      const rows = await tx
        .update(refunds)
        .set({ state: 'done', doneAt: now })
        .where(and(eq(refunds.id, id), eq(refunds.state, 'asked')))
        .returning({ id: refunds.id })
      return rows.length > 0
    },
    /** The gateway will not pay it back: the sum is free again for another way. */
    async refundFailed(tx: Tx, id: string, now: number): Promise<boolean> {
      const [refund] = await tx
        .update(refunds)
        .set({ state: 'failed', doneAt: now })
        .where(and(eq(refunds.id, id), eq(refunds.state, 'asked')))
        .returning()
      if (!refund) return false
      await tx
        .update(payments)
        .set({ refundedFen: sql`${payments.refundedFen} - ${refund.amountFen}` })
        .where(eq(payments.id, refund.paymentId))
      return true
    },
    /** What somebody paid back at the gateway's own desk counts as much as what we asked for. */
    async refundedElsewhere(tx: Tx, id: string, refundedFen: number): Promise<void> {
      await tx.update(payments).set({ refundedFen }).where(eq(payments.id, id))
    }
  }
}

/** The demo cashier's own books, kept apart: nothing of ours reads them but the sandbox. */
export const sandboxStore = ({ schema, read }: Store) => {
  const { sandboxPayments, sandboxRefunds } = schema
  type Entry = typeof sandboxPayments.$inferSelect

  return {
    async open(tx: Tx, entry: Entry): Promise<void> {
      await tx.insert(sandboxPayments).values(entry).onConflictDoNothing()
    },
    async one(on: Tx | Reader, id: string): Promise<Entry | undefined> {
      return (await on.select().from(sandboxPayments).where(eq(sandboxPayments.id, id)))[0]
    },
    /** Only an open one moves. */
    async move(tx: Tx, id: string, state: Entry['state'], now: number): Promise<void> {
      await tx
        .update(sandboxPayments)
        .set({ state, ...(state === 'paid' && { paidAt: now }) })
        .where(and(eq(sandboxPayments.id, id), eq(sandboxPayments.state, 'open')))
    },
    /** The same key once. False: so much is not left of it. */
    async refund(tx: Tx, refund: typeof sandboxRefunds.$inferInsert): Promise<boolean> {
      const fresh = await tx.insert(sandboxRefunds).values(refund).onConflictDoNothing().returning()
      if (!fresh.length) return true
      const after = sql`${sandboxPayments.refundedFen} + ${refund.amountFen}`
      const paid = await tx
        .update(sandboxPayments)
        .set({ refundedFen: after })
        .where(and(eq(sandboxPayments.id, refund.paymentId), lte(after, sandboxPayments.amountFen)))
        .returning({ id: sandboxPayments.id })
      return paid.length > 0
    },
    /** What was paid and paid back in a time whose end is not in it; one more than the limit says that there is more. */
    async ofDay({ from, to }: { from: number; to: number }, limit: number) {
      const paid = and(
        eq(sandboxPayments.state, 'paid'),
        gte(sandboxPayments.paidAt, from),
        lt(sandboxPayments.paidAt, to)
      )
      const refunded = and(gte(sandboxRefunds.at, from), lt(sandboxRefunds.at, to))
      return {
        payments: await read
          .select()
          .from(sandboxPayments)
          .where(paid)
          .limit(limit + 1),
        refunds: await read
          .select()
          .from(sandboxRefunds)
          .where(refunded)
          .limit(limit + 1)
      }
    }
  }
}
