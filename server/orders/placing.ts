import type { Body } from '../../shared/contract.ts'
import { MAX_BILL_SHOPS, type placeOrder } from '../../shared/contracts/orders.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Tell } from '../live/rooms.ts'
import type { Member } from '../members/member.ts'
import { newId } from '../store/id.ts'
import type { Store, Tx } from '../store/store.ts'
import type { Moves } from './moves.ts'
import type { Neighbours } from './neighbours.ts'
import {
  begins,
  billSumsOf,
  byShop,
  isSent,
  maskedName,
  MAX_SUM_FEN,
  sumsOf,
  withOffs,
  type Sums
} from './order.ts'
import { atFlash, forCoupons, sendingOf, type Priced } from './priced.ts'
import { orderStore, type ChangeRow, type LineRow, type OrderRow } from './store.ts'
import type { DeliverTo } from './tables.ts'

/** What one buyer holds and has not paid: more would be everybody else's goods, a quarter of an hour at a time. */
export const MAX_UNPAID = 10

type Wish = Body<typeof placeOrder>

/** An order as it was written, for who wants to show it without asking again. */
export interface Placed {
  order: OrderRow
  lines: LineRow[]
  changes: ChangeRow[]
}

/** Where nothing is sent. */
const NOWHERE: DeliverTo = { receiver: '', phone: '', region: '', detail: '' }

/** Makes one order of each shop of a wish, under one bill. */
export function openPlacing({
  store,
  clock,
  goods,
  coupons,
  members,
  payments,
  sells,
  flash,
  freight,
  lots,
  baskets,
  moves
}: { store: Store; clock: Clock; moves: Pick<Moves, 'noteIn' | 'tellDesk' | 'ran'> } & Pick<
  Neighbours,
  'goods' | 'coupons' | 'members' | 'payments' | 'sells' | 'flash' | 'freight' | 'lots' | 'baskets'
>) {
  const rows = orderStore(store)

  return {
    /** All of it in one unit, or nothing. Answers the bill's orders, the first first; her key's, when there are any. */
    async placeIn(
      tx: Tx,
      tell: Tell,
      me: Member,
      { key, lines, picks = [], addressId, payFen, fromBasket = false }: Wish,
      rooms: ReadonlyMap<string, string>
    ): Promise<Placed[] | 'placed'> {
      if (await rows.byKey(tx, me.id, key)) return 'placed'
      if ((await rows.unpaid(tx, me.id)) >= MAX_UNPAID) throw new Problem('too_many_unpaid')
      const now = clock.now()
      const billId = newId(now)
      const freed = await lots.takeOffersIn(tx, me.id, billId, lines)
      const held = await goods.holdIn(tx, lines)
      const prices = await flash.takeIn(tx, { memberId: me.id, lines: held.map(meant(lines)) })
      const orders = byShop(atFlash(held, prices))
      refuseTooManyShops(orders)
      const agreed = new Set(lines.flatMap((line) => (line.agreed ? [line.specId] : [])))
      const unticked = held.find((line) => line.perishable && !agreed.has(line.specId))
      if (unticked) throw new Problem('tick_perishable', { specId: unticked.specId })
      const deliverTo = await whereTo(tx, me, held, addressId)
      const ahead = lines.flatMap((line) => (line.ahead ? [line.specId] : []))
      const readyAt = await landsAt(tx, ahead)
      const fees: number[] = []
      for (const order of orders) fees.push(await feeIn(tx, order, deliverTo, readyAt))
      const offs = picks.length
        ? await coupons.useIn(tx, { memberId: me.id, billId, picks, orders: forCoupons(orders) })
        : []
      const billed = orders.map(({ shopId, lines: hers }, at) => {
        const withOff = withOffs(hers, offs[at] ?? [])
        return { shopId, lines: withOff, used: offs[at] ?? [], ...sumsOf(withOff, fees[at]!) }
      })
      const sums = payable(billSumsOf(billed))
      if (sums.payFen !== payFen) throw new Problem('price_changed', { payFen: sums.payFen })

      const placed: Placed[] = []
      for (const [at, { shopId, lines: hers, used, ...own }] of billed.entries()) {
        const order: OrderRow = {
          ...blank(now),
          ...begins(sums, now),
          ...own,
          id: at === 0 ? billId : newId(now),
          billId,
          memberId: me.id,
          buyer: maskedName(me.name),
          key: keyOf(key, at),
          shopId,
          showId: rooms.get(shopId) ?? '',
          deliverTo: isSent(hers) ? deliverTo : NOWHERE,
          test: payments.testOnly()
        }
        const orderLines = hers.map((line) => lineRow(order.id, line, now))
        const coupons = used.map(({ couponId, nth, offFen, payer }) => {
          return { orderId: order.id, couponId, nth, offFen, payer }
        })
        await rows.add(tx, order, orderLines, coupons)
        await lots.useIn(tx, order.id, orderLines, ahead)
        placed.push({ order, lines: orderLines, changes: await begun(tx, tell, me, order, orderLines) })
      }
      if (freed.length) await lots.freedIn(tx, freed)
      if (fromBasket) {
        await baskets.takeOutIn(
          tx,
          me.id,
          lines.map(({ specId }) => specId)
        )
      }
      return placed
    },

    /** The room in which she bought from each shop, if its shelf has what she buys; a made-up one is the storefront. */
    async roomsOf(me: Member, { lines, showId, fromBasket }: Wish): Promise<Map<string, string>> {
      const rooms = new Map<string, string>()
      if (!showId && !fromBasket) return rooms
      const specIds = lines.map(({ specId }) => specId)
      const kept = await lots.offeredTo(me.id, specIds)
      const fromOf = fromBasket
        ? await baskets.roomsIn(store.read, me.id, specIds)
        : new Map<string, string>()
      for (const { shopId, lines: hers } of byShop(await goods.quoteIn(store.read, lines, kept))) {
        const productIds = hers.map(({ productId }) => productId)
        if (showId && (await sells(showId, productIds))) rooms.set(shopId, showId)
        for (const from of new Set(hers.map(({ specId }) => fromOf.get(specId) ?? ''))) {
          if (!from || rooms.has(shopId)) continue
          // A basket outlives its room: what is not sold there any more is bought in the storefront.
          if (await sells(from, productIds).catch(notThere)) rooms.set(shopId, from)
        }
      }
      return rooms
    }
  }

  async function begun(tx: Tx, tell: Tell, me: Member, order: OrderRow, lines: LineRow[]) {
    const asPending = { ...order, state: 'pending' as const, paidAt: null }
    const changes = [await moves.noteIn(tx, asPending, me.id, '下单', true)]
    await moves.tellDesk(tell, order, 'order_placed', lines)
    await moves.ran('placed', tx, tell, order, lines)
    if (order.state !== 'paid') return changes
    changes.push(await moves.noteIn(tx, order, me.id, '不用付款'))
    await moves.tellDesk(tell, order, 'order_paid', lines)
    await moves.ran('paid', tx, tell, order, lines)
    return changes
  }

  async function whereTo(tx: Tx, me: Member, held: readonly Pick<Priced, 'kind'>[], addressId?: string) {
    if (!isSent(held)) return NOWHERE
    if (addressId === undefined) throw new Problem('address_needed')
    const { receiver, phone, region, detail } = await members.addressOf(tx, me.id, addressId)
    await members.useAddressIn(tx, me.id, addressId)
    return { receiver, phone, region, detail }
  }

  async function feeIn(
    tx: Tx,
    order: { shopId: string; lines: readonly Priced[] },
    { region }: DeliverTo,
    readyAt: number
  ) {
    return isSent(order.lines) ? (await freight.feeIn(tx, sendingOf(order, region, readyAt))).freightFen : 0
  }

  async function landsAt(tx: Tx, specIds: string[]) {
    if (!specIds.length) return 0
    return Math.max(0, ...[...(await lots.aheadOf(tx, specIds)).values()].map((ahead) => ahead.landsAt))
  }
}

