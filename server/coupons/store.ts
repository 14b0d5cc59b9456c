import { and, count, eq, gt, gte, lte, sql } from 'drizzle-orm'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

/** What one screen of a pocket shows, and what a purchase looks through. */
export const POCKET = 100
/** Coupons that hang in one room at the same time. */
export const OPEN_COUPONS = 50

/** Rows that go in at once, most first; the rest of a boat in smaller ones. */
const ROWS = [32, 8, 1]

/** The nth of a coupon that a member holds, and the moment of her tap. */
export interface NewClaim {
  memberId: string
  nth: number
  now: number
}

export type CouponRow = Schema['coupons']['$inferSelect']
/** The only SQL over coupons and claims. What a rush goes through is compiled once. */
export const couponStore = (store: Store) => {
  const { coupons, claims } = store.schema
  const value = sql.placeholder

  const couponStatement = store.statement((query) =>
    query
      .select()
      .from(coupons)
      .where(eq(coupons.id, value('couponId')))
  )
  const heldStatement = store.statement((query) =>
    query
      .select({ held: count() })
      .from(claims)
      .where(and(eq(claims.couponId, value('couponId')), eq(claims.memberId, value('memberId'))))
  )
  const claimStatements = ROWS.map((many) => ({
    many,
    statement: store.statement((query) =>
      query
        .insert(claims)
        .values(
          Array.from({ length: many }, (_, i) => ({
            couponId: value('couponId'),
            memberId: value(`member${i}`),
            nth: value(`nth${i}`),
            claimedAt: value(`now${i}`),
            orderId: sql`''`,
            offFen: sql`0`,
            filed: sql`false`
          }))
        )
        .onConflictDoNothing()
        .returning({ memberId: claims.memberId, nth: claims.nth })
    )
  }))
  const timeAt = (tap: string) =>
    sql`case when ${coupons.stoppedAt} > 0 then ${coupons.stoppedAt} else ${value(tap)} end`
  const takeStatement = store.statement((query) =>
    query
      .update(coupons)
      .set({ left: sql`${coupons.left} - ${value('many')}` })
      .where(
        and(
          eq(coupons.id, value('couponId')),
          gte(coupons.left, value('many')),
          // A claim beside those that are filed would be in nobody's pocket.
          eq(coupons.filedTo, ''),
          lte(coupons.startsAt, timeAt('first')),
          gt(coupons.endsAt, timeAt('last'))
        )
      )
      .returning({ left: coupons.left })
  )
  return {
    coupon: async (on: Tx | Reader, couponId: string) => (await couponStatement(on, { couponId }))[0],
    /** How many of a coupon a member has claimed. */
    held: async (on: Tx | Reader, couponId: string, memberId: string) =>
      (await heldStatement(on, { couponId, memberId }))[0]!.held,
    /** Puts each into its pocket, where it is not there already: whether it did. */
    async claim(tx: Tx, couponId: string, asked: readonly NewClaim[]): Promise<boolean[]> {
      const outcomes: boolean[] = []
      while (outcomes.length < asked.length) {
        const rest = asked.slice(outcomes.length)
        const { many, statement } = claimStatements.find((each) => each.many <= rest.length)!
        const some = rest.slice(0, many)
        const values = some.flatMap(({ memberId, nth, now }, i) => [
          [`member${i}`, memberId],
          [`nth${i}`, nth],
          [`now${i}`, now]
        ])
        const inserted = await statement(tx, { ...Object.fromEntries(values), couponId })
        const put = new Set(inserted.map(({ memberId, nth }) => `${nth} ${memberId}`))
        // Of two taps for the same one the first is the one that counts.
        for (const { memberId, nth } of some) outcomes.push(put.delete(`${nth} ${memberId}`))
      }
      return outcomes
    },
    /** Takes so many off what is left and answers the rest; undefined when there are not so many, or it is too early or too late. */
    take: async (tx: Tx, asked: { couponId: string; many: number; first: number; last: number }) =>
      (await takeStatement(tx, asked))[0]?.left,

    claimsOf: async (showId: string) =>
      (
        await store.read
          .select({
            claimed: sql<number>`coalesce(sum(${coupons.total} - ${coupons.left}), 0)`.mapWith(Number)
          })
          .from(coupons)
          .where(eq(coupons.showId, showId))
      )[0]!.claimed,
    /** A member's coupons of one show, with how many of each she holds. */
    heldIn: async (showId: string, memberId: string) =>
      store.read
        .select({ couponId: coupons.id, perMember: coupons.perMember, held: count() })
        .from(coupons)
        .innerJoin(claims, and(eq(claims.couponId, coupons.id), eq(claims.memberId, memberId)))
        .where(eq(coupons.showId, showId))
        .groupBy(coupons.id, coupons.perMember)
        .limit(OPEN_COUPONS * 2)
  }
}
