import { and, count, countDistinct, eq, inArray, sql, sum } from 'drizzle-orm'
import type { OrderState } from '../../shared/contracts/orders.ts'
import type { Store } from '../store/store.ts'

const MINUTE_MS = 60_000
/** Shows counted in one query. */
const SHOWS_AT_ONCE = 100

/** Not paid yet, or never. */
const UNPAID: readonly OrderState[] = ['pending', 'expired', 'cancelled']

/** The orders of one show, in the state that each has now. Money is what stayed: what was given back is apart. */
export interface Tally {
  ordered: number
  buyers: number
  paid: number
  paidFen: number
  refunded: number
  refundedFen: number
  unpaid: number
  unpaidFen: number
  /** Of the other kind: test orders among real ones, or the reverse. In none of the numbers above. */
  apart: number
}

/** Those of one minute of a show. */
export interface MinuteTally {
  /** From the first frame; -1: before it; as many as the show has minutes: afterwards. */
  minute: number
  ordered: number
  paid: number
  paidFen: number
  unpaid: number
}

export const NO_ORDERS: Tally = {
  ordered: 0,
  buyers: 0,
  paid: 0,
  paidFen: 0,
  refunded: 0,
  refundedFen: 0,
  unpaid: 0,
  unpaidFen: 0,
  apart: 0
}

export type Tallies = ReturnType<typeof openTallies>

/** The order table counted for who looks back at shows: nothing is kept, so it can't differ. */
export function openTallies({ store }: { store: Store }) {
  const rows = tallyQueries(store)

  return {
    /** By show; one without orders is missing. `test`: which kind counts. */
    async ofShows(showIds: readonly string[], test: boolean): Promise<Map<string, Tally>> {
      const some = showIds.slice(0, SHOWS_AT_ONCE)
      if (!some.length) return new Map()
      const [states, buyers] = await Promise.all([rows.statesQuery(some), rows.buyersQuery(some, test)])
      const tallies = new Map<string, Tally>()
      for (const { showId, state, test: isTest, orders, payFen, refundedFen } of states) {
        const tally = tallies.get(showId) ?? { ...NO_ORDERS }
        tallies.set(showId, tally)
        if (isTest !== test) tally.apart += orders
        else add(tally, state, orders, payFen, refundedFen)
      }
      for (const { showId, buyers: people } of buyers) tallies.get(showId)!.buyers = people
      return tallies
    },

    /** By minute, of the kind that counts; a minute without orders is missing. */
    async byMinute(
      showId: string,
      { from, minutes }: { from: number; minutes: number },
      test: boolean
    ): Promise<MinuteTally[]> {
      const found = new Map<number, MinuteTally>()
      for (const { minute, state, orders, payFen, refundedFen } of await rows.minutesQuery(
        showId,
        { from, minutes },
        test
      )) {
        const tally = found.get(minute) ?? { minute, ordered: 0, paid: 0, paidFen: 0, unpaid: 0 }
        found.set(minute, tally)
        const { ordered, paid, paidFen, unpaid } = tally
        const all = { ...NO_ORDERS, ordered, paid, paidFen, unpaid }
        add(all, state, orders, payFen, refundedFen)
        Object.assign(tally, {
          ordered: all.ordered,
          paid: all.paid,
          paidFen: all.paidFen,
          unpaid: all.unpaid
        })
      }
      return [...found.values()].toSorted((a, b) => a.minute - b.minute)
    }
  }
}

function add(tally: Tally, state: OrderState, orders: number, payFen: number, refundedFen: number) {
  tally.ordered += orders
  if (UNPAID.includes(state)) {
    tally.unpaid += orders
    tally.unpaidFen += payFen
  } else if (state === 'refunded') {
    tally.refunded += orders
    tally.refundedFen += payFen
  } else {
    tally.paid += orders
    tally.paidFen += payFen - refundedFen
    tally.refundedFen += refundedFen
  }
}

/** Its only SQL. */
export function tallyQueries({ schema: { orders }, read }: Store) {
  const sums = {
    orders: count(),
    payFen: sum(orders.payFen).mapWith(Number),
    refundedFen: sum(orders.refundedFen).mapWith(Number)
  }
  return {
    statesQuery: (showIds: readonly string[]) =>
      read
        .select({ showId: orders.showId, state: orders.state, test: orders.test, ...sums })
        .from(orders)
        .where(inArray(orders.showId, [...showIds]))
        .groupBy(orders.showId, orders.state, orders.test),
    buyersQuery: (showIds: readonly string[], test: boolean) =>
      read
        .select({ showId: orders.showId, buyers: countDistinct(orders.memberId) })
        .from(orders)
        .where(and(inArray(orders.showId, [...showIds]), eq(orders.test, test)))
        .groupBy(orders.showId),
    minutesQuery: (showId: string, { from, minutes }: { from: number; minutes: number }, test: boolean) => {
      const whole = (value: number) => sql.raw(String(Math.trunc(value)))
      const since = sql`(${orders.createdAt} - ${whole(from)})`
      // Whole numbers in the text of the query: as parameters SQLite would divide them as fractions.
      const minute = sql<number>`case
        when ${since} < 0 then -1
        when ${since} >= ${whole(minutes * MINUTE_MS)} then ${whole(minutes)}
        else ${since} / ${whole(MINUTE_MS)} end`.mapWith(Number)
      return read
        .select({ minute, state: orders.state, ...sums })
        .from(orders)
        .where(and(eq(orders.showId, showId), eq(orders.test, test)))
        .groupBy(sql`1`, orders.state)
    }
  }
}
