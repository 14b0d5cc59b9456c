import { provinceOf } from '../../shared/provinces.ts'
import type { Http } from '../http/http.ts'
import { openDeliveries } from './deliveries.ts'
import type { Neighbours } from './neighbours.ts'
import { openParcels } from './parcels.ts'
import { packingRoutes } from './routes.ts'
import { openTravels } from './travels.ts'

export type Packing = ReturnType<typeof openPacking>

/** 打包: from a paid order to a box that somebody has in her hands. */
export function openPacking({ http, ...ground }: Neighbours & { http: Http }) {
  const travelsOf = openTravels(ground)
  const parcels = openParcels({
    ...ground,
    travelsOf,
    hoursIn: async (on, region) => (await ground.hoursOf(on))[provinceOf(region) ?? ''] ?? 0
  })
  const deliveries = openDeliveries({ ...ground, travelsOf })
  packingRoutes(http, { parcels, deliveries })
  return { parcels, deliveries }
}
