import { and, asc, count, desc, eq, gt, inArray, lt, lte, or, sql } from 'drizzle-orm'
import { PAGE_SIZE } from '../../shared/schemas.ts'
import type { FactType } from '../../shared/room.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import type { Line } from './hub.ts'
import type { Show } from './show.ts'

/** A fact on its way into a log. `key`: the speaker's own id of her message, once in a room. */
export interface NewFact {
  roomId: string
  n: number
  at: number
  type: FactType
  body: Record<string, unknown>
  actorId: string
  key: string | null
}

const MY_SHOWS = 100

/** The numbered logs. */
export function roomStore(store: Store) {
  const { rooms, roomEvents, shows } = store.schema
  const value = sql.placeholder

  const advance = store.statement((q) =>
    q
      .update(rooms)
      .set({ version: sql`${rooms.version} + ${value('count')}` })
      .where(eq(rooms.id, value('roomId')))
      .returning({ version: rooms.version })
  )
  const write = store.statement((q) =>
    q
      .insert(roomEvents)
      .values({
        roomId: value('roomId'),
        n: value('n'),
        at: value('at'),
        type: value('type'),
        body: value('body'),
        actorId: value('actorId'),
        key: value('key')
      })
      .returning({ n: roomEvents.n })
  )
  const spokenAs = store.statement((q) =>
    q
      .select({ actorId: roomEvents.actorId })
      .from(roomEvents)
      .where(and(eq(roomEvents.roomId, value('roomId')), eq(roomEvents.key, value('key'))))
  )
  const stateOf = store.statement((q) =>
    q
      .select({ state: shows.state })
      .from(shows)
      .where(eq(shows.id, value('showId')))
  )
  const after = store.statement((q) =>
    q
      .select({ n: roomEvents.n, at: roomEvents.at, type: roomEvents.type, body: roomEvents.body })
      .from(roomEvents)
      .where(and(eq(roomEvents.roomId, value('roomId')), gt(roomEvents.n, value('after'))))
      .orderBy(asc(roomEvents.n))
      .limit(value('limit'))
  )
  const room = store.statement((q) =>
    q
      .select()
      .from(rooms)
      .where(eq(rooms.id, value('roomId')))
  )

  return {
    async open(tx: Tx, roomId: string) {
      await tx.insert(rooms).values({ id: roomId, version: 0, pinnedProductId: null, hearts: 0 })
    },
    /** Takes the next `count` numbers and answers the last of them; undefined: no such room. */
    async advance(tx: Tx, roomId: string, count: number) {
      const [row] = await advance(tx, { roomId, count })
      return row?.version
    },
    async write(tx: Tx, fact: NewFact) {
      await write(tx, { ...fact })
    },
    /** Who said the message with this id in this room. */
    async spokenAs(tx: Tx, roomId: string, key: string) {
      const [row] = await spokenAs(tx, { roomId, key })
      return row?.actorId
    },
    async showState(tx: Tx, showId: string) {
      const [row] = await stateOf(tx, { showId })
      return row?.state
    },
    /** At most `limit` facts after `n`, ready for the wire. */
    async since(roomId: string, n: number, limit: number): Promise<Line[]> {
      const rows = await after(store.read, { roomId, after: n, limit })
      return rows.map((row) => ({ n: row.n, json: JSON.stringify([row.n, row.at, row.type, row.body]) }))
    },
    async room(roomId: string) {
      const [row] = await room(store.read, { roomId })
      return row
    },
    async versions(roomIds: string[]) {
      const rows = await store.read
        .select({ id: rooms.id, version: rooms.version })
        .from(rooms)
        .where(inArray(rooms.id, roomIds))
      return new Map(rows.map((row) => [row.id, row.version]))
    },
    /** The last messages up to a version, oldest first. */
    async talk(roomId: string, version: number, limit: number) {
      const rows = await store.read
        .select({ at: roomEvents.at, body: roomEvents.body })
        .from(roomEvents)
        .where(
          and(eq(roomEvents.roomId, roomId), eq(roomEvents.type, 'message_said'), lte(roomEvents.n, version))
        )
        .orderBy(desc(roomEvents.n))
        .limit(limit)
      return rows.reverse()
    },
    /** What happened in a room, of some kinds, in order: for who looks back at a show. */
    happenedQuery: (roomId: string, types: readonly FactType[], limit: number) =>
      store.read
        .select({
          at: roomEvents.at,
          type: roomEvents.type,
          body: roomEvents.body,
          actorId: roomEvents.actorId
        })
        .from(roomEvents)
        .where(and(eq(roomEvents.roomId, roomId), inArray(roomEvents.type, [...types])))
        .orderBy(asc(roomEvents.n))
        .limit(limit),
    async addHearts(tx: Tx, roomId: string, count: number) {
      const [row] = await tx
        .update(rooms)
        .set({ hearts: sql`${rooms.hearts} + ${count}` })
        .where(eq(rooms.id, roomId))
        .returning({ hearts: rooms.hearts })
      return row?.hearts
    },
    async pinned(tx: Tx, roomId: string) {
      const [row] = await tx.select({ pinned: rooms.pinnedProductId }).from(rooms).where(eq(rooms.id, roomId))
      return row?.pinned ?? null
    },
    async pin(tx: Tx, roomId: string, productId: string | null) {
      await tx.update(rooms).set({ pinnedProductId: productId }).where(eq(rooms.id, roomId))
    }
  }
}

