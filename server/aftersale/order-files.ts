import type { Answer } from '../../shared/contract.ts'
import type { orderFile, OrderAftersale } from '../../shared/contracts/aftersale.ts'
import type { CaseView } from '../../shared/contracts/cases.ts'
import type { HostDocument } from '../../shared/contracts/licences.ts'
import { Problem } from '../../shared/problems.ts'
import type { Cases } from '../cases/cases.ts'
import { maskedPhone, type Member } from '../members/member.ts'
import type { Payments } from '../payments/payments.ts'
import type { Ground } from './alerts.ts'
import { whyNotCompensated, windowMsOf } from './compensation.ts'
import type { Compensations } from './compensations.ts'
import {
  isAllBack,
  leftFenOf,
  leftFreightOf,
  leftQtyOf,
  returnableUntil,
  whyNotReturned,
  worthOf
} from './refund.ts'
import { cancellable, isStaff, type RefundNeighbours, type Refunds } from './refunds.ts'
import type { Returns } from './returns.ts'
import type { Rules } from './rules.ts'
import { aftersaleStore, type LineRow, type OrderRow } from './store.ts'

const HOUR_MS = 3_600_000
/** What a buyer may see of the papers of whoever sold to her: those of the trade, not those of the woman. */
const OF_THE_TRADE: readonly string[] = ['food_licence', 'food_filing', 'authorisation']

export interface OrderFileNeighbours extends Pick<RefundNeighbours, 'orders'> {
  shopOf: (shopId: string) => Promise<{ name: string; village: string; hostId: string; hostName: string }>
  phoneOf: (memberId: string) => Promise<string>
  papersOf: (memberId: string) => Promise<HostDocument[]>
  paymentIn: Payments['paymentIn']
  parcelOf: (
    parcelId: string
  ) => Promise<{ carrier: string; trackingNo: string; shippedAt: number } | undefined>
  casesOf: Cases['views']
}

