import { and, eq, gt, max, sql } from 'drizzle-orm'
import type { Reader, Store, Tx } from '../store/store.ts'

/** The SQL of watching; every beat of a phone goes through it, so it is compiled once. */
export const watchStore = (store: Store) => {
  const { watched, coupons } = store.schema
  const value = sql.placeholder
  const hers = and(eq(watched.showId, value('showId')), eq(watched.memberId, value('memberId')))
  const open = and(eq(coupons.showId, value('showId')), gt(coupons.endsAt, value('now')))

  const wantedStatement = store.statement((query) =>
    query
      .select({ ms: max(coupons.watchMs) })
      .from(coupons)
      .where(open)
  )
  const watchedStatement = store.statement((query) =>
    query.select({ ms: watched.ms }).from(watched).where(hers)
  )
  const toldAt = sql`excluded.${sql.identifier('seen_at')}`
  const passed = sql`(${toldAt} - ${watched.seenAt})`
  const beatStatement = store.statement((query) =>
    query
      .insert(watched)
      .values({
        showId: value('showId') as never,
        memberId: value('memberId') as never,
        ms: 0,
        seenAt: value('now') as never
      })
      .onConflictDoUpdate({
        target: [watched.showId, watched.memberId],
        set: {
          ms: sql`${watched.ms} + case when ${passed} between 0 and ${value('mostMs')} then ${passed} else 0 end`,
          seenAt: sql`case when ${passed} > 0 then ${toldAt} else ${watched.seenAt} end`
        }
      })
      .returning({ ms: watched.ms })
  )

  return {
    /** The longest that a coupon hanging in a room asks for; 0: none does. */
    wanted: async (on: Reader, showId: string, now: number) =>
      (await wantedStatement(on, { showId, now }))[0]?.ms ?? 0,
    watched: async (on: Tx | Reader, showId: string, memberId: string) =>
      (await watchedStatement(on, { showId, memberId }))[0]?.ms ?? 0,
    /** Adds the time since her last beat, unless it is more than may count; answers all of it. */
    beat: async (tx: Tx, beat: { showId: string; memberId: string; now: number; mostMs: number }) =>
      (await beatStatement(tx, beat))[0]!.ms
  }
}
