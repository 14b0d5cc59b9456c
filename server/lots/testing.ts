import { getProduct } from '../../shared/contracts/catalogue.ts'
import { addLot, type Lot } from '../../shared/contracts/lots.ts'
import type { Body } from '../../shared/contract.ts'
import type { Market } from '../testing/market.ts'
import type { SignedIn } from '../testing/village.ts'
import { lotStore } from './store.ts'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR
export const BAG_GRAMS = 1500

type Draft = Body<typeof addLot>
let keys = 0

/** What suites of landings do with one product of a market: its only spec is a bag of three 斤. */
export function landings(m: Market, goods: { productId: string; specId: string }) {
  const { store } = m.village
  const { productId, specId } = goods

  /** Twenty bags of a hundred and twenty 斤, half of what the boat brought. */
  const draft = (more: Partial<Draft> = {}): Draft => ({
    key: `lot-${String(++keys).padStart(6, '0')}`,
    productId,
    source: 'boat',
    sourceName: '鲁青渔 60123',
    state: 'landed',
    landsAt: m.clock.now(),
    grams: 60_000,
    lines: [bags(20)],
    ...more
  })

  const bags = (qty: number) => ({ specId, qty, grams: BAG_GRAMS })

  async function land(more: Partial<Draft> = {}, who: SignedIn = m.host): Promise<Lot> {
    const { status, json, text } = await who.call(addLot, { body: draft(more) })
    if (status !== 200) throw new Error(text)
    return json.lot
  }

  const product = async () => (await m.host.call(getProduct, { params: { productId } })).json.product

  return {
    draft,
    bags,
    land,
    /** So many bags that come tomorrow. */
    ahead: (qty: number, more: Partial<Draft> = {}) =>
      land({ state: 'planned', landsAt: m.clock.now() + DAY, lines: [bags(qty)], ...more }),
    refused: async (more: Partial<Draft>, who: SignedIn = m.host) =>
      (await who.call(addLot, { body: draft(more) })).json.code,
    product,
    stock: async () => (await product()).specs[0]!.stock,
    /** What the landings say is left of them, the oldest first. */
    left: async () => (await lotStore(store).parts(store.read, specId)).map((part) => part.left)
  }
}
