import { and, asc, eq, gt, gte, inArray, lt, ne } from 'drizzle-orm'
import { QUARTER_MS } from '../../shared/contracts/classes.ts'
import type { Schema } from '../store/schema.ts'
import type { Store, Tx } from '../store/store.ts'
import { quartersOf, type Times } from './occasion.ts'
import { inParts, type On } from './store.ts'

export type ResourceRow = Schema['resources']['$inferSelect']
export type LeaveRow = Schema['leaves']['$inferSelect']

/** The only SQL over what can be had by one occasion at a time. */
export function resourceStore({ schema, read }: Store) {
  const { resources, busy, leaves } = schema

  return {
    async byIds(on: On, ids: readonly string[]): Promise<ResourceRow[]> {
      return ids.length
        ? on
            .select()
            .from(resources)
            .where(inArray(resources.id, [...ids]))
        : []
    },
    allQuery: (limit: number) =>
      read.select().from(resources).orderBy(asc(resources.kind), asc(resources.name)).limit(limit),
    async put(tx: Tx, { id, ...resource }: ResourceRow): Promise<void> {
      await tx
        .insert(resources)
        .values({ id, ...resource })
        .onConflictDoUpdate({ target: resources.id, set: resource })
    },
    /** Takes every quarter that is free; answers how many were not. */
    async occupy(tx: Tx, byId: string, resourceIds: readonly string[], times: Times): Promise<number> {
      const wanted = [...resourceIds]
        .toSorted()
        .flatMap((resourceId) => quartersOf(times).map((quarter) => ({ resourceId, quarter, byId })))
      let missing = wanted.length
      for (const some of inParts(wanted)) {
        const got = await tx
          .insert(busy)
          .values(some)
          .onConflictDoNothing()
          .returning({ quarter: busy.quarter })
        missing -= got.length
      }
      return missing
    },
    async free(tx: Tx, byId: string): Promise<void> {
      await tx.delete(busy).where(eq(busy.byId, byId))
    },
    /** By what else these resources are taken in a time. */
    async takenBy(on: On, byId: string, resourceIds: readonly string[], times: Times) {
      return on
        .selectDistinct({ resourceId: busy.resourceId, byId: busy.byId })
        .from(busy)
        .where(
          and(
            inArray(busy.resourceId, [...resourceIds]),
            gte(busy.quarter, Math.floor(times.startsAt / QUARTER_MS)),
            lt(busy.quarter, Math.ceil(times.endsAt / QUARTER_MS)),
            ne(busy.byId, byId)
          )
        )
    },
    async addLeave(tx: Tx, leave: LeaveRow): Promise<void> {
      await tx.insert(leaves).values(leave)
    },
    async dropLeave(tx: Tx, id: string): Promise<boolean> {
      return (await tx.delete(leaves).where(eq(leaves.id, id)).returning({ id: leaves.id })).length > 0
    },
    async leaves(on: On, ids: readonly string[]): Promise<LeaveRow[]> {
      return ids.length
        ? on
            .select()
            .from(leaves)
            .where(inArray(leaves.id, [...ids]))
        : []
    },
    leavesQuery: (from: number, limit: number) =>
      read.select().from(leaves).where(gt(leaves.endsAt, from)).orderBy(asc(leaves.endsAt)).limit(limit)
  }
}
