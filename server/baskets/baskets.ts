import type { Body } from '../../shared/contract.ts'
import {
  MAX_ITEMS,
  type Basket,
  type BasketItem,
  type putInBasket,
  type seenInBasket
} from '../../shared/contracts/baskets.ts'
import { Problem } from '../../shared/problems.ts'
import type { Products, SpecFacts } from '../catalogue/products.ts'
import type { Shops } from '../catalogue/shops.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { FlashPrice } from '../orders/neighbours.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { standing, together } from './basket.ts'
import { basketStore, type ItemRow } from './store.ts'

export interface Neighbours {
  goods: Pick<Products, 'specIn'>
  shops: Pick<Shops, 'shopsByIds'>
  /** Flash prices that she could have now; a spec that is missing costs what it usually does. */
  flashOf: (
    on: Tx | Reader,
    specIds: string[],
    asked: { now: number; memberId: string }
  ) => Promise<ReadonlyMap<string, FlashPrice>>
  /** What is kept for her, though the shelf says it is gone. */
  offeredTo: (memberId: string, specIds: readonly string[]) => Promise<ReadonlyMap<string, number>>
}

export type Baskets = ReturnType<typeof openBaskets>

/** 购物车: what a member means to buy, of any shops. Holds nothing, so it says what has changed since she put it in. */
export function openBaskets({
  store,
  clock,
  goods,
  shops,
  flashOf,
  offeredTo
}: { store: Store; clock: Clock } & Neighbours) {
  const rows = basketStore(store)
  const on = store.read

  return {
    of,

    count: async (me: Member) => ({ count: await rows.count(on, me.id) }),

    /** Problems: no_such_spec, product_off_sale, basket_full. */
    async put(me: Member, specId: string, { qty, showId = '' }: Body<typeof putInBasket>) {
      const spec = await goods.specIn(on, specId)
      if (!spec) throw new Problem('no_such_spec')
      if (!spec.onSale) throw new Problem('product_off_sale', { productId: spec.productId })
      const seenFen = (await priceOf(me, spec, qty)).priceFen
      const now = clock.now()
      return store.tx(async (tx) => {
        const before = await rows.one(tx, me.id, specId)
        const count = await rows.count(tx, me.id)
        if (!before && count >= MAX_ITEMS) throw new Problem('basket_full')
        const item = { qty: together(before?.qty ?? 0, qty), showId, seenFen, addedAt: now }
        await rows.put(tx, { memberId: me.id, specId, ...item })
        return { count: before ? count : count + 1 }
      })
    },

    /** Problem no_such_spec: it is in her basket no more. */
    async change(me: Member, specId: string, qty: number): Promise<Basket> {
      const spec = await goods.specIn(on, specId)
      const seenFen = spec && (await priceOf(me, spec, qty)).priceFen
      await store.tx(async (tx) => {
        const before = await rows.one(tx, me.id, specId)
        if (!before) throw new Problem('no_such_spec')
        await rows.put(tx, { ...before, qty, seenFen: seenFen ?? before.seenFen })
      })
      return of(me)
    },

    async takeOut(me: Member, specIds: string[]): Promise<Basket> {
      await store.tx((tx) => rows.takeOut(tx, me.id, specIds))
      return of(me)
    },

    /** She has been told what these cost now. */
    async seen(me: Member, { prices }: Body<typeof seenInBasket>) {
      await store.tx(async (tx) => {
        for (const { specId, fen } of prices) await rows.seen(tx, me.id, specId, fen)
      })
      return {}
    },

    /** The rooms in which she put these in; a spec that came from none is missing. */
    async roomsIn(
      on: Tx | Reader,
      memberId: string,
      specIds: readonly string[]
    ): Promise<Map<string, string>> {
      const items = await rows.some(on, memberId, specIds)
      return new Map(items.flatMap(({ specId, showId }) => (showId ? [[specId, showId] as const] : [])))
    },

    /** What was ordered leaves the basket with the order. */
    takeOutIn: rows.takeOut
  }

  /** Everything in it as it stands now, what she put in last first. */
  async function of(me: Member): Promise<Basket> {
    const items = await rows.of(me.id)
    const specIds = items.map(({ specId }) => specId)
    const [specs, prices, kept] = await Promise.all([
      Promise.all(specIds.map((specId) => goods.specIn(on, specId))),
      flashOf(on, specIds, { now: clock.now(), memberId: me.id }),
      offeredTo(me.id, specIds)
    ])
    const known = specs.flatMap((spec) => spec ?? [])
    const named = await shops.shopsByIds(known.map(({ shopId }) => shopId))
    return {
      items: items.map((item, at) => {
        const spec = specs[at]
        if (!spec) return gone(item)
        const { shopId, stock, onSale, grams: _, kind: __, ...words } = spec
        const { name = '', hostName = '' } = named.get(shopId) ?? {}
        const { specId, qty, seenFen, showId } = item
        const left = stock + (kept.get(specId) ?? 0)
        const flash = takeable(prices.get(specId), qty)
        return {
          ...words,
          qty,
          seenFen,
          showId,
          shopId,
          shopName: name,
          hostName,
          left,
          state: standing(qty, { onSale, left }),
          ...(flash && { priceFen: flash.priceFen, flashEndsAt: flash.endsAt })
        }
      })
    }
  }

  async function priceOf(me: Member, spec: SpecFacts, qty: number) {
    const prices = await flashOf(on, [spec.specId], { now: clock.now(), memberId: me.id })
    return takeable(prices.get(spec.specId), qty) ?? spec
  }
}

/** A flash price of which so many are there for her. */
const takeable = (price: FlashPrice | undefined, qty: number) =>
  price && qty <= price.left && qty <= price.perMember ? price : undefined

/** Nobody sells it any more: she may only take it out. */
const gone = ({ specId, qty, seenFen, showId }: ItemRow): BasketItem => ({
  specId,
  productId: '',
  title: '',
  specName: '',
  unit: 'portion',
  photo: '',
  shopId: '',
  shopName: '',
  hostName: '',
  qty,
  priceFen: seenFen,
  seenFen,
  left: 0,
  state: 'off_sale',
  showId
})
