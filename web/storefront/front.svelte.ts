import { listShops, searchProducts, type Product, type ShopCard } from '../../shared/contracts/catalogue.ts'
import { listClasses, type ClassCard } from '../../shared/contracts/class-card.ts'
import { listShows, type ShowCard } from '../../shared/contracts/live.ts'
import { call } from '../call.ts'

export interface FrontData {
  live: ShowCard[]
  coming: ShowCard[]
  replay: ShowCard[]
  products: Product[]
  shops: ShopCard[]
  classes: ClassCard[]
}

/** A show that begins is on an open page within three seconds. */
const LOOK_MS = 2_500
/** A server that does not answer is asked less and less often, up to this. */
const LONGEST_LOOK_MS = 20_000
const SHOPS_OF_MORNING = 12

const ids = (shows: ShowCard[]) => shows.map((show) => show.id).join(' ')

/** The storefront: who is on air, what was caught, who sells. */
export class Front {
  data = $state.raw<FrontData>()
  error = $state<unknown>()
  goods = $derived(this.data?.products.filter((product) => product.kind === 'goods') ?? [])
  vouchers = $derived(this.data?.products.filter((product) => product.kind === 'voucher') ?? [])
  next = $derived(this.data?.coming[0])
  #timer: ReturnType<typeof setTimeout> | undefined
  #waitMs = LOOK_MS

  constructor(first?: FrontData) {
    this.data = first
  }

  async load() {
    this.error = undefined
    try {
      const [live, coming, replay, products, shops, classes] = await Promise.all([
        call(listShows, { query: { state: 'live' } }),
        call(listShows, { query: { state: 'coming' } }),
        call(listShows, { query: { state: 'replay' } }),
        call(searchProducts),
        call(listShops),
        call(listClasses)
      ])
      this.data = {
        live: live.items,
        coming: coming.items,
        replay: replay.items,
        products: products.items,
        shops: shops.items.slice(0, SHOPS_OF_MORNING),
        classes: classes.items
      }
    } catch (error) {
      this.error = error
    }
  }

  /** Looks who is on air while somebody looks at the page. Answers the way to stop. */
  watch() {
    const seen = () => {
      clearTimeout(this.#timer)
      if (!document.hidden) void this.#look()
    }
    document.addEventListener('visibilitychange', seen)
    this.#timer = setTimeout(seen, LOOK_MS)
    return () => {
      clearTimeout(this.#timer)
      document.removeEventListener('visibilitychange', seen)
    }
  }

  async #look() {
    try {
      await this.look()
      this.#waitMs = LOOK_MS
    } catch {
      this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_LOOK_MS)
    }
    clearTimeout(this.#timer)
    if (!document.hidden) this.#timer = setTimeout(() => void this.#look(), this.#waitMs)
  }

  /** Asks who is on air; only when that changed are the coming shows and the replays asked for too. */
  async look() {
    if (!this.data) return this.load()
    const { items: live } = await call(listShows, { query: { state: 'live' } })
    if (ids(live) === ids(this.data.live)) {
      this.data = { ...this.data, live }
      return
    }
    const [coming, replay] = await Promise.all([
      call(listShows, { query: { state: 'coming' } }),
      call(listShows, { query: { state: 'replay' } })
    ])
    this.data = { ...this.data, live, coming: coming.items, replay: replay.items }
  }
}
