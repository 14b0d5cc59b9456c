import { SvelteSet } from 'svelte/reactivity'
import {
  changeInBasket,
  getBasket,
  putInBasket,
  seenInBasket,
  takeFromBasket,
  type Basket as BasketAnswer,
  type BasketItem
} from '../../shared/contracts/baskets.ts'
import { MAX_QTY } from '../../shared/contracts/orders.ts'
import { call } from '../call.ts'
import { session } from '../me/session.svelte.ts'
import { inBasket } from './in-basket.svelte.ts'

/** What may have changed is asked again so often while somebody looks. */
const LOOK_MS = 15_000

/** Puts so many into her basket, after she has signed in; false when she would not. */
export async function putIn(specId: string, qty: number, showId?: string): Promise<boolean> {
  if (!(await session.need())) return false
  const { count } = await call(putInBasket, { params: { specId }, body: { qty, ...(showId && { showId }) } })
  inBasket.set(count)
  return true
}

/** 购物车: what she means to buy, shop by shop, and what has changed since she put it in. */
export class Basket {
  items = $state.raw<BasketItem[]>()
  error = $state<unknown>()
  busy = $state(false)
  /** What she does not want to buy this time. */
  readonly left = new SvelteSet<string>()

  shops = $derived(
    [...Map.groupBy(this.items ?? [], ({ shopId }) => shopId)].map(([shopId, items]) => {
      return { shopId, shopName: items[0]!.shopName, hostName: items[0]!.hostName, items }
    })
  )
  buyable = $derived((this.items ?? []).filter(({ state }) => state === 'ok'))
  chosen = $derived(this.buyable.filter(({ specId }) => !this.left.has(specId)))
  /** Without coupons and freight, which only the next page knows. */
  goodsFen = $derived(this.chosen.reduce((sum, { qty, priceFen }) => sum + qty * priceFen, 0))
  /** Cannot be bought any more. */
  gone = $derived((this.items ?? []).filter(({ state }) => state === 'sold_out' || state === 'off_sale'))
  #asked = 0

  async load() {
    const mine = ++this.#asked
    this.error = undefined
    try {
      const answer = await call(getBasket)
      if (mine === this.#asked) this.#take(answer)
    } catch (error) {
      if (mine === this.#asked) this.error = error
    }
  }

  /** Looks again from time to time, and at the moment at which a flash price is over. */
  watch(): () => void {
    const look = () => {
      if (!document.hidden && !this.busy && session.me) void this.load()
    }
    const timer = setInterval(look, LOOK_MS)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }

  change = ({ specId, left }: BasketItem, qty: number) =>
    this.#do(() =>
      call(changeInBasket, {
        params: { specId },
        body: { qty: Math.max(1, Math.min(qty, MAX_QTY, left || MAX_QTY)) }
      })
    )

  takeOut = (specIds: string[]) => this.#do(() => call(takeFromBasket, { body: { specIds } }))

  choose(specIds: string[], on: boolean) {
    for (const specId of specIds) {
      if (on) this.left.delete(specId)
      else this.left.add(specId)
    }
  }

  /** The new prices were on her screen: next time they are no news. */
  async seen() {
    const prices = (this.items ?? [])
      .filter(({ priceFen, seenFen, productId }) => productId && priceFen !== seenFen)
      .map(({ specId, priceFen }) => ({ specId, fen: priceFen }))
    if (prices.length) await call(seenInBasket, { body: { prices } }).catch(() => {}) // then it is news again
  }

  async #do(ask: () => Promise<BasketAnswer>) {
    if (this.busy) return
    this.busy = true
    const mine = ++this.#asked
    this.error = undefined
    try {
      const answer = await ask()
      if (mine === this.#asked) this.#take(answer)
    } catch (error) {
      this.error = error
    } finally {
      this.busy = false
    }
  }

  #take({ items }: BasketAnswer) {
    this.items = items
    inBasket.set(items.length)
  }
}
