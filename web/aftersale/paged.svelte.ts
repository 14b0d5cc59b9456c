import { AFTERSALE_PAGE } from '../../shared/contracts/aftersale.ts'

/** A list that comes in pages. The answer to an older question changes nothing. */
export class Paged<Item> {
  items = $state.raw<Item[]>()
  failed = $state.raw<unknown>()
  more = $state(false)
  #asked = 0
  readonly #ask: (after: string | undefined) => Promise<{ items: Item[] }>
  readonly #idOf: (item: Item) => string
  readonly #page: number

  /** `page`: as many as the server answers at once. */
  constructor(
    ask: (after: string | undefined) => Promise<{ items: Item[] }>,
    idOf: (item: Item) => string,
    page = AFTERSALE_PAGE
  ) {
    this.#ask = ask
    this.#idOf = idOf
    this.#page = page
  }

  async load(older = false) {
    const asking = ++this.#asked
    this.failed = undefined
    const last = older ? this.items?.at(-1) : undefined
    if (!last) this.items = undefined
    try {
      const { items } = await this.#ask(last && this.#idOf(last))
      if (asking !== this.#asked) return
      this.items = last ? [...(this.items ?? []), ...items] : items
      this.more = items.length >= this.#page
    } catch (error) {
      if (asking === this.#asked) this.failed = error
    }
  }

  /** One of them was dealt with, and is no longer of this list. */
  drop(id: string) {
    this.items = this.items?.filter((item) => this.#idOf(item) !== id)
  }

  /** One of them looks different now. */
  put(item: Item) {
    this.items = this.items?.map((each) => (this.#idOf(each) === this.#idOf(item) ? item : each))
  }
}