/** What may still be done about an order; and 证据包, all that answers a dispute over it. */
export function openOrderFiles({
  store,
  clock,
  namesOf,
  refunds,
  compensations,
  returns,
  rules,
  orders,
  shopOf,
  phoneOf,
  papersOf,
  paymentIn,
  parcelOf,
  casesOf
}: Ground & {
  refunds: Refunds
  compensations: Compensations
  returns: Returns
  rules: Rules
} & OrderFileNeighbours) {
  const rows = aftersaleStore(store)

  return {
    /** For its buyer. Problem no_such_order. */
    async mine(me: Member, orderId: string): Promise<OrderAftersale> {
      const order = await orders.rowIn(store.read, orderId)
      if (order?.memberId !== me.id) throw new Problem('no_such_order')
      return stateOf(order)
    },

    /** For staff who act on it. Problem no_such_order. */
    async of(orderId: string): Promise<OrderAftersale> {
      const order = await orders.rowIn(store.read, orderId)
      if (!order) throw new Problem('no_such_order')
      return stateOf(order)
    },

    /** For its buyer, its host and staff; to everybody else there is no such order. */
    async file(me: Member, orderId: string): Promise<Answer<typeof orderFile>> {
      const order = await orders.rowIn(store.read, orderId)
      if (!order) throw new Problem('no_such_order')
      const shop = await shopOf(order.shopId)
      const buyers = order.memberId === me.id
      if (!buyers && shop.hostId !== me.id && !isStaff(me)) throw new Problem('no_such_order')
      const aftersale = await stateOf(order)
      const caseIds = aftersale.compensations.map(({ caseId }) => caseId).filter(Boolean)
      const [lines, changes, payment, phone, papers, parcel, cases] = await Promise.all([
        orders.linesIn(store.read, [orderId]),
        rows.changesOf(store.read, orderId),
        order.paymentId ? paymentIn(store.read, order.paymentId) : undefined,
        phoneOf(shop.hostId),
        papersOf(shop.hostId),
        order.parcelId ? parcelOf(order.parcelId) : undefined,
        casesOf(caseIds)
      ])
      const names = await namesOf(changes.map(({ actorId }) => actorId).filter(Boolean))
      const nameOf = (id: string) => (id === order.memberId ? order.buyer : (names.get(id)?.name ?? ''))
      return {
        printedAt: clock.now(),
        orderId,
        state: order.state,
        test: order.test,
        buyer: order.buyer,
        deliverTo: addressOf(order, buyers),
        seller: {
          shopName: shop.name,
          hostName: shop.hostName,
          village: shop.village,
          phone: phone && maskedPhone(phone),
          documents: papers
            .filter(({ kind, state }) => state === 'good' && OF_THE_TRADE.includes(kind))
            .map((paper) => ({ ...paper, fileIds: [], words: '' }))
        },
        goodsFen: order.goodsFen,
        discountFen: order.discountFen,
        freightFen: order.freightFen,
        payFen: order.payFen,
        lines: lines.map((line) => ({ ...line, agreedAt: line.perishableAgreedAt ?? 0 })),
        ...(payment && {
          payment: {
            id: payment.id,
            gateway: payment.gateway,
            method: payment.method,
            amountFen: payment.amountFen,
            paidAt: payment.paidAt ?? 0,
            ref: payment.captureRef
          }
        }),
        changes: changes.map(({ state, at, note, actorId }) => ({
          state,
          at,
          note,
          byName: nameOf(actorId)
        })),
        ...(parcel && { parcel }),
        aftersale,
        cases: buyers ? cases : cases.map((each) => hiding(each, order.buyer))
      }
    }
  }

  async function stateOf(order: OrderRow): Promise<OrderAftersale> {
    const orderId = order.id
    const [lines, paidBack, bad, back, law, shop] = await Promise.all([
      orders.linesIn(store.read, [orderId]),
      refunds.ofOrder(orderId),
      compensations.ofOrder(orderId),
      returns.ofOrder(orderId),
      rules.now(store.read),
      shopOf(order.shopId)
    ])
    const now = clock.now()
    const asked = order.state === 'paid' ? cancellable(order, lines) : undefined
    const cancelFen = asked ? asked.lines.reduce((sum, { fen = 0 }) => sum + fen, asked.freightFen ?? 0) : 0
    const open = new Set(bad.filter(({ state }) => state === 'open').map(({ specId }) => specId))
    return {
      orderId,
      hostId: shop.hostId,
      state: order.state,
      test: order.test,
      payFen: order.payFen,
      refundedFen: order.refundedFen,
      leftFreightFen: leftFreightOf(order, lines),
      cancelFen,
      canCancel: asked !== undefined && !isAllBack(order, lines),
      returnUntil: order.receivedAt === null ? 0 : returnableUntil(order.receivedAt),
      returnTo: law.returnTo,
      lines: lines.map((line) => {
        const windowMs = windowMsOf(law, line.goodsClass)
        return {
          ...pick(line),
          leftQty: leftQtyOf(line),
          leftFen: leftFenOf(line),
          pieceFen: worthOf(line, 1),
          notReturned: whyNotReturned(line, order.receivedAt, now) ?? '',
          notCompensated: open.has(line.specId) ? 'open' : (whyNotCompensated(line, order, law, now) ?? ''),
          windowHours: windowMs / HOUR_MS,
          windowUntil: order.receivedAt === null ? 0 : order.receivedAt + windowMs
        }
      }),
      refunds: paidBack,
      compensations: bad,
      returns: back
    }
  }
}

const pick = ({ specId, title, specName, unit, photo, qty }: LineRow) => ({
  specId,
  title,
  specName,
  unit,
  photo,
  qty
})

/** To others the buyer has no name, here as on every desk. */
const hiding = (theCase: CaseView, buyer: string): CaseView => ({
  ...theCase,
  by: { ...theCase.by, name: buyer },
  lines: theCase.lines.map((line) => (line.byName === theCase.by.name ? { ...line, byName: buyer } : line))
})

/** Her own address to herself; to others only as far as a dispute needs it. */
function addressOf({ deliverTo: { receiver, phone, region, detail } }: OrderRow, buyers: boolean) {
  if (!region) return ''
  if (buyers) return `${receiver} ${maskedPhone(phone)} ${region} ${detail}`
  return `${Array.from(receiver)[0] ?? ''}** ${maskedPhone(phone)} ${region}`
}
