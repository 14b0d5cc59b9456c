import type { RefusedGoods } from '../../shared/contracts/licences.ts'
import type { ShelfItem, ShowCard, ShowDraft } from '../../shared/contracts/live.ts'
import { Problem } from '../../shared/problems.ts'
import type { Static } from 'typebox'
import { LRUCache } from 'lru-cache'
import { ingestPath } from '../../shared/video.ts'
import type { Clock } from '../clock.ts'
import { has, type Member } from '../members/member.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { openHalts } from './halts.ts'
import type { Rooms, Tell } from './rooms.ts'
import {
  deskOf,
  hosts,
  isClosed,
  LATE_MS,
  MAX_COMING,
  MAX_COMING_REHEARSALS,
  onAir,
  publicState,
  renumber,
  runs,
  watches,
  type Show
} from './show.ts'
import { roomStore, showStore } from './store.ts'

/** Shows looked at by one sweep. */
const SWEEP_SHOWS = 200

/** Whether somebody booked a class is believed for so long: her phone asks for a part of the picture three times a second. */
const BOOKED_MS = 5_000
/** That she did not, only for so long: she may just be booking. */
const NOT_BOOKED_MS = 1_000
const BOOKED_REMEMBERED = 10_000

/** What a card says of the shop behind a show. */
export interface HostsShop {
  id: string
  name: string
  village: string
  portrait: string
}

/** What shows ask of the rest of the village; live itself knows nobody but members. */
export interface Neighbours {
  /** What shelves show of these products; one that is not for sale is missing. */
  shelfItems: (productIds: string[]) => Promise<ReadonlyMap<string, Omit<ShelfItem, 'number'>>>
  shopsOf: (hostIds: string[]) => Promise<ReadonlyMap<string, HostsShop>>
  namesOf: (memberIds: string[]) => Promise<ReadonlyMap<string, { name: string }>>
  /** Whether an address is a picture that this village keeps. */
  isOurPicture: (url: string) => boolean
  /** Whether she has a seat in a class. */
  inClass: (classId: string, memberId: string) => Promise<boolean>
  /** 持证开播: what a host may sell and whether she may go live. */
  permit: {
    /** Refuses what she has no licence for: goods_not_licensed. */
    beforeShelf: (hostId: string, productIds: string[]) => Promise<void>
    /**
     * Refuses with not_licensed, goods_not_licensed or mentor_away; otherwise answers who stands beside her (empty:
     * she needs nobody), and what of this shelf she may not sell any more.
     */
    beforeGoLive: (show: Show, productIds: string[]) => Promise<{ mentorId: string; refused: RefusedGoods[] }>
    /** Her mentor, while the two are a pair. */
    mentorOf: (on: Tx | Reader, hostId: string) => Promise<{ id: string } | undefined>
    apprenticesOf: (mentorId: string) => Promise<string[]>
  }
  film: {
    /** Opens the picture of a show for its host's camera, or takes up the open one again. */
    open: (showId: string, hostId: string, closed: boolean) => Promise<string>
    /** Finishes it; the replay is complete when this resolves. */
    end: (sessionId: string) => Promise<unknown>
    isOpen: (sessionId: string) => Promise<boolean>
    /** Where it plays: while it is filmed, or afterwards. */
    playlist: (sessionId: string, ended: boolean) => Promise<string>
  }
}

/** Hears of a show in the unit of work in which it happens: its first frame, its picture lost and back, its end. */
export interface ShowListener {
  opened?: (tx: Tx, show: Show, tell: Tell) => Promise<void>
  away?: (tx: Tx, show: Show, tell: Tell) => Promise<void>
  back?: (tx: Tx, show: Show, tell: Tell) => Promise<void>
  ended?: (tx: Tx, show: Show, tell: Tell) => Promise<void>
}

export type Shows = ReturnType<typeof openShows>

