import { randomInt } from 'node:crypto'
import type { Answer, Body, QueryOf } from '../../shared/contract.ts'
import {
  type listParcels,
  MAX_TO_PACK,
  type OrderToPack,
  PARCELS_PAGE,
  type packingShops,
  type packingStation,
  type packParcels,
  type Parcel,
  type shipParcel
} from '../../shared/contracts/packing.ts'
import { coldestOf } from '../../shared/freight.ts'
import { CARRIERS, codeIn, codeOf, CODES, trackingOf, type Carrier } from '../../shared/parcel.ts'
import { Problem } from '../../shared/problems.ts'
import type { Tell } from '../live/rooms.ts'
import { has, maskedPhone, type Member } from '../members/member.ts'
import { maskedName, titleOf } from '../orders/order.ts'
import type { LineRow, OrderRow } from '../orders/orders.ts'
import { newId } from '../store/id.ts'
import type { Reader, Tx } from '../store/store.ts'
import type { Neighbours } from './neighbours.ts'
import { expectedAt, isInside, placeKey, receivedByItselfAt, toSend } from './parcel.ts'
import { parcelStore, type ParcelRow } from './store.ts'
import type { Travel, Travels } from './travels.ts'

/** Shops that an operator sees at once. */
const MAX_SHOPS = 200
/** A code that another parcel has is thrown again; twice in a row happens to nobody. */
const CODE_TRIES = 5
/** Boxes that are packed at the same moment; they share a wait for the disk. */
const AT_ONCE = 10
export const DUE_JOB = 'parcel_due'
const NOBODY = ''

/** For the timeline of an order, which is read in Chinese. */
const CARRIER_WORDS: Record<Carrier, string> = {
  sf: '顺丰',
  jd: '京东',
  ems: '邮政 EMS',
  zto: '中通',
  yto: '圆通',
  sto: '申通',
  yunda: '韵达',
  jt: '极兔',
  deppon: '德邦',
  other: '快递',
  self: '店家自己送'
}

type Tracked = Pick<Body<typeof shipParcel>, 'carrier' | 'trackingNo' | 'sure'>

export type Parcels = ReturnType<typeof openParcels>

