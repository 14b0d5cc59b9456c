import { randomUUID } from 'node:crypto'
import { Problem } from '../../shared/problems.ts'
import type { Facts, FactType, Hints, HintType } from '../../shared/room.ts'
import type { Bus, Subscription } from '../bus/bus.ts'
import type { Clock } from '../clock.ts'
import type { Store, Tx } from '../store/store.ts'
import { Hub, type Line, type Listener } from './hub.ts'
import { isDesk } from './show.ts'
import { roomStore, type NewFact } from './store.ts'

/** How often a server looks whether its rooms missed a hint, and how many watch. */
const BEAT_MS = 2_000
/** A hint of one kind goes out at most once in this time. */
const HINT_MS = 1_000
/** Kinds of hints held back at one time; beyond it they are dropped, for they may be lost. */
const MAX_HELD_HINTS = 10_000

/** Appends a fact to a room's log as part of the unit of work it belongs to. */
export type Tell = <T extends FactType>(
  roomId: string,
  type: T,
  body: Facts[T],
  actorId: string
) => Promise<void>

export interface Rooms {
  /** Makes an empty log. */
  open(tx: Tx, roomId: string): Promise<void>
  /**
   * One unit of work that may tell rooms what happened: the facts exist exactly if the unit does, and everybody
   * hears them once it is on disk. `hot`: see `store.tx`.
   */
  act<T>(fn: (tx: Tx, tell: Tell) => Promise<T>, hint?: { hot: string }): Promise<T>
  /** The same for facts that the caller numbers itself, in one go. */
  write(fn: (tx: Tx) => Promise<NewFact[]>, hint?: { hot: string }): Promise<void>
  /**
   * The present value of something, to all viewers, at most once a second; may be lost. `here`: only to those of
   * this server, because the others know it by themselves. `at once`: without waiting for its second.
   */
  hint<T extends HintType>(
    roomId: string,
    type: T,
    body: Hints[T],
    reach?: 'everywhere' | 'here',
    pace?: 'once a second' | 'at once'
  ): void
  /** The rooms that somebody listens to on this server. */
  listenedTo(): string[]
  /** A place in the room for one socket; it hears nothing before it has joined. */
  enter(roomId: string, listener: Listener): Promise<Ear>
  /** Something other than talk happened in this room, here or on another server: it may look different now. */
  onNews(listener: (roomId: string) => void): void
  /** How many watch a room on all servers, after each count. */
  onCount(listener: (roomId: string, viewers: number) => void): void
  viewers(roomId: string): Promise<number>
  version(roomId: string): Promise<number>
  /** What is written in a room's log, of some kinds, in order; at most `limit`. */
  happened(roomId: string, types: readonly FactType[], limit: number): Promise<Written[]>
  /** Asks all sockets of this server for a sign of life. */
  ping(): void
  close(): Promise<void>
}

/** A fact as it stands in the log. `actorId` is nobody else's business. */
export interface Written {
  at: number
  type: string
  body: Record<string, unknown>
  actorId: string
}

/** What a socket that listens may ask of its room. */
export interface Ear {
  readonly version: number
  readonly viewers: number
  /** From now on she hears everything, and first what followed `after`. */
  join(after: number | undefined): Promise<void>
  since(n: number): Promise<void>
  answer(event: string): void
  leave(): void
}

/** A hint as it goes out, but not yet written: of a rush's thousand only the last of each second is. */
type Said = [n: 0, at: number, type: HintType, body: Hints[HintType]]

interface Hall {
  hub: Hub
  subscription: Subscription
}

