import type { RefusedGoods } from '../../shared/contracts/licences.ts'
import { Problem } from '../../shared/problems.ts'
import { ingestPath } from '../../shared/video.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import type { Doors } from './doors.ts'
import type { Neighbours } from './neighbours.ts'
import type { Rooms, Tell } from './rooms.ts'
import type { Shelves } from './shelves.ts'
import { isClosed, onAir, type Show } from './show.ts'
import type { roomStore, showStore } from './store.ts'

/** Shows looked at by one sweep. */
const SWEEP_SHOWS = 200

/** Hears of a show in the unit of work in which it happens: its first frame, its picture lost and back, its end. */
export interface ShowListener {
  opened?: (tx: Tx, show: Show, tell: Tell) => Promise<void>
  away?: (tx: Tx, show: Show, tell: Tell) => Promise<void>
  back?: (tx: Tx, show: Show, tell: Tell) => Promise<void>
  ended?: (tx: Tx, show: Show, tell: Tell) => Promise<void>
}

/** 开播 and 下播: a host opens and ends her picture, and its coming and going opens and ends her show. */
export function openAir({
  store,
  shows,
  logs,
  clock,
  rooms,
  doors,
  shelves,
  permit,
  film
}: {
  store: Store
  shows: ReturnType<typeof showStore>
  logs: ReturnType<typeof roomStore>
  clock: Clock
  rooms: Rooms
  doors: Doors
  shelves: Shelves
} & Pick<Neighbours, 'permit' | 'film'>) {
  const listeners: ShowListener[] = []

  /** Shows of a host that are on air, as the caller's unit sees them. */
  const onAirOf = (on: Tx | Reader, hostId: string) => shows.ofHost(on, hostId, ['live', 'away'])

  /** A public show that begins is looked at; one that was on air already only takes up its picture again. */
  async function startOf(show: Show) {
    if (isClosed(show) || show.state !== 'coming') return undefined
    return permit.beforeGoLive(show, await shelves.shelfIds(show.id))
  }

  /** The show comes to its end, once, whoever notices it first. */
  async function close(tx: Tx, tell: Tell, show: Show, replay: string, actorId: string) {
    await shows.change(tx, show.id, { state: 'ended', endedAt: clock.now(), paused: false })
    await logs.pin(tx, show.id, null)
    await tell(show.id, 'show_ended', { replay }, actorId)
    for (const { ended } of listeners) await ended?.(tx, show, tell)
  }

  /** What the picture of a session does to its show; nothing, when it says what is already so. */
  async function onPicture(
    sessionId: string,
    from: Show['state'][],
    change: (tx: Tx, tell: Tell, show: Show) => Promise<void>
  ) {
    await rooms.act(async (tx, tell) => {
      const show = await shows.bySession(tx, sessionId)
      if (show && from.includes(show.state)) await change(tx, tell, show)
    })
  }

  async function pictureArrived(sessionId: string) {
    const playlist = await film.playlist(sessionId, false)
    let isSecond = false
    await onPicture(sessionId, ['coming', 'away'], async (tx, tell, show) => {
      // Two of her shows, on two phones, may have got their picture before either had a frame: the first frame decides.
      isSecond = (await onAirOf(tx, show.hostId)).some(({ id }) => id !== show.id)
      if (isSecond) return
      const openedAt = show.openedAt ?? clock.now()
      await shows.change(tx, show.id, { state: 'live', openedAt })
      const fact = show.state === 'coming' ? 'show_opened' : 'show_back'
      await tell(show.id, fact, { playlist }, show.hostId)
      const live: Show = { ...show, state: 'live', openedAt }
      for (const { opened, back } of listeners) await (fact === 'show_back' ? back : opened)?.(tx, live, tell)
    })
    if (isSecond) await film.end(sessionId)
  }

  async function pictureEnded(sessionId: string) {
    const replay = await film.playlist(sessionId, true)
    await onPicture(sessionId, ['live', 'away'], (tx, tell, show) =>
      close(tx, tell, show, replay, show.hostId)
    )
  }

  return {
    on: (listener: ShowListener) => void listeners.push(listener),
    onAir: () => shows.onAir(SWEEP_SHOWS),
    onAirOf,

    /** 开播: opens the picture, or takes it up again after a lost connection. On air with the first frame. */
    async goLive(
      me: Member,
      showId: string
    ): Promise<{ sessionId: string; ingest: string; takenOff: RefusedGoods[] }> {
      const refuse = (show: Show, others: Show[]) => {
        if (show.state === 'ended') throw new Problem('show_over')
        if (others.some((other) => other.id !== showId)) throw new Problem('another_show_live')
      }
      const show = await store.tx(async (tx) => {
        const asked = await doors.hostedBy(me, showId, tx)
        refuse(asked, await onAirOf(tx, me.id))
        return asked
      })
      const start = await startOf(show)
      const sessionId = await film.open(showId, me.id, isClosed(show))
      await store.tx(async (tx) => {
        // Another show of hers may have got its picture meanwhile.
        refuse(await doors.hostedBy(me, showId, tx), await onAirOf(tx, me.id))
        await shows.change(tx, showId, { sessionId, ...(start && { mentorId: start.mentorId }) })
      })
      const takenOff = start?.refused ?? []
      if (takenOff.length) {
        const productIds = takenOff.map(({ productId }) => productId)
        await shelves.takeOffShelf(showId, productIds, me.id)
      }
      return { sessionId, ingest: ingestPath(sessionId), takenOff }
    },

    /** Ends the show; its replay plays at once. Ending twice is ending once. */
    async end(me: Member, showId: string): Promise<Show> {
      const show = await doors.runBy(me, showId)
      if (show.state === 'coming') throw new Problem('show_not_live')
      if (onAir(show) && show.sessionId) {
        const replay = await film.playlist(show.sessionId, true)
        await film.end(show.sessionId)
        await rooms.act(async (tx, tell) => {
          const still = await doors.runBy(me, showId, tx)
          if (onAir(still)) await close(tx, tell, still, replay, me.id)
        })
      }
      return doors.get(showId)
    },

    /** 下播: she may not be on air any more, so what she films ends, first picture or not; or only what is public. */
    async takeOffAir(hostId: string, which: 'all' | 'public' = 'all') {
      for (const show of await shows.ofHost(store.read, hostId, ['coming', 'live', 'away'])) {
        if (show.sessionId && (which === 'all' || !isClosed(show))) await film.end(show.sessionId)
      }
    },

    pictureArrived,
    pictureBack: pictureArrived,
    pictureLost: (sessionId: string) =>
      onPicture(sessionId, ['live'], async (tx, tell, show) => {
        await shows.change(tx, show.id, { state: 'away' })
        await tell(show.id, 'show_away', {}, show.hostId)
        for (const { away } of listeners) await away?.(tx, show, tell)
      }),
    pictureEnded,

    /** Nothing stays on air for ever because a server died: ends the shows whose picture has ended. */
    async sweep() {
      for (const show of await shows.onAir(SWEEP_SHOWS)) {
        if (show.sessionId && !(await film.isOpen(show.sessionId))) await pictureEnded(show.sessionId)
      }
    }
  }
}