/** The shows and their shelves. */
export function showStore(store: Store) {
  const { shows, shelf } = store.schema
  const one = store.statement((q) =>
    q
      .select()
      .from(shows)
      .where(eq(shows.id, sql.placeholder('showId')))
  )
  const shelfRows = store.statement((q) =>
    q
      .select({ number: shelf.number, productId: shelf.productId })
      .from(shelf)
      .where(eq(shelf.showId, sql.placeholder('showId')))
      .orderBy(asc(shelf.number))
  )

  return {
    async one(on: Tx | Reader, showId: string): Promise<Show | undefined> {
      const [row] = await one(on, { showId })
      return row
    },
    async bySession(on: Tx | Reader, sessionId: string): Promise<Show | undefined> {
      const [row] = await on.select().from(shows).where(eq(shows.sessionId, sessionId))
      return row
    },
    async add(tx: Tx, show: Show) {
      await tx.insert(shows).values(show)
    },
    async change(tx: Tx, showId: string, changes: Partial<Omit<Show, 'id'>>) {
      await tx.update(shows).set(changes).where(eq(shows.id, showId))
    },
    shelf: (on: Tx | Reader, showId: string) => shelfRows(on, { showId }),
    async setShelf(tx: Tx, showId: string, items: { number: number; productId: string }[]) {
      await tx.delete(shelf).where(eq(shelf.showId, showId))
      if (items.length) await tx.insert(shelf).values(items.map((item) => ({ showId, ...item })))
    },
    /** A page of public shows: replays newest first, the others soonest first; `after` is the last of the page before. */
    async list(state: 'live' | 'coming' | 'replay', after?: Show): Promise<Show[]> {
      const newestFirst = state === 'replay'
      const beyond = newestFirst ? lt : gt
      const order = newestFirst ? desc : asc
      const inState = {
        live: inArray(shows.state, ['live', 'away']),
        coming: eq(shows.state, 'coming'),
        replay: and(eq(shows.state, 'ended'), sql`${shows.sessionId} is not null`)
      }[state]
      const listed = eq(shows.kind, 'public')
      const onwards =
        after &&
        or(
          beyond(shows.startsAt, after.startsAt),
          and(eq(shows.startsAt, after.startsAt), beyond(shows.id, after.id))
        )
      return store.read
        .select()
        .from(shows)
        .where(and(listed, inState, onwards))
        .orderBy(order(shows.startsAt), order(shows.id))
        .limit(PAGE_SIZE)
    },
    /**
     * A host's own shows; and of the public ones that are coming or on air those of her apprentices, or all of them for
     * who helps to run them.
     */
    async mine(hostId: string, everybodys: boolean, apprenticeIds: string[]): Promise<Show[]> {
      const own = eq(shows.hostId, hostId)
      const open = and(eq(shows.kind, 'public'), inArray(shows.state, ['coming', 'live', 'away']))
      const helped = everybodys ? open : and(open, inArray(shows.hostId, apprenticeIds))
      return store.read
        .select()
        .from(shows)
        .where(everybodys || apprenticeIds.length ? or(own, helped) : own)
        .orderBy(desc(shows.startsAt), desc(shows.id))
        .limit(MY_SHOWS)
    },
    async ofHost(on: Tx | Reader, hostId: string, states: Show['state'][]): Promise<Show[]> {
      return on
        .select()
        .from(shows)
        .where(and(eq(shows.hostId, hostId), inArray(shows.state, states)))
        .orderBy(asc(shows.startsAt))
        .limit(MY_SHOWS)
    },
    async onAir(limit: number): Promise<Show[]> {
      return store.read
        .select()
        .from(shows)
        .where(inArray(shows.state, ['live', 'away']))
        .limit(limit)
    },
    /** Public shows of a host that were on air and are over. */
    async heldBy(hostId: string): Promise<number> {
      const [row] = await store.read
        .select({ n: count() })
        .from(shows)
        .where(
          and(
            eq(shows.hostId, hostId),
            eq(shows.kind, 'public'),
            eq(shows.state, 'ended'),
            sql`${shows.openedAt} is not null`
          )
        )
      return row?.n ?? 0
    },
    /** Shows that are over, of everybody or of some hosts, newest first; `after` is the last of the page before. */
    overQuery: (hostIds: readonly string[] | undefined, after: Show | undefined, limit: number) =>
      store.read
        .select()
        .from(shows)
        .where(
          and(
            hostIds && inArray(shows.hostId, [...hostIds]),
            eq(shows.state, 'ended'),
            inArray(shows.kind, ['public', 'rehearsal']),
            sql`${shows.openedAt} is not null`,
            after &&
              or(
                lt(shows.startsAt, after.startsAt),
                and(eq(shows.startsAt, after.startsAt), lt(shows.id, after.id))
              )
          )
        )
        .orderBy(desc(shows.startsAt), desc(shows.id))
        .limit(limit),
    /** The last shows of the same host and kind before this one, newest first. */
    beforeQuery: ({ hostId, kind, startsAt, id }: Show, limit: number) =>
      store.read
        .select()
        .from(shows)
        .where(
          and(
            eq(shows.hostId, hostId),
            eq(shows.kind, kind),
            eq(shows.state, 'ended'),
            sql`${shows.openedAt} is not null`,
            or(lt(shows.startsAt, startsAt), and(eq(shows.startsAt, startsAt), lt(shows.id, id)))
          )
        )
        .orderBy(desc(shows.startsAt), desc(shows.id))
        .limit(limit),
    /** What a host has had on air, of every kind, newest first. */
    historyQuery: (hostId: string, limit: number) =>
      store.read
        .select()
        .from(shows)
        .where(and(eq(shows.hostId, hostId), sql`${shows.openedAt} is not null`))
        .orderBy(desc(shows.startsAt))
        .limit(limit),
    /** 彩排 of everybody, newest first. */
    rehearsalsQuery: (limit: number) =>
      store.read
        .select()
        .from(shows)
        .where(eq(shows.kind, 'rehearsal'))
        .orderBy(desc(shows.startsAt))
        .limit(limit),
    rehearsalsOf: (hostId: string, limit: number): Promise<Show[]> =>
      store.read
        .select()
        .from(shows)
        .where(and(eq(shows.hostId, hostId), eq(shows.kind, 'rehearsal')))
        .orderBy(desc(shows.startsAt), desc(shows.id))
        .limit(limit),
    /** Which of these shows have which of these products on their shelves. */
    async shelvesWith(productIds: string[], showIds: string[]) {
      return store.read
        .select({ showId: shelf.showId, productId: shelf.productId })
        .from(shelf)
        .where(and(inArray(shelf.productId, productIds), inArray(shelf.showId, showIds)))
    },
    async peak(tx: Tx, showId: string, viewers: number) {
      await tx
        .update(shows)
        .set({ peakViewers: viewers })
        .where(and(eq(shows.id, showId), lt(shows.peakViewers, viewers)))
    }
  }
}