/** Hosts schedule shows, go on air, show what is on the shelf, and end. */
export function openShows({
  store,
  clock,
  rooms,
  shelfItems,
  shopsOf,
  namesOf,
  isOurPicture,
  inClass,
  permit,
  film
}: { store: Store; clock: Clock; rooms: Rooms } & Neighbours) {
  const shows = showStore(store)
  const logs = roomStore(store)
  const halts = openHalts({ shows, logs })
  const peaks = new Map<string, number>()
  const listeners: ShowListener[] = []
  const booked = new LRUCache<string, boolean>({
    max: BOOKED_REMEMBERED,
    ttl: BOOKED_MS,
    ttlResolution: 0,
    perf: clock
  })

  async function get(showId: string, on: Tx | Reader = store.read): Promise<Show> {
    const show = await shows.one(on, showId)
    if (!show) throw new Problem('no_such_show')
    return show
  }

  /** A public show for everybody, a closed one for whom it concerns. */
  async function mayWatch(show: Show, member: Member | undefined): Promise<boolean> {
    const answer = watches(show, member)
    return answer === 'if_booked' ? hasBooked(show.subjectId, member!.id) : answer
  }

  async function hasBooked(classId: string, memberId: string): Promise<boolean> {
    const key = `${classId} ${memberId}`
    const known = booked.get(key)
    if (known !== undefined) return known
    const seated = await inClass(classId, memberId)
    booked.set(key, seated, { ttl: seated ? BOOKED_MS : NOT_BOOKED_MS })
    return seated
  }

  /** To whom it does not concern a closed show is as good as none; a guest may sign in and try again. */
  async function refuseStranger(show: Show, member: Member | undefined) {
    if (await mayWatch(show, member)) return
    throw new Problem(member ? 'no_such_show' : 'sign_in_first')
  }

  /** Who runs it, and the mentor of its host until it is over: she must be at its desk before a learner goes live. */
  async function mayRun(show: Show, me: Member, on: Tx | Reader = store.read): Promise<boolean> {
    if (runs(show, me)) return true
    if (isClosed(show) || show.state === 'ended') return false
    return (await permit.mentorOf(on, show.hostId))?.id === me.id
  }

  /** The show, if this member runs it. */
  async function runBy(me: Member, showId: string, on: Tx | Reader = store.read): Promise<Show> {
    const show = await get(showId, on)
    if (!(await mayRun(show, me, on))) throw new Problem('show_not_yours')
    return show
  }

  /** Shows of a host that are on air, as the caller's unit sees them. */
  const onAirOf = (on: Tx | Reader, hostId: string) => shows.ofHost(on, hostId, ['live', 'away'])

  async function hostedBy(me: Member, showId: string, on: Tx | Reader = store.read): Promise<Show> {
    const show = await get(showId, on)
    if (show.hostId !== me.id) throw new Problem('show_not_yours')
    if (!hosts(show, me)) throw new Problem('role_missing')
    return show
  }

  async function cards(list: Show[]): Promise<ShowCard[]> {
    const hostIds = [...new Set(list.map((show) => show.hostId))]
    const [shops, names] = await Promise.all([shopsOf(hostIds), namesOf(hostIds)])
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
    show.sessionId && show.state !== 'coming' ? film.playlist(show.sessionId, show.state === 'ended') : ''

  const card = async (show: Show) => (await cards([show]))[0]!

  /** The shelf as viewers see it: what is not for sale at the moment is left out, and its number stays free. */
  async function shelfOf(showId: string): Promise<ShelfItem[]> {
    return priced(await shows.shelf(store.read, showId))
  }

  async function priced(shelf: { number: number; productId: string }[]) {
    return withItems(shelf, await shelfItems(shelf.map((item) => item.productId)))
  }

  const blank = (): Show => ({
    id: newId(clock.now()),
    hostId: '',
    title: '',
    cover: '',
    startsAt: clock.now(),
    state: 'coming',
    sessionId: null,
    openedAt: null,
    endedAt: null,
    peakViewers: 0,
    demo: false,
    createdAt: clock.now(),
    kind: 'public',
    subjectId: '',
    mentorId: '',
    paused: false,
    saleStopped: ''
  })

  async function add(tx: Tx, show: Show, productIds: string[]) {
    await shows.add(tx, show)
    await shows.setShelf(tx, show.id, renumber([], productIds))
    await rooms.open(tx, show.id)
    await rooms.open(tx, deskOf(show.id))
  }

  async function refuseUnknownProducts(productIds: string[]) {
    const known = await shelfItems(productIds)
    const missing = productIds.filter((productId) => !known.has(productId))
    if (missing.length) throw new Problem('no_such_product', { productIds: missing })
  }

  /** What stands on the shelf already was looked at when it got there, and is again when the show begins. */
  async function refuseUnlicensed(show: Show, productIds: string[]) {
    if (isClosed(show)) return
    const shelf = new Set((await shows.shelf(store.read, show.id)).map((item) => item.productId))
    await permit.beforeShelf(
      show.hostId,
      productIds.filter((productId) => !shelf.has(productId))
    )
  }

  async function putOnShelf(
    tx: Tx,
    tell: Tell,
    showId: string,
    numbered: { number: number; productId: string }[],
    items: ReadonlyMap<string, Omit<ShelfItem, 'number'>>,
    actorId: string
  ): Promise<ShelfItem[]> {
    const shelf = withItems(numbered, items)
    await shows.setShelf(tx, showId, numbered)
    await tell(showId, 'shelf_changed', { shelf }, actorId)
    const pinned = await logs.pinned(tx, showId)
    if (pinned && !numbered.some(({ productId }) => productId === pinned)) {
      await logs.pin(tx, showId, null)
      await tell(showId, 'product_unpinned', {}, actorId)
    }
    return shelf
  }

  /** Takes goods off the shelf that may not be sold any more; `andIn` is part of the unit, if anything changes. */
  async function takeOffShelf(
    showId: string,
    productIds: string[],
    actorId: string,
    andIn?: (tx: Tx) => Promise<void>
  ): Promise<void> {
    const items = await shelfItems((await shows.shelf(store.read, showId)).map((item) => item.productId))
    await rooms.act(async (tx, tell) => {
      const shelf = await shows.shelf(tx, showId)
      const kept = shelf.filter((item) => !productIds.includes(item.productId))
      if (kept.length === shelf.length || (await get(showId, tx)).state === 'ended') return
      await putOnShelf(tx, tell, showId, kept, items, actorId)
      await andIn?.(tx)
    })
  }

  /** A public show that begins is looked at; one that was on air already only takes up its picture again. */
  async function startOf(show: Show) {
    if (isClosed(show) || show.state !== 'coming') return undefined
    const shelf = await shows.shelf(store.read, show.id)
    return permit.beforeGoLive(
      show,
      shelf.map((item) => item.productId)
    )
  }

  function refuseForeign(cover: string) {
    if (!isOurPicture(cover)) throw new Problem('bad_input', { field: '/cover' })
  }

  function refusePast(startsAt: number) {
    if (startsAt < clock.now() - LATE_MS) throw new Problem('show_in_the_past')
  }

  /** The show of this film session comes to its end, once, whoever notices it first. */
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

  const pictureArrived = async (sessionId: string) => {
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

  const pictureEnded = async (sessionId: string) => {
    const replay = await film.playlist(sessionId, true)
    await onPicture(sessionId, ['live', 'away'], (tx, tell, show) =>
      close(tx, tell, show, replay, show.hostId)
    )
  }

  rooms.onCount((showId, viewers) => {
    if (viewers <= (peaks.get(showId) ?? 0)) return
    peaks.set(showId, viewers)
    if (peaks.size > SWEEP_SHOWS) peaks.delete(peaks.keys().next().value!)
    void store.tx((tx) => shows.peak(tx, showId, viewers)).catch(() => peaks.delete(showId))
  })

  return {
    get,
    runBy,
    mayRun,
    mayWatch,
    refuseStranger,
    /** The show, if it concerns this member, or everybody. */
    async watchedBy(member: Member | undefined, showId: string): Promise<Show> {
      const show = await get(showId)
      await refuseStranger(show, member)
      return show
    },
    /**
     * Whether all of these stand on its shelf. Who buys from a show buys while it sells: not_sold_here, sale_stopped. One
     * that nobody knows sells nothing anyway.
     */
    async sells(showId: string, productIds: string[]): Promise<boolean> {
      const show = await shows.one(store.read, showId)
      if (show && isClosed(show)) throw new Problem('not_sold_here')
      if (show?.paused || show?.saleStopped) throw new Problem('sale_stopped', { reason: show.saleStopped })
      const shelf = new Set((await shelfOf(showId)).map((item) => item.productId))
      return productIds.every((productId) => shelf.has(productId))
    },
    on: (listener: ShowListener) => void listeners.push(listener),
    /** 彩排 of everybody, and of one member; newest first. */
    rehearsals: (limit: number): Promise<Show[]> => shows.rehearsalsQuery(limit),
    rehearsalsOf: shows.rehearsalsOf,
    card,
    cards,
    shelfOf,
    /** What the desk of a show says of its room. */
    async deskOf(show: Show) {
      const [version, viewers, fresh] = await Promise.all([
        rooms.version(deskOf(show.id)),
        rooms.viewers(show.id),
        get(show.id)
      ])
      return { version, viewers, peakViewers: Math.max(fresh.peakViewers, viewers) }
    },
    shelvesWith: shows.shelvesWith,
    onAir: () => shows.onAir(SWEEP_SHOWS),
    onAirOf,
    shelfIds: async (showId: string) => (await shows.shelf(store.read, showId)).map((item) => item.productId),
    ...halts,
    heldBy: shows.heldBy,
    historyOf: (hostId: string, limit: number): Promise<Show[]> => shows.historyQuery(hostId, limit),
    /** Those that are over, of these hosts or of everybody; a page after one of them. */
    over: async (hostIds: readonly string[] | undefined, limit: number, after?: string): Promise<Show[]> =>
      shows.overQuery(hostIds, after === undefined ? undefined : await get(after), limit),
    /** Of the same host and kind, the last before this one. */
    lastBefore: (show: Show, limit: number): Promise<Show[]> => shows.beforeQuery(show, limit),
    comingOf: (on: Tx | Reader, hostId: string) => shows.ofHost(on, hostId, ['coming']),

    async list(state: 'live' | 'coming' | 'replay' | undefined, after?: string): Promise<ShowCard[]> {
      const last = after === undefined ? undefined : await get(after)
      if (last && isClosed(last)) throw new Problem('no_such_show')
      if (state) return cards(await shows.list(state, last))
      const all = await Promise.all((['live', 'coming', 'replay'] as const).map((each) => shows.list(each)))
      return cards(all.flat())
    },

    mine: async (me: Member) =>
      cards(await shows.mine(me.id, has(me, 'operator', 'officer'), await permit.apprenticesOf(me.id))),

    async schedule(
      me: Member,
      draft: Static<typeof ShowDraft>,
      { demo = false, id = newId(clock.now()) } = {}
    ) {
      refuseForeign(draft.cover)
      refusePast(draft.startsAt)
      await refuseUnknownProducts(draft.productIds)
      await permit.beforeShelf(me.id, draft.productIds)
      const { productIds, ...words } = draft
      const show = { ...blank(), ...words, id, hostId: me.id, demo }
      await store.tx(async (tx) => {
        const coming = await shows.ofHost(tx, me.id, ['coming'])
        if (coming.filter((each) => !isClosed(each)).length >= MAX_COMING) throw new Problem('too_many_shows')
        await add(tx, show, productIds)
      })
      return card(show)
    },

    /** 彩排: a show of hers that she and the trainers see. Its shelf may hold anybody's goods; nothing is sold. */
    async rehearse(
      me: Member,
      { courseId, title, productIds }: { courseId: string; title: string; productIds: string[] }
    ): Promise<Show> {
      await refuseUnknownProducts(productIds)
      const show: Show = { ...blank(), title, hostId: me.id, kind: 'rehearsal', subjectId: courseId }
      await store.tx(async (tx) => {
        const coming = await shows.ofHost(tx, me.id, ['coming'])
        if (coming.filter(({ kind }) => kind === 'rehearsal').length >= MAX_COMING_REHEARSALS)
          throw new Problem('too_many_rehearsals')
        await add(tx, show, productIds)
      })
      return show
    },

    /** The room of an online class, once; until it is on air it is held by the trainer who opened it last. */
    async openClassRoom(
      me: Member,
      { classId, title, startsAt }: { classId: string; title: string; startsAt: number }
    ): Promise<string> {
      const id = `class-${classId}`
      const show: Show = {
        ...blank(),
        id,
        title,
        startsAt,
        hostId: me.id,
        kind: 'class',
        subjectId: classId
      }
      await store.tx(async (tx) => {
        const before = await shows.one(tx, id)
        if (!before) await add(tx, show, [])
        else if (before.state === 'coming') await shows.change(tx, id, { title, startsAt, hostId: me.id })
      })
      return id
    },

    async change(me: Member, showId: string, draft: Static<typeof ShowDraft>) {
      const { productIds, ...words } = draft
      refuseForeign(words.cover)
      await refuseUnknownProducts(productIds)
      await refuseUnlicensed(await hostedBy(me, showId), productIds)
      await store.tx(async (tx) => {
        const show = await hostedBy(me, showId, tx)
        if (show.state !== 'coming') throw new Problem(show.state === 'ended' ? 'show_over' : 'show_begun')
        if (words.startsAt !== show.startsAt) refusePast(words.startsAt)
        await shows.change(tx, showId, words)
        await shows.setShelf(tx, showId, renumber(await shows.shelf(tx, showId), productIds))
      })
      return card(await get(showId))
    },

    /** Sets the shelf; every viewer's shelf changes, and a pin of what is gone goes with it. */
    async setShelf(me: Member, showId: string, productIds: string[]): Promise<ShelfItem[]> {
      const asked = await runBy(me, showId)
      await refuseUnknownProducts(productIds)
      await refuseUnlicensed(asked, productIds)
      const items = await shelfItems(productIds)
      return rooms.act(async (tx, tell) => {
        const show = await runBy(me, showId, tx)
        if (show.state === 'ended') throw new Problem('show_over')
        const numbered = renumber(await shows.shelf(tx, showId), productIds)
        return putOnShelf(tx, tell, showId, numbered, items, me.id)
      })
    },

    takeOffShelf,

    /** 讲解: every viewer's card changes. An empty id takes the pin away; the same again is no news. */
    async pin(me: Member, showId: string, productId: string) {
      await rooms.act(async (tx, tell) => {
        const show = await runBy(me, showId, tx)
        if (show.state === 'ended') throw new Problem('show_over')
        const pinned = (await logs.pinned(tx, showId)) ?? ''
        if (pinned === productId) return
        if (productId === '') {
          await logs.pin(tx, showId, null)
          await tell(showId, 'product_unpinned', {}, me.id)
          return
        }
        if (show.saleStopped) throw new Problem('sale_stopped', { reason: show.saleStopped })
        const shelf = await shows.shelf(tx, showId)
        if (!shelf.some((item) => item.productId === productId)) throw new Problem('not_on_shelf')
        await logs.pin(tx, showId, productId)
        await tell(showId, 'product_pinned', { productId }, me.id)
      })
    },

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
        const asked = await hostedBy(me, showId, tx)
        refuse(asked, await onAirOf(tx, me.id))
        return asked
      })
      const start = await startOf(show)
      const sessionId = await film.open(showId, me.id, isClosed(show))
      await store.tx(async (tx) => {
        // Another show of hers may have got its picture meanwhile.
        refuse(await hostedBy(me, showId, tx), await onAirOf(tx, me.id))
        await shows.change(tx, showId, { sessionId, ...(start && { mentorId: start.mentorId }) })
      })
      const takenOff = start?.refused ?? []
      if (takenOff.length) {
        const productIds = takenOff.map(({ productId }) => productId)
        await takeOffShelf(showId, productIds, me.id)
      }
      return { sessionId, ingest: ingestPath(sessionId), takenOff }
    },

    /** Ends the show; its replay plays at once. Ending twice is ending once. */
    async end(me: Member, showId: string): Promise<ShowCard> {
      const show = await runBy(me, showId)
      if (show.state === 'coming') throw new Problem('show_not_live')
      if (onAir(show) && show.sessionId) {
        const replay = await film.playlist(show.sessionId, true)
        await film.end(show.sessionId)
        await rooms.act(async (tx, tell) => {
          const still = await runBy(me, showId, tx)
          if (onAir(still)) await close(tx, tell, still, replay, me.id)
        })
      }
      return card(await get(showId))
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

/** What is not for sale at the moment is left out, and its number stays free. */
function withItems(
  shelf: { number: number; productId: string }[],
  items: ReadonlyMap<string, Omit<ShelfItem, 'number'>>
): ShelfItem[] {
  return shelf.flatMap(({ number, productId }) => {
    const item = items.get(productId)
    return item ? [{ number, ...item }] : []
  })
}