export function refuseTooManyShops(orders: readonly object[]) {
  if (orders.length > MAX_BILL_SHOPS)
    throw new Problem('bad_input', { field: '/lines', maxShops: MAX_BILL_SHOPS })
}

export function payable<Sum extends Sums>(sums: Sum): Sum {
  if (sums.goodsFen > MAX_SUM_FEN || sums.payFen > MAX_SUM_FEN)
    throw new Problem('bad_input', { field: '/lines', maxFen: MAX_SUM_FEN })
  return sums
}

function notThere(error: unknown): false {
  if (error instanceof Problem) return false
  throw error
}

/** All that is held of a spec, however often she named it, with the flash sale that she meant. */
const meant =
  (lines: Wish['lines']) =>
  ({ specId, qty }: Pick<Priced, 'specId' | 'qty'>) => {
    const flashId = lines.find((line) => line.specId === specId && line.flashId)?.flashId
    return { specId, qty, ...(flashId !== undefined && { flashId }) }
  }

/** The first order of a bill has her key, the others theirs behind it: in that order they are shown. */
const keyOf = (key: string, at: number) => (at === 0 ? key : `${key}/${String(at).padStart(2, '0')}`)

/** What nothing has happened to yet. */
const blank = (now: number) => ({
  couponId: '',
  couponNth: 0,
  paymentId: '',
  refundedFen: 0,
  parcelId: '',
  movesAt: 0,
  createdAt: now,
  packedAt: null,
  shippedAt: null,
  receivedAt: null,
  doneAt: null,
  closedAt: null
})

function lineRow(orderId: string, line: Priced & { offFen: number }, now: number): LineRow {
  const { shopId: _, ...bought } = line
  return {
    ...bought,
    orderId,
    refundedQty: 0,
    refundedFen: 0,
    perishableAgreedAt: line.perishable ? now : null
  }
}
