import {
  claimByCode,
  claimCoupon,
  counterCoupons,
  myCoupons,
  type CouponCard,
  type MyCoupon
} from '../../shared/contracts/coupons.ts'
import { call } from '../call.ts'

/** My coupons, and those of the union that hang at its counter. */
export class Pocket {
  mine = $state.raw<MyCoupon[]>()
  counter = $state.raw<CouponCard[]>([])
  failed = $state.raw<unknown>()
  /** The coupon, or the word, that is being asked for. */
  busy = $state('')
  /** Of the union's what she does not have her share of yet. */
  open = $derived(
    this.counter.filter(
      ({ id, perMember }) => (this.mine?.filter(({ coupon }) => coupon.id === id).length ?? 0) < perMember
    )
  )

  async load() {
    this.failed = undefined
    try {
      const [mine, counter] = await Promise.all([call(myCoupons), call(counterCoupons)])
      // What can be used first, then the rest as it came.
      this.mine = mine.items.toSorted((one, other) => Number(useful(other)) - Number(useful(one)))
      this.counter = counter.items
    } catch (error) {
      this.failed = error
    }
  }

  claim = (coupon: CouponCard) =>
    this.#ask(coupon.id, async () => {
      await call(claimCoupon, { params: { couponId: coupon.id } })
      return coupon
    })

  /** 口令. */
  say = (code: string) => this.#ask(code, async () => (await call(claimByCode, { body: { code } })).coupon)

  async #ask(what: string, claim: () => Promise<CouponCard>) {
    this.busy = what
    try {
      return await claim()
    } finally {
      this.busy = ''
      await this.load()
    }
  }
}

const useful = ({ state, reason }: MyCoupon) => state === 'usable' && !reason
