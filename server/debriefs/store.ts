import { asc, count, eq, inArray, lt, sql } from 'drizzle-orm'
import { MAX_MINUTES } from '../../shared/contracts/debriefs.ts'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

export type CardRow = Schema['debriefCards']['$inferSelect']
export type MinuteRow = Schema['showMinutes']['$inferSelect']

/** Cards of one show: a rule draws one at most. */
const CARDS = 20

/** The only SQL over minutes and cards. */
export const debriefStore = ({ schema: { showMinutes, debriefCards }, read }: Store) => ({
  /** Several servers count the same minute; the highest of them stays. */
  keepMinutes: async (tx: Tx, rows: MinuteRow[]) => {
    await tx
      .insert(showMinutes)
      .values(rows)
      .onConflictDoUpdate({
        target: [showMinutes.showId, showMinutes.minute],
        set: { viewers: sql`excluded.viewers` },
        setWhere: lt(showMinutes.viewers, sql`excluded.viewers`)
      })
  },
  minutesQuery: (showId: string) =>
    read
      .select({ minute: showMinutes.minute, viewers: showMinutes.viewers })
      .from(showMinutes)
      .where(eq(showMinutes.showId, showId))
      .orderBy(asc(showMinutes.minute))
      .limit(MAX_MINUTES),
  cards: async (on: Tx | Reader, showId: string): Promise<CardRow[]> =>
    on
      .select()
      .from(debriefCards)
      .where(eq(debriefCards.showId, showId))
      .orderBy(asc(debriefCards.at), asc(debriefCards.rule))
      .limit(CARDS),
  cardCountsQuery: (showIds: readonly string[]) =>
    read
      .select({ showId: debriefCards.showId, cards: count() })
      .from(debriefCards)
      .where(inArray(debriefCards.showId, [...showIds]))
      .groupBy(debriefCards.showId),
  addCard: async (tx: Tx, row: CardRow) => {
    await tx.insert(debriefCards).values(row)
  }
})
