import {
  gateBundle,
  gateLog,
  gateShops,
  myVouchers,
  orderVouchers,
  redeemVoucher,
  refundVoucher,
  syncRedemptions,
  undoRedemption
} from '../../shared/contracts/vouchers.ts'
import type { Http } from '../http/http.ts'
import type { Gates } from './gates.ts'
import type { Vouchers } from './vouchers.ts'

export function voucherRoutes(http: Http, { vouchers, gates }: { vouchers: Vouchers; gates: Gates }) {
  http.route({ ...myVouchers, handler: async ({ me, query }) => ({ items: await vouchers.mine(me, query) }) })
  http.route({
    ...orderVouchers,
    handler: async ({ me, params, query }) => ({
      items: await vouchers.ofOrder(me, params.orderId, query.after)
    })
  })
  http.route({
    ...refundVoucher,
    handler: async ({ me, params }) => ({ voucher: await vouchers.giveBack(me, params.voucherId) })
  })

  http.route({ ...gateShops, handler: async ({ me }) => ({ items: await gates.shops(me) }) })
  http.route({ ...gateBundle, handler: ({ me, query }) => gates.bundle(me, query) })
  http.route({
    ...redeemVoucher,
    handler: async ({ me, body }) => ({ tried: await gates.redeem(me, body) })
  })
  http.route({ ...syncRedemptions, handler: ({ me, body }) => gates.sync(me, body) })
  http.route({
    ...undoRedemption,
    handler: async ({ me, params, body }) => ({
      tried: await gates.undo(me, params.redemptionId, body.shopId, body.words)
    })
  })
  http.route({ ...gateLog, handler: async ({ me, query }) => ({ items: await gates.log(me, query) }) })
}
