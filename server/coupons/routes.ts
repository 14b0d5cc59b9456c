import {
  addShopBudget,
  addUnionBudget,
  budgetsOfShow,
  changeShopBudget,
  changeUnionBudget,
  claimByCode,
  claimCoupon,
  counterCoupons,
  dropCoupon,
  giveUnionCoupon,
  myCoupons,
  shopBudgets,
  shopCoupons,
  unionBudgets,
  unionCoupons,
  watchOn
} from '../../shared/contracts/coupons.ts'
import type { Http } from '../http/http.ts'
import { UNION } from './budgets.ts'
import type { Coupons } from './coupons.ts'

export function couponRoutes(http: Http, coupons: Coupons) {
  const { budgets } = coupons
  http.route({
    ...dropCoupon,
    handler: async ({ me, params, body }) => ({ coupon: await coupons.drop(me, params.showId, body) })
  })
  http.route({ ...claimCoupon, handler: ({ me, params }) => coupons.claimFor(me, params.couponId) })
  http.route({ ...claimByCode, handler: ({ me, body }) => coupons.claimByWord(me, body.code) })
  http.route({
    ...watchOn,
    handler: async ({ me, params }) => ({ ms: await coupons.watchOn(me, params.showId) })
  })
  http.route({ ...counterCoupons, handler: async () => ({ items: await coupons.counter() }) })
  http.route({ ...myCoupons, handler: async ({ me }) => ({ items: await coupons.mine(me) }) })
  http.route({
    ...budgetsOfShow,
    handler: async ({ me, params }) => ({ items: await coupons.budgetsFor(me, params.showId) })
  })

  http.route({ ...shopCoupons, handler: async ({ me }) => ({ items: await coupons.ofMyShop(me) }) })
  http.route({
    ...shopBudgets,
    handler: async ({ me }) => ({ items: await budgets.list(await coupons.myPurse(me)) })
  })
  http.route({
    ...addShopBudget,
    handler: async ({ me, body }) => ({ budget: await budgets.add(me, await coupons.myPurse(me), body) })
  })
  http.route({
    ...changeShopBudget,
    handler: async ({ me, params, body }) => ({
      budget: await budgets.change(me, await coupons.myPurse(me), params.budgetId, body)
    })
  })

  http.route({ ...unionCoupons, handler: async () => ({ items: await coupons.ofUnion() }) })
  http.route({
    ...giveUnionCoupon,
    handler: async ({ me, body }) => ({ coupon: await coupons.give(me, body) })
  })
  http.route({ ...unionBudgets, handler: async () => ({ items: await budgets.list(UNION) }) })
  http.route({
    ...addUnionBudget,
    handler: async ({ me, body }) => ({ budget: await budgets.add(me, UNION, body) })
  })
  http.route({
    ...changeUnionBudget,
    handler: async ({ me, params, body }) => ({
      budget: await budgets.change(me, UNION, params.budgetId, body)
    })
  })
}