/** 打包台: what has to be packed, what is packed, and what has left. */
export function openParcels({
  store,
  clock,
  jobs,
  act,
  orders,
  shops,
  namesOf,
  tellIn,
  heldUpIn,
  aftersale,
  hoursIn,
  travelsOf
}: Neighbours & { hoursIn: (on: Tx | Reader, region: string) => Promise<number>; travelsOf: Travels }) {
  const rows = parcelStore(store)
  orders.on({ refunded: calledOffIn, done: calledOffIn })
  aftersale.on({ asked: emptiedIn })

  return {
    /** A host's own shop; to an operator those where something waits. Problem no_such_shop. */
    async shops(me: Member): Promise<Answer<typeof packingShops>> {
      const own = has(me, 'operator') ? undefined : [(await shopFor(me)).id]
      const waiting = await orders.toPackByShop(store.read, own, MAX_SHOPS)
      const toPack = new Map(waiting.map((each) => [each.shopId, each.orders]))
      const packed = await rows.toShipByShop(store.read, own)
      const toShip = new Map(packed.map((each) => [each.shopId, each.parcels]))
      const ids = [...new Set([...(own ?? []), ...toPack.keys(), ...toShip.keys()])].slice(0, MAX_SHOPS)
      const named = await shops.shopsByIds(ids)
      const items = ids.flatMap((id) => {
        const shop = named.get(id)
        if (!shop) return []
        const { name, hostName } = shop
        return [{ id, name, hostName, toPack: toPack.get(id) ?? 0, toShip: toShip.get(id) ?? 0 }]
      })
      return { items }
    },

    /** Problem no_such_shop. */
    async station(me: Member, shopId?: string): Promise<Answer<typeof packingStation>> {
      const { id, name, hostName } = await shopFor(me, shopId)
      const found = await orders.toPack(store.read, id, MAX_TO_PACK + 1)
      const waiting = found.slice(0, MAX_TO_PACK)
      const travels = await travelsOf(store.read, waiting)
      const heldUp = await heldUpIn(
        store.read,
        waiting.map(({ id, deliverTo }) => {
          const productIds = (travels.get(id)?.lines ?? []).map(({ productId }) => productId)
          return { id, region: deliverTo.region, productIds }
        })
      )
      const firstAt = new Map<string, string>()
      const [toShip] = await rows.toShipByShop(store.read, [id])
      return {
        shop: { id, name, hostName },
        more: found.length > waiting.length,
        toShip: toShip?.parcels ?? 0,
        orders: waiting.flatMap((order) => {
          const travel = travels.get(order.id)
          if (!travel) return []
          const place = placeKey(order.memberId, order.deliverTo)
          if (!firstAt.has(place)) firstAt.set(place, order.id)
          const held = heldUp.get(order.id)
          const view = toPackView(order, travel, firstAt.get(place)!)
          return [held ? { ...view, heldUp: held } : view]
        })
      }
    },

    /** Packs each box in a unit of its own. Problem no_such_shop; a box is refused with the problems of `packOne`. */
    async pack(me: Member, { shopId, boxes }: Body<typeof packParcels>): Promise<Answer<typeof packParcels>> {
      const shop = await shopFor(me, shopId)
      const packed: ParcelRow[] = []
      const refused: Answer<typeof packParcels>['refused'] = []
      for (let from = 0; from < boxes.length; from += AT_ONCE) {
        const some = boxes.slice(from, from + AT_ONCE)
        const results = await Promise.allSettled(some.map((box) => packOne(me, shop.id, box.orderIds)))
        for (const [at, result] of results.entries()) {
          if (result.status === 'fulfilled') packed.push(result.value)
          else if (result.reason instanceof Problem) {
            const { code, message: words } = result.reason
            refused.push({ orderIds: some[at]!.orderIds, code, words })
          } else throw result.reason
        }
      }
      return { parcels: await views(packed), refused }
    },

    async list(
      me: Member,
      { shopId, state, after }: QueryOf<typeof listParcels>
    ): Promise<{ items: Parcel[] }> {
      const shop = await shopFor(me, shopId)
      const from = after === undefined ? undefined : await rows.one(store.read, after)
      if (after !== undefined && from?.shopId !== shop.id) throw new Problem('no_such_parcel')
      return { items: await views(await rows.ofShop(shop.id, state, from, PARCELS_PAGE)) }
    },

    /** By what is on its label, or by its carrier's number. Problem no_such_parcel. */
    async find(me: Member, text: string): Promise<Parcel> {
      const code = codeIn(text)
      const tracking = trackingOf('other', text)
      const row =
        (code && (await rows.byCode(store.read, code))) ||
        ('number' in tracking ? await rows.byNumber(store.read, CARRIERS, tracking.number) : undefined)
      return view(await refuseUnlessMine(me, row))
    },

    /**
     * Problems: no_such_parcel, parcel_left, parcel_undone, nothing_to_send, tracking_wrong, tracking_odd, tracking_used
     * {code}.
     */
    async ship(me: Member, parcelId: string, asked: Body<typeof shipParcel>): Promise<Parcel> {
      await oneOfMine(me, parcelId)
      return view(await act((tx, tell) => shipIn(tx, tell, me, parcelId, asked)))
    },

    /** Problems: no_such_parcel, parcel_not_left, parcel_arrived, those of a number. */
    async correct(me: Member, parcelId: string, tracked: Tracked): Promise<Parcel> {
      await oneOfMine(me, parcelId)
      const corrected = await act(async (tx) => {
        const before = (await rows.one(tx, parcelId))!
        if (before.state !== 'shipped') throw new Problem('parcel_not_left')
        const trackingNo = await numberIn(tx, before, tracked)
        if (before.carrier === tracked.carrier && before.trackingNo === trackingNo) return before
        const inside = (await orders.inParcels(tx, [parcelId])).filter(isInside)
        if (!inside.length) throw new Problem('parcel_arrived')
        const { carrier } = tracked
        const parcel = (await rows.change(tx, parcelId, 'shipped', { carrier, trackingNo }))!
        for (const order of inside) {
          await orders.noteIn(tx, order, me.id, `单号改正：${CARRIER_WORDS[carrier]} ${trackingNo}`.trim())
        }
        await tellShippedIn(tx, parcel, inside)
        return parcel
      })
      return view(corrected)
    },

    /** Problems: no_such_parcel, parcel_undone. */
    async weigh(me: Member, parcelId: string, grams: number): Promise<Parcel> {
      const { state } = await oneOfMine(me, parcelId)
      const weighed = await store.tx(async (tx) =>
        state === 'undone' ? undefined : rows.change(tx, parcelId, state, { grams })
      )
      if (!weighed) throw new Problem('parcel_undone')
      return view(weighed)
    },

    /** Its orders are to be packed again. Problems: no_such_parcel, parcel_left, parcel_undone. */
    async unpack(me: Member, parcelId: string, words: string): Promise<Parcel> {
      await oneOfMine(me, parcelId)
      const undone = await act(async (tx, tell) => {
        const parcel = await rows.change(tx, parcelId, 'packed', { state: 'undone', undoneWords: words })
        if (!parcel) throw refusalOf(await rows.one(tx, parcelId))
        for (const order of (await orders.inParcels(tx, [parcelId])).filter(isInside)) {
          await orders.moveIn(tx, tell, order.id, 'paid', { actorId: me.id, note: `拆箱重装：${words}` })
        }
        return parcel
      })
      return view(undone)
    },

    /** How a parcel went, for whoever answers for its order. */
    async parcelOf(parcelId: string) {
      const row = await rows.one(store.read, parcelId)
      return row && { carrier: row.carrier, trackingNo: row.trackingNo, shippedAt: row.shippedAt }
    }
  }

  /**
   * Problems: no_such_order, parcel_taken {orderId, state}, not_one_parcel, nothing_to_send {orderId}, not_ashore
   * {orderId, landsAt}.
   */
  function packOne(me: Member, shopId: string, orderIds: readonly string[]): Promise<ParcelRow> {
    return act(
      async (tx, tell) => {
        const found: OrderRow[] = []
        for (const id of orderIds.toSorted()) {
          const order = await orders.rowIn(tx, id)
          if (order?.shopId !== shopId) throw new Problem('no_such_order')
          found.push(order)
        }
        const same = await sameBoxIn(tx, found)
        if (same) return same
        const taken = found.find(({ state }) => state !== 'paid')
        if (taken) throw new Problem('parcel_taken', { orderId: taken.id, state: taken.state })
        const [first] = found as [OrderRow, ...OrderRow[]]
        const places = new Set(found.map((order) => placeKey(order.memberId, order.deliverTo)))
        if (places.size > 1) throw new Problem('not_one_parcel')
        const travels = await travelsOf(tx, found)
        for (const { id: orderId } of found) {
          const travel = travels.get(orderId)
          if (!travel?.lines.length) throw new Problem('nothing_to_send', { orderId })
          if (travel.landsAt) throw new Problem('not_ashore', { orderId, landsAt: travel.landsAt })
        }
        const now = clock.now()
        const parcel = await addIn(tx, {
          id: newId(now),
          code: '',
          shopId,
          memberId: first.memberId,
          deliverTo: first.deliverTo,
          tempClass: coldestOf([...travels.values()])!,
          state: 'packed',
          grams: 0,
          carrier: '',
          trackingNo: '',
          packedBy: me.id,
          packedAt: now,
          shippedBy: '',
          shippedAt: 0,
          arrivesAt: 0,
          remindedAt: 0,
          undoneWords: ''
        })
        const together = found.length > 1 ? `，${found.length} 单装在一箱` : ''
        for (const { id, state } of found) {
          const act = { actorId: me.id, note: `包裹 ${parcel.code}${together}`, parcelId: parcel.id }
          const moved = await orders.moveIn(tx, tell, id, 'packed', act)
          if (!moved) throw new Problem('parcel_taken', { orderId: id, state })
        }
        return parcel
      },
      { hot: `packing:${shopId}` }
    )
  }

  /** Exactly these orders lie in one box already: a tap whose answer was lost is made again. */
  async function sameBoxIn(tx: Tx, found: readonly OrderRow[]): Promise<ParcelRow | undefined> {
    const parcelId = found[0]?.parcelId ?? ''
    if (parcelId === '' || found.some((order) => order.parcelId !== parcelId)) return undefined
    const parcel = await rows.one(tx, parcelId)
    const inside = (await orders.inParcels(tx, [parcelId])).filter(isInside)
    return parcel?.state === 'packed' && inside.length === found.length ? parcel : undefined
  }

  async function addIn(tx: Tx, row: ParcelRow): Promise<ParcelRow> {
    for (let tries = 0; tries < CODE_TRIES; tries++) {
      const added = await rows.add(tx, { ...row, code: codeOf(randomInt(CODES)) })
      if (added) return added
    }
    throw new Error('no code is left for a parcel')
  }

  async function shipIn(
    tx: Tx,
    tell: Tell,
    me: Member,
    parcelId: string,
    { grams, ...tracked }: Body<typeof shipParcel>
  ): Promise<ParcelRow> {
    const before = (await rows.one(tx, parcelId))!
    if (before.state === 'undone') throw refusalOf(before)
    const trackingNo = await numberIn(tx, before, tracked)
    const { carrier } = tracked
    const again = before.carrier === carrier && before.trackingNo === trackingNo
    if (before.state === 'shipped' && again) return before
    const inside = (await orders.inParcels(tx, [parcelId])).filter(isInside)
    if (before.state === 'packed' && !inside.length) throw new Problem('nothing_to_send')
    const now = clock.now()
    const arrivesAt = expectedAt(now, await hoursIn(tx, before.deliverTo.region))
    const parcel = await rows.change(tx, parcelId, 'packed', {
      state: 'shipped',
      carrier,
      trackingNo,
      shippedBy: me.id,
      shippedAt: now,
      arrivesAt,
      ...(grams !== undefined && { grams })
    })
    if (!parcel) throw refusalOf(before)
    const note = `${CARRIER_WORDS[carrier]} ${trackingNo}`.trim()
    const movesAt = receivedByItselfAt(parcel.tempClass, arrivesAt)
    for (const order of inside) {
      const moved = await orders.moveIn(tx, tell, order.id, 'shipped', { actorId: me.id, note, movesAt })
      if (!moved) throw new Problem('parcel_taken', { orderId: order.id, state: order.state })
    }
    await jobs.add(tx, DUE_JOB, { parcelId }, { runAt: arrivesAt, id: `due-${parcelId}` })
    await tellShippedIn(tx, parcel, inside)
    return parcel
  }

  /** The number as it is kept. Two parcels never have the same. */
  async function numberIn(tx: Tx, parcel: ParcelRow, { carrier, trackingNo, sure = false }: Tracked) {
    const tracking = trackingOf(carrier, trackingNo)
    if ('wrong' in tracking) throw new Problem('tracking_wrong', { why: tracking.wrong })
    const { number, odd } = tracking
    if (odd && !sure) throw new Problem('tracking_odd', { number })
    const other = number && (await rows.byNumber(tx, [carrier], number, parcel.id))
    if (other) throw new Problem('tracking_used', { code: other.code })
    return number
  }

  async function tellShippedIn(tx: Tx, parcel: ParcelRow, inside: readonly OrderRow[]) {
    const lines = await orders.linesIn(
      tx,
      inside.map(({ id }) => id)
    )
    await tellIn(tx, {
      memberId: parcel.memberId,
      kind: 'parcel_shipped',
      about: {
        title: titleOf(lines.filter((line) => toSend(line) > 0)),
        carrier: parcel.carrier,
        number: parcel.trackingNo,
        arrivesAt: String(parcel.arrivesAt)
      },
      href: `/me/orders/${inside[0]!.id}`
    })
  }

  /** All of an order was paid back, or all but its freight: nobody sends a box in which nothing is left. */
  async function calledOffIn(tx: Tx, _tell: Tell, { parcelId }: OrderRow) {
    if (!parcelId || (await orders.inParcels(tx, [parcelId])).some(isInside)) return
    await rows.change(tx, parcelId, 'packed', { state: 'undone', undoneWords: '里面的订单都退款了' })
  }

  /** All its goods were paid back while a voucher keeps it open: it lies in no box any more. */
  async function emptiedIn(tx: Tx, tell: Tell, { order, lines }: { order: OrderRow; lines: LineRow[] }) {
    if (order.state !== 'packed') return
    const left = lines.filter(({ qty, refundedQty }) => refundedQty < qty)
    if (!left.length || left.some((line) => toSend(line) > 0)) return
    const out = { actorId: NOBODY, note: '货都退了，没有要寄的了' }
    if (await orders.moveIn(tx, tell, order.id, 'paid', out)) await calledOffIn(tx, tell, order)
  }

  async function shopFor(me: Member, shopId?: string) {
    if (has(me, 'operator') && shopId !== undefined) {
      const shop = (await shops.shopsByIds([shopId])).get(shopId)
      if (!shop) throw new Problem('no_such_shop')
      return shop
    }
    const own = await shops.shopOf(me.id)
    if (!own || (shopId !== undefined && shopId !== own.id)) throw new Problem('no_such_shop')
    return own
  }

  async function oneOfMine(me: Member, parcelId: string) {
    return refuseUnlessMine(me, await rows.one(store.read, parcelId))
  }

  /** A parcel of another shop is none of hers, and she learns nothing of it. */
  async function refuseUnlessMine(me: Member, row: ParcelRow | undefined): Promise<ParcelRow> {
    if (!row) throw new Problem('no_such_parcel')
    if (!has(me, 'operator') && (await shops.shopOf(me.id))?.id !== row.shopId) {
      throw new Problem('no_such_parcel')
    }
    return row
  }

  async function view(row: ParcelRow) {
    return (await views([row]))[0]!
  }

  async function views(found: readonly ParcelRow[]): Promise<Parcel[]> {
    const inside = await orders.inParcels(
      store.read,
      found.map(({ id }) => id)
    )
    const ordersOf = Map.groupBy(inside, ({ parcelId }) => parcelId)
    const travels = await travelsOf(store.read, inside)
    const named = await shops.shopsByIds(found.map(({ shopId }) => shopId))
    const people = await namesOf([...new Set(found.map(({ packedBy }) => packedBy))])
    return found.map((row) => {
      const shop = named.get(row.shopId)
      const hers = ordersOf.get(row.id) ?? []
      const live = hers.filter(isInside)
      const lines = live.flatMap(({ id }) => travels.get(id)?.lines ?? [])
      const known = lines.every(({ grams }) => grams > 0)
      return {
        ...row,
        shopName: shop?.name ?? '',
        village: shop?.village ?? '',
        deliverTo: live.length ? row.deliverTo : maskedPlace(row.deliverTo),
        packedBy: people.get(row.packedBy)?.name ?? '',
        goodsGrams: known ? lines.reduce((sum, line) => sum + toSend(line) * line.grams, 0) : 0,
        leavesAt: live.length ? Math.min(...live.map(({ id }) => travels.get(id)!.leavesAt)) : 0,
        test: hers.some(({ test }) => test),
        orders: hers.map(({ id, state }) => ({
          id,
          state,
          lines: (travels.get(id)?.lines ?? []).map((line) => ({ ...line, qty: toSend(line) }))
        }))
      }
    })
  }
}

function toPackView(order: OrderRow, travel: Travel, sameAs: string): OrderToPack {
  const { tempClass, leavesAt, landsAt, lines, origins } = travel
  return {
    id: order.id,
    sameAs,
    receiver: maskedName(order.deliverTo.receiver),
    region: order.deliverTo.region,
    tempClass,
    paidAt: order.paidAt ?? order.createdAt,
    leavesAt,
    landsAt,
    test: order.test,
    lines: lines.map((line) => ({
      ...line,
      qty: toSend(line),
      from: origins
        .filter(({ specId }) => specId === line.specId)
        .map(({ lotId, sourceName: name, landsAt: at, qty }) => ({ lotId, name, landsAt: at, qty }))
    }))
  }
}

/** Once nothing of it is on its way, where it went is the buyer's business again. */
const maskedPlace = ({ receiver, phone, region }: ParcelRow['deliverTo']) => ({
  receiver: maskedName(receiver),
  phone: phone && maskedPhone(phone),
  region,
  detail: ''
})

/** Why a packed parcel is none any more. */
const refusalOf = (row: ParcelRow | undefined) =>
  new Problem(row?.state === 'shipped' ? 'parcel_left' : row ? 'parcel_undone' : 'no_such_parcel')
