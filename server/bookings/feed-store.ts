import { eq } from 'drizzle-orm'
import type { Schema } from '../store/schema.ts'
import type { Store, Tx } from '../store/store.ts'
import type { On } from './store.ts'

/** The only SQL over the secret addresses of calendars. */
export function feedStore({ schema }: Store) {
  const { calendarFeeds } = schema
  return {
    async tokenOf(on: On, memberId: string): Promise<string | undefined> {
      return (await on.select().from(calendarFeeds).where(eq(calendarFeeds.memberId, memberId)))[0]?.token
    },
    async put(tx: Tx, feed: Schema['calendarFeeds']['$inferInsert']): Promise<void> {
      const { token, at } = feed
      await tx
        .insert(calendarFeeds)
        .values(feed)
        .onConflictDoUpdate({ target: calendarFeeds.memberId, set: { token, at } })
    },
    async memberOf(on: On, token: string): Promise<string | undefined> {
      return (await on.select().from(calendarFeeds).where(eq(calendarFeeds.token, token)))[0]?.memberId
    }
  }
}
