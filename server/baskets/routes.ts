import {
  basketCount,
  changeInBasket,
  getBasket,
  putInBasket,
  seenInBasket,
  takeFromBasket
} from '../../shared/contracts/baskets.ts'
import type { Http } from '../http/http.ts'
import type { Baskets } from './baskets.ts'

export function basketRoutes(http: Http, baskets: Baskets) {
  http.route({ ...getBasket, handler: ({ me }) => baskets.of(me) })
  http.route({ ...basketCount, handler: ({ me }) => baskets.count(me) })
  http.route({ ...takeFromBasket, handler: ({ me, body }) => baskets.takeOut(me, body.specIds) })
  http.route({ ...seenInBasket, handler: ({ me, body }) => baskets.seen(me, body) })
  http.route({ ...putInBasket, handler: ({ me, params, body }) => baskets.put(me, params.specId, body) })
  http.route({
    ...changeInBasket,
    handler: ({ me, params, body }) => baskets.change(me, params.specId, body.qty)
  })
}
