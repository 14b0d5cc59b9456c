import { getProduct, type Product } from '../../shared/contracts/catalogue.ts'
import { MAX_QTY } from '../../shared/contracts/orders.ts'
import type { Refusal } from '../../shared/refusal.ts'
import { call } from '../call.ts'
import { session } from '../me/session.svelte.ts'
import { waits } from '../me/waits.svelte.ts'
import { cheapest } from '../storefront/goods.ts'
import { Checkout } from './checkout.svelte.ts'

/** The cheapest of a voucher is for a child: nobody should buy that without looking. So its shop's order counts. */
const first = (product: Product) =>
  (product.kind === 'voucher' && product.specs.find(({ stock }) => stock > 0)) || cheapest(product)

/** Buying one thing, as in a room: which spec, how many. */
export class Buying extends Checkout {
  product = $state.raw<Product>()
  specId = $state('')
  qty = $state(1)

  spec = $derived(this.product?.specs.find((spec) => spec.id === this.specId))
  /** The line as it was quoted. */
  line = $derived(this.quoted.find(({ specId }) => specId === this.specId))
  /** A coupon that would count with a few more: how many to take. */
  hint = $derived.by(() => {
    const { quote, spec } = this
    if (!quote || !spec || quote.discountFen > 0 || this.picks) return undefined
    const near = quote.coupons
      .filter((choice) => choice.reason === 'coupon_below_threshold')
      .toSorted((one, other) => one.missingFen - other.missingFen)[0]
    if (!near) return undefined
    const qty = this.qty + Math.ceil(near.missingFen / spec.priceFen)
    return qty <= Math.min(this.#there, MAX_QTY) ? { qty, coupon: near.coupon } : undefined
  })

  async open(productId: string) {
    this.error = undefined
    try {
      const { product } = await call(getProduct, { params: { productId } })
      const soldOut = product.specs.filter(({ stock }) => stock === 0)
      // What is sold out may be kept for her, who has waited for it: then it is what she came for.
      if (soldOut.length && session.me) await waits.load().catch(() => {})
      this.product = product
      this.specId ||= (soldOut.find(({ id }) => waits.kept(id)) ?? first(product))?.id ?? ''
      await this.#wish()
    } catch (error) {
      this.error = error
    }
  }

  choose(specId: string) {
    this.specId = specId
    return this.take(this.qty)
  }

  take(qty: number) {
    this.qty = Math.max(1, Math.min(qty, this.#there, MAX_QTY))
    return this.#wish()
  }

  protected override async again(error: Refusal) {
    if (this.product) await this.open(this.product.id)
    if (this.spec) await this.take(this.qty)
    this.error ??= error
  }

  /** On the shelf or kept for her. */
  get #there() {
    return this.spec ? this.spec.stock + waits.kept(this.spec.id) : 1
  }

  async #wish() {
    if (this.spec && this.#there) await this.buy([{ specId: this.specId, qty: this.qty }])
  }
}
