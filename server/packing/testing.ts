import { packingStation, packParcels, shipParcel, type Parcel } from '../../shared/contracts/packing.ts'
import { payOrder } from '../../shared/contracts/orders.ts'
import { playSandbox } from '../../shared/contracts/payments.ts'
import type { Body } from '../../shared/contract.ts'
import type { Market } from '../testing/market.ts'
import type { SignedIn } from '../testing/village.ts'

/** No two pay at the same moment. */
const SECOND_MS = 1_000

let numbers = 0
/** A number that no parcel has yet. */
export const aNumber = () => `SF${String(++numbers).padStart(13, '0')}`

/** What suites of packing do with orders of a market. */
export function packers(m: Market) {
  const pay = async (orderId: string, who = m.buyer) => {
    const { json } = await who.call(payOrder, { params: { orderId }, body: { method: 'sandbox' } })
    await who.call(playSandbox, { params: { paymentId: json.paymentId }, body: { outcome: 'paid' } })
  }

  /** An order that is paid for. */
  async function bought(more: Parameters<Market['order']>[0] = {}, who: SignedIn = m.buyer) {
    const order = await m.order(more, who)
    m.clock.pass(SECOND_MS)
    await pay(order.id, who)
    return order.id
  }

  const pack = async (boxes: string[][], who = m.host) => {
    const body = { boxes: boxes.map((orderIds) => ({ orderIds })) }
    return (await who.call(packParcels, { body })).json
  }

  return {
    pay,
    bought,
    pack,
    station: async (who = m.host, query = {}) => (await who.call(packingStation, { query })).json,
    packed: async (...orderIds: string[]): Promise<Parcel> => {
      const { parcels, refused } = await pack([orderIds])
      if (!parcels[0]) throw new Error(`not packed: ${JSON.stringify(refused)}`)
      return parcels[0]
    },
    ship: (parcelId: string, more: Partial<Body<typeof shipParcel>> = {}, who = m.host) =>
      who.call(shipParcel, {
        params: { parcelId },
        body: { carrier: 'sf', trackingNo: aNumber(), ...more }
      }),
    stateOf: async (orderId: string) => (await m.village.orders.rowIn(m.village.store.read, orderId))?.state
  }
}
