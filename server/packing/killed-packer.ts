// A server of its own for the suite that kills it: packs box after box, opens some again, and sends each.
import type { Member } from '../members/member.ts'
import { systemClock } from '../clock.ts'
import { villageAt, type Place } from '../testing/market.ts'
import { errandOf } from '../testing/mortal.ts'

export interface Errand {
  place: Place
  me: Member
  /** Boxes that nobody has packed yet are packed so. */
  boxes: string[][]
}

/** So many boxes are opened again before they leave. */
const OPENED = 0.3

const { place, me, boxes } = await errandOf<Errand>()
const village = await villageAt(place, systemClock)
const { parcels } = village.shop.packing
process.send!('ready')

for (const orderIds of boxes) {
  const pack = async () => (await parcels.pack(me, { boxes: [{ orderIds }] })).parcels[0]
  let parcel = await pack()
  if (parcel && Math.random() < OPENED) {
    await parcels.unpack(me, parcel.id, '少放了冰')
    parcel = await pack()
  }
  // What was sent before the last server died is refused, and so is no parcel here.
  if (!parcel) continue
  const trackingNo = `SF${parcel.code.slice(2).padStart(13, '0')}`
  await parcels.ship(me, parcel.id, { carrier: 'sf', trackingNo })
}
process.send!('done')
