import { randomBytes } from 'node:crypto'
import { ICalCalendarMethod, ICalEventStatus, type ICalEventData } from 'ical-generator'
import ical from 'ical-generator'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { Store } from '../store/store.ts'
import { feedStore } from './feed-store.ts'
import { occasionStore, type BookingRow, type OccasionRow } from './store.ts'

const DAY_MS = 86_400_000
/** What has been stays in a calendar for a season, then its owner no longer asks. */
const KEPT_MS = 90 * DAY_MS
const EVENTS = 500
const TOKEN_BYTES = 24
/** Phones ask on their own terms; this is what we should like. */
const ASK_AGAIN_S = 3_600

export interface Neighbours {
  /** Occasions that a member runs herself. */
  runBy: (memberId: string) => Promise<string[]>
  /** Where one is told of, for a tap in her calendar. */
  addressOf: (occasionId: string) => string
}

export type Feeds = ReturnType<typeof openFeeds>

/** 日历: what a member has booked and what she runs, for the calendar on her phone. Its address is a secret. */
export function openFeeds({
  store,
  clock,
  publicUrl,
  runBy,
  addressOf
}: { store: Store; clock: Clock; publicUrl: string } & Neighbours) {
  const feeds = feedStore(store)
  const occasions = occasionStore(store)

  function eventOf(occasion: OccasionRow, { booking }: { booking?: BookingRow }): ICalEventData {
    const { id, title, place, startsAt, endsAt, state, version, reason } = occasion
    const waits = booking?.state === 'waiting'
    const cancelled = state === 'cancelled'
    return {
      id: `${id}@yujia-live`,
      sequence: version,
      stamp: new Date(clock.now()),
      start: new Date(startsAt),
      end: new Date(endsAt),
      summary: cancelled
        ? `（取消）${title}`
        : waits
          ? `（候补）${title}`
          : booking
            ? title
            : `（讲课）${title}`,
      description: cancelled ? reason : null,
      location: place || null,
      url: addressOf(id),
      status: cancelled
        ? ICalEventStatus.CANCELLED
        : waits
          ? ICalEventStatus.TENTATIVE
          : ICalEventStatus.CONFIRMED
    }
  }

  return {
    /** The address of my feed; `anew` makes the old one worthless. */
    async addressFor(me: Member, anew: boolean): Promise<string> {
      const token = await store.tx(async (tx) => {
        const before = anew ? undefined : await feeds.tokenOf(tx, me.id)
        if (before) return before
        const fresh = randomBytes(TOKEN_BYTES).toString('base64url')
        await feeds.put(tx, { memberId: me.id, token: fresh, at: clock.now() })
        return fresh
      })
      return `${publicUrl}/api/calendar/${token}.ics`
    },

    /** The calendar behind an address, as text. No phone is in it, and nobody's name. Throws `not_found`. */
    async read(token: string): Promise<string> {
      const memberId = await feeds.memberOf(store.read, token)
      if (!memberId) throw new Problem('not_found')
      const from = clock.now() - KEPT_MS
      const [booked, runs] = await Promise.all([
        occasions.ofMemberQuery(memberId, from, EVENTS),
        runBy(memberId)
      ])
      const run = (await occasions.byIds(store.read, runs)).filter(({ endsAt }) => endsAt > from)
      const hers = new Set(run.map(({ id }) => id))
      // Without a time zone every moment is written in UTC, which no calendar misunderstands.
      const calendar = ical({ name: '渔家学堂', method: ICalCalendarMethod.PUBLISH, ttl: ASK_AGAIN_S })
      for (const occasion of run) calendar.createEvent(eventOf(occasion, {}))
      for (const { occasion, booking } of booked)
        if (!hers.has(occasion.id)) calendar.createEvent(eventOf(occasion, { booking }))
      return calendar.toString()
    }
  }
}
