import type { Answer } from '../../shared/contract.ts'
import {
  type myVouchers,
  type MyVoucher,
  orderVouchers,
  refundVoucher,
  VOUCHERS_PAGE
} from '../../shared/contracts/vouchers.ts'
import { call } from '../call.ts'

type Page = Answer<typeof myVouchers>

/** Vouchers as a page shows them, and the one that she holds out. */
export class VoucherBook {
  items = $state.raw<MyVoucher[]>()
  failed = $state.raw<unknown>()
  /** There is no network: it is what this phone kept. */
  stale = $state(false)
  more = $state(false)
  busy = $state(false)
  #shownId = $state('')
  /** The last voucher of the page before the one on which it was found. */
  #before: string | undefined
  shown = $derived(this.items?.find(({ id }) => id === this.#shownId))
  readonly #ask: (after: string | undefined) => Promise<{ value: Page; stale: boolean }>

  constructor(ask: (after: string | undefined) => Promise<{ value: Page; stale: boolean }>) {
    this.#ask = ask
  }

  async load(further = false) {
    this.failed = undefined
    const last = further ? this.items?.at(-1) : undefined
    try {
      const { value, stale } = await this.#ask(last?.id)
      this.items = last ? [...this.items!, ...value.items] : value.items
      this.stale = stale
      this.more = value.items.length === VOUCHERS_PAGE
    } catch (error) {
      this.failed = error
    }
  }

  show(voucher: MyVoucher | undefined) {
    this.#shownId = voucher?.id ?? ''
    this.#before = undefined
  }

  /** What became of the one that she holds out; silent where there is no network. */
  async look() {
    const { shown } = this
    if (!shown || shown.state !== 'open') return
    const params = { orderId: shown.orderId }
    for (let after = this.#before; ;) {
      const { items } = await call(orderVouchers, { params, query: { ...(after && { after }) } })
      for (const item of items) this.#put(item)
      if (this.#shownId !== shown.id) return // she holds out another by now
      this.#before = after
      if (items.length < VOUCHERS_PAGE || items.some(({ id }) => id === shown.id)) return
      after = items.at(-1)!.id
    }
  }

  async giveBack(voucher: MyVoucher) {
    this.busy = true
    try {
      this.#put((await call(refundVoucher, { params: { voucherId: voucher.id } })).voucher)
    } finally {
      this.busy = false
    }
  }

  /** The code on her screen stays the same while it is good: each answer is signed anew. */
  #put(item: MyVoucher) {
    this.items = this.items?.map((old) =>
      old.id === item.id ? { ...item, qr: item.qr && (old.qr || item.qr) } : old
    )
  }
}
