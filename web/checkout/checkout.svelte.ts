import { SvelteSet } from 'svelte/reactivity'
import type { Answer } from '../../shared/contract.ts'
import type { CouponChoice, PickedCoupon } from '../../shared/contracts/coupons.ts'
import type { Address } from '../../shared/contracts/members.ts'
import {
  payOrder,
  placeOrder,
  quoteOrder,
  type Bill,
  type PayMethod,
  type QuotedLine
} from '../../shared/contracts/orders.ts'
import { Refusal } from '../../shared/refusal.ts'
import { call, Unreachable } from '../call.ts'
import { session } from '../me/session.svelte.ts'
import { keyFor, settled } from './intent.ts'
import { isCode, waysOn } from './pay-place.ts'

export type Quote = Answer<typeof quoteOrder>
export type Stage = 'choose' | 'pay' | 'cashier' | 'scan' | 'paid'

/** So many of one spec. */
export interface Wanted {
  specId: string
  qty: number
}

/** Something is different from what she saw: the screen shows how it is now before she agrees to it. */
const NEWS = new Set([
  'price_changed',
  'sold_out',
  'flash_over',
  'sold_ahead',
  'not_delivered',
  'product_off_sale',
  'coupon_used',
  'coupon_over',
  'coupon_budget_gone'
])

/** One bill: what, with which coupons, where to. One intent has one key, so it becomes one bill. */
export class Checkout {
  readonly showId: string | undefined
  readonly fromBasket: boolean
  stage = $state<Stage>('choose')
  lines = $state.raw<Wanted[]>([])
  /** Undefined: those that save most. */
  picks = $state.raw<PickedCoupon[]>()
  quote = $state.raw<Quote>()
  address = $state.raw<Address>()
  /** Fresh lines that she ticked, one by one. */
  readonly agreed = new SvelteSet<string>()
  bill = $state.raw<Bill>()
  paymentId = $state('')
  /** What she scans with another phone, where one pays so. */
  code = $state('')
  busy = $state(false)
  /** An order was sent and nothing came back: nothing may change until the same one has been asked again. */
  unsure = $state(false)
  error = $state<unknown>()

  locked = $derived(this.busy || this.unsure)
  quoted = $derived(this.quote?.orders.flatMap(({ lines }) => lines) ?? [])
  fresh = $derived(this.quoted.filter((line) => line.perishable))
  unticked = $derived(this.fresh.filter(({ specId }) => !this.agreed.has(specId)))
  /** What can't be sent to where she wants it. */
  undelivered = $derived(this.quote?.orders.flatMap(({ delivery }) => delivery?.refused ?? []) ?? [])
  unclear = $derived(this.quote?.orders.some(({ delivery }) => delivery?.unclear) ?? false)
  addressed = $derived(!!this.address || this.quote?.addressNeeded === false)
  mayPlace = $derived(
    !!this.quote &&
      !this.busy &&
      this.addressed &&
      !this.unticked.length &&
      !this.undelivered.length &&
      !this.unclear
  )
  #asked = 0

  constructor({ showId, fromBasket = false }: { showId?: string | undefined; fromBasket?: boolean } = {}) {
    this.showId = showId
    this.fromBasket = fromBasket
  }

  /** The sum as it stands; only the answer to the newest question counts. */
  async ask() {
    if (!session.me || !this.lines.length) return
    const mine = ++this.#asked
    const { lines, picks, address } = this
    try {
      const quote = await call(quoteOrder, {
        body: { lines, ...(picks && { picks }), ...(address && { addressId: address.id }) }
      })
      if (mine !== this.#asked) return
      this.quote = quote
      this.address ??= quote.address
      this.error = undefined
    } catch (error) {
      if (mine !== this.#asked) return
      this.error = error
      // What she picked does not go together any more: the best ones do.
      if (error instanceof Refusal && error.code.startsWith('coupon') && picks) {
        this.picks = undefined
        await this.ask()
      }
    }
  }

  buy(lines: Wanted[]) {
    this.lines = lines
    return this.ask()
  }

  sendTo(address: Address) {
    this.address = address
    return this.ask()
  }

  /** Another coupon of mine in the place of one of the same shop, or of the union's. */
  use({ couponId, nth, coupon }: CouponChoice) {
    this.picks = [...this.#othersThan(coupon.shopId), { couponId, nth }]
    return this.ask()
  }

  /** None of this shop's coupons, or none of the union's. */
  useNone(shopId: string) {
    this.picks = this.#othersThan(shopId)
    return this.ask()
  }

  tick(specId: string, on: boolean) {
    if (on) this.agreed.add(specId)
    else this.agreed.delete(specId)
  }

  async place() {
    const { quote, address } = this
    if (!quote || !this.mayPlace) return
    const wish = {
      lines: this.quoted.map((line) => wishOf(line, this.agreed.has(line.specId))),
      picks: quote.picks,
      ...(quote.addressNeeded && address && { addressId: address.id }),
      payFen: quote.payFen,
      ...(this.showId && { showId: this.showId }),
      ...(this.fromBasket && { fromBasket: true })
    }
    this.busy = true
    this.error = undefined
    try {
      const { bill } = await call(placeOrder, { body: { key: keyFor(wish), ...wish } })
      settled()
      this.unsure = false
      this.bill = bill
      this.stage = bill.state === 'paid' ? 'paid' : 'pay'
    } catch (error) {
      this.error = error
      // After “busy” and “broken” the order may stand: only the same key asks for the same order again.
      this.unsure = error instanceof Unreachable || (error instanceof Refusal && error.status >= 500)
      if (error instanceof Refusal && !this.unsure) {
        settled()
        if (NEWS.has(error.code)) void this.again(error)
      }
    } finally {
      this.busy = false
    }
    // One way to pay needs no question.
    const [only] = quote.methods.length === 1 ? waysOn(navigator.userAgent, quote.methods).here : []
    if (this.stage === 'pay' && only) await this.pay(only)
  }

  /** The sandbox and a code to scan stay in the sheet; other gateways have a page of their own. */
  async pay(method: PayMethod, leave = (address: string) => location.assign(address)) {
    if (!this.bill || this.busy) return
    this.busy = true
    this.error = undefined
    try {
      const { payUrl, paymentId } = await call(payOrder, {
        params: { orderId: this.bill.id },
        body: { method }
      })
      this.paymentId = paymentId
      this.code = isCode(payUrl) ? payUrl : ''
      if (method === 'sandbox') this.stage = 'cashier'
      else if (this.code) this.stage = 'scan'
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
  protected async again(error: Refusal) {
    await this.ask()
    this.error ??= error
  }

  /** The coupons that count now, without those of one shop (or, without a name, the union's). */
  #othersThan(shopId: string): PickedCoupon[] {
    const slotOf = new Map(
      this.quote?.coupons.map(({ couponId, coupon }) => [couponId, coupon.shopId] as const)
    )
    return (this.quote?.picks ?? []).filter(({ couponId }) => slotOf.get(couponId) !== shopId)
  }
}

/** What she saw is what is ordered: at that flash price, sold ahead, ticked. */
const wishOf = ({ specId, qty, flashId, ahead, perishable }: QuotedLine, agreed: boolean) => ({
  specId,
  qty,
  ...(flashId && { flashId }),
  ...(ahead && { ahead: true }),
  ...(perishable && { agreed })
})
