import type { Answer } from '../../shared/contract.ts'
import { getProduct, type Product } from '../../shared/contracts/catalogue.ts'
import type { CouponChoice, PickedCoupon } from '../../shared/contracts/coupons.ts'
import type { Address } from '../../shared/contracts/members.ts'
import {
  MAX_QTY,
  payOrder,
  placeOrder,
  quoteOrder,
  type Order,
  type PayMethod
} from '../../shared/contracts/orders.ts'
import { Problem } from '../../shared/problems.ts'
import { call, Unreachable } from '../call.ts'
import { session } from '../me/session.svelte.ts'
import { cheapest } from '../storefront/goods.ts'
import { keyFor, settled } from './intent.ts'

export type Quote = Answer<typeof quoteOrder>
export type Stage = 'choose' | 'pay' | 'cashier' | 'paid'

/** One purchase: what, how many, with which coupon, where to. One intent has one key, so it becomes one order. */
export class Checkout {
  readonly showId: string | undefined
  stage = $state<Stage>('choose')
  product = $state.raw<Product>()
  specId = $state('')
  qty = $state(1)
  /** Undefined: those that save most. */
  picks = $state.raw<PickedCoupon[]>()
  quote = $state.raw<Quote>()
  address = $state.raw<Address>()
  agreed = $state(false)
  order = $state.raw<Order>()
  paymentId = $state('')
  busy = $state(false)
  /** An order was sent and nothing came back: nothing may change until the same one has been asked again. */
  unsure = $state(false)
  error = $state<unknown>()

  spec = $derived(this.product?.specs.find((spec) => spec.id === this.specId))
  perishable = $derived(
    this.quote?.orders.some(({ lines }) => lines.some((line) => line.perishable)) ?? false
  )
  mayPlace = $derived(!!this.quote && !!this.address && !this.busy && (this.agreed || !this.perishable))
  /** A coupon that would count with a few more: how many to take. */
  hint = $derived.by(() => {
    const { quote, spec } = this
    if (!quote || !spec || quote.discountFen > 0 || this.picks) return undefined
    const near = quote.coupons
      .filter((choice) => choice.reason === 'coupon_below_threshold')
      .toSorted((one, other) => one.missingFen - other.missingFen)[0]
    if (!near) return undefined
    const qty = this.qty + Math.ceil(near.missingFen / spec.priceFen)
    return qty <= Math.min(spec.stock, MAX_QTY) ? { qty, offFen: near.offFen } : undefined
  })
  #asked = 0

  constructor(showId?: string) {
    this.showId = showId
  }

  async open(productId: string) {
    this.error = undefined
    try {
      this.product = (await call(getProduct, { params: { productId } })).product
      this.specId ||= cheapest(this.product)?.id ?? ''
      await this.ask()
    } catch (error) {
      this.error = error
    }
  }

  /** The sum as it stands; only the answer to the newest question counts. */
  async ask() {
    if (!session.me || !this.spec) return
    const mine = ++this.#asked
    try {
      const quote = await call(quoteOrder, {
        body: { lines: this.#lines(), ...(this.picks && { picks: this.picks }) }
      })
      if (mine !== this.#asked) return
      this.quote = quote
      this.address ??= quote.address
      this.error = undefined
    } catch (error) {
      if (mine === this.#asked) this.error = error
    }
  }

  choose(specId: string) {
    this.specId = specId
    this.qty = Math.max(1, Math.min(this.qty, this.spec?.stock ?? 1))
    return this.ask()
  }

  take(qty: number) {
    this.qty = Math.max(1, Math.min(qty, this.spec?.stock ?? 1, MAX_QTY))
    return this.ask()
  }

  /** Another coupon of mine, or none at all. */
  use(choice: CouponChoice | undefined) {
    this.picks = choice ? [{ couponId: choice.couponId, nth: choice.nth }] : []
    return this.ask()
  }

  async place() {
    const { quote, address } = this
    if (!quote || !address || this.busy) return
    const wish = {
      lines: this.#lines().map((line) => ({ ...line, agreed: this.agreed })),
      picks: quote.picks,
      addressId: address.id,
      payFen: quote.payFen,
      ...(this.showId && { showId: this.showId })
    }
    this.busy = true
    this.error = undefined
    try {
      const { bill } = await call(placeOrder, { body: { key: keyFor(wish), ...wish } })
      settled()
      this.unsure = false
      this.order = bill.orders[0]
      this.stage = 'pay'
    } catch (error) {
      this.error = error
      // After “busy” and “broken” the order may stand: only the same key asks for the same order again.
      this.unsure = error instanceof Unreachable || (error instanceof Problem && error.status >= 500)
      if (error instanceof Problem && !this.unsure) {
        settled()
        if (error.code === 'price_changed' || error.code === 'sold_out') void this.#again(error)
      }
    } finally {
      this.busy = false
    }
    // One way to pay needs no question.
    const [only, ...others] = quote.methods
    if (this.stage === 'pay' && only && !others.length) await this.pay(only)
  }

  /** The sandbox stays in the sheet; a real gateway has a page of its own. */
  async pay(method: PayMethod, leave = (address: string) => location.assign(address)) {
    if (!this.order || this.busy) return
    this.busy = true
    this.error = undefined
    try {
      const { payUrl, paymentId } = await call(payOrder, {
        params: { orderId: this.order.id },
        body: { method }
      })
      this.paymentId = paymentId
      if (method === 'sandbox') this.stage = 'cashier'
      else leave(payUrl)
    } catch (error) {
      this.error = error
    } finally {
      this.busy = false
    }
  }

  paid() {
    this.stage = 'paid'
  }

  /** Stock and price as they are now, with the refusal left on the screen. */
  async #again(error: Problem) {
    if (this.product) await this.open(this.product.id)
    if (this.spec) await this.take(this.qty)
    this.error = error
  }

  #lines = () => [{ specId: this.specId, qty: this.qty }]
}
