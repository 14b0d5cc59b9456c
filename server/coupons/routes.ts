import { claimCoupon, dropCoupon, myCoupons } from '../../shared/contracts/coupons.ts'
import type { Http } from '../http/http.ts'
import type { Coupons } from './coupons.ts'

export function couponRoutes(http: Http, coupons: Coupons) {
  http.route({
    ...dropCoupon,
    handler: async ({ me, params, body }) => ({ coupon: await coupons.drop(me, params.showId, body) })
  })
  http.route({ ...claimCoupon, handler: ({ me, params }) => coupons.claimFor(me, params.couponId) })
  http.route({ ...myCoupons, handler: async ({ me }) => ({ items: await coupons.mine(me) }) })
}
