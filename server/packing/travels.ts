import type { TempClass } from '../../shared/contracts/catalogue.ts'
import { arrivesAt, coldestOf, leavesAt } from '../../shared/freight.ts'
import { provinceOf } from '../../shared/provinces.ts'
import type { LineRow, OrderRow } from '../orders/orders.ts'
import type { Reader, Tx } from '../store/store.ts'
import type { Neighbours, Origin } from './neighbours.ts'
import { earliestCutoff, toSend } from './parcel.ts'

/** How one order travels: how cold, when it should leave, how long it is on the road. */
export interface Travel {
  tempClass: TempClass
  cutoffMinute: number
  /** What it waits for comes ashore then; 0: all of it is here. */
  landsAt: number
  leavesAt: number
  /** 0: nobody knows. */
  hours: number
  /** What goes into the box. */
  lines: LineRow[]
  origins: Origin[]
}

export type Travels = ReturnType<typeof openTravels>

/** How orders travel, many at once. */
export function openTravels({
  orders,
  landingsOf,
  cutoffsOf,
  hoursOf
}: Pick<Neighbours, 'orders' | 'landingsOf' | 'cutoffsOf' | 'hoursOf'>) {
  /** By order; those of which nothing is sent are missing. */
  return async function travelsOf(on: Tx | Reader, rows: readonly OrderRow[]): Promise<Map<string, Travel>> {
    const ids = rows.map(({ id }) => id)
    const sent = (await orders.linesIn(on, ids)).filter((line) => line.kind === 'goods')
    const linesOf = Map.groupBy(sent, ({ orderId }) => orderId)
    const landings = await landingsOf(on, ids)
    const cutoffs = await cutoffsOf(
      on,
      sent.map(({ productId }) => productId)
    )
    const hours = await hoursOf(on)
    return new Map(
      rows.flatMap((order) => {
        const lines = linesOf.get(order.id)
        if (!lines) return []
        const inside = lines.filter((line) => toSend(line) > 0)
        const origins = landings.get(order.id) ?? []
        const planned = origins.filter(({ state }) => state === 'planned').map((origin) => origin.landsAt)
        const landsAt = Math.max(0, ...planned)
        const cutoffMinute = earliestCutoff(lines.map(({ productId }) => cutoffs.get(productId) ?? 0))
        const ready = Math.max(order.paidAt ?? order.createdAt, landsAt)
        const travel: Travel = {
          tempClass: coldestOf(inside.length ? inside : lines)!,
          cutoffMinute,
          landsAt,
          leavesAt: leavesAt(cutoffMinute, ready),
          hours: hours[provinceOf(order.deliverTo.region) ?? ''] ?? 0,
          lines: inside,
          origins
        }
        return [[order.id, travel]]
      })
    )
  }
}

/** When it should be there if it leaves when it should, or now where that is over; 0: nobody knows. */
export const guessedArrival = ({ leavesAt: leaves, hours }: Travel, now: number) =>
  hours ? arrivesAt(Math.max(leaves, now), hours) : 0
