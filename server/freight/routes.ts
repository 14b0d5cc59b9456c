import {
  addFreight,
  changeFreight,
  dropFreight,
  liftWeather,
  listRoads,
  listWeather,
  myFreight,
  productDelivery,
  sayWeather,
  setRoad
} from '../../shared/contracts/freight.ts'
import type { Http } from '../http/http.ts'
import type { Freight } from './freight.ts'

export function freightRoutes(http: Http, { templates, weather, roads, deliveryOf }: Freight) {
  http.route({ ...myFreight, handler: async ({ me }) => ({ items: await templates.mine(me) }) })
  http.route({
    ...addFreight,
    handler: async ({ me, body }) => ({ template: await templates.add(me, body) })
  })
  http.route({
    ...changeFreight,
    handler: async ({ me, params, body }) => ({
      template: await templates.change(me, params.freightId, body.version, body.template)
    })
  })
  http.route({
    ...dropFreight,
    handler: async ({ me, params }) => {
      await templates.drop(me, params.freightId)
      return {}
    }
  })
  http.route({
    ...productDelivery,
    handler: ({ member, params }) => deliveryOf(member, params.productId)
  })
  http.route({ ...listWeather, handler: async () => ({ items: await weather.list() }) })
  http.route({ ...sayWeather, handler: async ({ me, body }) => ({ notice: await weather.say(me, body) }) })
  http.route({
    ...liftWeather,
    handler: async ({ me, params }) => {
      await weather.lift(me, params.noticeId)
      return {}
    }
  })
  http.route({ ...listRoads, handler: () => roads.list() })
  http.route({ ...setRoad, handler: ({ me, body }) => roads.set(me, body.province, body.hours) })
}