export function openRooms({
  store,
  bus,
  clock,
  beatMs = BEAT_MS
}: {
  store: Store
  bus: Bus
  clock: Clock
  beatMs?: number
}): Rooms {
  const logs = roomStore(store)
  const halls = new Map<string, Promise<Hall>>()
  const hubs = new Map<string, Hub>()
  const newsListeners: ((roomId: string) => void)[] = []
  const countListeners: ((roomId: string, viewers: number) => void)[] = []
  const held = new Map<string, { hint?: Said; timer: NodeJS.Timeout }>()
  const underway = new Set<Promise<unknown>>()
  /** This process, so that it does not hear itself twice. */
  const self = randomUUID()
  let closed = false

  const news = (roomId: string) => {
    for (const listener of newsListeners) listener(roomId)
  }

  /** Said on our own server first: its viewers do not wait for the bus, and lose nothing when it is away. */
  function announce(facts: NewFact[]) {
    const lines = new Map<string, Line[]>()
    for (const { roomId, n, at, type, body } of facts) {
      const line = { n, json: JSON.stringify([n, at, type, body]) }
      const known = lines.get(roomId)
      if (known) known.push(line)
      else lines.set(roomId, [line])
    }
    for (const [roomId, told] of lines) {
      const hub = hubs.get(roomId)
      for (const { n, json } of told) hub?.accept(n, json)
      if (told.some(({ json }) => !isTalk(json))) news(roomId)
      spread(roomId, told.map(({ n, json }) => `${n} ${json}`).join('\n'))
    }
  }

  /** To the other servers. A hint that is lost heals with the next beat. */
  function spread(roomId: string, lines: string) {
    const sent = bus
      .publish(roomId, `${self}\n${lines}`)
      .catch(() => {})
      .finally(() => underway.delete(sent))
    underway.add(sent)
  }

  /** Lines of another server: `n json` for a fact, `0 key json` for a hint. */
  function hear(roomId: string, hub: Hub, body: string) {
    const [from, ...lines] = body.split('\n')
    if (from === self) return
    for (const line of lines) {
      const space = line.indexOf(' ')
      const n = Number(line.slice(0, space))
      const rest = line.slice(space + 1)
      if (n > 0) hub.accept(n, rest)
      else hub.hint(rest.slice(0, rest.indexOf(' ')), rest.slice(rest.indexOf(' ') + 1))
    }
    if (!lines.every(isTalk)) news(roomId)
  }

  async function openHall(roomId: string): Promise<Hall> {
    let hub: Hub | undefined
    // Subscribed before the version is read: what comes in between is a gap, and gaps heal.
    const subscription = await bus.subscribe(roomId, undefined, ({ body }) => hub && hear(roomId, hub, body))
    const room = await logs.room(roomId)
    if (!room) {
      subscription.close()
      throw new Problem('no_such_show')
    }
    hub = new Hub(room.version, (after, limit) => logs.since(roomId, after, limit), clock.now)
    hubs.set(roomId, hub)
    void count(roomId, hub)
    return { hub, subscription }
  }

  async function hallOf(roomId: string): Promise<Hall> {
    let hall = halls.get(roomId)
    if (!hall) {
      hall = openHall(roomId)
      halls.set(roomId, hall)
      hall.catch(() => halls.delete(roomId))
    }
    return hall
  }

  function shut(roomId: string, { hub, subscription }: Hall) {
    if (hubs.get(roomId) === hub) {
      hubs.delete(roomId)
      halls.delete(roomId)
    }
    subscription.close()
    hub.close()
  }

  const gauge = (roomId: string) => `viewers:${roomId}`

  async function count(roomId: string, hub: Hub) {
    if (isDesk(roomId)) return
    const viewers = await bus.share(gauge(roomId), hub.audience).catch(() => hub.audience)
    if ((viewers === hub.viewers && !hub.guessed) || closed) return
    hub.viewers = viewers
    hub.guessed = false
    hub.hint('viewers', JSON.stringify([0, clock.now(), 'viewers', { count: viewers }]))
    for (const listener of countListeners) listener(roomId, viewers)
  }

  async function beat() {
    if (!hubs.size) return
    const versions = await logs.versions([...hubs.keys()]).catch(() => new Map<string, number>())
    for (const [roomId, hub] of hubs) {
      if ((versions.get(roomId) ?? 0) > hub.version) {
        await hub.heal()
        news(roomId)
      }
      hub.beat()
      await count(roomId, hub)
      const hall = hub.deserted && (await halls.get(roomId))
      if (hall && hub.deserted) shut(roomId, hall)
    }
  }

  let beating: Promise<void> | undefined
  const beats = setInterval(() => {
    beating ??= beat().finally(() => (beating = undefined))
  }, beatMs)

  function hint<T extends HintType>(
    roomId: string,
    type: T,
    body: Hints[T],
    reach: 'everywhere' | 'here' = 'everywhere',
    pace: 'once a second' | 'at once' = 'once a second'
  ) {
    const key = hintKey(type, body)
    const said: Said = [0, clock.now(), type, body]
    const slot = `${roomId} ${key}`
    const waiting = held.get(slot)
    if (waiting && pace === 'once a second') {
      waiting.hint = said
      return
    }
    if ((!waiting && held.size >= MAX_HELD_HINTS) || closed) return
    const say = (hint: Said) => {
      const json = JSON.stringify(hint)
      hubs.get(roomId)?.hint(key, json)
      news(roomId)
      if (reach === 'everywhere') spread(roomId, `0 ${key} ${json}`)
    }
    if (waiting) {
      delete waiting.hint // older than what is said now
      say(said)
      return
    }
    const timer = setTimeout(function next() {
      const last = held.get(slot)
      if (!last?.hint) {
        held.delete(slot)
        return
      }
      say(last.hint)
      held.set(slot, { timer: setTimeout(next, HINT_MS) })
    }, HINT_MS)
    held.set(slot, { timer })
    say(said)
  }

  return {
    open: logs.open,

    async act(fn, hot) {
      let facts: NewFact[] = []
      const value = await store.tx(async (tx) => {
        facts = [] // the unit may run more than once
        return fn(tx, async (roomId, type, body, actorId) => {
          const n = await logs.advance(tx, roomId, 1)
          if (n === undefined) throw new Problem('no_such_show')
          const fact: NewFact = { roomId, n, at: clock.now(), type, body: { ...body }, actorId, key: null }
          await logs.write(tx, fact)
          facts.push(fact)
        })
      }, hot)
      announce(facts)
      return value
    },

    async write(fn, hot) {
      announce(await store.tx(fn, hot))
    },

    hint,
    listenedTo: () => [...hubs.keys()],

    async enter(roomId, listener) {
      const { hub } = await hallOf(roomId)
      hub.expect()
      hub.guessed = true
      return {
        version: hub.version,
        viewers: Math.max(hub.viewers, hub.audience + (listener.works ? 0 : 1)),
        join: (after) => hub.join(listener, after),
        since: (n) => hub.catchUp(listener, n),
        answer: (event) => hub.answer(listener, event),
        leave: () => hub.leave(listener)
      }
    },

    onNews(listener) {
      newsListeners.push(listener)
    },
    onCount(listener) {
      countListeners.push(listener)
    },
    async viewers(roomId) {
      const hub = hubs.get(roomId)
      return hub ? Math.max(hub.viewers, hub.audience) : bus.share(gauge(roomId), 0).catch(() => 0)
    },
    async version(roomId) {
      return (await logs.room(roomId))?.version ?? 0
    },
    happened: (roomId, types, limit) => logs.happenedQuery(roomId, types, limit),
    ping() {
      for (const hub of hubs.values()) hub.ping()
    },

    async close() {
      closed = true
      clearInterval(beats)
      for (const { timer } of held.values()) clearTimeout(timer)
      await beating
      for (const [roomId, hall] of halls) await hall.then((open) => shut(roomId, open)).catch(() => {})
      await Promise.allSettled(underway)
    }
  }
}

/** Quotes within a message are escaped, so only a fact of this type reads so. */
const isTalk = (line: string) => line.includes(',"message_said",')

/** Hints of one coupon or one spec replace each other; those of two stand side by side. */
function hintKey<T extends HintType>(type: T, body: Hints[T]) {
  if ('couponId' in body) return `${type}:${body.couponId}`
  if ('specId' in body) return `${type}:${body.specId}`
  return type
}
