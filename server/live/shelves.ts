import type { ShelfItem } from '../../shared/contracts/live.ts'
import { Problem } from '../../shared/problems.ts'
import type { Member } from '../members/member.ts'
import type { Store, Tx } from '../store/store.ts'
import type { Doors } from './doors.ts'
import type { Neighbours } from './neighbours.ts'
import type { Rooms, Tell } from './rooms.ts'
import { isClosed, renumber, type Show } from './show.ts'
import type { roomStore, showStore } from './store.ts'

type Numbered = { number: number; productId: string }[]
type Items = ReadonlyMap<string, Omit<ShelfItem, 'number'>>

export type Shelves = ReturnType<typeof openShelves>

/** 小黄车 and 讲解: what stands on the shelf of a show, and which of it is being explained. */
export function openShelves({
  store,
  shows,
  logs,
  rooms,
  doors,
  shelfItems,
  permit
}: {
  store: Store
  shows: ReturnType<typeof showStore>
  logs: ReturnType<typeof roomStore>
  rooms: Rooms
  doors: Doors
} & Pick<Neighbours, 'shelfItems' | 'permit'>) {
  /** The shelf as viewers see it. */
  async function shelfOf(showId: string): Promise<ShelfItem[]> {
    const shelf = await shows.shelf(store.read, showId)
    return withItems(shelf, await shelfItems(shelf.map((item) => item.productId)))
  }

  const shelfIds = async (showId: string) =>
    (await shows.shelf(store.read, showId)).map((item) => item.productId)

  async function refuseUnknown(productIds: string[]) {
    const known = await shelfItems(productIds)
    const missing = productIds.filter((productId) => !known.has(productId))
    if (missing.length) throw new Problem('no_such_product', { productIds: missing })
  }

  /** What stands on the shelf already was looked at when it got there, and is again when the show begins. */
  async function refuseUnlicensed(show: Show, productIds: string[]) {
    if (isClosed(show)) return
    const shelf = new Set(await shelfIds(show.id))
    await permit.beforeShelf(
      show.hostId,
      productIds.filter((productId) => !shelf.has(productId))
    )
  }

  async function put(tx: Tx, tell: Tell, showId: string, numbered: Numbered, items: Items, actorId: string) {
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

  return {
    shelfOf,
    shelfIds,
    refuseUnknown,
    refuseUnlicensed,

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

    /** Sets the shelf; every viewer's shelf changes, and a pin of what is gone goes with it. */
    async setShelf(me: Member, showId: string, productIds: string[]): Promise<ShelfItem[]> {
      const asked = await doors.runBy(me, showId)
      await refuseUnknown(productIds)
      await refuseUnlicensed(asked, productIds)
      const items = await shelfItems(productIds)
      return rooms.act(async (tx, tell) => {
        const show = await doors.runBy(me, showId, tx)
        if (show.state === 'ended') throw new Problem('show_over')
        const numbered = renumber(await shows.shelf(tx, showId), productIds)
        return put(tx, tell, showId, numbered, items, me.id)
      })
    },

    /** Takes goods off the shelf that may not be sold any more; `andIn` is part of the unit, if anything changes. */
    async takeOffShelf(
      showId: string,
      productIds: string[],
      actorId: string,
      andIn?: (tx: Tx) => Promise<void>
    ): Promise<void> {
      const items = await shelfItems(await shelfIds(showId))
      await rooms.act(async (tx, tell) => {
        const shelf = await shows.shelf(tx, showId)
        const kept = shelf.filter((item) => !productIds.includes(item.productId))
        if (kept.length === shelf.length || (await doors.get(showId, tx)).state === 'ended') return
        await put(tx, tell, showId, kept, items, actorId)
        await andIn?.(tx)
      })
    },

    /** 讲解: every viewer's card changes. An empty id takes the pin away; the same again is no news. */
    async pin(me: Member, showId: string, productId: string) {
      await rooms.act(async (tx, tell) => {
        const show = await doors.runBy(me, showId, tx)
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
    }
  }
}

/** What is not for sale at the moment is left out, and its number stays free. */
const withItems = (shelf: Numbered, items: Items): ShelfItem[] =>
  shelf.flatMap(({ number, productId }) => {
    const item = items.get(productId)
    return item ? [{ number, ...item }] : []
  })
