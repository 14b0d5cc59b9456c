import { and, eq, isNotNull } from 'drizzle-orm'
import type { Reader, Store, Tx } from '../store/store.ts'

/** 新人: whether a member has ever paid an order, given back or not. One for which there was nothing to pay counts. */
export const boughtBefore = ({ schema: { orders } }: Store) =>
  async function boughtIn(on: Tx | Reader, memberId: string): Promise<boolean> {
    const paid = and(eq(orders.memberId, memberId), isNotNull(orders.paidAt))
    return (await on.select({ id: orders.id }).from(orders).where(paid).limit(1)).length > 0
  }
