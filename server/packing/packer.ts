// A server of its own for suites that let several of them pack the same orders; answers what became of each try.
import type { Body } from '../../shared/contract.ts'
import type { packParcels } from '../../shared/contracts/packing.ts'
import { Problem } from '../../shared/problems.ts'
import type { Member } from '../members/member.ts'
import { settableClock } from '../testing/clock.ts'
import { villageAt, type Place } from '../testing/market.ts'
import { onErrand } from '../testing/together.ts'

export interface Errand {
  place: Place
  now: number
  me: Member
  /** Boxes to pack, each asked for by itself, all at the same moment. */
  boxes: Body<typeof packParcels>['boxes']
  /** Parcels to hand to a carrier under a number, or to open again where there is none. */
  ships: { parcelId: string; trackingNo?: string }[]
}

onErrand<Errand, string[]>(async ({ place, now, me, boxes, ships }) => {
  const village = await villageAt(place, settableClock(now))
  const { parcels, deliveries } = village.shop.packing
  return async () => {
    const got = await Promise.all([
      ...boxes.map(async (box) => {
        const { parcels: packed, refused } = await parcels.pack(me, { boxes: [box] })
        return packed[0]?.id ?? refused[0]!.code
      }),
      ...ships.map(({ parcelId, trackingNo }) =>
        (trackingNo === undefined
          ? parcels.unpack(me, parcelId, '装错了')
          : parcels.ship(me, parcelId, { carrier: 'sf', trackingNo })
        ).then(
          ({ state }) => state,
          (error: unknown) => (error instanceof Problem ? error.code : String(error))
        )
      )
    ])
    await deliveries.moveOn()
    await village.close()
    return got
  }
})
