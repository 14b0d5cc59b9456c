import type { Static } from 'typebox'
import type { ShowCard, ShowDraft } from '../../shared/contracts/live.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import { has, type Member } from '../members/member.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { openDoors } from './doors.ts'
import { openHalts } from './halts.ts'
import type { Neighbours } from './neighbours.ts'
import { openAir } from './on-air.ts'
import type { Rooms } from './rooms.ts'
import { openSchedule } from './schedule.ts'
import { openShelves } from './shelves.ts'
import { deskOf, isClosed, onAir, publicState, type Show } from './show.ts'
import { roomStore, showStore } from './store.ts'

/** Rooms whose highest count is remembered here; of one that is forgotten the store still knows it. */
const PEAKS_REMEMBERED = 200

export type Shows = ReturnType<typeof openShows>

/** Hosts schedule shows, go on air, show what is on the shelf, and end. */
export function openShows({
  store,
  clock,
  rooms,
  ...village
}: { store: Store; clock: Clock; rooms: Rooms } & Neighbours) {
  const shows = showStore(store)
  const logs = roomStore(store)
  const doors = openDoors({ store, shows, clock, ...village })
  const shelves = openShelves({ store, shows, logs, rooms, doors, ...village })
  const { schedule, change, ...closed } = openSchedule({
    store,
    shows,
    clock,
    rooms,
    doors,
    shelves,
    ...village
  })
  const { end, ...air } = openAir({ store, shows, logs, clock, rooms, doors, shelves, ...village })

  async function cards(list: Show[]): Promise<ShowCard[]> {
    const hostIds = [...new Set(list.map((show) => show.hostId))]
    const [shops, names] = await Promise.all([village.shopsOf(hostIds), village.namesOf(hostIds)])
    return Promise.all(
      list.map(async (show) => {
        const shop = shops.get(show.hostId)
        return {
          id: show.id,
          title: show.title,
          cover: show.cover,
          state: publicState(show.state),
          startsAt: show.startsAt,
          openedAt: show.openedAt ?? 0,
          host: {
            id: show.hostId,
            name: names.get(show.hostId)?.name ?? '',
            shopId: shop?.id ?? '',
            shopName: shop?.name ?? '',
            village: shop?.village ?? '',
            portrait: shop?.portrait ?? ''
          },
          playlist: await playlistOf(show),
          viewers: onAir(show) ? await rooms.viewers(show.id) : 0,
          demo: show.demo,
          kind: show.kind,
          paused: show.paused,
          saleStopped: show.saleStopped
        }
      })
    )
  }

  const playlistOf = async (show: Show) =>
    show.sessionId && show.state !== 'coming'
      ? village.film.playlist(show.sessionId, show.state === 'ended')
      : ''

  const card = async (show: Show) => (await cards([show]))[0]!

  const peaks = new Map<string, number>()
  rooms.onCount((showId, viewers) => {
    if (viewers <= (peaks.get(showId) ?? 0)) return
    peaks.set(showId, viewers)
    if (peaks.size > PEAKS_REMEMBERED) peaks.delete(peaks.keys().next().value!)
    void store.tx((tx) => shows.peak(tx, showId, viewers)).catch(() => peaks.delete(showId))
  })

  return {
    ...doors,
    ...shelves,
    ...closed,
    ...air,
    ...openHalts({ shows, logs }),
    schedule: async (me: Member, draft: Static<typeof ShowDraft>, given?: { demo?: boolean; id?: string }) =>
      card(await schedule(me, draft, given)),
    change: async (me: Member, showId: string, draft: Static<typeof ShowDraft>) =>
      card(await change(me, showId, draft)),
    end: async (me: Member, showId: string) => card(await end(me, showId)),

    card,
    cards,
    async list(state: 'live' | 'coming' | 'replay' | undefined, after?: string): Promise<ShowCard[]> {
      const last = after === undefined ? undefined : await doors.get(after)
      if (last && isClosed(last)) throw new Problem('no_such_show')
      if (state) return cards(await shows.list(state, last))
      const all = await Promise.all((['live', 'coming', 'replay'] as const).map((each) => shows.list(each)))
      return cards(all.flat())
    },
    mine: async (me: Member) =>
      cards(
        await shows.mine(me.id, has(me, 'operator', 'officer'), await village.permit.apprenticesOf(me.id))
      ),
    /** What the desk of a show says of its room. */
    async deskOf(show: Show) {
      const [version, viewers, fresh] = await Promise.all([
        rooms.version(deskOf(show.id)),
        rooms.viewers(show.id),
        doors.get(show.id)
      ])
      return { version, viewers, peakViewers: Math.max(fresh.peakViewers, viewers) }
    },

    /** 彩排 of everybody, and of one member; newest first. */
    rehearsals: (limit: number): Promise<Show[]> => shows.rehearsalsQuery(limit),
    rehearsalsOf: shows.rehearsalsOf,
    shelvesWith: shows.shelvesWith,
    heldBy: shows.heldBy,
    historyOf: (hostId: string, limit: number): Promise<Show[]> => shows.historyQuery(hostId, limit),
    /** Those that are over, of these hosts or of everybody; a page after one of them. */
    over: async (hostIds: readonly string[] | undefined, limit: number, after?: string): Promise<Show[]> =>
      shows.overQuery(hostIds, after === undefined ? undefined : await doors.get(after), limit),
    /** Of the same host and kind, the last before this one. */
    lastBefore: (show: Show, limit: number): Promise<Show[]> => shows.beforeQuery(show, limit),
    comingOf: (on: Tx | Reader, hostId: string) => shows.ofHost(on, hostId, ['coming'])
  }
}
