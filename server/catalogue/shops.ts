import type { Body } from '../../shared/contract.ts'
import type { openShop, ShopCard } from '../../shared/contracts/catalogue.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { catalogueStore, type ShopRow } from './store.ts'

/** How the catalogue learns a member's public name. */
export type NamesOf = (ids: string[]) => Promise<ReadonlyMap<string, { name: string }>>

export type Shops = ReturnType<typeof openShops>

/** The women's shops: one woman, one shop. */
export function openShops({
  store,
  clock,
  namesOf,
  isOurPicture
}: {
  store: Store
  clock: Clock
  namesOf: NamesOf
  /** Whether an address is a picture that this village keeps. */
  isOurPicture: (url: string) => boolean
}) {
  const catalogue = catalogueStore(store)

  async function cards(rows: ShopRow[]): Promise<ShopCard[]> {
    const names = await namesOf(rows.map((row) => row.ownerId))
    return rows.map(({ id, name, village, story, portrait, ownerId }) => {
      return { id, name, village, story, portrait, hostId: ownerId, hostName: names.get(ownerId)?.name ?? '' }
    })
  }

  async function shopsByIds(ids: string[]): Promise<Map<string, ShopCard>> {
    const found = await cards(await catalogue.shopsByIds(store.read, [...new Set(ids)]))
    return new Map(found.map((shop) => [shop.id, shop]))
  }

  async function shopsOf(ownerIds: string[]): Promise<Map<string, ShopCard>> {
    const found = await cards(await catalogue.shopsOf(store.read, [...new Set(ownerIds)]))
    return new Map(found.map((shop) => [shop.hostId, shop]))
  }

  return {
    /** Every shop, the oldest first. */
    list: async () => cards(await catalogue.shops()),

    shopsByIds,

    /** Who sells there, also in somebody’s unit; empty where there is no such shop. */
    hostIn: async (on: Tx | Reader, shopId: string): Promise<string> =>
      (await catalogue.shopsByIds(on, [shopId]))[0]?.ownerId ?? '',

    /** One shop. Problem no_such_shop. */
    async get(shopId: string) {
      const shop = (await shopsByIds([shopId])).get(shopId)
      if (!shop) throw new Problem('no_such_shop')
      return shop
    },

    /** The shops of these hosts, by host; one who has none is missing. */
    shopsOf,

    /** The shop of a host; undefined while she has none. */
    shopOf: async (ownerId: string) => (await shopsOf([ownerId])).get(ownerId),

    /** Opens my shop, or changes what it says of itself. */
    async openMine(me: Member, words: Body<typeof openShop>): Promise<ShopCard> {
      if (!isOurPicture(words.portrait)) throw new Problem('bad_input', { field: '/portrait' })
      const row = await store.tx(async (tx) => {
        const [mine] = await catalogue.shopsOf(tx, [me.id])
        if (mine) return catalogue.changeShop(tx, mine.id, words)
        const now = clock.now()
        return catalogue.addShop(tx, { ...words, id: newId(now), ownerId: me.id, createdAt: now })
      })
      return (await cards([row]))[0]!
    }
  }
}
