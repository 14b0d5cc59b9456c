import {
  correctParcel,
  findParcel,
  listParcels,
  myDelivery,
  packingShops,
  packingStation,
  packParcels,
  receiveOrder,
  shipParcel,
  unpackParcel,
  waitForParcel,
  weighParcel
} from '../../shared/contracts/packing.ts'
import type { Http } from '../http/http.ts'
import type { Deliveries } from './deliveries.ts'
import type { Parcels } from './parcels.ts'

export function packingRoutes(
  http: Http,
  { parcels, deliveries }: { parcels: Parcels; deliveries: Deliveries }
) {
  http.route({ ...packingShops, handler: ({ me }) => parcels.shops(me) })
  http.route({ ...packingStation, handler: ({ me, query }) => parcels.station(me, query.shopId) })
  http.route({ ...packParcels, handler: ({ me, body }) => parcels.pack(me, body) })
  http.route({ ...listParcels, handler: ({ me, query }) => parcels.list(me, query) })
  http.route({
    ...findParcel,
    handler: async ({ me, query }) => ({ parcel: await parcels.find(me, query.text) })
  })
  http.route({
    ...shipParcel,
    handler: async ({ me, params, body }) => ({ parcel: await parcels.ship(me, params.parcelId, body) })
  })
  http.route({
    ...correctParcel,
    handler: async ({ me, params, body }) => ({ parcel: await parcels.correct(me, params.parcelId, body) })
  })
  http.route({
    ...weighParcel,
    handler: async ({ me, params, body }) => ({
      parcel: await parcels.weigh(me, params.parcelId, body.grams)
    })
  })
  http.route({
    ...unpackParcel,
    handler: async ({ me, params, body }) => ({
      parcel: await parcels.unpack(me, params.parcelId, body.words)
    })
  })

  http.route({
    ...myDelivery,
    handler: async ({ me, params }) => shown(await deliveries.mine(me, params.orderId))
  })
  http.route({
    ...receiveOrder,
    handler: async ({ me, params }) => shown(await deliveries.receive(me, params.orderId))
  })
  http.route({
    ...waitForParcel,
    handler: async ({ me, params }) => shown(await deliveries.wait(me, params.orderId))
  })
}

const shown = <T>(delivering: T | undefined) => (delivering === undefined ? {} : { delivering })
